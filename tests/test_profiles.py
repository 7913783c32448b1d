"""Profiles: each bad one has one clear message, a good one is read and written without loss."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kb
from kb.cli.main import main
from kb.lang.problems import Problems
from kb.model.apps import App, Holding
from kb.model.profiles import read_app, read_apps

pytestmark = pytest.mark.usefixtures("english")

BAD = Path(__file__).parent / "bad"
FOLDER = BAD / "facts" / "base"
PROFILES = sorted((BAD / "profiles").glob("*.yaml"))
GOOD = {
    "name": "面包坊",
    "platform": "wechat",
    "applicant": "enterprise",
    "regions": ["CN-GD"],
    "services": ["bakery"],
    "audience": [],
    "facts": {"opened": "2020-05-01", "seats": 12, "has_oven": "no", "goods": ["bread", "cakes"]},
    "holds": [
        "food_licence",
        {"document": "lease", "count": 2, "holder": "partner", "states": ["本镇"]},
    ],
}


@pytest.fixture(scope="module")
def small():
    """A small base of facts that only these tests have."""
    return kb.load(only_facts=FOLDER, as_of="2024-06-30")


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


def test_every_bad_profile_has_its_message():
    """No bad profile stands without its message, and no message without its profile."""
    assert [p.stem for p in PROFILES] == sorted(p.stem for p in (BAD / "profiles").glob("*.txt"))
    assert len(PROFILES) > 80


@pytest.mark.parametrize("path", PROFILES, ids=lambda p: p.stem)
def test_whole_message(path, run, monkeypatch):
    """`kb ask` of a bad profile says what is wrong, word for word, and nothing else: exit code 2,
    an empty standard output."""
    monkeypatch.chdir(path.parent)
    code, out, err = run("ask", path.name, "--only-facts", FOLDER)
    assert err == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert (code, out) == (2, "")


@pytest.mark.parametrize("path", PROFILES, ids=lambda p: p.stem)
def test_messages_are_for_people(path):
    """A message speaks of no type of the host language, ends in no full stop, and underlines at
    least one character wherever it shows a line."""
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    messages = [line for line in lines if ": error[" in line]
    assert messages
    for line in messages:
        assert not line.endswith(".")
    for word in ("dict", "str(", "tuple", "NoneType", "None", "Traceback", "pydantic"):
        assert word not in text
    for shown, marked in pairwise(lines):
        if marked.strip() and set(marked.strip()) == {"^"}:
            assert shown.startswith("  ")


def test_standard_input(run):
    """A profile may come from standard input; its name in messages is `<stdin>`."""
    code, out, err = run("ask", "-", "--only-facts", FOLDER, stdin=b"name: a\nservices: bakery\n")
    assert (code, out) == (2, "")
    assert err == (
        "<stdin>:2:11: error[type]: a list is expected here\n"
        "  services: bakery\n            ^^^^^^\n  help: in `services`\n"
    )
    code, out, err = run(
        "ask", "-", "--only-facts", FOLDER, stdin="name: 甲\nservices: []\n".encode()
    )
    assert (code, err) == (4, "")
    assert out.startswith("甲 · ")


def test_empty_standard_input(run):
    """Nothing on standard input is an empty profile."""
    assert run("ask", "-", "--only-facts", FOLDER) == (
        2,
        "",
        "<stdin>: error[empty]: the file is empty\n",
    )


def test_large(run, tmp_path, monkeypatch):
    """A profile of 10 MB is refused by its size."""
    monkeypatch.chdir(tmp_path)
    Path("large.yaml").write_bytes(b"name: " + b"a" * (10 * 2**20))
    assert run("ask", "large.yaml", "--only-facts", FOLDER) == (
        2,
        "",
        "large.yaml: error[too-large]: the file has 10.0 MB\n  help: at most 8 MB are read\n",
    )


def test_folder(run, tmp_path, monkeypatch):
    """A folder is no profile."""
    monkeypatch.chdir(tmp_path)
    Path("apps").mkdir()
    assert run("ask", "apps", "--only-facts", FOLDER) == (
        2,
        "",
        "apps: error[not-a-file]: this is a folder\n  help: name a YAML or JSON file\n",
    )


def test_missing(run, tmp_path, monkeypatch):
    """A file that is not there is named."""
    monkeypatch.chdir(tmp_path)
    assert run("ask", "none.yaml", "--only-facts", FOLDER) == (
        2,
        "",
        "none.yaml: error[no-file]: the file can not be read: no such file or directory\n"
        "  help: check the name\n",
    )


@pytest.mark.parametrize("name", ["a\x00b", "a" * 5000], ids=["nul", "long"])
def test_impossible_file_names(name, small):
    """A name that no file can have is a problem, not a crash."""
    with pytest.raises(Problems):
        small.ask(name)


def test_json_profile(run, tmp_path):
    """A JSON profile answers as its YAML does."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(GOOD, ensure_ascii=False), encoding="utf-8")
    as_json = run("ask", path, "--only-facts", FOLDER, "--format", "json", "--as-of", "2024-06-30")
    assert as_json[0] == 3
    path.write_text(json.dumps(GOOD, indent=2), encoding="utf-8-sig")
    assert (
        run("ask", path, "--only-facts", FOLDER, "--format", "json", "--as-of", "2024-06-30")
        == as_json
    )


