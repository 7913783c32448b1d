"""What an audit tells people: figures with their shares, reasons, papers, and what is new."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from audited import APPS, DAYS, audits

from kb.audit.report import page, text
from kb.lang.problems import Problems
from kb.render.words import REASONS, word


@pytest.fixture(scope="module")
def made(base, tmp_path_factory):
    return audits(base, tmp_path_factory.mktemp("audits"))


@pytest.fixture(scope="module")
def verdicts(base):
    """Both days by `ask`, app by app."""
    profiles = [{**{k: v for k, v in app.items() if k != "id"}, "name": app["id"]} for app in APPS]
    return [{p["name"]: str(base.ask(p, day).verdict) for p in profiles} for day in DAYS]


class Texts(HTMLParser):
    """The text of a page, without its style and script, and the tags that it has."""

    def __init__(self, markup):
        super().__init__()
        self.text, self.tags, self._skip = "", Counter(), False
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self._skip = tag in ("style", "script", "title")

    def handle_endtag(self, tag):
        self._skip = False

    def handle_data(self, data):
        self.text += "" if self._skip else f" {data}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_verdict_is_counted(base, made, verdicts, lang):
    """Text and page tell how many apps have each verdict that `ask` gives, with the share; no app
    is in none of them."""
    *_, summary = made
    said, shown = text(base, summary, lang), Texts(page(base, summary, lang)).text
    for verdict, count in Counter(verdicts[1].values()).items():
        name, share = word(verdict, lang), f"{100 * count / len(APPS):.1f}%"
        assert f"{name}: {count} ({share})" in said
        assert re.search(rf"{name} {share} {count}\b", shown)
    assert sum(summary.verdicts.values()) == len(APPS)


def test_day_rules_and_input_are_told(base, made):
    """The page says which day, rules and input its figures are of."""
    _, new, summary = made
    shown = Texts(page(base, summary, "en")).text
    for said in (DAYS[1], summary.run.version, "apps.jsonl", new.name):
        assert said in shown


def test_since(base, made, verdicts):
    """What moved since the earlier output is what `ask` says of both days."""
    *_, summary = made
    before, after = verdicts
    moved = {app: (before[app], after[app]) for app in before if before[app] != after[app]}
    assert moved
    assert {m.app: (m.before, m.after) for m in summary.since.moves} == moved
    assert summary.since.counts == Counter(moved.values())
    assert (summary.since.common, summary.since.new, summary.since.gone) == (len(APPS), 0, 0)
    shown = Texts(page(base, summary, "en")).text
    for app, (old, new) in moved.items():
        assert re.search(rf"{re.escape(app)}\s+. {word(old, 'en')}\s+. {word(new, 'en')}", shown)


def test_papers_say_what_they_must_state(base, made):
    """A paper that is wanted stands with the words that it must have and the categories that want
    it; a count of two is told."""
    *_, summary = made
    shown = " ".join(Texts(page(base, summary, "zh")).text.split())
    assert "《合作协议》,至少 2 份 – 教育-驾校平台 1" in shown
    assert "《互联网信息服务算法备案》 生成合成类 深度合成-AI问答 1" in shown


def test_what_no_paper_helps_is_told_apart(base, made, verdicts):
    """Categories that are not open are listed with the reason."""
    assert verdicts[1]["<c>"] == "not_open"
    *_, summary = made
    shown = Texts(page(base, summary, "zh")).text
    closed = shown.partition("禁止与不开放")[2]
    assert re.search(rf"教育-驾校平台\s+⊘ 不开放\s+{REASONS['not_listed'][0]}\s+1", closed)


def test_names_are_no_markup(base, made):
    """An app's name can not bring an element, and the page allows no request."""
    *_, summary = made
    found = page(base, summary, "en")
    assert not Texts(found).tags["c"]
    assert "&lt;c&gt;" in found
    assert "default-src 'none'" in found
    assert not re.search(r"(src|href)=", found)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.parquet", None, "is no output of an audit"),
        ("old.txt", "x", "is no output of an audit"),
        ("old.csv", "app,verdict\na,missing\n", "has not the columns of an output of an audit"),
    ],
)
def test_since_what_is_no_output(base, tmp_path, name, content, message):
    """An earlier output that is none is refused before anything is judged or written."""
    (tmp_path / "apps.csv").write_text("id,services\na,驾校平台\n", "utf-8")
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    out = tmp_path / "out.csv"
    with pytest.raises(Problems) as found:
        base.audit(tmp_path / "apps.csv", out, since=tmp_path / name)
    assert [p.message for p in found.value.problems] == [f"`{tmp_path / name}` {message}"]
    assert not out.exists()


def test_since_is_not_written_over(base, tmp_path):
    """An output can not take the place of the one that it is compared with."""
    (tmp_path / "apps.csv").write_text("id,services\na,驾校平台\n", "utf-8")
    out = tmp_path / "out.csv"
    base.audit(tmp_path / "apps.csv", out)
    before = out.read_bytes()
    with pytest.raises(Problems, match="would be written over"):
        base.audit(tmp_path / "apps.csv", out, since=out)
    assert out.read_bytes() == before
