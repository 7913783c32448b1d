"""The interview: no question too many, none twice, and at the end the whole profile's verdict."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from asked import asked, definite, sample, unsettled
from click.testing import CliRunner
from commands import kb_here
from test_cases import loaded

from kb.cli.dialogue import reply
from kb.cli.main import cli
from kb.explain.apply import with_document, with_stated
from kb.interview.interview import Interview, profile_of
from kb.interview.option_tree import opened, option_trees, screen
from kb.interview.question import AboutAttribute, Question
from kb.lang.problems import Problems
from kb.model.apps import App, stated_of
from kb.model.days import date
from kb.model.names import Names, Term
from kb.model.schema import Label
from kb.render.questions import question_words

HERE = Path(__file__).parent
DAY = "2025-06-30"


def answer_from(each, app, question):
    """What someone who knows the whole profile answers; None where it does not say."""
    if question.kind == "document":
        need = each.base.askable[question.subject]
        model = each.base.model(["in_hand"], app, each.as_of)
        found = [row[2] for row in model["in_hand"] if row[1] == need.id]
        if found or need.must_state:
            return max(found, default=0)
        above = each.base.facts.vocabulary.above
        return sum(
            held.count
            for held in app.papers
            if held.holder == need.holder
            and need.document in (held.document, *above(held.document))
            and held.valid_on(each.base.day(each.as_of))
        )
    if question.kind == "issued":
        need = each.base.needs[question.subject]
        fits = [h for h in app.holds if (h.document, h.holder) == (need.document, need.holder)]
        return next((date(h.issued).isoformat() for h in fits if h.issued), None)
    stated = app.stated.get(question.subject)
    if isinstance(stated, int):
        return date(stated).isoformat() if question.type == "day" else stated
    return stated[0] if stated and question.type in ("choice", "flag") else stated


def start_of(app, *keys):
    """A profile that says no more than these attributes, and whose the app is, which no question
    asks; nothing of documents."""
    stated = {key: app.stated[key] for key in (*keys, "platform") if key in app.stated}
    return App(app.name, stated, (), holds_stated=False, entity=app.entity)


def held(each, app, *keys):
    """An interview from a short profile to its end, answered from the whole one."""
    talk = each.base.interview(start_of(app, *keys), as_of=each.as_of)
    questions = []
    while (question := talk.question) is not None:
        questions.append(question)
        assert len(questions) < 100
        talk.answer(answer_from(each, app, question))
    return talk, questions


@pytest.mark.parametrize("keys", [("services",), ()])
@pytest.mark.parametrize("part", range(2))
def test_the_verdict_of_the_whole_profile(keys, part):
    """Started from the services, or from nothing, and answered from a whole profile, the interview
    ends with the verdict that the whole profile has; so does its profile as `ask` reads it. No
    question comes twice."""
    compared = 0
    for each in sample(45, part * 45 + 3):
        app = definite(each.app)
        if each.drafts:
            continue
        compared += 1
        talk, questions = held(each, app, *keys)
        verdict = each.verdict_with(app)
        assert talk.verdict == verdict, each.id
        assert each.base.ask(talk.profile, each.as_of).verdict == verdict, each.id
        subjects = [(q.kind, q.subject) for q in questions]
        assert len(subjects) == len(set(subjects)), each.id
    assert compared >= 5


def cut(app, n):
    """Every other thing that a profile says, beginning with one or the other; nothing of documents,
    and all that no question asks for."""
    kept = [key for at, key in enumerate(sorted(app.stated)) if (at + n) % 2]
    rest = {"parties": app.parties, "exemptions": app.exemptions}
    return replace(start_of(app, "services", *kept), other_services=app.other_services, **rest)


def can_be_told(each, app):
    """Whether answers can tell all that a profile says of its documents: they tell of none with
    whom it is or when it was issued, nor that what it states is partly known."""
    rows = each.base.rows(app, each.as_of)
    partly = any(row[2] < row[3] for row in (*rows["app_fits"], *rows["app_fits_during"]))
    return not partly and not any(h.issued is not None or h.party for h in app.papers)


VAGUE = "wechat-adjustments-2025q1: AI绘画, both technologies, proof of use alone"
CUT = (
    VAGUE,
    "places: a passage that is not about the country, in town",
    "market: the same duty the day before the exemption begins",
    "wechat-adjustments-2025q1: rental of special equipment",
    "left-open: liners and ships with both licences",
)


def test_no_definite_end_that_the_whole_profile_has_not():
    """An interview that starts from a part of a profile and is answered from the rest ends on no
    definite verdict but the whole profile's. Told for a sample of the cases and for those with a
    passage that asks for less, a passage about one case only, a text of which the place is not
    said, a ban on some applicants, and papers that settle a passage: these end as the whole."""
    few = sample(16, 7)
    compared = 0
    for each in (*few, *(asked()[name] for name in CUT)):
        app = definite(each.app)
        if each.drafts or not can_be_told(each, app):
            continue
        whole = each.verdict_with(app)
        for n in (0, 1):
            talk = each.base.interview(cut(app, n), as_of=each.as_of)
            while (question := talk.question) is not None:
                talk.answer(answer_from(each, app, question))
            ends = (whole,) if each.id in CUT else (whole, "undetermined")
            assert talk.verdict in ends, (each.id, n, talk.profile)
            compared += 1
    assert compared >= 30


def test_papers_that_may_do_are_asked_for():
    """Where a passage may ask for less than several papers, an interview asks of each whether there
    is one at all, whatever it states, before it says that they lack."""
    each = asked()[VAGUE]
    app = definite(each.app)
    talk, questions = held(each, app, *app.stated)
    proof = questions[-1].about.need
    assert (proof.document, proof.must_state, talk.replies[-1].answer) == ("in_use_proof", (), 1)
    assert talk.verdict == each.verdict_with(app) == "undetermined"
    talk.back()
    talk.answer(0)
    assert (talk.question, talk.verdict) == (None, "missing")


@pytest.mark.parametrize("applicant", ["an individual", "a Thai enterprise"])
def test_the_verdict_of_applicants_that_a_text_may_not_be_for(applicant):
    """Where a text does not say for whom it is, the interview asks who applies before it ends, and
    ends with the verdict open for who is no mainland organisation; the question comes once."""
    each = asked()[f"whom-a-text-binds: driving school of {applicant} in 2022"]
    app = definite(each.app)
    talk, questions = held(each, app, "services")
    assert [q.subject for q in questions].count("applicant") == 1
    assert talk.verdict == each.verdict_with(app) == "undetermined"


def test_every_question_can_settle_something():
    """Each question that is asked has two answers or more that come to something else: another
    verdict, or less that is open. So nothing is asked that the answers imply."""
    for each in sample(67, 5):
        app = definite(each.app)
        talk = each.base.interview(start_of(app, "services"), as_of=each.as_of)
        while (question := talk.question) is not None:
            if question.kind != "services":
                selection, replies = talk._selection, talk.replies
                answers = selection.answers(replies, question.about)
                assert len(answers) >= 2, (each.id, question.subject)
                now = selection.state(replies)
                then = [selection.state((*replies, answer)) for answer in answers]
                assert any((s.verdict, s.left) != (now.verdict, now.left) for s in then)
                known = each.base.rows(talk.app, each.as_of)["app_knows"]
                assert (talk.app.name, question.subject) not in known
            talk.answer(answer_from(each, app, question))


def test_what_is_taken_for_granted_has_its_reason(base):
    """A question on what a settled verdict takes for granted says which category rests on it: who
    applies for a driving school, and whose technology an AI question service uses."""
    for app, subject, category in (
        ({"name": "a", "services": ["驾校培训"]}, "applicant", "education-driving-school"),
        (
            {"name": "a", "applicant": "enterprise", "services": ["AI问答"], "holds": []},
            "technology",
            "deep-synthesis-questions",
        ),
    ):
        talk = base.interview(app, as_of=DAY)
        while talk.question is not None and talk.question.subject != subject:
            talk.answer(None)
        assert talk.question is not None, subject
        assert category in talk.reasons.categories


def test_it_stops_where_nothing_can_change():
    """Where the interview stops at undetermined, no completion that is tried (all documents in
    hand, none, each with any value of any attribute that is open) comes to another verdict."""
    for each in sample(79, 2):
        app = definite(each.app)
        talk, _ = held(each, app, "services")
        if talk.verdict != "undetermined":
            continue
        skipped = {reply.subject for reply in talk.replies if reply.answer is None}
        state = talk._selection.state(talk.replies)
        for need in (None, *state.documents):
            if need is not None and need[-1] in skipped:
                continue
            more = talk.app
            if need is not None:
                more = with_document(more, each.base.askable[str(need[-1])], each.base.facts)
            assert each.verdict_with(more) == "undetermined", (each.id, need)


def test_settled_is_not_asked(base):
    """Where the profile settles the verdict there is no question."""
    complete = {
        "name": "x",
        "applicant": "enterprise",
        "services": ["driving_school_training"],
        "holds": ["机动车驾驶员培训备案"],
        "regions": ["HK"],
    }
    talk = base.interview(complete, as_of=DAY)
    assert talk.question is None
    assert talk.verdict == base.ask(complete, DAY).verdict


def test_documents_that_are_listed_are_not_asked(base):
    """A profile that lists what it holds, were it nothing, is asked for no document."""
    talk = base.interview({"name": "x", "services": ["driving_school_platform"], "holds": []}, DAY)
    while (question := talk.question) is not None:
        assert question.kind != "document"
        talk.answer(None)


def test_not_known(base):
    """`None` leaves the attribute out of the profile, and it is not asked again; a document that
    is not known to be in hand is not in hand."""
    talk = base.interview({"name": "x", "services": ["online_video_course"]}, DAY)
    asked_for = []
    while (question := talk.question) is not None:
        asked_for.append(question.subject)
        talk.answer(None)
    assert len(asked_for) == len(set(asked_for))
    assert talk.profile["holds"] == []
    assert set(talk.app.stated) <= {"services", "platform"}
    assert talk.verdict == base.ask(talk.profile, DAY).verdict
    nothing = base.interview(as_of=DAY)
    assert nothing.question.kind == "services"
    nothing.answer(None)
    assert nothing.question is None
    assert nothing.verdict == "undetermined"


def test_back(base):
    """`back` takes answers back one by one, to the same questions; at the start it does nothing."""
    talk = base.interview({"name": "x", "services": ["online_video_course"]}, DAY)
    talk.back()
    seen = []
    for answer in (None, None):
        seen.append((talk.question, talk.app, talk.verdict))
        talk.answer(answer)
    for state in reversed(seen):
        talk.back()
        assert (talk.question, talk.app, talk.verdict) == state
    assert talk.replies == ()


def test_saved_and_resumed(base, tmp_path):
    """A saved conversation goes on with the same question, answers and profile."""
    each = asked()["wechat-education-2021: video courses that are recorded, all in hand"]
    app = definite(each.app)
    talk = each.base.interview(start_of(app), as_of=each.as_of)
    path = tmp_path / "talk.json"
    while True:
        talk.save(path)
        again = Interview.resume(each.base, path)
        assert (again.question, again.app) == (talk.question, talk.app)
        assert again.replies == talk.replies
        assert again.as_of == talk.as_of
        if talk.question is None:
            return
        talk.answer(answer_from(each, app, talk.question))


SAVED = {
    "kb_interview": 1,
    "as_of": 20250630,
    "lang": "zh",
    "start": {"name": "x"},
    "asks_documents": True,
    "said": [["services", "services", ["driving_school_platform"]]],
}
NO_QUESTIONS = "`said` is no list of answers to questions that there are"


def test_what_is_saved_by_hand(base, tmp_path):
    """A file that says all that a saved interview says is one."""
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(SAVED), encoding="utf-8")
    assert Interview.resume(base, path).app.services == ("driving_school_platform",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("no json", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", 'it does not say `"kb_interview": 1`'),
        ('{"kb_interview": 2}', 'it does not say `"kb_interview": 1`'),
        ({"as_of": "today"}, "`as_of` is not a day like 20250630"),
        ({"as_of": 99999999}, "`as_of` is not a day like 20250630"),
        ({"as_of": True}, "`as_of` is not a day like 20250630"),
        ({"as_of": 10**30}, "`as_of` is not a day like 20250630"),
        ({"lang": "fr"}, "`lang` is neither `zh` nor `en`"),
        ({"lang": ["zh"]}, "`lang` is neither `zh` nor `en`"),
        ({"start": "/etc/passwd"}, "`start` is no profile"),
        ({"asks_documents": "no"}, "`asks_documents` is neither true nor false"),
        ({"said": {}}, NO_QUESTIONS),
        ({"said": "abc"}, NO_QUESTIONS),
        ({"said": [["services", "services"]]}, NO_QUESTIONS),
        ({"said": [["nonsense", "services", []]]}, NO_QUESTIONS),
        ({"said": [["services", "applicant", []]]}, NO_QUESTIONS),
        ({"said": [["attribute", "services", []]]}, NO_QUESTIONS),
        ({"said": [["attribute", "no such attribute", "a"]]}, NO_QUESTIONS),
        ({"said": [["document", "no such need", 1]]}, NO_QUESTIONS),
        ({"said": [["document", ["a"], 1]]}, NO_QUESTIONS),
        ({"said": 2 * SAVED["said"]}, "`said` answers a question twice"),
    ],
)
def test_what_is_no_saved_interview(base, tmp_path, text, reason):
    """A file that is no saved interview is refused as such, with what is wrong with it."""
    path = tmp_path / "talk.json"
    whole = text if isinstance(text, str) else json.dumps({**SAVED, **text})
    path.write_text(whole, encoding="utf-8")
    with pytest.raises(Problems) as found:
        Interview.resume(base, path)
    [problem] = found.value.problems
    assert problem.message == f"`{path}` is no saved interview"
    assert problem.help == reason


def test_no_file_is_no_saved_interview(base, tmp_path):
    """Where there is no such file, or a folder, that is what is said."""
    for path, reason in ((tmp_path, "is a directory"), (tmp_path / "no", "no such file")):
        with pytest.raises(Problems, match=reason):
            Interview.resume(base, path)


@pytest.mark.parametrize(
    "said", [["attribute", "applicant", "no such kind"], ["attribute", "account_opened", "May"]]
)
def test_saved_answers_fit_the_facts(base, tmp_path, said):
    """A saved answer that the facts do not know any more is refused as when it is given."""
    path = tmp_path / "talk.json"
    path.write_text(json.dumps({**SAVED, "said": [said]}), encoding="utf-8")
    with pytest.raises(Problems):
        Interview.resume(base, path)


def test_a_conversation_is_saved_whole(base, tmp_path, monkeypatch):
    """What can not be written leaves the file of before as it was."""
    path = tmp_path / "talk.json"
    talk = base.interview(as_of=DAY)
    talk.save(path)
    before = path.read_text(encoding="utf-8")

    def full(*_):
        raise OSError("no space")

    monkeypatch.setattr("os.replace", full)
    talk.answer(["驾校平台"])
    with pytest.raises(Problems, match="can not be written"):
        talk.save(path)
    assert path.read_text(encoding="utf-8") == before


def until(talk, kind):
    while talk.question.kind != kind:
        talk.answer(None)
    return talk


def test_bad_answers_change_nothing(base):
    """An answer that does not fit is refused with a message, and the question stays."""
    talk = base.interview(as_of=DAY)
    before = talk.question
    for bad in ("no such service", ["驾校平台", "no such service"], {"a": 1}):
        with pytest.raises(Problems) as found:
            talk.answer(bad)
        assert str(found.value)
        assert (talk.question, talk.replies) == (before, ())
    talk.answer(["驾校平台"])
    until(talk, "document")
    replies, before = talk.replies, talk.question
    for bad in (-1, 1.5, "many", "-2", [1], {}):
        with pytest.raises(Problems, match="is not a number of copies"):
            talk.answer(bad)
        assert (talk.question, talk.replies) == (before, replies)
    talk.answer(True)
    assert talk.replies[-1].answer == base.askable[before.subject].at_least


def test_nothing_to_answer(base):
    """An answer without a question is refused."""
    talk = base.interview({"name": "x", "services": []}, DAY)
    assert talk.question is None
    with pytest.raises(Problems, match="no question open"):
        talk.answer("yes")


def test_both_languages(base):
    """Questions are asked in the language of the interview."""
    for lang, word in (("zh", "服务"), ("en", "services")):
        assert word in question_words(base.interview(as_of=DAY, lang=lang).question)
    app = {"name": "x", "services": ["driving_school_platform"]}
    zh = until(base.interview(app, DAY), "document").question
    en = until(base.interview(app, DAY, "en"), "document").question
    assert zh.subject == en.subject
    assert str(zh).startswith("手上有吗")
    assert str(en).startswith("In hand")


def test_profiles_read_back():
    """The profile of any app reads back as the same app."""
    for each in sample(7):
        assert each.base.app(profile_of(each.app, each.base)) == each.app


def kb(*args, given=""):
    """`kb` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kb", *args, "--as-of", DAY],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_piped_session(base, tmp_path):
    """`kb interview` reads answers from a pipe, asks on standard error, writes a profile that
    `kb ask` gives the same verdict, and can be interrupted and resumed."""
    profile, session = tmp_path / "app.yaml", tmp_path / "talk.json"
    first = kb(
        "interview", "--session", str(session), given="驾校平台\nnonsense answer\n<\n驾校平台\nq\n"
    )
    assert "小程序提供哪些服务" in first.stderr
    assert json.loads(session.read_text(encoding="utf-8"))["said"][0][2] == [
        "driving_school_platform"
    ]
    rest = "\n".join(["0"] + ["?"] * 30)
    done = kb("interview", "--session", str(session), "-o", str(profile), given=rest)
    assert "小程序提供哪些服务" not in done.stderr
    asked_again = kb("ask", str(profile))
    assert done.returncode == asked_again.returncode in (3, 4)
    assert done.stdout == asked_again.stdout
    read = yaml.safe_load(profile.read_text(encoding="utf-8"))
    assert read["services"] == ["driving_school_platform"]