def test_what_is_stated(small):
    """A profile is read into ids; dates become day numbers, what is left out is not stated."""
    app = small.app({**GOOD, "services": ["面包店"], "holds": ["《食品经营许可证》"]})
    assert app == App(
        "面包坊",
        {
            "platform": ("wechat",),
            "applicant": ("enterprise",),
            "regions": ("CN-GD",),
            "services": ("bakery",),
            "audience": (),
            "opened": 20200501,
            "seats": 12,
            "has_oven": ("no",),
            "goods": ("bread", "cakes"),
        },
        (Holding("food_licence"),),
    )
    assert small.app({"name": "a"}) == App("a", {"platform": ("wechat",)}, ())


@pytest.mark.parametrize(
    ("value", "id"), [(True, "yes"), (False, "no"), ("no", "no"), ("是", "yes"), ("TRUE", "yes")]
)
def test_flags(small, value, id):
    """A flag is yes or no, in either language or as a truth value."""
    assert small.app({"name": "a", "facts": {"has_oven": value}}).stated["has_oven"] == (id,)


@pytest.mark.parametrize("value", [date(2020, 5, 1), "2020-05-01"])
def test_days(small, value):
    """A day may come as a date or as its text."""
    assert small.app({"name": "a", "facts": {"opened": value}}).stated["opened"] == 20200501


def test_nothing_is_never_none(small, tmp_path):
    """`services:` with nothing behind it is not an empty list: it is refused or not known."""
    path = tmp_path / "a.yaml"
    path.write_text("name: a\nservices:\n", encoding="utf-8")
    with contextlib.suppress(Problems):
        assert "services" not in small.app(path).stated


def test_names_lead_to_one_id(small):
    """An id, a label, an alias and a former name of one service are the same service."""
    found = {
        small.app({"name": "a", "services": [name]}).services
        for name in ("bookshop", "书店", "书局", "Book Shop", "《书店》")
    }
    assert found == {("bookshop",)}


def test_a_value_twice_counts_once(small):
    """A service that stands twice, by whatever names, is one service."""
    app = small.app({"name": "a", "services": ["bakery", "面包店", "糕点店"]})
    assert app.services == ("bakery",)


def test_to_dict(small):
    """`to_dict` of an app reads back equal, though days were written as dates."""
    app = small.app(GOOD)
    assert small.app(app.to_dict()) == app


def test_to_dict_in_yaml(small, tmp_path):
    """`to_dict` written to a file reads back equal, so it is a profile like any other."""
    app = small.app(GOOD)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(app.to_dict()), encoding="utf-8")
    assert small.app(path) == app


