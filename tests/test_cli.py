"""The command line: what goes to which stream, in which form, with which exit code."""

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb.cli.main import cli, main

pytestmark = pytest.mark.usefixtures("english")

HERE = Path(__file__).parent
FOLDER = HERE / "bad" / "facts" / "base"
SMALL = ("--only-facts", FOLDER)
APP = HERE / "apps" / "xuechetong.yaml"
COMMANDS = sorted(cli.commands)
FORMATS = {
    name: list(option.type.choices)
    for name, command in sorted(cli.commands.items())
    for option in command.params
    if option.name == "form"
}
# What is asked of each command that has `--format`, and what it leaves behind.
ASKED = {
    "ask": (["ask", "{app}", *SMALL], 3),
    "show": (["show", "商店-食品", *SMALL], 0),
    "search": (["search", "面包", *SMALL], 0),
    "query": (["query", "alternatives", *SMALL], 0),
    "check": (["check", *SMALL], 0),
    "coverage": (["coverage", *SMALL], 0),
    "changes": (["changes", "--from", "2023-12-31", "--to", "2024-06-30", *SMALL], 0),
    "relations": (["relations", "required", *SMALL], 0),
}
LANG, AS_OF = "--lang", "--as-of"
BOTH = {LANG, AS_OF}
HEEDED = {
    "analyse": BOTH,
    "ask": BOTH,
    "audit": BOTH,
    "bundles": BOTH,
    "changes": {LANG},
    "check": {LANG},
    "coverage": {LANG},
    "find": {LANG},
    "export": {LANG},
    "graph": BOTH,
    "interview": BOTH,
    "lines": {LANG},
    "plan": BOTH,
    "query": BOTH,
    "relations": {LANG},
    "search": {LANG},
    "show": BOTH,
    "test": {LANG},
    "vocabulary": {LANG},
    "ways-out": BOTH,
    "what-if": BOTH,
    "why": BOTH,
    "why-not": BOTH,
}
"""Which of the flags about language and day have a meaning for each command that loads a base."""


ALONE = {"completion", "explain", "init", "mcp", "replay"}
"""Commands that answer nothing about an app of the base in a language or on a day of one's own."""


