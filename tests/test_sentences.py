"""Sentences: whatever the rules can say, they say in both languages."""

import string
from pathlib import Path

import pytest

import kb
from kb.base.lexicon import Lexicon
from kb.model.days import FIRST, LAST
from kb.model.relations import RELATIONS
from kb.provenance.proof import Fact
from kb.render.sentences import Sentences, templates

FORMS = ("zh", "en", "zh_not", "en_not")
SAME = ("zh_same", "en_same")


def sentences(base, lang):
    return Sentences(Lexicon.of(base), lang)


def test_every_relation_has_its_sentences(base):
    """Every relation that facts, profiles, shipped rules and queries speak of has a sentence in
    both languages, and one for its not holding."""
    wanted = {*base.program.relations, *RELATIONS}
    lacking = sorted(
        f"{name}: {form}"
        for name in wanted
        for form in FORMS
        if not templates().get(name, {}).get(form, "").strip()
    )
    assert lacking == []


def test_no_sentence_is_left_over(base):
    """No template speaks of a relation that there is not, and none has other forms."""
    known = {*base.program.relations, *RELATIONS, "==", "!=", "<", "<=", ">", ">="}
    assert sorted(set(templates()) - known) == []
    assert {form for template in templates().values() for form in template} <= {*FORMS, *SAME}
    halves = [name for name, template in templates().items() if len({*SAME} & {*template}) == 1]
    assert halves == []


def test_places_are_columns(base):
    """A template names columns by their numbers, and only those that its relation has."""
    for name, template in templates().items():
        relation = base.program.relations.get(name)
        arity = relation.arity if relation else 2
        for form, text in template.items():
            fields = [
                field for _, field, _, _ in string.Formatter().parse(text) if field is not None
            ]
            assert all(f.isdigit() and int(f) < arity for f in fields), (name, form, text)


def test_chinese_is_chinese(base):
    """The Chinese of a template is Chinese, and the English has none."""
    for name, template in templates().items():
        if name not in base.program.relations:
            continue
        for form, text in template.items():
            chinese = any("一" <= c <= "鿿" for c in text)
            assert chinese == form.startswith("zh"), (name, form, text)


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        (
            20240101,
            20240331,
            "在 2024-01-01 至 2024-03-31 之间",
            "between 2024-01-01 and 2024-03-31",
        ),
        (20240101, 20240101, "的最后一日:2024-01-01", ": 2024-01-01"),
        (LAST, LAST, "的最后一日:没有限定", ": not set"),
    ],
)
def test_a_known_day_is_told_as_one(base, first, last, zh, en):
    """A day of which only two bounds are known lies between them; one that is known is that day."""
    fact = Fact("ends", (next(iter(base.facts.readings)), first, last))
    assert sentences(base, "zh").of(fact).endswith(zh)
    assert sentences(base, "en").of(fact).endswith(en)


@pytest.mark.parametrize(
    ("verdict", "zh", "en"),
    [
        ("satisfied", "已满足", "satisfied"),
        ("missing", "缺材料", "missing"),
        ("prohibited", "禁止", "prohibited"),
        ("undetermined", "无法确定", "undetermined"),
        ("none_stated", "来源未列明材料", "no document stated"),
    ],
)
def test_verdicts_in_words(base, verdict, zh, en):
    """A verdict is told in words, never by its id in Chinese."""
    for relation, row in (
        ("app_verdict", ("x", verdict)),
        ("category_verdict", ("x", "education-driving-school-platform", verdict)),
    ):
        assert zh in sentences(base, "zh").of(Fact(relation, row))
        assert en in sentences(base, "en").of(Fact(relation, row))


def test_comparisons_in_words(base):
    """A comparison that is shown in a proof has a sentence too."""
    for lang in ("zh", "en"):
        say = sentences(base, lang)
        for op in ("==", "!=", "<", "<=", ">", ">="):
            shown = say.of(Fact(op, (20250401, 20250630)))
            assert "2025-04-01" in shown
            assert "2025-06-30" in shown


def test_any_in_words(base):
    """An open place of an absence is told as any."""
    absent = Fact("weighs", ("x", "_", "_"), absent=True)
    assert sentences(base, "en").of(absent)
    open_place = Fact("category_verdict", ("x", "_", "_"), absent=True)
    assert "any" in sentences(base, "en").of(open_place)
    assert "任何" in sentences(base, "zh").of(open_place)


def test_a_bound_that_is_not_set_is_no_day(base):
    """Where no last or first day is set, a proof says so, and compares no day with "not set"."""
    for fact, zh, en in (
        (Fact("<=", (20250630, LAST)), "最后一日", "no last day is set"),
        (Fact("<=", (FIRST, 20250630)), "起始日", "no first day is set"),
    ):
        assert zh in sentences(base, "zh").of(fact)
        assert "不超过" not in sentences(base, "zh").of(fact)
        assert en in sentences(base, "en").of(fact)


def test_an_open_place_is_not_quoted(base):
    """That nothing makes a verdict hold does not read as if something were called "any"."""
    fact = Fact("weighs", ("x", "_", "missing"), absent=True)
    for lang, word in (("zh", "任何"), ("en", "any")):
        said = sentences(base, lang).of(fact)
        assert f"「{word}" not in said
        assert f'"{word}' not in said


def test_what_an_app_states_is_of_the_kind_of_its_attribute():
    """A service whose id is also that of its category (the example that `kb init` writes) is called
    as a service where a profile states it."""
    base = kb.load(Path(kb.__file__).parent / "maintain" / "example")
    fact = Fact("app_value", ("甲", "services", "example-tea-stall"))
    assert 'includes "tea stall"' in sentences(base, "en").of(fact)