def test_an_app_is_read_as_it_is(small):
    """An app that was read is not read again."""
    app = small.app(GOOD)
    assert small.app(app) is app


@pytest.mark.parametrize("app", [None, 3, ["name"], object()])
def test_neither_mapping_nor_path(small, app):
    """What is no profile at all is refused in words."""
    with pytest.raises(Problems) as caught:
        small.ask(app)
    assert str(caught.value) == "error[app]: an app is a mapping, a path or a kb.App"


HOSTILE = [
    "[red]x[/red]",
    "'); DROP TABLE apps; --",
    "a') & secret(X) & p('",
    "__import__('os').system('x')",
    "{0.__class__}",
    "%s%n",
    "$(touch x)",
    "line\nline",
    "quote ' quote \" quote `",
    "<script>alert(1)</script>",
    "=1+1",
    "../../etc/passwd",
    "X",
    "_",
    "学车通\u3000",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "json", "csv", "html", "markdown"])
def test_names_are_only_names(run, name, form):
    """Whatever a name looks like, it is a name: the answer is that of any other name."""
    profile = {"name": name, "services": ["bakery"], "holds": ["food_licence", "lease"]}
    stdin = json.dumps(profile).encode()
    code, out, err = run("ask", "-", "--only-facts", FOLDER, "--format", form, stdin=stdin)
    assert (code, err) == (0, "")
    if form == "json":
        assert json.loads(out)["app"] == name.strip()
    if form == "text":
        assert out.startswith(name.strip().replace("\n", "\\n") + " · ")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_change_no_answer(small, name):
    """Two apps that differ in their names alone get the same answer."""
    plain, hostile = (small.ask({**GOOD, "name": n}).to_dict() for n in ("plain", name))
    assert hostile["app"] == name.strip()

    def renamed(value):
        if isinstance(value, dict):
            return {k: renamed(v) for k, v in value.items() if k not in ("fact", "app")}
        return [renamed(v) for v in value] if isinstance(value, list) else value

    assert renamed(plain) == renamed(hostile)


def test_control_characters_reach_no_terminal(small):
    """A name that holds terminal commands is refused, or shown without them."""
    try:
        shown = str(small.ask(b'{"name": "a\\u001b[2Jb", "services": []}'))
    except Problems as found:
        shown = str(found)
    assert "\x1b" not in shown


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", ["services", "holds", "regions"])
def test_hostile_ids_are_unknown(small, text, key):
    """A hostile text where an id is expected is an unknown id, shown as it stands."""
    with pytest.raises(Problems) as caught:
        small.app({"name": "a", key: [text]})
    (problem,) = caught.value.problems
    assert problem.code == "unknown-id"
    assert f"`{text.strip()}`" in problem.message


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.binary(max_size=4)
    | st.dates()
    | st.sampled_from(["bakery", "面包店", "food_licence", "yes", "small", "2020-05-01", "wechat"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6) | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=8,
)
OWN = ["name", "platform", "applicant", "regions", "services", "audience", "facts", "holds"]
KEYS = [*OWN, "opened", "seats", "has_oven", "size", "goods", "document", "count", "colour"]


def answered(small, app):
    """An app is answered or refused with problems; anything else is an error of `kb`."""
    problems = None
    try:
        answer = small.ask(app)
    except Problems as found:
        problems = found
    if problems is not None:
        assert problems.problems
        assert str(problems)
        str(problems).encode()
    else:
        assert answer.verdict in ("satisfied", "missing", "undetermined", "prohibited")
        assert json.loads(json.dumps(answer.to_dict()))


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@QUIET
@given(profile=st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=5))
def test_junk_mappings(small, profile):
    """Whatever stands behind the keys of a mapping, it is answered or refused with problems."""
    answered(small, {"name": "a", **profile})


@QUIET
@given(
    facts=st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=4), holds=st.lists(JUNK, max_size=3)
)
def test_junk_inside(small, facts, holds):
    """Whatever stands under `facts` and `holds`, it is answered or refused with problems."""
    answered(small, {"name": "a", "services": ["bakery"], "facts": facts, "holds": holds})