@pytest.fixture
def run(monkeypatch, capsys):
    """`kb` in this process: exit code, standard output, standard error."""

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["kb", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit:
            main()
        out, err = capsys.readouterr()
        return exit.value.code, out, err

    return call


@pytest.fixture
def app(tmp_path):
    """A profile for the small base, with one document of two in hand."""
    path = tmp_path / "app.yaml"
    path.write_text("name: 面包坊\nservices: [面包店]\nholds: [食品证]\n", encoding="utf-8")
    return path


def test_commands():
    """The commands of the first delivery are there."""
    assert {"ask", "show", "search", "query", "check", "coverage", "export"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(run, command, flag):
    """Every command says what it does, on standard output, without a base."""
    code, out, err = run(command, flag)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: kb {command} ")
    summary = out.splitlines()[2].strip()
    assert summary[0].isupper()
    assert len(summary) > 20


def test_every_command_says_what_it_heeds():
    """Each command that loads a base stands in the table of flags."""
    assert set(HEEDED) == set(COMMANDS) - {*ALONE, "import", "notebook"}


@pytest.mark.parametrize("command", sorted(HEEDED))
def test_common_flags(run, command):
    """Every command that loads a base takes `--facts`, and `--lang` and `--as-of` where they have a
    meaning; where they have none they are refused, not ignored."""
    out = run(command, "--help")[1]
    assert "--facts" in out
    for flag, value in ((LANG, "en"), (AS_OF, "2025-06-30")):
        assert (flag in out) == (flag in HEEDED[command])
        if flag not in HEEDED[command]:
            code, out_of_it, err = run(command, flag, value)
            assert (code, out_of_it) == (2, "")
            assert err.splitlines()[-1].startswith(f"Error: No such option '{flag}'.")


@pytest.mark.parametrize(
    "given",
    [
        ["--app", APP],
        ["--ids"],
        ["--rules", "mine.dl"],
        ["--limit", "3"],
        ["--engine", "clingo"],
        ["--as-of", "2025-06-30"],
    ],
    ids=lambda given: given[0],
)
def test_a_list_of_queries_takes_no_question(run, given):
    """What belongs to a question is refused where `kb query` only lists the queries."""
    assert run("query", *given, *SMALL) == (
        2,
        "",
        f"error[arguments]: `{given[0]}` has no meaning where queries are listed\n"
        "  help: name a query, or leave it out\n",
    )


@pytest.mark.parametrize("engine", ["clingo", "duckdb"])
def test_engines_give_the_same_bytes(run, app, engine):
    """`ask` and `query` write the same, whichever engine evaluates the rules."""
    for arguments in (
        ["ask", app, *SMALL, "--as-of", "2024-06-30", "--format", "json"],
        ["query", "missing_documents", "--app", app, *SMALL, "--as-of", "2024-06-30"],
        ["query", "scope(S, V, X) & (X != '书店')", *SMALL],
    ):
        assert run(*arguments, "--engine", engine) == run(*arguments)


@pytest.mark.parametrize("command", ["ask", "query"])
def test_engine_that_can_not_be_had(run, monkeypatch, command, app):
    """An engine that is none is told with near names, one that is not installed with the line that
    installs it."""
    arguments = [str(a).format(app=app) for a in ASKED[command][0]]
    assert run(*arguments, "--engine", "duckbd") == (
        2,
        "",
        "error[unknown-engine]: no engine is called `duckbd`\n"
        "  help: a similar name exists: `duckdb`\n",
    )
    monkeypatch.setattr("kb.engines.registry.find_spec", lambda name: None)
    assert run(*arguments, "--engine", "duckdb") == (
        2,
        "",
        "error[extra]: the engine duckdb needs duckdb and sqlglot\n"
        "  help: run pip install 'policy-kb[audit]'\n",
    )


def test_help_and_version(run):
    """`kb --help` names every command; `kb --version` is one line; `kb` alone shows the help."""
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for command in COMMANDS:
        assert f"  {command} " in out
    code, out, err = run("--version")
    assert (code, err) == (0, "")
    assert out.startswith("kb, version ")
    code, out, err = run()
    assert code in (0, 2)
    assert "Commands:" in out + err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("command", "form"), [(c, f) for c in FORMATS if c in ASKED for f in FORMATS[c]]
)
def test_formats(run, app, command, form, lang):
    """Each command gives each form it offers, well formed, with nothing on standard error."""
    arguments, wanted = ASKED[command]
    arguments = [str(a).format(app=app) for a in arguments]
    language = ["--lang", lang] if LANG in HEEDED[command] else []
    code, out, err = run(*arguments, "--format", form, *language)
    assert (code, err) == (wanted, "")
    assert out.endswith("\n")
    if form == "json":
        assert isinstance(json.loads(out), dict | list)
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert len({len(row) for row in rows}) == 1
    elif form == "html":
        assert out.startswith("<table" if command in ("query", "search") else "<!DOCTYPE html>")
    elif form == "markdown" and command == "relations":
        assert out.startswith("# ")
    elif form == "markdown" and command not in ("query", "search"):
        assert out.startswith("**")
    elif form == "markdown":
        lines = out.splitlines()
        assert all(line.startswith("|") and line.endswith("|") for line in lines)
        assert set(lines[1]) <= set("| -:")


@pytest.mark.parametrize("command", sorted(FORMATS))
def test_unknown_format(run, command):
    """A form that a command does not have is bad input."""
    code, out, err = run(command, "--format", "xml")
    assert (code, out) == (2, "")
    assert "xml" in err


def test_ask_json_is_the_contract(run, app):
    """`ask --format json` has the fields of the contract, Chinese as it is written."""
    code, out, err = run("ask", app, *SMALL, "--format", "json", "--as-of", "2024-06-30")
    assert (code, err) == (3, "")
    answer = json.loads(out)
    assert {
        "app",
        "as_of",
        "verdict",
        "categories",
        "bundle",
        "prohibited",
        "conflicts",
        "undetermined",
    } <= set(answer)
    assert (answer["app"], answer["as_of"], answer["verdict"]) == (
        "面包坊",
        "2024-06-30",
        "missing",
    )
    assert "面包坊" in out
    (category,) = answer["categories"]
    assert {
        "category",
        "id",
        "verdict",
        "why",
        "sources",
        "alternatives",
        "missing",
        "how",
        "notes",
    } <= (set(category))
    assert [d["document"] for d in answer["bundle"]["documents"]] == ["租赁合同"]
    assert answer["bundle"]["optimal"] is True


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ("name: a\nservices: []\n", 4),
        ("name: a\nservices: [书店]\n", 0),
        ("name: a\nservices: [面包店]\nholds: [食品证, 租赁合同]\n", 0),
        ("name: a\nservices: [面包店]\n", 3),
        ("name: a\n", 4),
        ("name: a\nservices: [面包店]\nholds: [食品证, 消防合格证]\n", 4),
        ("name: a\nservices: [面包店]\nholds: [食品证, 消防合格证]\nfacts: {has_oven: 'no'}\n", 3),
        ("name: a\nservices: [面包店]\nholds: [食品证, 消防合格证]\nfacts: {has_oven: 'yes'}\n", 0),
        ("services: [面包店]\n", 3),
        ("name: 1\nservice: [面包店]\n", 2),
    ],
)
def test_exit_codes(run, profile, code):
    """0 satisfied, 2 bad input, 3 missing, 4 undetermined."""
    assert run("ask", "-", *SMALL, "--as-of", "2024-06-30", stdin=profile.encode())[0] == code