def test_resumed_otherwise(base, tmp_path):
    """A resumed session goes on with the day and the language that are given, else with its own;
    another profile than the session's is refused."""
    path, app = tmp_path / "talk.json", tmp_path / "app.json"
    app.write_text(json.dumps({"name": "x", "services": ["online_video_course"]}), encoding="utf-8")
    base.interview(str(app), "2025-06-30").save(path)
    own = Interview.resume(base, path)
    assert (own.as_of, own.lang) == (20250630, "zh")
    other = Interview.resume(base, path, "2021-01-01", "en")
    assert (other.as_of, other.lang) == (20210101, "en")

    def resumed(*args):
        return CliRunner().invoke(cli, ["interview", "--session", str(path), *args], input="q\n")

    assert "x · 2025-06-30 ·" in resumed().stdout
    assert "无法确定" in resumed().stdout
    changed = resumed("--as-of", "2023-02-01", "--lang", "en")
    assert "x · 2023-02-01 ·" in changed.stdout
    assert "undetermined" in changed.stdout
    assert "not known" not in changed.stderr
    assert "x · 2025-06-30 ·" in resumed(str(app)).stdout
    app.write_text(json.dumps({"name": "y"}), encoding="utf-8")
    assert "is about another profile" in str(resumed(str(app)).exception)


