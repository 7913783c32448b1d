"""Why: every proof replays, a false one is refused, and it reads the same everywhere."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from asked import asked, sample
from click.testing import CliRunner
from test_cases import loaded
from thinned import share

from kb.base.lexicon import Lexicon
from kb.base.rendered import LENGTHS
from kb.cli.main import cli
from kb.explain.shortfall import SHORT
from kb.lang.syntax import Atom, Constant, Rule
from kb.provenance import replay
from kb.provenance.proof import Fact, Proof
from kb.provenance.replay import faults
from kb.render.schemas import PROOF_SCHEMA, WHY_NOT_SCHEMA
from kb.render.sentences import Sentences

HERE = Path(__file__).parent
APP = str(HERE / "apps" / "xuechetong.yaml")
SCHOOL = {
    "name": "学车通",
    "applicant": "enterprise",
    "services": ["driving_school_platform"],
    "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
}
DAY = "2025-06-30"


def replayed(each, model, proof):
    stated = {**each.base.facts.rows.facts, **{n: list(r) for n, r in each.rows.items()}}
    return list(faults(proof, each.base.program, model, stated))


@pytest.mark.parametrize("part", range(4))
def test_every_verdict_is_proved(part):
    """The verdict of an app and of each of its categories has a proof that replays without fault
    and ends in what sources and the profile state, in absences and in comparisons."""
    for each in sample(32, part * 8):
        model = each.base.engine.evaluate(each.rows, ["app_verdict", "category_verdict"])
        prover = each.base.prover(model)
        for relation in ("app_verdict", "category_verdict"):
            for row in sorted(model[relation]):
                proof = prover.prove(relation, row)
                assert proof.fact == Fact(relation, row)
                assert replayed(each, model, proof) == [], each.id
                for leaf in proof.leaves():
                    assert leaf.fact.absent or not each.base.program.rules_for(leaf.fact.relation)


def test_why_proves_the_verdict_that_is_asked():
    """`why` proves the verdict that `ask` gives, of the whole and of a category, and finds no
    fault when it replays its own proof."""
    for each in sample(83):
        answer = each.base.ask(each.app, each.as_of, each.drafts)
        whole = each.base.why("verdict", each.app, each.as_of, each.drafts)
        assert whole.proof.fact.row == (each.app.name, answer.verdict)
        assert whole.faults == ()
        for category in answer.categories[:2]:
            found = each.base.why(category.category, each.app, each.as_of, each.drafts)
            assert found.proof.fact.row == (each.app.name, category.category, category.verdict)
            assert found.faults == ()


def short_of(proof):
    """Below the denial that anything satisfies a reading: the alternative of each premise with the
    relation that stands against it, and the lines of what it needs or hangs on."""
    [denied] = {n.fact: n for n in nodes(proof) if n.fact.relation in SHORT}.values()
    asked = ("alternative_needs", "alternative_when")
    return [
        (
            each.fact.relation,
            {
                line
                for leaf in each.leaves()
                if leaf.fact.relation in asked
                for cite in leaf.sources
                for line in cite.lines
            },
        )
        for each in denied.because
    ]


def test_a_missing_category_comes_down_to_its_papers(base):
    """The proof of a missing category goes on below "no alternative will do": for each alternative
    the paper that lacks, with the line that asks for it, or the condition that rules it out."""
    found = base.why("教育-驾校平台", SCHOOL, DAY)
    against = short_of(found.proof)
    assert against == [("lacks", {17}), ("lacks", {18}), ("lacks", {19})]
    course = {"applicant": "enterprise", "services": ["education_live_stream"]}
    against = short_of(base.why("教育-在线视频课程", course, DAY).proof)
    assert against == [("barred", {39}), *(("lacks", {line}) for line in (40, 41, 42, 43))]


def test_each_alternative_is_accounted_for():
    """Where a category is missing, its proof has a premise against each alternative of the reading
    that it rests on; so it has where only a usable set lacks. An undetermined one may have them
    all and rest on what is open: then nothing stands against any."""
    seen = 0
    for each in sample(7):
        answer = each.base.ask(each.app, each.as_of, each.drafts)
        for category in answer.categories:
            found = each.base.why(category.category, each.app, each.as_of, each.drafts)
            assert found.faults == ()
            for denied in (
                n for n in nodes(found.proof) if n.fact.relation in SHORT and n.fact.absent
            ):
                if category.verdict == "undetermined" and not denied.because:
                    continue
                stated = each.base.facts.rows.facts["alternative"]
                every = {name for name, reading in stated if reading == denied.fact.row[1]}
                assert {premise.fact.row[1] for premise in denied.because} == every, each.id
                seen += 1
    assert seen > 5


def test_a_lacking_party_is_named():
    """Of two schools one has no filing (lines 2-3): the proof says which, though that one filing of
    two is there says the same in fewer steps; and every party that lacks it is named."""
    app = {
        "name": "甲",
        "services": ["lessons"],
        "parties": [
            {"id": "东校", "role": "partner", "holds": ["filing"]},
            {"id": "西校", "role": "partner"},
            {"id": "南校", "role": "partner"},
        ],
        "holds": [{"document": "agreement", "with": n} for n in ("东校", "西校", "南校")],
    }
    base = loaded(("facts-parties",))
    found = base.why("verdict", app, as_of="2021-06-30")
    told = [line.strip() for line in str(found).splitlines() if "方案 1还缺" in line]
    paper = "的「驾校备案 (合作方 x2; 每个合作方)」"
    assert [line.partition("还缺")[2] for line in told] == [
        "「驾校备案 (合作方 x2; 每个合作方)」",
        f"「南校」{paper}",
        f"「西校」{paper}",
    ]
    assert found.faults == ()


def test_what_does_not_hold_is_not_proved(base):
    """A fact that does not hold has no proof."""
    assert base.why("required(A, '教育-在线教育')", SCHOOL, DAY) is None
    assert base.why("app_verdict(A, 'satisfied')", SCHOOL, DAY) is None


PRINT = """
import sys, kb
sys.path.insert(0, {here!r})
from test_why import SCHOOL, DAY
base = kb.load(as_of=DAY)
for lang in ("zh", "en"):
    print(base.why("verdict", SCHOOL, lang=lang), base.why("教育-驾校平台", SCHOOL, lang=lang))
