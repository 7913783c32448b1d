"""Results on a terminal: trees, wrapped lines, colours; and an answer on one screen."""

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from kb.cli.main import cli
from kb.render.outline import EMPTY, Cited, Lead, Mark, line
from kb.render.renderer import lines
from kb.render.tables import folded
from kb.render.terminal import terminal
from kb.render.width import cell_width, wrapped

SEVERAL = {
    "name": "a",
    "applicant": "enterprise",
    "services": [
        "驾校平台",
        "AI问答",
        "takeaway_platform",
        "medical_device_sales",
        "auction_house",
    ],
    "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
}
DAY = "2026-11-28"
ANSI = re.compile(r"\x1b\[[\d;]*m")
TEXTS = st.text("ab甲乙，。《》「」,.() 中", max_size=40)


@given(TEXTS)
def test_width_is_that_of_wcwidth(text):
    """A text takes as many cells as the table of Unicode says."""
    assert cell_width(text) == wcswidth(text)


@given(st.lists(st.tuples(TEXTS, st.just("")), max_size=4), st.integers(12, 40))
def test_wrapping_loses_nothing(pieces, width):
    """Wrapped lines have all characters but spaces, and none is wider than it may be."""
    whole = "".join(text for text, _ in pieces)
    made = list(wrapped(pieces, width, width - 4))
    assert "".join(made).replace(" ", "") == whole.replace(" ", "")
    assert all(cell_width(each) <= width - 4 * (at > 0) for at, each in enumerate(made))


def test_lines_break_where_readers_expect():
    """No line begins with what closes or ends with what opens, and words stay whole."""
    assert list(wrapped([("甲乙丙丁,戊", "")], 8, 8)) == ["甲乙丙", "丁,戊"]
    assert list(wrapped([("甲乙《丙》丁", "")], 8, 8)) == ["甲乙", "《丙》丁"]
    assert list(wrapped([("alpha beta", "")], 8, 8)) == ["alpha", "beta"]
    assert list(wrapped([("alphabetical", "")], 8, 8)) == ["alphabet", "ical"]


def test_tree_and_hanging_indent():
    """Tree lines join what belongs together, wrapped lines go on below their own text, and a
    bullet is left out where a tree line stands."""
    shown = [
        line(0, "标题"),
        EMPTY,
        line(0, "甲"),
        line(2, Lead("· "), "一二三四五六七八九十一二三四五六七八九十一二三"),
        line(4, Mark("✗"), " 子", Cited("law 3")),
        line(2, Lead("1. "), "乙"),
    ]
    assert terminal(shown, 40, False) == (
        "标题\n"
        "\n"
        "甲\n"
        "├ 一二三四五六七八九十一二三四五六七八九\n"
        "│ │ 十一二三\n"
        "│ └ ✗ 子  [law 3]\n"
        "└ 1. 乙"
    )


def test_colours_are_of_marks_headings_and_cites():
    """With colours the text is the same; a name can not bring colours of its own."""
    shown = [line(0, "a\x1b[31m"), line(2, Mark("✓"), " b", Cited("law 3"))]
    coloured = terminal(shown, 80, True)
    assert ANSI.sub("", coloured) == terminal(shown, 80, False)
    assert "\x1b[1;32m✓\x1b[0m" in coloured
    assert "\x1b[31m" not in coloured
    assert "\\x1b[31m" in coloured