@QUIET
@given(raw=st.binary(max_size=120))
def test_junk_bytes(small, raw):
    """Whatever the bytes of a profile, it is answered or refused with problems."""
    answered(small, raw)


YAML = st.lists(
    st.sampled_from(
        [
            "name",
            "services",
            "facts",
            "holds",
            ": ",
            ":",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "\n",
            "\n  ",
            "&a ",
            "*a",
            "!!int ",
            "'",
            '"',
            "|",
            ">",
            "#",
            "? ",
            "bakery",
            "食品证",
            "：",
            "\t",
            "~",
            "no",
        ]
    ),
    max_size=40,
).map("".join)


@QUIET
@given(text=YAML)
def test_junk_yaml(small, text):
    """Whatever is made of YAML's own marks, it is answered or refused with problems."""
    answered(small, text.encode())


IDS = {
    "applicant": st.sampled_from(["enterprise", "individual"]),
    "regions": st.lists(st.sampled_from(["CN", "CN-GD"]), max_size=2),
    "services": st.lists(st.sampled_from(["bakery", "bookshop"]), max_size=2),
    "audience": st.lists(st.just("adult"), max_size=1),
    "facts": st.fixed_dictionaries(
        {},
        optional={
            "opened": st.dates().map(str),
            "seats": st.integers(-9, 10**9),
            "has_oven": st.sampled_from(["yes", "no"]),
            "size": st.sampled_from(["small", "large"]),
            "goods": st.lists(st.sampled_from(["bread", "cakes"]), max_size=2),
        },
    ),
    "holds": st.lists(
        st.fixed_dictionaries(
            {"document": st.sampled_from(["lease", "食品证"])},
            optional={
                "count": st.integers(0, 5),
                "holder": st.sampled_from(["applicant", "partner"]),
                "states": st.lists(st.sampled_from(["x", "y"]), max_size=2),
            },
        ),
        max_size=3,
    ),
}


@QUIET
@given(profile=st.fixed_dictionaries({"name": st.text(min_size=1).filter(str.strip)}, optional=IDS))
def test_to_dict_reads_back(small, profile):
    """Every app that can be read comes back equal from `to_dict`."""
    try:
        app = read_app(profile, small.facts)
    except Problems:  # half a character in the name
        return
    assert read_app(app.to_dict(), small.facts) == app
    assert read_app(json.loads(json.dumps(app.to_dict())), small.facts) == app


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (App("a", {"services": ("bakry",)}), "`services` has no value `bakry`"),
        (App("a", {"services": "bakery"}), "a tuple of ids is expected for `services`"),
        (App("a", {"opened": "2020-05-01"}), "a whole number is expected for `opened`"),
        (App("a", {"opend": 20200501}), "unknown attribute `opend`"),
        (App("a", {}, (Holding("licens"),)), "no document is called `licens`"),
        (App(""), "the name of an app is text"),
    ],
)
def test_app_made_by_hand(small, app, message):
    """An app that was not read from a profile is held against the base all the same."""
    with pytest.raises(Problems) as refused:
        small.app(app)
    assert [problem.message for problem in refused.value.problems] == [message]


MANY = {
    "one.yaml": "name: a\n",
    "list.json": '[{"name": "b"}, {"name": "c"}]',
    "lines.jsonl": '{"name": "d"}\n\n{"name": "e"}\r\n',
    "notes.txt": "no profile",
}


def test_many_apps(small, tmp_path):
    """A folder gives the profiles of all its files, in the order of their names."""
    for name, text in MANY.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [app.name for app in read_apps(tmp_path, small.facts)] == ["d", "e", "b", "c", "a"]
    assert [app.name for app in read_apps(tmp_path / "one.yaml", small.facts)] == ["a"]


