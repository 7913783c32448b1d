"""`kb test`: what is told of cases that hold and that do not."""

from xml.etree import ElementTree

import pytest

import kb
from kb.cli.main import main
from kb.cli.outcomes import difference_text, report_lines
from kb.maintain.expectations import Difference
from kb.maintain.starter import start
from kb.maintain.testing import Tests, case_documents

pytestmark = pytest.mark.usefixtures("english")

WRONG = """\
cases:
  - name: all wrong
    as_of: 2025-06-30
    app: tea-stall.yaml
    expect:
      verdict: satisfied
      categories: {example-tea-stall: satisfied}
      missing: {example - tea stall: [茶摊许可, {document: 卫生承诺书, at_least: 2}]}
      lines: {示例-茶摊: example-2025 2}
      undetermined: [seats]
      prohibited: [a]
    because: Nothing says so.
  - name: known
    as_of: 2025-06-30
    app: tea-stall.yaml
    expect: {verdict: satisfied}
    because: Line 3.
    otherwise: it has seats
  - name: no longer
    as_of: 2025-06-30
    app: tea-stall.yaml
    expect: {verdict: missing}
    because: Line 3.
    otherwise: it was met once
  - name: not known
    as_of: 2025-06-30
    app: tea-stall.yaml
    expect: {categories: {示例-茶滩: missing}, deadlines: {no-weak-tea: due 2025-01-01}}
    because: Line 3.
  - name: holds
    as_of: 2025-06-30
    app: {<<: &app {name: a, applicant: enterprise, services: [茶摊]}, regions: [CN-EX]}
    expect: {verdict: missing, undetermined: [example-sells-strong-tea]}
    because: The profile does not say.
  - name: not said
    as_of: 2025-06-30
    app: *app
    expect: {undetermined: [], prohibited: [no-strong-tea-for-minors]}
    because: Line 4.
queries:
  - name: rows
    query: example_papers
    app: tea-stall.yaml
    as_of: 2025-06-30
    columns: [app, paper]
    rows: [[茶小二, example-tea-permit]]
    because: Line 3.
"""
EN = """\
wrong.yaml:2:5: all wrong: expect.verdict: expected satisfied, answered missing
wrong.yaml:2:5: all wrong: expect.categories: expected 示例-茶摊: satisfied, \
answered 示例-茶摊: missing
wrong.yaml:2:5: all wrong: expect.missing of 示例-茶摊: expected 卫生承诺书 x2, 茶摊许可, \
answered 卫生承诺书
wrong.yaml:2:5: all wrong: expect.lines of 示例-茶摊: expected example-2025 2, \
answered example-2025 2-3
wrong.yaml:2:5: all wrong: expect.undetermined: expected seats, which is not in the answer
wrong.yaml:2:5: all wrong: expect.prohibited: expected a, which is not in the answer
wrong.yaml:19:5: no longer: expected to differ (it was met once), answered as the case says: \
`otherwise` can go
wrong.yaml:25:5: not known: error[unknown-id]: no category is called `示例-茶滩` \
(a similar name exists: `示例-茶摊`; look it up: `kb find '示例-茶滩'`, `kb search '示例-茶滩'`)
wrong.yaml:25:5: not known: error[unknown-id]: no duty and no prohibition is called \
`no-weak-tea` (write its id as `SOURCE:ID`; `kb ask APP --format json` tells the ids)
wrong.yaml:35:5: not said: expect.undetermined: not expected, but answered: not stated: places of \
service \
(regions)
wrong.yaml:35:5: not said: expect.undetermined: not expected, but answered: whether this text \
applies is \
open: Tea stalls in mini-programs of Example Province (made up) (in force) (regions)
wrong.yaml:35:5: not said: expect.prohibited: expected example-2025:no-strong-tea-for-minors, \
which is not in the answer; also answered: 示例-茶摊: undetermined
wrong.yaml:41:5: rows: columns: expected app, paper, answered app, document
wrong.yaml:41:5: rows: row: expected 茶小二, example-tea-permit, which is not in the answer
wrong.yaml:41:5: rows: row: not expected, but answered: 茶小二, example-hygiene-pledge
7 cases, 5 failed, 1 known to differ
"""
ZH = """\
wrong.yaml:2:5: all wrong: expect.verdict 结论：应为 satisfied，答为 missing
wrong.yaml:2:5: all wrong: expect.categories 类目：应为 示例-茶摊: satisfied，\
答为 示例-茶摊: missing
wrong.yaml:2:5: all wrong: expect.missing 缺的材料（示例-茶摊）：应为 卫生承诺书 x2, 茶摊许可，\
答为 卫生承诺书
wrong.yaml:2:5: all wrong: expect.lines 依据的行（示例-茶摊）：应为 example-2025 2，\
答为 example-2025 2-3
wrong.yaml:2:5: all wrong: expect.undetermined 未定之处：应有 seats，答案里没有
wrong.yaml:2:5: all wrong: expect.prohibited 禁止：应有 a，答案里没有
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder of `kb init` whose cases are those above."""
    folder = tmp_path_factory.mktemp("test") / "own"
    start(folder, "en")
    (folder / "cases" / "example.yaml").unlink()
    (folder / "cases" / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    return folder


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["kb", "test", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_one_line_a_failure(own, capsys, monkeypatch, tmp_path):
    """Each thing that differs is one line with its place and both sides, in either language; cases
    known to differ are counted, and fail once they hold; JUnit's file says the same."""
    monkeypatch.chdir(own / "cases")
    junit = tmp_path / "junit.xml"
    code, out, err = run(capsys, monkeypatch, "wrong.yaml", "--lang", "en", "--junit", junit)
    assert (code, err) == (3, "")
    assert out == EN
    (suite,) = ElementTree.parse(junit).getroot()
    assert {k: suite.get(k) for k in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "wrong.yaml", "tests": "7", "failures": "4", "errors": "1", "skipped": "1",
    }  # fmt: skip
    first = suite[0]
    assert (first.get("name"), first.get("line")) == ("all wrong", "2")
    told = [line.removeprefix("wrong.yaml:2:5: all wrong: ") for line in EN.splitlines()[:6]]
    assert first[0].get("message") == "\n".join(told)
    assert suite[1][0].tag == "skipped"
    report = Tests(lambda facts, only: kb.load(facts, only_facts=only)).run(
        case_documents([own / "cases" / "wrong.yaml"])
    )
    zh = "\n".join(report_lines(report, "zh")).replace(f"{own}/cases/", "")
    assert zh.startswith(ZH)
    assert zh.endswith("7 个案例，5 个不符，1 个已知不符")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cases: []\n", "a.yaml:1:1: error[value]: give `cases`, `queries`, `alternatives` or"),
        ("case: []\n", "a.yaml:1:1: error[unknown-key]: unknown key `case`"),
        ("cases: [{name: a}]\n", "a.yaml:1:9: error[missing-key]: the key `app` is missing"),
        (None, "error[no-cases]: no cases stand in `.`\n  help: name a file of cases, or a folder"),
    ],
)
def test_what_is_no_case(tmp_path, capsys, monkeypatch, text, message):
    """A file that is none of cases, and a folder without any, are bad input."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    code, out, err = run(capsys, monkeypatch, "a.yaml" if text is not None else ".")
    assert (code, out) == (2, "")
    assert err.startswith(message)


def test_watch_runs_again(own, capsys, monkeypatch):
    """With `--watch` the cases run at once, and again for each change that is told; a file that
    can not be read is told and does not end it, as Ctrl-C does, which is no error."""
    case = own / "cases" / "wrong.yaml"
    text = case.read_text(encoding="utf-8")

    def saved(*paths, **_):
        assert own / "cases" in [p.parent for p in paths] or own in paths
        case.write_text("cases: [", encoding="utf-8")
        yield {1}
        case.write_text(text, encoding="utf-8")
        yield {2}
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", saved)
    code, out, err = run(capsys, monkeypatch, case, "--watch", "--lang", "en")
    assert code == 0
    assert out.count("7 cases, 5 failed") == 2
    assert "error[yaml]" in err


def test_a_failed_case_without_categories_tells_what_was_answered() -> None:
    """A case that names no categories tells, where it fails, which were answered and how."""
    difference = Difference("verdict", "", "satisfied", "missing", (("甲-乙", "missing"),))
    assert difference_text(difference, "zh") == (
        "expect.verdict 结论：应为 satisfied，答为 missing；另外答了：甲-乙: missing"
    )