def test_one_style_is_written_once():
    """Letters of one style beside one another stand between one pair of escapes, and the lines of
    a source are not torn from its name."""
    shown = [line(0, "甲乙 丙丁"), line(2, "戊己庚", Cited("law-of-1990 3-5"))]
    coloured = terminal(shown, 24, colour=True)
    assert coloured.splitlines() == [
        "\x1b[1m甲乙 丙丁\x1b[0m",
        "\x1b[2m└ \x1b[0m戊己庚",
        "    \x1b[2m[law-of-1990 3-5]\x1b[0m",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_fits_its_terminal(base, lang):
    """No line of the whole answer is wider than the terminal, and nothing of it is lost."""
    answer = base.ask(SEVERAL, DAY, lang=lang)
    shown = answer.terminal(80, colour=False)
    assert max(map(wcswidth, shown.splitlines())) <= 80
    plain = "".join(str(answer).split())
    kept = re.sub("[├│└·]", "", "".join(shown.split()))
    assert kept == re.sub("[├│└·]", "", plain)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_what_to_do_on_one_screen(base, lang):
    """The overview has every document to provide and every question, each once and before the
    categories, and each of these in a line; it is a fraction of the whole answer."""
    answer = base.ask(SEVERAL, DAY, lang=lang)
    short = [str(each) for each in lines(answer, "short")]
    assert len(short) < 30 < len(list(lines(answer)))
    head = short[: short.index({"zh": "类目 6 个:", "en": "6 categories:"}[lang])]
    for needed in answer.bundle.documents:
        name = f"《{answer.names.label('document', needed.document, 'zh')}》"
        assert sum(each.startswith(f"  · {name}") for each in head) == 1
    asked = {point.ask.attribute for point in answer.undetermined if point.ask}
    for attribute in asked:
        assert sum(f"({attribute})" in each for each in short) == 1
    for category in answer.categories:
        name = category.name or answer.names.label("category", category.category, "zh")
        assert sum(f" {name}" in each and " — " in each for each in short) == 1


def test_a_document_names_the_categories_that_want_it(base):
    """A document that two categories share is listed once, with both."""
    app = {"name": "a", "applicant": "enterprise", "services": ["auction_house", "驾校平台"]}
    answer = base.ask(app, DAY)
    [shared] = [each for each in map(str, lines(answer, "short")) if "《合作协议》" in each]
    assert shared.endswith("← 教育服务-驾校平台  [70]")
    [own] = [each for each in map(str, lines(answer, "short")) if "拍卖经营批准证书" in each]
    assert "← 商业服务-拍卖公司（非文物）" in own


@pytest.mark.parametrize(
    ("options", "tree", "coloured"),
    [
        ((), False, False),
        (("--color", "never"), False, False),
        (("--color", "always"), True, True),
    ],
)
def test_a_pipe_gets_plain_lines(options, tree, coloured):
    """What is no terminal gets neither colours nor tree lines, unless they are asked for; `--all`
    adds what is folded."""
    run = CliRunner().invoke
    said = run(cli, ["ask", "tests/apps/xuechetong.yaml", "--as-of", DAY, *options]).output
    assert ("\x1b[" in said) == coloured
    assert ("└ " in said) == tree
    assert "来源说明:" not in said
    whole = run(cli, ["ask", "tests/apps/xuechetong.yaml", "--as-of", DAY, "--all", *options])
    assert "来源说明:" in ANSI.sub("", whole.output)


def test_no_color(monkeypatch):
    """On a terminal colours are on, and off with `NO_COLOR` or a terminal that has none."""
    from kb.cli.context import Context

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Context().coloured
    monkeypatch.setenv("TERM", "dumb")
    assert not Context().coloured
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Context().coloured
    assert Context().tree
    assert Context(color="always").coloured


def test_folded_lines():
    """What is below a line is closed behind it unless it is to be open; a line alone is no fold."""
    lines_ = [line(0, "a"), line(2, "b"), line(0, "c")]
    for open_, begin in ((False, "<details>"), (True, "<details open>")):
        fold, alone = folded(lines_, open_=open_)
        assert fold.startswith(f"{begin}<summary>a</summary>")
        assert "<li>b</li>" in fold
        assert alone == "<p>c</p>"


def test_how_to_apply(base):
    """Below the way to apply stands what the source adds to it."""
    answer = base.ask({"name": "a", "services": ["digital_collectible_display"]}, DAY)
    way, remark = str(answer).partition("→ 申请方式: ")[2].splitlines()[:2]
    title = "【内测-数字藏品（展示）类目申请+主体信息+appid】"
    assert way == f"邮件申请 miniprogram@tencent.com {title}"
    assert remark == "    内测中，线上不能申请；邮件要附上全部材料，承诺函的模版在发邮件后给出"