def test_many_apps_with_faults(small, tmp_path):
    """What is wrong in any of many profiles is told at once, in its file, line and column."""
    (tmp_path / "a.jsonl").write_text('{"name": "d"}\n{bad\n{"nam": "e"}\n', encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- name: b\n- nme: c\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("", encoding="utf-8")
    with pytest.raises(Problems) as refused:
        read_apps(tmp_path, small.facts)
    places = {str(p.span).removeprefix(f"{tmp_path}/") for p in refused.value.problems}
    assert places == {"a.jsonl:2:5", "a.jsonl:3:1", "a.jsonl:3:2", "b.yaml:2:3", "c.yaml:0:0"}


@pytest.mark.parametrize("name", ["none.jsonl", "none.yaml"])
def test_no_apps(small, tmp_path, name):
    """A file that is not there, and a folder without profiles, are told apart from no change."""
    with pytest.raises(Problems, match="can not be read"):
        read_apps(tmp_path / name, small.facts)
    with pytest.raises(Problems, match="no profile is in the folder"):
        read_apps(tmp_path, small.facts)


FORKS = """
import os, signal, threading, time
import kb
base = kb.load()
app = {"name": "a", "services": ["驾校平台"]}
expected = base.ask(app).verdict if READY else None
over = threading.Event()
def ask():
    while not over.is_set():
        base.ask(app | {"name": str(time.monotonic())})
thread = threading.Thread(target=ask)
thread.start()
failed = 0
for _ in range(12):
    time.sleep(0.01)
    child = os.fork()
    if not child:
        signal.alarm(60)
        found = base.ask(app).verdict
        os._exit(found != (expected or found))
    failed += os.waitpid(child, 0)[1] != 0
over.set()
thread.join()
print(failed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.parametrize("ready", [True, False])
def test_a_fork_while_a_thread_asks(ready):
    """A child process can ask whatever a thread of its parent was at when it was made, also while
    the engine is made. That forks of a process with threads are a risk is a warning of Python."""
    risk = "ignore:This process:DeprecationWarning"
    done = subprocess.run(
        [sys.executable, "-W", risk, "-c", f"READY = {ready}\n{FORKS}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


STOPS = """
import gc, random, signal
import kb
base = kb.load()
app = base.app({"name": "a", "services": ["驾校平台"]})
expected = base.verdict(app)
def stop(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, stop)
chance = random.Random(20)
off, kept = 0, None
for _ in range(400):
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0001, 0.012))
            for _ in range(20):
                base.verdict(app)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt as error:
        kept = error  # as a notebook keeps the last one, with all its frames
    off += not gc.isenabled()
print(off, base.verdict(app) == expected)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such timers here")
def test_ctrl_c_leaves_the_collector_on():
    """Whenever Ctrl-C comes, the collector is on again and the base goes on working."""
    done = subprocess.run(
        [sys.executable, "-c", STOPS], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.stdout, done.stderr) == ("0 True\n", "")


def test_many_profiles_in_one_list(base, tmp_path):
    """A list of thousands of profiles is read in a time that grows as the list does."""
    path = tmp_path / "apps.json"
    profile = {"name": "a", "services": ["驾校平台"], "holds": [{"document": "合作协议"}]}
    path.write_text(json.dumps([profile] * 4_000), encoding="utf-8")
    start = time.process_time()
    assert len(read_apps(path, base.facts)) == 4_000
    assert time.process_time() - start < 10