def question(attribute, type, **options):
    terms = tuple(Term("value", id, zh, id) for id, zh in options.items())
    trees = option_trees(terms, lambda _: ())
    about = AboutAttribute(attribute, type, Label(zh="?", en="?"), terms, trees)
    return Question(about, "zh", Names())


SERVICES = question("services", "choices", a="甲", b="乙、丙")
CHOICE = question("applicant", "choice", a="甲", none="无")


@pytest.mark.parametrize(
    ("question", "line", "meant"),
    [
        (SERVICES, "甲,b", ["甲", "b"]),
        (SERVICES, "甲，b", ["甲", "b"]),
        (SERVICES, "甲、b；1;２", ["甲", "b", "a", "b"]),
        (SERVICES, "乙、丙", ["乙、丙"]),
        (SERVICES, "3", ["3"]),
        (SERVICES, "无", []),
        (SERVICES, "none", []),
        (SERVICES, "?", None),
        (SERVICES, "", None),
        (SERVICES, ",", None),
        (CHOICE, "1", "a"),
        (CHOICE, "无", "无"),
        (CHOICE, "？", None),
        (CHOICE, "，", None),
    ],
)
def test_what_a_line_means(question, line, meant):
    """A line is a number of the list, an id or a label, several with commas of any script; "none"
    is an empty list where several may be said."""
    assert reply(question, line) == meant