def test_prohibited(run, tmp_path):
    """An app that offers what the platform does not carry leaves with 5."""
    import shutil

    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)
    path = folder / "town-2024.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + "    unsupported: [{services: [bookshop], lines: 9}]\n",
        encoding="utf-8",
    )
    code, out, err = run(
        "ask", "-", "--only-facts", folder, stdin=b"name: a\nservices: [bookshop]\n"
    )
    assert (code, err) == (5, "")
    assert "bookshop" in out


@pytest.mark.parametrize("command", ["ask", "show", "query"])
@pytest.mark.parametrize("day", ["2025-99-99", "soon", "2025-W14-2", "20250630", "", "30.6.2025"])
def test_bad_day(run, app, command, day):
    """A day that is none is bad input for every command, named as it was written."""
    arguments = ASKED[command][0]
    code, out, err = run(*[str(a).format(app=app) for a in arguments], "--as-of", day)
    assert (code, out) == (2, "")
    assert err == f"error[date]: `{day}` is not a date\n  help: write it like 2025-06-30\n"


def test_the_day_counts(run, app):
    """Before the first source speaks nothing is known."""
    assert run("ask", app, *SMALL, "--as-of", "2023-12-31")[0] == 4
    assert run("ask", app, *SMALL, "--as-of", "2024-01-01")[0] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["frob"],
        ["ask", "--frob", "x"],
        ["ask", "a", "b"],
        ["--frob"],
        ["search"],
        ["search", "x", "--limit", "0"],
        ["query", "--limit", "x"],
        ["export", "all"],
        ["show", "a", "--lang", "fr"],
    ],
)
def test_bad_usage(run, arguments):
    """Unknown commands and options, and missing or surplus arguments, are bad input."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Usage: kb" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["search", "show", "query", "check", "coverage", "relations"])
def test_missing_facts(run, tmp_path, command):
    """A folder of facts that is not there is named, by every command."""
    arguments = {"search": ["x"], "show": ["x"]}.get(command, [])
    folder = tmp_path / "none"
    assert run(command, *arguments, "--only-facts", folder) == (
        2,
        "",
        f"error[no-facts]: no folder of facts at `{folder}`\n"
        "  help: name a folder that holds vocabulary/ and fact files\n",
    )


def test_bad_facts(run, tmp_path):
    """Facts that are wrong are bad input, with every problem on standard error."""
    import shutil

    folder = tmp_path / "facts"
    shutil.copytree(FOLDER / "vocabulary", folder / "vocabulary")
    shutil.copy(HERE / "bad" / "facts" / "several.yaml", folder)
    code, out, err = run("check", "--only-facts", folder)
    assert (code, out) == (2, "")
    assert err == (HERE / "bad" / "facts" / "several.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["shop-food", "商店-食品", "店铺-食品", "食品", "商店-食", "shops - food"]
)
def test_show_names(run, name):
    """A category is shown by id, full name, former name or a unique part."""
    code, out, err = run("show", name, *SMALL, "--format", "json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert (shown["id"], shown["category"]) == ("shop-food", "商店-食品")
    (version,) = shown["versions"]
    assert version["from"] == "2024-01-01"
    assert [[d["id"] for d in a["documents"]] for a in version["alternatives"]] == [
        ["food_licence", "lease"],
        ["food_licence", "fire_certificate"],
    ]


def test_show_part_of_several(run):
    """A part of several names shows none and lists them."""
    assert run("show", "商店", *SMALL) == (
        2,
        "",
        "error[ambiguous]: `商店` is part of 2 categories\n"
        "  help: `商店-食品` (shop-food)\n  help: `商店-图书` (shop-books)\n",
    )


def test_show_unknown(run):
    """An unknown category is named with a near one."""
    assert run("show", "shop-fod", *SMALL) == (
        2,
        "",
        "error[unknown-id]: no category is called `shop-fod`\n"
        "  help: a similar name exists: `shop-food`\n"
        "  help: look it up: `kb find 'shop-fod'`, `kb search 'shop-fod'`\n",
    )


@pytest.mark.parametrize("name", ["", " ", "《》"])
def test_show_nothing(run, name):
    """An empty name is no part of every name."""
    code, out, err = run("show", name, *SMALL)
    assert (code, out) == (2, "")
    assert "error[unknown-id]" in err


def test_search_lines(run):
    """A find is a line with kind, id and both labels; nothing found is said on standard error."""
    code, out, err = run("search", "面包", *SMALL)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["service", "bakery", "面包店", "·", "bakery"]
    assert run("search", "zzzzqqq", *SMALL) == (0, "", "nothing is called like that\n")
    assert run("search", "zzzzqqq", *SMALL, "--format", "json")[1] == "[]\n"
    assert run("search", "fire", "certificate", "--limit", "1", *SMALL)[1].split()[1] == (
        "fire_certificate"
    )


def test_query_list(run):
    """`kb query` alone lists the queries."""
    code, out, err = run("query", *SMALL)
    assert (code, err) == (0, "")
    assert any(line.startswith("alternatives ") for line in out.splitlines())


QUERIES = {
    "near_name": (
        ["alternativs"],
        "error[unknown-query]: no query is called `alternativs`\n"
        "  help: a similar name exists: `alternatives`\n",
    ),
    "no_app": (
        ["missing_documents"],
        "error[no-app]: `missing_documents` asks about an app\n"
        "  help: give a profile: `app=...` or `--app FILE`\n",
    ),
    "near_parameter": (
        ["alternatives", "categry=shop-food"],
        "error[unknown-parameter]: `alternatives` has no parameter `categry`\n"
        "  help: a similar name exists: `category`\n",
    ),
    "no_sign": (
        ["alternatives", "食品"],
        "error[parameters]: `食品` is not KEY=VALUE\n"
        "  help: write it like `category=教育-驾校平台`\n",
    ),
    "value": (
        ["alternatives", "category=shop-fod"],
        "error[unknown-id]: no category is called `shop-fod`\n"
        "  help: a similar name exists: `shop-food`\n"
        "  help: look it up: `kb find 'shop-fod'`, `kb search 'shop-fod'`\n",
    ),
    "goal_parameters": (
        ["scope(S, V, X)", "S=1"],
        "error[parameters]: a goal takes no parameters\n  help: write the value into the goal\n",
    ),
    "goal_syntax": (
        ["scope(S, V, X) &"],
        "<query>:1:17: error[syntax]: the rule can not be read from here\n"
        "  scope(S, V, X) &\n                  ^\n"
        "  help: write `head(X) <= body(X, Y) & ~other(Y) & (Y != 'a')`\n",
    ),
    "goal_relation": (
        ["alternative_neds(L, N)"],
        "<query>:1:1: error[unknown-relation]: unknown relation `alternative_neds`\n"
        "  alternative_neds(L, N)\n  ^^^^^^^^^^^^^^^^^^^^^^\n"
        "  help: a similar name exists: `alternative_needs`\n",
    ),
    "goal_full_width": (
        ["scope（S, V, X)"],
        "<query>:1:6: error[syntax]: full-width `（` outside a string\n"
        "  scope（S, V, X)\n       ^^\n  help: write `(`\n",
    ),
    "goal_name": (
        ["scope(S, V, bakery)"],
        "<query>:1:13: error[syntax]: `bakery` is neither a variable nor a string\n"
        "  scope(S, V, bakery)\n              ^^^^^^\n"
        "  help: a variable starts with a capital letter; a name is `'bakery'`\n",
    ),
    "rules_missing": (
        ["scope(S, V, X)", "--rules", "none.dl"],
        "none.dl: error[no-file]: the file can not be read: no such file or directory\n"
        "  help: check the name\n",
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_query_problems(run, tmp_path, monkeypatch, name):
    """Each bad question has its message, word for word, and nothing on standard output."""
    monkeypatch.chdir(tmp_path)
    arguments, message = QUERIES[name]
    assert run("query", *arguments, *SMALL) == (2, "", message)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "exec('x')",
        "eval('1')(X)",
        "p(X) or q(X)",
        "open('x')",
        "lambda: 1",
        "p(",
        ")",
        "'",
        "(",
        "scope(S, V, X); scope(S, V, X)",
    ],
)
def test_goals_are_never_run(run, text):
    """What is Python and no goal is refused, never run."""
    code, out, err = run("query", text, *SMALL)
    assert (code, out) == (2, "")
    assert "error[" in err
    assert "internal" not in err


def test_query_goal(run, app):
    """A goal answers with its variables as columns; labels in it and in the answer."""
    code, out, err = run("query", "scope(S, V, '面包店')", *SMALL, "--ids", "--format", "csv")
    assert (code, err) == (0, "")
    assert out == "S,V\ntown-2024/shop-food^1,town-2024/shop-food\n"
    code, out, err = run(
        "query",
        "missing_documents",
        "--app",
        app,
        "--as-of",
        "2024-06-30",
        *SMALL,
        "--format",
        "json",
    )
    assert (code, err) == (0, "")
    assert all(row["app"] == "面包坊" for row in json.loads(out))
    found = run(
        "query",
        "missing_documents",
        f"app={app}",
        "--as-of",
        "2024-06-30",
        *SMALL,
        "--format",
        "json",
    )
    assert found == (0, out, "")


def test_query_parameter(run):
    """A parameter fixes a column, by id or by any name."""
    by_id, by_label = (
        run("query", "alternatives", f"category={name}", *SMALL, "--format", "csv")
        for name in ("shop-food", "店铺-食品")
    )
    assert by_id == by_label
    assert by_id[0] == 0
    assert len(by_id[1].splitlines()) > 1


def test_query_rules(run, app, tmp_path):
    """Rules from a file are asked like the shipped ones; their faults are placed in that file."""
    rules = tmp_path / "mine.dl"
    rules.write_text("mine(A, D) <= missing_documents(A, _, _, D)\n", encoding="utf-8")
    day = ("--as-of", "2024-06-30")
    code, out, err = run(
        "query",
        "mine(A, D)",
        "--rules",
        rules,
        "--app",
        app,
        *day,
        *SMALL,
        "--format",
        "csv",
        "--lang",
        "zh",
    )
    assert (code, err) == (0, "")
    assert out == "A,D\n面包坊,消防合格证\n面包坊,租赁合同\n"
    rules.write_text("mine(A, D) <= missing_document(A, _, _, D)\n", encoding="utf-8")
    code, out, err = run("query", "mine(A, D)", "--rules", rules, "--app", app, *SMALL)
    assert (code, out) == (2, "")
    assert err == (
        f"{rules}:1:15: error[unknown-relation]: unknown relation `missing_document`\n"
        "  mine(A, D) <= missing_document(A, _, _, D)\n"
        "                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  help: a similar name exists: `missing_documents`\n"
    )
    rules.write_text("required(A, C) <= relevant(A, C)\n", encoding="utf-8")
    code, out, err = run("query", "required(A, C)", "--rules", rules, "--app", app, *SMALL)
    assert (code, out) == (2, "")
    assert "error[defined]: `required` has rules in this base already" in err


def test_query_rules_not_utf_8(run, tmp_path):
    """A file of rules that is not UTF-8 is refused by its name."""
    rules = tmp_path / "mine.dl"
    rules.write_bytes(b"p(X) <= q('\xb0\xa1')")
    code, out, err = run("query", "p(X)", "--rules", rules, *SMALL)
    assert (code, out) == (2, "")
    assert err.startswith(f"{rules}:1:1: error[not-utf-8]: byte 12 is not UTF-8\n")


def test_query_limit(run):
    """A question that takes too long ends with a message and exit code 2."""
    code, out, err = run("query", CROSS, "--limit", "0.2")
    assert (code, out) == (2, "")
    assert err == "the answer was not found within 0.2 seconds; the search was ended\n"


CROSS = (
    "need(A, B, C, D) & need(E, F, G, H) & need(I, J, K, L) & need(M, N, O, P)"
    " & (D <= H) & (H <= L) & (L <= P) & (P < D)"
)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_whole_answer_in_every_form(run, app, form):
    """An answer laid out says all that its text says: the verdict and what is missing at least."""
    out = run("ask", app, *SMALL, "--format", form, "--lang", "zh", "--as-of", "2024-06-30")[1]
    assert "缺材料" in out
    assert "还需提供" in out


@pytest.mark.parametrize("form", ["csv", "html", "markdown"])
def test_queries_in_every_form(run, form):
    """`kb query` alone lists the queries in the form asked for."""
    code, out, _ = run("query", *SMALL, "--format", form)
    assert code == 0
    assert out.startswith({"csv": "name,title", "html": "<table", "markdown": "| name |"}[form])


def test_markdown_cells(run):
    """A cell can not break a Markdown table."""
    stdin = json.dumps({"name": "a|b\n<c>", "services": ["bakery"]}).encode()
    out = run(
        "query", "app_value(A, Q, V)", "--app", "-", *SMALL, "--format", "markdown", stdin=stdin
    )[1]
    for line in out.splitlines():
        assert line.replace("\\|", "").count("|") == 4
    assert "<c>" not in out


def test_html_cells(run):
    """A cell can not break out of an HTML table."""
    stdin = json.dumps({"name": "<script>", "services": ["bakery"]}).encode()
    out = run("query", "app_value(A, Q, V)", "--app", "-", *SMALL, "--format", "html", stdin=stdin)[
        1
    ]
    assert "&lt;script&gt;" in out
    assert "<script>" not in out


def test_check(run):
    """`check` counts what it looked at, and tells each finding with its code, place and help."""
    code, out, err = run("check", *SMALL)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("1 sources, 2 readings, ")
    found = json.loads(run("check", "--format", "json", *SMALL)[1])
    assert all({"code", "severity", "message", "help", "place"} <= set(each) for each in found)
    warnings = sum(each["severity"] == "warning" for each in found)
    assert out.splitlines()[-1].endswith(f": {warnings} warnings")


def test_check_shipped(run):
    """What is shipped has no errors."""
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert ": error[" not in out


@pytest.mark.parametrize("kind", ["schema", "profile-schema", "facts", "rules"])
def test_export(run, tmp_path, kind):
    """Each export goes to standard output or, the same text, to a file."""
    code, out, err = run("export", kind, *SMALL)
    assert (code, err) == (0, "")
    if kind != "rules":
        assert json.loads(out)
    path = tmp_path / "out"
    assert run("export", kind, *SMALL, "-o", path) == (0, "", "")
    assert path.read_text(encoding="utf-8") == out


def test_exported_rules_read_back(run):
    """Exported rules are the rules: they read back as the same program."""
    from kb.lang.parser import parse

    out = run("export", "rules", *SMALL)[1]
    assert "\n".join(map(str, parse(out).rules)) + "\n" == out


def test_export_nowhere(run, tmp_path):
    """An export that can not be written is bad input."""
    path = tmp_path / "none" / "out"
    code, out, err = run("export", "rules", *SMALL, "-o", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"error[output]: `{path}` can not be written")
    assert "no such file or directory" in err.lower()


def test_english(run, app):
    """`--lang en` answers in English."""
    code, out, err = run("ask", app, *SMALL, "--lang", "en")
    assert (code, err) == (3, "")
    assert "missing" in out
    assert "lease" in out
    assert "缺" not in out


@pytest.mark.parametrize(
    "command",
    [
        ["search", "a", "--limit", "1000"],
        ["query", "need(A, B, C, D)"],
        ["export", "facts"],
        ["ask", str(APP)],
        ["show", "教育-驾校平台"],
    ],
)
def test_a_reader_that_leaves(command):
    """When the reader of a pipe leaves, as `head` does, nothing is complained of."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "kb", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout.readline()
    writer.stdout.close()
    err = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait() in (0, 3)
    assert err == b""


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
)
def test_locale(locale, app, tmp_path):
    """Chinese comes out as UTF-8 whatever the locale says, on both streams."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "LANG")} | locale
    asking = [sys.executable, "-m", "kb", "ask", *SMALL]
    shown = subprocess.run([*asking, app], capture_output=True, env=env, check=False)
    assert shown.returncode == 3
    assert "面包坊" in shown.stdout.decode()
    path = tmp_path / "bad.yaml"
    path.write_text("name: a\nservices: [火箭]\n", encoding="utf-8")
    refused = subprocess.run([*asking, path], capture_output=True, env=env, check=False)
    assert refused.returncode == 2
    assert "no service is called `火箭`" in refused.stderr.decode()


def test_words_in_a_locale():
    """Chinese words of the command line are understood in a locale that has none."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "LANG")}
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "kb",
            "search",
            "面包店",
            "--only-facts",
            FOLDER,
            "--format",
            "json",
        ],
        capture_output=True,
        env=env | {"LC_ALL": "C"},
        check=True,
    )
    assert json.loads(found.stdout)[0]["id"] == "bakery"


