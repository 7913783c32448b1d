"""Why not, told: in three lengths, as HTML and as JSON with its schema; every step is true."""

import copy
import json
import re
from html import unescape

import jsonschema
import pytest
from asked import unsettled
from test_why_not import DAY, DRIVING, why_not, words

from kb.base.rendered import LENGTHS
from kb.explain.apply import applied
from kb.explain.assumptions import LEAVES
from kb.explain.contrast import leaves
from kb.explain.explanation import decides
from kb.explain.repair import ProvideDocument
from kb.render.schemas import WHY_NOT_SCHEMA


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_three_lengths(base, lang):
    """Short is one line with the easiest repair, medium tells each change of each repair with its
    mark and the lines that ask for it, long also what keeps the fact from holding; the fact comes
    first."""
    found = base.why_not("verdict", DRIVING, DAY, lang=lang)
    short, medium, long = (found.text(length) for length in LENGTHS)
    lead, way = {"zh": ("不成立:", "办法 1:"), "en": ("does not hold: ", "way 1:")}[lang]
    for text in (short, medium, long):
        assert text.startswith(lead)
        assert ("satisfied" in text) == (lang == "en")
    assert "\n" not in short
    for change in found.repairs[0].changes:
        assert words(found, change) in short
    marked = [line.strip() for line in medium.splitlines() if line.strip()[0] in "+−→?"]
    assert len(marked) == sum(len(repair.changes) for repair in found.repairs)
    assert all(line.endswith("]") for line in marked)
    assert way in medium
    assert str(found) == long
    assert [line for line in long.splitlines() if line in set(medium.splitlines())] == (
        medium.splitlines()
    )
    assert len(long.splitlines()) > 2 * len(medium.splitlines())


def test_what_differs_is_told(base):
    """Two repairs whose explanations differ in the last step are both told to the last step."""
    app = {
        "name": "x",
        "services": ["在线视频课程"],
        "applicant": "enterprise",
        "regions": ["CN-GD"],
    }
    app |= {"applicant": "enterprise", "facts": {"teaching_mode": "live"}}
    found = base.why_not("verdict", app, DAY, lang="en")
    lines = found.text().splitlines()
    single = [repair.changes[0] for repair in found.repairs if len(repair.changes) == 1]
    assert len(single) > 2
    for change in single:
        if isinstance(change, ProvideDocument):
            label = base.label("document", change.need.document, "en")
            assert any("still lacks" in line and label in line for line in lines), label


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_is_the_text(base, lang):
    """The HTML says what the text of that length says, with a row for each thing to do, folds what
    makes a way necessary, and a name in it stays text."""
    found = base.why_not("verdict", {**DRIVING, "name": "<script>x</script>"}, DAY, lang=lang)
    for length in LENGTHS:
        page, text = found.html(length), found.text(length)
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        plain = " ".join(unescape(re.sub("<[^>]*>", "", page)).split())
        for line in text.splitlines():
            if line.strip() in {f"{way} {n}:" for way in ("办法", "way") for n in range(1, 11)}:
                continue  # the first column
            words = line.partition("└ ")[2] or line
            assert " ".join(words.partition("  [")[0].split()) in plain
    assert "<details><summary>" in found.html()
    assert "✗" not in found.html()
    assert "└" not in found.html()


def test_json_is_as_the_schema_says():
    """The JSON of every why-not has its format, its version and the schema's shape, and each thing
    missing is told in words."""
    jsonschema.Draft202012Validator.check_schema(WHY_NOT_SCHEMA)
    ways = 0
    for each in unsettled(11):
        for lang in ("zh", "en"):
            found = each.base.why_not("verdict", each.app, each.as_of, each.drafts, lang)
            data = json.loads(json.dumps(found.to_dict(), ensure_ascii=False))
            jsonschema.validate(data, WHY_NOT_SCHEMA)
            assert (data["format"], data["version"]) == ("kb-why-not", 1)
            assert [len(w["missing"]) for w in data["ways"]] == [
                len(repair.changes) for repair in found.repairs
            ]
            assert all(leaf["sentence"] for way in data["ways"] for leaf in way["missing"])
            assert data["complete"] == found.complete
            ways += len(data["ways"])
    assert ways > 20


