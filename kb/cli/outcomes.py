"""Cases in words: a line for each difference, with both sides; and as JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from kb.lang.problems import Problem
from kb.maintain.expectations import NOTHING, Difference
from kb.maintain.testing import Outcome, TestReport
from kb.render.translation import LAYOUT, chinese

OF = {
    "verdict": "结论",
    "categories": "类目",
    "missing": "缺的材料",
    "usable": "可用的方案",
    "lines": "依据的行",
    "proof": "证明引用的来源",
    "bundle": "材料组合",
    "undetermined": "未定之处",
    "conflicts": "说法不一的类目",
    "readings": "各种说法",
    "prohibited": "禁止",
    "obligation": "义务",
    "deadlines": "期限",
    "assumed": "默认成立的条件",
    "drafts": "征求意见稿",
    "texts": "文件",
    "perhaps": "可能适用的文件",
    "standing": "效力状态",
    "breach": "违反后果",
    "text_scope": "适用范围",
    "applicable_sources": "适用的文件",
    "filing": "备案流程",
    "how": "申请方式",
    "how_to": "申请方法",
    "notes": "说明",
    "alternatives": "方案",
    "columns": "列",
    "row": "行",
    "rows": "行数",
    "whole": "整体结论",
    "whole with drafts": "计入征求意见稿的整体结论",
    "shown": "是否显示",
}
"""What differs, in Chinese; in English it is called as in the case."""


def report_lines(report: TestReport, lang: str) -> Iterator[str]:
    """A line for each thing that fails, then how many cases there were."""
    zh = lang == "zh"
    for outcome in report.failed:
        for told in told_of(outcome, lang):
            yield f"{outcome.place}: {outcome.name}: {told}"
    total, failed, known = len(report.outcomes), len(report.failed), report.known
    if zh:
        yield f"{total} 个案例，{failed} 个不符" + f"，{known} 个已知不符" * bool(known)
    else:
        yield f"{total} cases, {failed} failed" + f", {known} known to differ" * bool(known)


def told_of(outcome: Outcome, lang: str) -> list[str]:
    """What a case fails by, each in a line."""
    zh = lang == "zh"
    told = [difference_text(each, lang) for each in outcome.differences]
    told += [problem_text(each, lang) for each in outcome.problems]
    if not told and outcome.failed:
        told.append(
            f"应为不符（{outcome.known}），答案却与案例相符：可删去 `otherwise`"
            if zh
            else f"expected to differ ({outcome.known}), answered as the case says: "
            "`otherwise` can go"
        )
    return told


def difference_text(difference: Difference, lang: str) -> str:
    """One difference with both sides."""
    if lang != "zh":
        return str(difference)
    named = OF.get(difference.what, difference.what)
    key = "" if difference.key == difference.what else f"{difference.key} "
    of = f"（{difference.of}）" if difference.of else ""
    told = f"{key}{named}{of}："
    if difference.expected == NOTHING:
        told += f"没有预期，答案里却有 {difference.answered}"
    elif difference.answered == NOTHING:
        told += f"应有 {difference.expected}，答案里没有"
    else:
        told += f"应为 {difference.expected}，答为 {difference.answered}"
    also = "，".join(f"{name}: {verdict}" for name, verdict in difference.also)
    return f"{told}；另外答了：{also}" if also else told


def problem_text(problem: Problem, lang: str) -> str:
    """A problem in one line."""
    error, message, lines = "error", problem.message, problem.help.splitlines()
    if lang == "zh":
        error, message, lines = LAYOUT["error"], chinese(message), [*map(chinese, lines)]
    help = f" ({'; '.join(lines)})" if lines else ""
    return f"{error}[{problem.code}]: {message}{help}"


def junit_text(report: TestReport, lang: str) -> str:
    """The report as continuous integration reads it: a suite for each file."""
    root = ElementTree.Element("testsuites", name="kb test")
    suites: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        suites.setdefault(outcome.place.file, []).append(outcome)
    for file, outcomes in suites.items():
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=file,
            tests=str(len(outcomes)),
            failures=str(sum(o.failed and not o.problems for o in outcomes)),
            errors=str(sum(bool(o.problems) for o in outcomes)),
            skipped=str(sum(bool(o.known) and not o.failed for o in outcomes)),
            time=f"{sum(o.seconds for o in outcomes):.3f}",
        )
        for outcome in outcomes:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=outcome.name,
                classname=f"{file}.{outcome.kind}",
                file=file,
                line=str(outcome.place.line),
                time=f"{outcome.seconds:.3f}",
            )
            told = "\n".join(told_of(outcome, lang))
            if outcome.failed:
                kind = "error" if outcome.problems else "failure"
                failure = ElementTree.SubElement(case, kind, message=told)
                failure.text = f"{told}\n{outcome.because}"
            elif outcome.known:
                ElementTree.SubElement(case, "skipped", message=outcome.known)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