def test_long_lists_are_opened_branch_by_branch():
    """No screen has more than ten lines; a number opens what is narrower, `<` goes back up, and a
    number of the open screen answers; services are not listed at all but told in own words."""
    run = kb_here("interview", "--as-of", DAY, given="医疗器械\n9\n<\n3\n2\nq\n")
    screens = [part.splitlines() for part in run.stderr.split("> ")]
    numbered = [[one for one in part if ". " in one] for part in screens]
    assert max(map(len, numbered)) == 10
    assert "[1] 小程序提供哪些服务?\n   用自己的话说,或写服务的名称\n> " in run.stderr
    top = run.stderr.index("申请主体是哪一类?")
    assert "    3. 企业  (enterprise) › 15 种\n" in run.stderr
    assert "   10. 其他 12 项 ›\n   选带 › 的编号再细分;名称可以直接写\n> " in run.stderr
    assert ">     1. 境外主体  (overseas)\n" in run.stderr[top:]
    assert ">     1. 企业  (enterprise)\n    2. 银行  (bank)\n" in run.stderr[top:]
    assert run.stderr.count("申请主体是哪一类?") == 2


def test_a_list_opens_to_every_option_once(base):
    """The screens of a question lead to each of its options, to each on one way."""
    vocabulary = base.facts.vocabulary
    for attribute in ("applicant", "regions", "subjects"):
        about = AboutAttribute.of(vocabulary, vocabulary.attributes[attribute])

        def walked(listed):
            assert len(listed) <= 10
            for tree in listed:
                if tree.narrower:
                    yield from walked(opened(tree))
                elif tree.option is not None:
                    yield tree.option.id

        found = list(walked(screen(about.trees)))
        assert sorted(found) == sorted(term.id for term in about.options)