def test_interrupt():
    """Ctrl-C ends a long search at once: exit code 130, one word, no traceback."""
    # A job in the background is born deaf to Ctrl-C, and so are its children.
    listening = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from kb.cli.main import main; main()"
    )
    asking = subprocess.Popen(
        [sys.executable, "-c", listening, "query", CROSS, "--limit", "120"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        # The search has begun when the process that searches has used this much.
        with contextlib.suppress(FileNotFoundError):
            while asking.poll() is None and sum(map(_seconds, _children(asking.pid))) < 0.5:
                time.sleep(0.05)
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    finally:
        asking.kill()
    assert (asking.returncode, out, err.strip()) == (130, b"", b"stopped")


def _children(pid):
    """The processes that a process has started."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _seconds(pid):
    """The processor time of a process, from /proc; without it, after a pause, enough."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        time.sleep(2)
        return 9.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_internal_error(run, monkeypatch):
    """An error of `kb` itself is one line with exit code 1, and a traceback only when asked for."""
    import kb.api

    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(kb.api, "load", broken)
    monkeypatch.delenv("KB_TRACEBACK", raising=False)
    code, out, err = run("check")
    assert (code, out) == (1, "")
    assert err == (
        "internal error: RuntimeError: broken\n"
        "  help: set KB_TRACEBACK=1 to see where, and report it\n"
    )


INTERRUPTED = """
import runpy, sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
runpy.run_module("kb", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["kb.cli.main", "kb.cli.context", "kb.cli.why_not"])
def test_interrupted_while_it_is_loaded(module):
    """Ctrl-C before the commands are loaded ends as it does later: exit code 130, no traceback."""
    found = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module],
        capture_output=True,
        check=False,
    )
    assert (found.returncode, found.stdout, found.stderr) == (130, b"", b"")