print(base.why_not("verdict", SCHOOL, lang="en"))
"""


def test_the_same_bytes_every_time():
    """Proofs and ways out do not depend on the seed of Python's hashes."""
    runs = {
        subprocess.run(
            [sys.executable, "-c", PRINT.format(here=str(HERE))],
            capture_output=True,
            check=True,
            cwd=HERE.parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(runs) == 1
    printed = runs.pop().decode()
    assert "\n  way 1:\n    + 2 x cooperation agreement of the applicant  [" in printed


@pytest.fixture(scope="module")
def proved():
    """A verdict's model and proof."""
    each = asked()["wechat-education-2021: training institution without the licence"]
    model = each.base.engine.evaluate(each.rows, ["app_verdict"])
    proof = each.base.prover(model).prove("app_verdict", (each.app.name, "missing"))
    assert replayed(each, model, proof) == []
    return each, model, proof


def nodes(proof):
    yield proof
    for premise in proof.because:
        yield from nodes(premise)


def changed(proof, old, new):
    """The proof with one of its nodes replaced."""
    if proof is old:
        return new
    return replace(proof, because=tuple(changed(p, old, new) for p in proof.because))


def first(proof, test):
    return next(node for node in nodes(proof) if test(node))


def refused(proved, old, new):
    each, model, proof = proved
    return replayed(each, model, changed(proof, old, new))


def test_a_dropped_premise_is_refused(proved):
    """A step with a premise less than its rule has is refused, with the counts named."""
    old = first(proved[2], lambda n: len(n.because) > 1)
    found = refused(proved, old, replace(old, because=old.because[1:]))
    assert found == [
        f"{old.fact} has {len(old.because) - 1} premises, its rule has {len(old.because)}"
    ]


def test_a_false_premise_is_refused(proved):
    """A stated fact that nothing states is refused, and that it fits the rule no longer."""
    old = first(proved[2], lambda n: n.fact.relation == "app_value")
    false = Fact("app_value", (*old.fact.row[:2], "no_such_service"))
    found = refused(proved, old, Proof(false))
    assert f"{false} is stated by nothing" in found


def test_a_derived_fact_without_proof_is_refused(proved):
    """A derived fact that is only claimed is refused, though it holds."""
    old = first(proved[2], lambda n: n.rule is not None and n is not proved[2])
    assert refused(proved, old, Proof(old.fact)) == [f"{old.fact} is stated by nothing"]


def test_a_foreign_rule_is_refused(proved):
    """A rule that the program does not have proves nothing."""
    old = proved[2]
    rule = Rule(Atom(old.fact.relation, tuple(map(Constant, old.fact.row))))
    assert refused(proved, old, Proof(old.fact, rule)) == [
        f"{old.fact} is given by a rule that the program does not have"
    ]


def test_a_rule_of_another_fact_is_refused(proved):
    """A rule whose head is not the fact proves nothing."""
    old = first(proved[2], lambda n: n.rule is not None and n is not proved[2])
    other = next(
        r for r in proved[0].base.program.rules if r.head.relation != old.fact.relation and r.body
    )
    found = refused(proved, old, replace(old, rule=other))
    assert f"{old.fact} is no instance of `{other.head}`" in found


def test_a_circle_is_refused(proved):
    """A fact that rests on itself is refused."""
    proof = proved[2]
    old = first(proof, lambda n: n is not proof and n.rule is not None)
    found = refused(proved, old, proof)
    assert f"{proof.fact} rests on itself" in found


def test_a_wrong_comparison_is_refused(proved):
    """A comparison that is not true is refused."""
    old = first(proved[2], lambda n: n.fact.relation in ("<", "<=", "!=", ">", ">="))
    left, right = old.fact.row
    wrong = (left, left) if old.fact.relation in ("!=", "<", ">") else (right, left)
    found = refused(proved, old, Proof(Fact(old.fact.relation, wrong)))
    assert f"{Fact(old.fact.relation, wrong)} is not true" in found


def test_an_absence_that_holds_is_refused(proved):
    """What is said to be absent and holds is refused, with the fact that holds."""
    _, model, proof = proved
    old = first(proof, lambda n: n.fact.absent)
    relation = "app_value"
    row = sorted(model[relation])[0]
    found = refused(proved, old, Proof(Fact(relation, (*row[:2], "_"), absent=True)))
    said = [f for f in found if "is said to be absent" in f]
    assert said[0].startswith(f"~{relation}(")
    assert said[0].endswith(" holds")


def test_an_absence_of_too_little_is_refused(base):
    """Where a rule wants no fact at all to match, the absence of one of them proves nothing."""
    mine = base.rules("mine(A, S) <= app_value(A, 'services', S) & ~ruled_out(A, S, _)")
    app = mine.app(SCHOOL)
    rows = mine.rows(app, DAY)
    model = mine.engine.evaluate(rows, ["mine"])
    proof = mine.prover(model).prove("mine", (app.name, "driving_school_platform"))
    stated = {**mine.facts.rows.facts, **{name: list(found) for name, found in rows.items()}}
    assert list(faults(proof, mine.program, model, stated)) == []
    absent = proof.because[1]
    assert absent.fact.row[2] == "_"
    less = Proof(Fact(absent.fact.relation, (*absent.fact.row[:2], "x"), absent=True))
    [found] = faults(changed(proof, absent, less), mine.program, model, stated)
    assert found == f"{less.fact} is no instance of `~ruled_out(A, S, _)`"


def test_an_open_place_is_no_value(proved):
    """A fact or a comparison with `_` in a place is none."""
    for old in [n for n in nodes(proved[2]) if not n.fact.absent]:
        open_ = replace(old, fact=Fact(old.fact.relation, ("_", *old.fact.row[1:])))
        assert refused(proved, old, open_), old.fact


def test_premises_without_a_rule_are_refused(proved):
    """A leaf rests on nothing."""
    old = first(proved[2], lambda n: n.fact.relation == "app_value")
    found = refused(proved, old, replace(old, because=(Proof(old.fact),)))
    assert f"{old.fact} has premises and no rule" in found


def test_every_single_tampering_is_refused(proved):
    """Whatever one node's fact is exchanged for another's, the replay finds a fault: each node is
    given each other fact of its relation, and some of the others."""
    proof = proved[2]
    every = list(nodes(proof))
    facts = list(dict.fromkeys(node.fact for node in every))
    for n, old in enumerate(every[1:]):
        alike = [fact for fact in facts if fact.relation == old.fact.relation]
        for fact in dict.fromkeys([*alike, *share(facts, 12, n)]):
            if fact != old.fact:
                assert refused(proved, old, replace(old, fact=fact)), (old.fact, fact)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_three_lengths(base, lang):
    """Short is one line with the lines of the sources, medium goes three levels deep, long goes
    all the way; each says the verdict in words first."""
    found = base.why("verdict", SCHOOL, DAY, lang=lang)
    short, medium, long = (found.text(length) for length in LENGTHS)
    assert "\n" not in short
    assert "wechat-education-2021" in short
    assert 1 < len(medium.splitlines()) < len(long.splitlines())
    assert max((len(ln) - len(ln.lstrip())) // 2 for ln in medium.splitlines()) == 2
    said = {"zh": "缺材料", "en": "missing"}[lang]
    for text in (short, medium, long):
        assert said in text.splitlines()[0]
    assert str(found) == long


TOURS = {
    "name": "游",
    "applicant": "person",
    "services": ["tours"],
    "regions": ["quay"],
    "holds": [
        {"document": "berth_agreement", "with": "甲船"},
        {"document": "berth_agreement", "with": "乙船"},
        {"document": "insurance", "valid_until": "2025-06-30"},
    ],
}


@pytest.mark.parametrize("length", ["short", "medium"])
@pytest.mark.parametrize("open_", [False, True])
def test_the_party_whose_paper_lacks_is_named(length, open_):
    """Line 3 asks each boat for its permit: whose lacks, or may, is told in a short text too, in
    both languages and once; the long one tells it where it stands in the proof."""
    boats = [{"id": "甲船", "role": "partner", "holds": ["boat_permit"]},
             {"id": "乙船", "role": "partner", **({} if open_ else {"holds": []})}]  # fmt: skip
    pier = loaded(("facts-pier",))
    app = {**TOURS, "parties": boats}
    if open_:
        app["holds"] = [*app["holds"], {"document": "boat_permit", "holder": "partner"}]
    told = {
        (False, "en"): "for alternative 1, 游 still lacks boat permit "
        "(partner x2; for each partner) of 乙船",
        (False, "zh"): "「游」用方案 1还缺「乙船」的「船只许可 (伙伴 x2; 每个伙伴)」",
        (True, "en"): "alternative 1 needs boat permit (partner x2; for each partner) of 乙船, "
        "and whether what 游 has is of 乙船 is open",
        (True, "zh"): "「游」用方案 1需要「乙船」的「船只许可 (伙伴 x2; 每个伙伴)」,"
        "手中的是不是它的,未知",
    }
    for lang in ("en", "zh"):
        found = pier.why("pier-tours", app, "2024-06-30", lang=lang)
        words = told[open_, lang]
        assert found.text(length).splitlines()[-1] == f"  └ {words}  [pier-2024 3]"
        assert found.text(length).count("乙船") == words.count("乙船")
        assert words in found.text("long")
        assert words in found.html(length)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_told_twice(base, lang):
    """The text of a proof tells the proof of a fact once, and points back to it afterwards."""
    app = {**SCHOOL, "services": ["driving_school_platform", "online_video_course"]}
    found = base.why("verdict", app, DAY, lang=lang)
    again = {"zh": "(见上)", "en": "(as above)"}[lang]
    say = Sentences(found.lexicon, lang)
    derived = [say.of(n.fact) for n in nodes(found.proof) if n.because]
    lines = [line for line in found.text().splitlines() if again not in line]
    for sentence in set(derived):
        heads = [line for line in lines if line.strip().removeprefix("└ ").startswith(sentence)]
        assert len(heads) <= derived.count(sentence)
    assert len(found.html()) < 40_000


def test_chinese_text_speaks_chinese(base):
    """The Chinese text of a proof names verdicts by their Chinese words."""
    text = base.why("verdict", SCHOOL, DAY).text()
    for word in ("missing", "satisfied", "undetermined", "in_force"):
        assert word not in text


def test_json_is_as_the_schema_says():
    """The JSON of every proof has its format, its version and the schema's shape."""
    jsonschema.Draft202012Validator.check_schema(PROOF_SCHEMA)
    for each in sample(97):
        for lang in ("zh", "en"):
            found = each.base.why("verdict", each.app, each.as_of, each.drafts, lang)
            data = json.loads(json.dumps(found.to_dict(), ensure_ascii=False))
            jsonschema.validate(data, PROOF_SCHEMA)
            assert (data["format"], data["version"]) == ("kb-proof", 1)


def test_schema_refuses_other_shapes(base):
    """The schema accepts nothing without its rule or with another version."""
    data = base.why("verdict", SCHOOL, DAY).to_dict()
    for broken in ({**data, "version": 2}, {"proof": data["proof"]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, PROOF_SCHEMA)
    del data["proof"]["because"][0]["rule"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, PROOF_SCHEMA)


@pytest.mark.parametrize(
    ("what", "schema"), [("proof-schema", PROOF_SCHEMA), ("why-not-schema", WHY_NOT_SCHEMA)]
)
def test_schema_is_exported(what, schema):
    """`kb export proof-schema` and `kb export why-not-schema` write the schemas."""
    run = CliRunner().invoke(cli, ["export", what])
    assert json.loads(run.stdout) == schema


def test_html_escapes_names(base):
    """A name that looks like markup stays text."""
    app = {**SCHOOL, "name": "<script>alert('&')</script>"}
    html = base.why("verdict", app, DAY).html()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_languages_differ_and_facts_do_not(base):
    """Both languages tell the same proof."""
    zh, en = (base.why("verdict", SCHOOL, DAY, lang=lang) for lang in ("zh", "en"))
    assert zh.proof == en.proof
    assert zh.text() != en.text()
    assert "类目" in zh.text()
    assert "category" in en.text()


def run(*args):
    return CliRunner().invoke(cli, [*args, "--as-of", DAY], catch_exceptions=True)


def test_check_exit_codes(monkeypatch):
    """`kb why --check` ends with 0 when the proof replays and with 1, naming the fault, when it
    does not, in the language that is asked for; a fact that does not hold is a problem with the
    question."""
    fine = run("why", APP, "verdict", "--check", "--lang", "en")
    assert fine.exit_code == 0
    assert fine.stderr == "replayed: every step holds, height 20\n"
    assert run("why", APP, "verdict", "--check").stderr == "已重放:每一步都成立,高度 20\n"
    monkeypatch.setattr(replay, "faults", lambda *_: iter(["the moon is no cheese"]))
    broken = run("why", APP, "verdict", "--check", "--lang", "en")
    assert broken.exit_code == 1
    assert "the proof does not hold: the moon is no cheese" in broken.stderr
    fact = "app_verdict(A, 'satisfied')"
    whole = subprocess.run(
        [sys.executable, "-m", "kb", "why", APP, fact, "--as-of", DAY, "--lang", "en"],
        capture_output=True,
        text=True,
    )
    assert whole.returncode == 2
    assert f"`{fact}` does not hold" in whole.stderr


def test_a_relation_called_goal(base):
    """A user's own relation may be called `goal`, whatever its arity: `why` and `why-not` ask about
    it and about others."""
    mine = base.rules("goal(A) <= required(A, _)\nmine(A, C) <= required(A, C) & goal(A)")
    assert mine.why("goal(A)", SCHOOL, DAY).text().splitlines()[0] == "goal(学车通)"
    assert mine.why("mine(A, C)", SCHOOL, DAY).proof.height > 2
    assert mine.why_not("mine(A, '教育-在线教育')", SCHOOL, DAY) is not None


def test_a_rule_of_the_users_own_is_explained(base):
    """A relation without a template is shown as it is written, with names for ids."""
    mine = base.rules("mine(A, C) <= required(A, C) & ~perhaps_required(A, C)")
    found = mine.why("mine(A, '教育-驾校平台')", SCHOOL, DAY)
    assert found.text().splitlines()[0] == "mine(学车通, 教育-驾校平台)"
    say = Sentences(Lexicon.of(mine), "en")
    absent = Fact("mine", ("x", "education-driving-school-platform"), absent=True)
    assert say.of(absent).startswith("not mine(x, ")
