"""The filing plan as a timeline: a bar a step, from its earliest start to its latest end."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import escape

from kb.base.papers import PaperNote
from kb.filing.plan import Plan
from kb.filing.schedule import worked_days
from kb.lang.problems import width
from kb.render.duty_days import days_title, sign, told_text
from kb.render.language import Language
from kb.render.papers import named_text, renewal_text
from kb.render.words import kept, mark, word

ROW, LINE, CELL = 34, 22, 9.0
BLUE, ORANGE, RED, GREY, INK = "#0072b2", "#e69f00", "#d55e00", "#999999", "#222222"


def timeline(plan: Plan, lang: str = "zh") -> str:
    """The plan as SVG. A solid bar is the least time that a step takes, a hatched one the most; a
    step without a time of its own is a dot. Above it stands what comes before, beside it the days
    on which each step may end, if the plan has dates; below it a row for each paper that runs out
    before all steps are done, and the days of duties.

    >>> from kb.api import load
    >>> app = {"name": "a", "regions": ["CN-GD"], "services": [], "applicant": "enterprise"}
    >>> timeline(load().plan(app)).startswith("<svg")
    True
    """
    return _Picture(plan, lang == "zh").drawn()


class _Picture:
    def __init__(self, plan: Plan, zh: bool) -> None:
        self.plan = plan
        self.zh = zh
        self.to = Language("zh" if zh else "en", plan.names)
        self.before = list(self._before())
        labels = [self.to.label("part", step.part) for step in plan.steps]
        labels += [named_text(paper, self.to) for paper in plan.papers]
        self.after = list(self._after())
        self.left = 24 + max(map(width, labels), default=0) * CELL * 0.85
        self.days = max(1, (plan.working_days or (0, 0))[1])
        self.scale = max(12.0, 520.0 / self.days)
        self.top = 92 + LINE * len(self.before)
        self.bottom = self.top + ROW * (len(plan.steps) + len(plan.papers))
        # Beside the chart stand the days of steps, or the words of a paper's last day.
        dates = 190 if plan.dates is not None else 80 * bool(plan.papers)
        lines = max(map(width, [*self.before, *self.after]), default=0) * CELL * 0.8 + 32
        self.wide = max(self.left + self.days * self.scale + 60 + dates, lines)

    def drawn(self) -> str:
        below = self.bottom + 28
        high = self.bottom + 40 + 12 * bool(self.after) + LINE * len(self.after)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.wide:.0f} {high}" '
            f'width="{self.wide:.0f}" height="{high}" font-family="Noto Sans CJK SC, '
            'WenQuanYi Micro Hei, sans-serif" font-size="14">',
            '<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="3" height="6" fill="{ORANGE}"/></pattern>'
            "</defs>",
            '<rect width="100%" height="100%" fill="white"/>',
            _text(16, 28, self._title(), 18),
            *(_text(16, 52 + LINE * n, line, 13) for n, line in enumerate(self.before)),
            *self._axis(),
            *self._rows(),
            *self._papers(),
            *(_text(16, below + LINE * n, line, 13) for n, line in enumerate(self.after)),
            _text(16, high - 12, self._legend(), 12),
        ]
        return "\n".join(parts) + "</svg>\n"

    def _before(self) -> Iterator[str]:
        """What comes before the filing, the release or the service; the categories' state."""
        to = self.to
        for duty in self.plan.preconditions:
            said = f"{to.label('part', duty.part)} ({word(duty.standing, to.lang)})"
            event = to.label("event", duty.event)
            state = kept(duty.verdict, to.lang)
            until = to.pick(f"先于{event}", f"before: {event}")
            yield f"{mark(duty.verdict)} {state}: {said} — {until}"
        for category in self.plan.categories:
            lead, state = to.pick("服务类目", "category"), word(category.verdict, to.lang)
            named = category.name or to.official("category", category.category)
            yield f"{mark(category.verdict)} {lead}: {named} — {state}"

    def _after(self) -> Iterator[str]:
        """The days of duties, which may lie outside the chart."""
        for at, each in enumerate(self.plan.deadlines):
            if not at:
                yield f"{days_title(self.to)}:"
            yield f"{sign(each)} {told_text(each, self.to)}"

    def _title(self) -> str:
        if not self.plan.steps:
            return "没有已知的备案步骤" if self.zh else "no procedure is known"
        least, most = self.plan.working_days or ("?", "?")
        hours = self.plan.hours
        if self.zh:
            more = f"(另有 {hours} 小时内的核验)" * bool(hours)
            title = f"备案计划:{least}–{most} 个工作日{more}"
        else:
            more = f" and a check within {hours} hours" * bool(hours)
            title = f"filing plan: {least} to {most} working days{more}"
        dates = self.plan.dates
        if dates is None:
            return title
        return f"{title} · {dates.start} → {dates.earliest} – {dates.latest}"

    def _legend(self) -> str:
        legend = (
            "横轴:工作日;实心:最少;斜纹:最多;圆点:来源没有给出时间(蓝最早,橙最晚)"
            if self.zh
            else "across: working days; solid: least; hatched: most; "
            "dot: the source gives no time (blue: earliest, orange: latest)"
        )
        if self.plan.papers:
            legend += self.to.pick(";菱形:材料到期", "; diamond: a paper runs out")
        return legend

    def _axis(self) -> Iterator[str]:
        for day in range(0, self.days + 1, max(1, self.days // 10)):
            x = self.left + day * self.scale
            yield (
                f'<line x1="{x:.1f}" y1="{self.top - 14}" x2="{x:.1f}" y2="{self.bottom}" '
                f'stroke="{GREY}" stroke-width="0.5"/>'
            )
            yield _text(x, self.top - 20, str(day), 11, "middle")

    def _rows(self) -> Iterator[str]:
        ends: dict[str, tuple[float, float]] = {}
        for row, step in enumerate(self.plan.steps):
            y = self.top + row * ROW
            early = max((ends[b][0] for b in step.after if b in ends), default=0.0)
            late = max((ends[b][1] for b in step.after if b in ends), default=0.0)
            least, most = step.working_days or (0, 0)
            ends[step.id] = early + least, late + most
            yield (
                f'<text x="16" y="{y + 16}" fill="{INK}">{escape(self.to.label("part", step.part))}'
                f"<title>{escape(self.to.label('actor', step.actor))}</title></text>"
            )
            first, last = (self.left + days * self.scale for days in (early, late + most))
            if most:
                yield (
                    f'<rect x="{first:.1f}" y="{y + 3}" width="{last - first:.1f}" height="16" '
                    f'fill="url(#h)" stroke="{ORANGE}"/><rect x="{first:.1f}" y="{y + 3}" '
                    f'width="{least * self.scale:.1f}" height="16" fill="{BLUE}"/>'
                )
            else:
                yield from self._dots(first, last, y + 11)
            if step.hours:
                within = f"≤ {step.hours} {'小时' if self.zh else 'hours'}"
                yield _text(last + 10, y + 16, within, 11)
            if step.ends is not None:
                one, other = (day.isoformat() for day in step.ends)
                x = self.left + self.days * self.scale + 24
                yield _text(x, y + 16, one if one == other else f"{one} – {other}", 11)

    def _papers(self) -> Iterator[str]:
        """The day by which each paper that runs out is to be renewed, across the whole chart."""
        for row, paper in enumerate(self.plan.papers, len(self.plan.steps)):
            y = self.top + row * ROW
            x = self.left + min(self._passed(paper), self.days) * self.scale
            yield _text(16, y + 16, named_text(paper, self.to), 14)
            yield (
                f'<line x1="{x:.1f}" y1="{self.top - 14}" x2="{x:.1f}" y2="{y + 3}" '
                f'stroke="{RED}" stroke-width="1.5" stroke-dasharray="2 3"/>'
                f'<path d="M {x:.1f} {y + 3} l 8 8 l -8 8 l -8 -8 z" fill="{RED}"/>'
            )
            yield _text(x + 14, y + 16, renewal_text(paper, self.to), 11)

    def _passed(self, paper: PaperNote) -> int:
        """The working days of the plan that have passed when a paper runs out."""
        last = datetime.date.fromisoformat(paper.day)
        dates = self.plan.dates
        # Without a start of its own the plan begins on the day from which the paper's are counted.
        start = dates.start if dates else last - datetime.timedelta(days=paper.left or 0)
        return worked_days(start, last)

    def _dots(self, first: float, last: float, y: int) -> Iterator[str]:
        """A step without time: when it comes at the earliest and, joined by a line, the latest."""
        if last > first:
            yield (
                f'<line x1="{first:.1f}" y1="{y}" x2="{last:.1f}" y2="{y}" stroke="{ORANGE}" '
                'stroke-width="1.5" stroke-dasharray="4 3"/>'
                f'<circle cx="{first:.1f}" cy="{y}" r="5" fill="{BLUE}"/>'
            )
        colour = ORANGE if last > first else BLUE
        yield f'<circle cx="{last:.1f}" cy="{y}" r="5" fill="{colour}"/>'


def _text(x: float, y: float, said: str, size: int, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" fill="{INK}" font-size="{size}" text-anchor="{anchor}">'
        f"{escape(said)}</text>"
    )
