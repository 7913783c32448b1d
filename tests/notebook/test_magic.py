"""`%kb` in a shell: results, errors that fail the cell, rules that stay, completion."""

import pandas as pd
import pytest

import kb

INSTALL = "needs IPython: pip install 'policy-kb[notebook]'"
pytest.importorskip("IPython", reason=INSTALL)

DAY = "2025-06-30"
NASTY = "<img src=x onerror=alert(1)>|*b*`c`"
MINE = {"name": "学车通", "services": ["driving_school_platform"], "holds": []}


@pytest.fixture(scope="module")
def day_base():
    return kb.load(as_of=DAY)


@pytest.fixture
def shell(day_base, tmp_path, monkeypatch):
    """A shell of its own with the extension loaded, in an empty folder."""
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    made.run_line_magic("load_ext", "kb")
    made.push({"base": day_base, "mine": dict(MINE)})
    yield made
    made.run_line_magic("unload_ext", "kb")
    InteractiveShell.clear_instance()


@pytest.fixture
def run(shell):
    """Run a cell that must not fail; its result."""
    shell.run_cell("%kb --base base")

    def run(text):
        found = shell.run_cell(text)
        found.raise_error()
        return found.result

    return run


def fails(shell, capsys, text):
    """Run a cell that must fail; what it says."""
    capsys.readouterr()
    found = shell.run_cell(text)
    assert not found.success
    return capsys.readouterr().out.rstrip()


def test_named_query(run):
    """A query by name gives a DataFrame whose rows are counted."""
    found = run("%kb missing_documents --app mine")
    assert isinstance(found, pd.DataFrame)
    assert found["document"].tolist()[:1] == ["合作协议"]
    assert found.counted == "4 rows"
    assert "4 rows" in found._repr_html_()
    assert "4 rows" in found._repr_markdown_()


def test_not_all_rows_are_shown(run):
    """When not all rows are shown, the count says so; the DataFrame has them all."""
    found = run("%kb who_can_use category=教育-驾校平台 --rows 2 --ids")
    assert found.counted == f"{len(found)} rows, the first 2 shown"
    assert found._repr_html_().count("<tr>") == 3


def test_out(run, shell):
    """`--out` puts the rows into a variable and says how many there are."""
    assert str(run("%kb required(A, C) --app mine --out found")) == "found: 1 row"
    assert shell.user_ns["found"]["C"].tolist() == ["教育-驾校平台"]


def test_app_alone(run):
    """`--app` without a question gives the whole answer; the variable may hold an answer, too."""
    found = run("%kb --app mine")
    assert found.verdict == "missing"
    run("told = base.ask(mine)")
    assert run("%kb --app told").to_dict() == found.to_dict()


def test_app_from_a_file(run, tmp_path):
    """`--app` also takes a file."""
    (tmp_path / "a b.yaml").write_text("name: a\nservices: [ai_questions]\n", encoding="utf-8")
    assert run("%kb --app 'a b.yaml'").categories[0].category == "deep-synthesis-questions"


def test_as_of(run):
    """`--as-of` moves the day of the question."""
    assert run("%kb --app mine --as-of 2020-01-01").as_of == "2020-01-01"


def test_no_question_lists_queries(run):
    """`%kb` alone lists all queries with what they ask."""
    assert "missing_documents" in run("%kb")["query"].tolist()


def test_rules_serve_the_next_cell(run, tmp_path):
    """Rules of one cell serve the next, those of a relation replace earlier ones, and `--save`
    writes a file that `base.rules` reads."""
    run("%%kb\n# what is lacking\nlacking_here(A, D) <= missing_documents(A, _, _, D)")
    assert len(run("%kb lacking_here(A, D) --app mine")) == 4
    run("%%kb\nnone_here(A) <= lacking_here(A, 'cooperation_agreement')")
    run(
        "%%kb\nlacking_here(A, D) <= missing_documents(A, _, _, D) & (D != 'cooperation_agreement')"
    )
    assert len(run("%kb lacking_here(A, D) --app mine")) == 3
    assert len(run("%kb none_here(A) --app mine")) == 0
    assert str(run("%kb --save mine.dl")) == "mine.dl: 2 rules"
    text = (tmp_path / "mine.dl").read_text(encoding="utf-8")
    again = kb.load(as_of=DAY).rules(text).query("lacking_here(A, D)", app=MINE)
    assert len(again) == 3
    run("%kb --reset")
    assert "lacking_here" not in run("%kb")["query"].tolist()