def test_schema_refuses_other_shapes(base):
    """The schema accepts no other version, no thing missing without its lines, no empty way."""
    data = base.why_not("verdict", DRIVING, DAY).to_dict()
    jsonschema.validate(data, WHY_NOT_SCHEMA)
    bare = copy.deepcopy(data)
    del bare["ways"][0]["missing"][0]["sources"]
    empty = copy.deepcopy(data)
    empty["ways"][0]["missing"] = []
    for broken in ({**data, "version": 2}, {**data, "more": 1}, bare, empty):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, WHY_NOT_SCHEMA)


def test_lines_that_ask_for_it(base):
    """Each thing missing has the lines that ask for it: a document its own, a condition those of
    what stands under it, a service those of the scope that names it."""
    app = {
        "name": "x",
        "applicant": "enterprise",
        "services": ["online_video_course", "driving_school_training"],
        "regions": ["CN-GD"],
        "facts": {"teaching_mode": "live"},
        "holds": ["机动车驾驶员培训备案"],
    }
    found = base.why_not("verdict", app, DAY)
    lines = {
        (leaf["what"], leaf["subject"], *leaf["value"]): [
            line for cite in leaf["sources"] for line in cite["lines"]
        ]
        for way in found.to_dict()["ways"]
        for leaf in way["missing"]
    }
    assert lines["document", "audiovisual_licence@applicantx1"] == [41]
    assert lines["document", "private_school_licence@applicantx1"] == [40]
    assert lines["state", "applicant", "public_school"] == [39]
    assert lines["state", "applicant", "training_institution"] == [40]
    assert lines["drop", "online_video_course"] == [37, 44]


def contrasts_of(each, found):
    """Each explanation of a why-not with the two models that it contrasts."""

    def model(changes):
        app = applied(each.app, changes, each.base)
        goals = [found.fact.relation, *LEAVES]
        return each.base.model(goals, app, each.as_of, each.drafts)

    for one in found.explained:
        for explanation in one.explanations:
            yield explanation.proof, model(explanation.given), model(one.repair.changes)


@pytest.mark.parametrize("part", range(2))
def test_explanations_are_true(part):
    """Each step of an explanation is true as it is told: what it says is absent does not hold and
    would by its rule, what it says holds does and would not; its premises are instances of literals
    of the rule; and it ends in what profiles state, or in documents and conditions."""
    told = 0
    for n, each in enumerate(unsettled(14)):
        if n % 2 != part:
            continue
        found = why_not(each)
        for proof, today, then in contrasts_of(each, found):
            for node in nodes(proof):
                told += 1
                fact, rule = node.fact, node.rule
                row_in = lambda model, f=fact: f.row in model.get(f.relation, ())  # noqa: E731
                if node.sources and rule is None:
                    assert each.base.cite(fact.relation, fact.row) in node.sources
                    continue
                assert row_in(then) == fact.absent, (each.id, str(fact))
                assert row_in(today) != fact.absent, (each.id, str(fact))
                if rule is None:
                    declared = each.base.program.relations[fact.relation].role
                    assert fact.relation in LEAVES or declared == "app", str(fact)
                    continue
                assert rule in each.base.program.rules_for(fact.relation)
                below = {(p.fact.relation, p.fact.absent) for p in node.because}
                stated = {p.fact.relation for p in node.because if p.sources and p.rule is None}
                literals = {(atom.relation, negated) for atom, negated in rule.atoms()}
                for relation, absent in below:
                    if relation in stated:
                        assert (relation, False) in literals
                    else:
                        # Under `~`, what holds is in the way of what would; and so turned about.
                        assert (relation, absent != fact.absent) in literals, (each.id, str(rule))
                assert any(p.fact.relation not in stated for p in node.because)
    assert told > 50


def test_every_change_has_its_explanation():
    """Each change of a repair has its place in the explanations: a leaf that it decides, and lines
    that ask for it."""
    for each in unsettled(12):
        for one in why_not(each).explained:
            proofs = [explanation.proof for explanation in one.explanations]
            facts = [fact for proof in proofs for fact, _ in leaves(proof)]
            relations = {node.fact.relation for proof in proofs for node in nodes(proof)}
            for change, cites in zip(one.repair.changes, one.cites, strict=True):
                assert any(decides(each.base, change, f) for f in facts), (each.id, change)
                # No line speaks of services left out, or of a service that no source names.
                silent = change.subject == "services" or "unreached" in relations
                assert silent or cites, (each.id, one.repair, change)


def nodes(proof):
    yield proof
    for premise in proof.because:
        yield from nodes(premise)