def test_an_option_stands_under_the_nearest_top():
    """What is a kind of several things stands under the nearest that is among the first; what is
    a kind of none of them comes last."""
    wider = {"d": ["c", "b", "a"], "c": ["a"], "e": ["x", "b"], "f": ["x"], "x": []}
    terms = [Term("value", id, id, id) for id in "abcdefx"]

    def told(trees):
        return [(t.option.id if t.option else None, told(t.narrower)) for t in trees]

    trees = option_trees(terms, lambda id: wider.get(id, []), ("b", "a"))
    assert told(trees) == [
        ("b", [("d", []), ("e", [])]),
        ("a", [("c", [])]),
        (None, [("x", [("f", [])])]),
    ]
    assert [len(tree) for tree in trees] == [3, 2, 2]


def test_it_begins_with_own_words():
    """Own words lead to a service by a question that tells apart what they may mean; `!` says why a
    question is asked; a stop before anything is chosen gives no verdict."""
    run = kb_here("interview", "--as-of", DAY, given="开医疗器械店\n!\n2\n2\n!\nq\n")
    assert (
        "只展示信息、不交易吗?\n  1. 是\n  2. 不是\n> 答案不同,合适的类目就不同\n> " in run.stderr
    )
    assert "理解为:医疗器械销售(" in run.stderr
    assert "这些类目的结论取决于它: " in run.stderr
    empty = kb_here("interview", "--as-of", DAY, given="q\n")
    assert empty.stdout == ""
    assert empty.stderr.endswith("> 还什么都没有选,所以没有结论\n")