def test_rules_and_questions_in_one_cell(run):
    """A cell may define and ask; the last question is its result, a list goes to `--out`."""
    found = run("%%kb --app mine\ntwo(A) <= required(A, _)\n\nrequired(A, C)\ntwo(A)")
    assert found["A"].tolist() == ["学车通"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "%kb nope(X)",
            "%kb:1:1: error[unknown-relation]: unknown relation `nope`\n"
            "  nope(X)\n  ^^^^^^^\n  help: similar names exist: ",
        ),
        (
            "%%kb\nfine(A) <= required(A, _)\n  requird(A, C)",
            "cell[1]:3:3: error[unknown-relation]: unknown relation `requird`\n"
            "    requird(A, C)\n    ^^^^^^^^^^^^^\n  help: a similar name exists: ",
        ),
        (
            "%%kb\nbad(X) <= category(X) & X > 3",
            "cell[1]:2:1: error[",
        ),
        (
            "%kb who_can_use categry=教育-驾校平台",
            "%kb:1:13: error[unknown-parameter]: `who_can_use` has no parameter `categry`\n"
            "  who_can_use categry=教育-驾校平台\n              ^^^^^^^\n"
            "  help: a similar name exists: `category`",
        ),
        (
            "%kb who_can_use --ap mine",
            "%kb:1:13: error[unknown-option]: there is no option `--ap`\n"
            "  who_can_use --ap mine\n              ^^^^\n  help: a similar name exists: `app`",
        ),
        (
            "%kb required(A, C) --app mime",
            "%kb:1:22: error[unknown-name]: no profile is called `mime`\n"
            "  required(A, C) --app mime\n                       ^^^^\n"
            "  help: a similar name exists: `mine`",
        ),
        (
            "%kb required(A, C) --app mine --as-of soon",
            "%kb:1:35: error[date]: `soon` is not a date\n",
        ),
        (
            "%kb required(A, C) --out 1a",
            "%kb:1:22: error[name]: `1a` can not name a variable\n",
        ),
        ("%kb --save x.dl", "%kb:1:8: error[save]: no cell has defined a rule\n"),
        (
            "%%kb\nrequired(A, C) <= category(C) & app_knows(A, _)",
            "cell[1]:2:1: error[defined]: `required` has rules in this base already\n"
            "  required(A, C) <= category(C) & app_knows(A, _)\n  ^^^^^^^^^^^^^^\n",
        ),
        ("%kb loop(X) <= category(X) & ~loop(X)", "%kb:1:"),
        ("%kb who_can_use __import__('os')", "%kb:1:13: error[parameters]: "),
    ],
)
def test_an_error_shows_its_line_and_fails_the_cell(run, shell, capsys, cell, said):
    """What is wrong is told with its line, underlined, and the cell fails; there is no trace of
    where in the package it was found, and the next cell works."""
    told = fails(shell, capsys, cell)
    assert told.startswith(said)
    assert "Traceback" not in told
    assert len(run("%kb required(A, C) --app mine")) == 1


def test_nothing_in_the_line_is_evaluated(run, shell, capsys):
    """Braces and dollar signs of a question stay text: IPython does not fill in variables."""
    shell.user_ns["hurt"] = []
    fails(shell, capsys, "%kb required(A, '{hurt.append(1)}$hurt') & nope(A) --app mine")
    assert shell.user_ns["hurt"] == []


def test_names_are_escaped(run, shell):
    """A name from a profile can not become markup in any form of a result."""
    shell.user_ns["mine"] = {**MINE, "name": NASTY}
    rows = run("%kb required(A, C) --app mine")
    answer = run("%kb --app mine")
    graph = run("base.graph(app=mine)")
    formats = shell.display_formatter.format(graph)[0]
    shown, picture = formats["text/html"], formats["image/svg+xml"]
    assert picture.startswith("<svg")
    for html in (rows._repr_html_(), answer._repr_html_(), shown, picture):
        assert "<img" not in html
    assert "<img" not in rows._repr_markdown_()
    assert "<img" not in answer._repr_markdown_()
    assert "\\|" in rows._repr_markdown_()


def completions(shell, text):
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(text, len(text))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("%kb miss", "missing_documents"),
        ("x = 1\n%kb requ", "required_categories"),
        ("%%kb\nrequired(A, C) & cate", "categories_within_reach"),
        ("%kb required(A, '教育-驾校平", "教育-驾校平台"),
        ("%kb required(A, 驾校平", "'教育-驾校平台'"),
        ("%kb required(A, 'education-driving-school-p", "education-driving-school-platform"),
        ("%%kb --app mine\nmissing_documents(A, C, L, 'cooperation a", "cooperation agreement"),
        ("%%kb\nmine(A) <= required(A, '教育-驾校平", "education-driving-school-platform"),
        ("%kb who_can_use cat", "category="),
        ("%kb who_can_use category=教育-驾校平", "教育-驾校平台"),
        ("%kb who_can_use --app mi", "mine"),
        ("%kb who_can_use --as", "--as-of"),
        ("%%kb --base ba", "base"),
    ],
)
def test_completion(run, shell, text, first):
    """Relations, queries, parameters, options, ids and labels in both languages are completed."""
    assert completions(shell, text)[0] == first


def test_completion_knows_own_rules(run, shell):
    """Relations of the cells before are completed, first of all."""
    run("%kb zebra(A) <= required(A, _)")
    assert completions(shell, "%kb zeb") == ["zebra"]


def test_completion_leaves_python_alone(run, shell):
    """Outside the magic, completion is IPython's own."""
    assert "教育-驾校平台" not in completions(shell, "'教育-驾校平")
    assert "import" in completions(shell, "impo")


def test_loading_twice(shell):
    """Loading the extension again changes nothing; unloading takes the magic away."""
    session = shell.kb_session
    kb.load_ipython_extension(shell)
    assert shell.kb_session is session
    kb.unload_ipython_extension(shell)
    assert "kb" not in shell.magics_manager.magics["line"]
    kb.load_ipython_extension(shell)
