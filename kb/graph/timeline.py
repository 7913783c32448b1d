"""The filing plan as a timeline: a bar a step, from its earliest start to its latest end."""

from __future__ import annotations

from html import escape

from kb.answers.plan import Plan
from kb.lang.problems import width

ROW, TOP, CELL = 34, 70, 9.0
BLUE, ORANGE, GREY, INK = "#0072b2", "#e69f00", "#999999", "#222222"


def timeline(plan: Plan, lang: str = "zh") -> str:
    """The plan as SVG. A solid bar is the least time that a step takes, a hatched one the most; a
    step without a time of its own is a dot.

    >>> from kb.answers.base import load
    >>> app = {"name": "a", "regions": ["CN-GD"], "services": [], "applicant": "enterprise"}
    >>> timeline(load().plan(app)).startswith("<svg")
    True
    """
    zh = lang == "zh"
    label_width = 24 + max((width(step["label"]) for step in plan.steps), default=0) * CELL * 0.85
    days = max(1, plan.working_days[1])
    scale = max(12.0, 520.0 / days)
    wide, high = label_width + days * scale + 60, TOP + ROW * len(plan.steps) + 40
    title = (
        f"备案计划:{plan.working_days[0]}–{plan.working_days[1]} 个工作日"
        if zh
        else f"filing plan: {plan.working_days[0]} to {plan.working_days[1]} working days"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" '
        f'width="{wide:.0f}" height="{high}" font-family="Noto Sans CJK SC, WenQuanYi Micro Hei, '
        'sans-serif" font-size="14">',
        '<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="6" fill="{ORANGE}"/></pattern>'
        "</defs>",
        f'<rect width="100%" height="100%" fill="white"/><text x="16" y="28" font-size="18" '
        f'fill="{INK}">{escape(title)}</text>',
    ]
    for day in range(0, days + 1, max(1, days // 10)):
        x = label_width + day * scale
        parts.append(
            f'<line x1="{x:.1f}" y1="{TOP - 14}" x2="{x:.1f}" y2="{high - 30}" stroke="{GREY}" '
            f'stroke-width="0.5"/><text x="{x:.1f}" y="{TOP - 20}" fill="{INK}" font-size="11" '
            f'text-anchor="middle">{day}</text>'
        )
    ends: dict[str, tuple[float, float]] = {}
    for row, step in enumerate(plan.steps):
        y = TOP + row * ROW
        early = max((ends[b][0] for b in step["after"] if b in ends), default=0.0)
        late = max((ends[b][1] for b in step["after"] if b in ends), default=0.0)
        least, most = step["working_days"]
        ends[step["id"]] = early + least, late + most
        parts.append(
            f'<text x="16" y="{y + 16}" fill="{INK}">{escape(step["label"])}'
            f"<title>{escape(step['actor'])}</title></text>"
        )
        if most:
            x, end = label_width + early * scale, label_width + (late + most) * scale
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 3}" width="{end - x:.1f}" height="16" fill="url(#h)" '
                f'stroke="{ORANGE}"/><rect x="{x:.1f}" y="{y + 3}" width="{least * scale:.1f}" '
                f'height="16" fill="{BLUE}"/>'
            )
        else:
            x = label_width + late * scale
            parts.append(f'<circle cx="{x:.1f}" cy="{y + 11}" r="5" fill="{BLUE}"/>')
            if step["hours"]:
                parts.append(
                    f'<text x="{x + 10:.1f}" y="{y + 16}" fill="{INK}" font-size="11">'
                    f"≤ {step['hours']} {'小时' if zh else 'hours'}</text>"
                )
    legend = (
        "实心:最少;斜纹:最多;圆点:不计工作日" if zh else "solid: least; hatched: most; dot: no days"
    )
    parts.append(f'<text x="16" y="{high - 12}" fill="{INK}" font-size="12">{legend}</text></svg>')
    return "\n".join(parts) + "\n"