def test_a_profile_is_not_written_over(tmp_path):
    """A file that is there is kept unless `--force` says otherwise."""
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    run = kb_here("interview", "--as-of", DAY, "-o", str(path), given="驾校平台\nq\n")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"错误[output]: `{path}` 已经存在\n  办法: 换一个文件名,或写 --force\n"
    assert path.read_text(encoding="utf-8") == "mine"
    kb_here("interview", "--as-of", DAY, "-o", str(path), "--force", given="驾校平台\nq\n")
    assert "driving_school_platform" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_ctrl_c(tmp_path):
    """Ctrl-C ends the interview at once; what was answered is saved."""
    session, profile = tmp_path / "talk.json", tmp_path / "app.yaml"
    args = ("interview", "--session", str(session), "-o", str(profile), "--as-of", DAY)
    with subprocess.Popen(
        [sys.executable, "-m", "kb", *args],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as run:
        run.stdin.write("驾校平台\n")
        run.stdin.flush()
        told = ""
        while "[2]" not in told or not told.endswith("\n> "):  # now it waits for an answer
            told += (more := run.stderr.read(1))
            assert more, told
        run.send_signal(signal.SIGINT)
        _, rest = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in rest
    said = json.loads(session.read_text(encoding="utf-8"))["said"]
    assert said == [["services", "services", ["driving_school_platform"]]]
    assert not profile.exists()


def test_fewer_questions_than_a_fixed_order():
    """Over the cases, fewer questions are asked than by going through the same attributes and
    documents in the order of the vocabulary until the verdict is settled."""
    from bench.reasons import questions_asked

    smart, fixed = questions_asked(sample(80, 1))
    assert smart <= fixed


def test_conditions_are_those_of_the_rules():
    """What `Conditions` makes of a value is what the rules make of it."""
    for each in sample(19, 4):
        model = each.base.model(["asked_test", "test_met", "test_open"], each.app, each.as_of)
        conditions = each.base.conditions_on(each.as_of)
        for app, test, attribute in sorted(model["asked_test"]):
            stated = stated_of(each.app, each.base.facts.vocabulary).get(attribute)
            if attribute == "platform" and stated is None:
                stated = ("wechat",)
            if attribute == "services" and each.app.other_services:
                stated = stated or ()  # own words say what it does
            outcome = conditions.outcome(conditions.test(test), stated)
            met, open_ = ((app, test) in model[name] for name in ("test_met", "test_open"))
            assert outcome == ("met" if met else "open" if open_ else "failed"), (each.id, test)


def test_what_is_open_is_all_that_matters():
    """An attribute that the answer lists, given any value that its conditions tell apart, is not
    what the same category or text waits for on the same condition any more, unless the value is
    itself too general to tell; and saying something of an attribute that is not listed and not
    known changes no verdict of a category that was not open for it."""
    for each in unsettled(6, "undetermined"):
        if each.drafts:
            continue
        model = each.base.model(["open_attribute", "asked_test"], each.app, each.as_of)
        tests = {}
        for _, test, attribute in model["asked_test"]:
            tests.setdefault(attribute, set()).add(test)
        for _, category, condition, attribute in sorted(model["open_attribute"]):
            have = each.app.stated.get(attribute)
            own = [t for t in tests[attribute] if t.startswith(f"{condition}#")]
            for stated in each.base.conditions.told_apart(attribute, tests[attribute], have):
                changed = with_stated(each.app, attribute, stated)
                then = each.base.model(["open_attribute"], changed, each.as_of)["open_attribute"]
                same = (each.app.name, category, condition, attribute) in then
                general = any(
                    each.base.conditions.outcome(each.base.conditions.test(t), stated) == "open"
                    for t in own
                )
                assert not same or general, (each.id, category, condition, stated)


def test_what_is_not_listed_changes_nothing():
    """Where the answer lists what its verdict rests on, saying something of an attribute that it
    does not list leaves all that is listed as it is."""
    for each in unsettled(8, "undetermined"):
        answer = each.base.ask(each.app, each.as_of, each.drafts)
        open_points = answer.to_dict()["undetermined"]
        listed = {entry["ask"]["attribute"] for entry in open_points if entry["ask"]}
        model = each.base.model(["asked_test"], each.app, each.as_of, each.drafts)
        idle = {q for _, _, q in model["asked_test"]} - listed - set(each.app.stated)
        for attribute in sorted(idle - {"services", "platform", "regions"}):
            tests = [t for _, t, q in model["asked_test"] if q == attribute]
            for stated in each.base.conditions.told_apart(attribute, tests):
                changed = with_stated(each.app, attribute, stated)
                assert each.verdict_with(changed) == "undetermined", (each.id, attribute, stated)


def test_papers_of_alternatives_that_another_makes_idle_are_not_asked():
    """Whoever carries no children needs the insurance of line 10 alone: the report that goes with
    it for others settles nothing, so that the insurance is asked for first, and is enough."""
    lock = loaded(("facts-lock",))
    start = {"name": "甲", "regions": ["hills"], "services": ["storage"]}
    talk = lock.interview(start, as_of="2024-03-01")
    asked = []
    while (question := talk.question) is not None:
        asked.append(question.subject.partition("@")[0])
        talk.answer({"children": "no"}.get(question.subject, 1))
    assert talk.verdict == "satisfied"
    assert asked == ["children", "insurance"]