def test_near_names_of_the_first_hundred(base, tmp_path):
    """Of very many unknown names the first hundred are told with near names."""
    path = tmp_path / "apps.jsonl"
    lines = [json.dumps({"name": "a", "services": [f"没有这个{n}"]}) for n in range(1_000)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_apps(path, base.facts)
    helps = [problem.help for problem in raised.value.problems]
    assert len(helps) == 1_000
    assert sum(map(bool, helps)) == 100


def test_pipes_are_not_waited_for(base, tmp_path):
    """A pipe or a device as a profile is refused at once."""
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(Problems) as raised:
            base.ask(path)
        assert [p.message for p in raised.value.problems] == ["this is no regular file"]


DOCUMENT = "cooperation_agreement"


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (App("a", None), "what an app states is a mapping of attributes"),
        (App("a", {"account_opened": pd.NaT}), "a whole number is expected for `account_opened`"),
        (App("a", {"account_opened": 10**30}),
         "a day number like 20250401 is expected for `account_opened`"),
        (App("a", {"account_opened": 123}),
         "a day number like 20250401 is expected for `account_opened`"),
        (App("a", {"services": ([],)}), "`services` has no value `[]`"),
        (App("a", {}, None), "what an app holds is a tuple of `Holding`"),
        (App("a", {}, ("x",)), "what an app holds is a tuple of `Holding`"),
        (App("a", {}, (Holding([]),)), "no document is called `[]`"),
        (App("a", {}, (Holding(DOCUMENT, -1),)),
         "a count from 0 to 1000000 is expected, not `-1`"),
        (App("a", {}, (Holding(DOCUMENT, "3"),)),
         "a count from 0 to 1000000 is expected, not `3`"),
        (App("a", {}, (Holding(DOCUMENT, True),)),
         "a count from 0 to 1000000 is expected, not `True`"),
        (App("a", {}, (Holding(DOCUMENT, 10**30),)),
         f"a count from 0 to 1000000 is expected, not `{10**30}`"),
        (App("a", {}, (Holding(DOCUMENT, 1, 5),)), "no holder is called `5`"),
        (App("a", {}, (Holding(DOCUMENT, 1, None, "abc"),)),
         "what a document states is a tuple of texts"),
        (App("a", {}, (Holding(DOCUMENT, 1, None, (None,)),)),
         "what a document states is a tuple of texts"),
        ({"name": "a", "facts": {"account_opened": pd.NaT}},
         "a date like 2025-04-01 is expected here"),
        ({"name": "a", "facts": {"account_opened": pd.Timestamp("2025-04-01 10:30")}},
         "a date like 2025-04-01 is expected here"),
    ],
)  # fmt: skip
def test_apps_made_by_hand(base, app, message):
    """What does not fit in an app made in Python is one clear problem."""
    with pytest.raises(Problems) as raised:
        base.ask(app)
    assert [problem.message for problem in raised.value.problems] == [message]


def test_days_of_pandas(base):
    """A midnight of pandas is its day; what is no moment is no day of a question."""
    profile = {"name": "a", "facts": {"account_opened": pd.Timestamp("2025-04-01")}}
    assert base.app(profile).stated["account_opened"] == 20250401
    for day in (pd.NaT, 10**30, "99999-01-01"):
        with pytest.raises(Problems) as raised:
            base.ask({"name": "a"}, as_of=day)
        assert len(raised.value.problems) == 1


CHINESE = """名称: 面包坊
平台: wechat
申请主体: enterprise
地区: [CN-GD]
服务: [bakery]
服务对象: []
持有:
  - food_licence
  - {材料: lease, 份数: 2, 持有方: partner, 写明: [本镇]}
"""


def test_chinese_keys_are_the_same_profile(small, tmp_path):
    """A profile under Chinese keys is the one under ids, as YAML and as JSON, whether what is
    stated of the app stands under `情况` or beside the other keys."""
    labels = {a.id: a.zh for a in small.facts.vocabulary.attributes.values()}
    facts = {labels[id]: value for id, value in GOOD["facts"].items()}
    under = CHINESE + yaml.safe_dump({"情况": facts}, allow_unicode=True)
    beside = CHINESE + yaml.safe_dump(facts, allow_unicode=True)
    as_json = json.dumps(yaml.load(under, yaml.BaseLoader), ensure_ascii=False)
    for text in (under, beside, as_json):
        assert small.app(text.encode()) == small.app(GOOD), text


def test_without_a_name_the_file_s_name_serves(small, tmp_path):
    """A profile file without a name is called like the file, a text like no file `app`."""
    path = tmp_path / "面包坊.yaml"
    path.write_text("services: [bakery]\n", encoding="utf-8")
    assert small.app(path).name == "面包坊"
    assert small.app(b"services: [bakery]").name == "app"
