"""Reasons and ways out: why, why-not, interview and bundles, as medians and as ratios to `ask`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from kb.answers.bundle import best
from kb.answers.choices import Choice
from kb.answers.prices import Prices
from kb.interview.state import Replies, Reply
from kb.model.apps import App
from kb.model.requirements import Need

from .timing import beside, forgetful, median

if TYPE_CHECKING:
    from asked import Asked

TESTS = Path(__file__).parents[1]


def answered(each: Asked, app: App, question: Any) -> Any:
    from test_interview import answer_from

    return answer_from(each, app, question)


def by_weight(each: Asked, app: App, times: list[float] | None = None) -> int:
    """Questions that the interview asks, from the services on."""
    from test_interview import start_of

    talk = each.base.interview(start_of(app, "services"), as_of=each.as_of)
    count = 0
    while True:
        start = time.perf_counter()
        question = talk.question
        if times is not None:
            times.append(time.perf_counter() - start)
        if question is None:
            return count
        talk.answer(answered(each, app, question))
        count += 1


def in_order(each: Asked, app: App) -> int:
    """Questions that a form asks: all attributes that conditions read and all documents that come
    up, in the order of the vocabulary, until the verdict is settled."""
    from test_interview import start_of

    talk = each.base.interview(start_of(app, "services"), as_of=each.as_of)
    selection = talk._selection
    replies: Replies = ()
    for count, (kind, subject) in enumerate(_form(each, selection, replies)):
        if selection.state(replies).verdict != "undetermined":
            return count
        told = answered(each, app, _Asked(kind, subject, each))
        if kind == "document":
            replies = (*replies, Reply(kind, subject, told))
        else:
            replies = (*replies, Reply(kind, subject, app.stated.get(subject)))
    return len(replies)


class _Asked:
    def __init__(self, kind: str, subject: str, each: Asked) -> None:
        self.kind, self.subject = kind, subject
        attributes = each.base.facts.vocabulary.attributes
        self.type = attributes[subject].type if kind == "attribute" else "count"


def _form(each: Asked, selection: Any, replies: Replies) -> Iterator[tuple[str, str]]:
    app = selection.app(replies)
    model = each.base.model(["asked_test"], app, each.as_of)
    read = {str(attribute) for _, _, attribute in model["asked_test"]}
    for attribute in each.base.facts.vocabulary.attributes:
        if attribute in read and attribute not in app.stated and attribute != "services":
            yield "attribute", attribute
    order = {term.id: n for n, term in enumerate(each.base.facts.names.of("document"))}
    needs = selection.unasked_needs(replies, app)
    for need in sorted(needs, key=lambda need: (order[need.document], need)):
        yield "document", need.id


def questions_asked(cases: Iterable[Asked]) -> tuple[int, int]:
    """Questions over all cases: of the interview, and in the fixed order."""
    from asked import definite

    smart = fixed = 0
    for each in cases:
        if each.drafts or not each.app.services:
            continue
        app = definite(each.app)
        smart += by_weight(each, app)
        fixed += in_order(each, app)
    return smart, fixed


def thirty_categories(seed: int = 5) -> tuple[list[list[Choice]], Prices]:
    """30 categories of 2 to 5 alternatives of 1 to 5 of 200 documents, some much asked for."""
    random = Random(seed)
    documents = [f"d{n}" for n in range(200)]
    weights = [1 / (1 + n / 10) for n in range(200)]
    lists = [
        [
            Choice(
                f"{category}.{n}",
                frozenset(
                    Need(document, at_least=random.choice((1, 1, 1, 2)))
                    for document in dict.fromkeys(
                        random.choices(documents, weights, k=random.randint(1, 5))
                    )
                ),
            )
            for n in range(random.randint(2, 5))
        ]
        for category in range(30)
    ]
    cost = {document: random.randint(0, 50_000) for document in documents}
    return lists, Prices(cost, {document: random.randint(1, 60) for document in documents})


def main(step: int = 16) -> None:
    sys.path.insert(0, str(TESTS))
    from asked import sample, unsettled

    some = sample(step)
    for each in some:
        each.base.ask(each.app, each.as_of)
    ask, again = (
        [
            median(
                lambda e=e: e.base.ask(e.app, e.as_of, e.drafts),  # type: ignore[misc]
                3,
                before(e),
                time.process_time,
            )
            for e in some
        ]
        for before in (_new, _known)
    )
    base = statistics.median(ask)
    what = f"ask, an app like which none was asked, {len(some)} cases"
    print(beside(what, 1e3 * base, 15, "ms"))
    print(beside("the same asked again", 1e3 * statistics.median(again), 3, "ms"))
    for what, apps, asked in (
        ("why of the verdict", some, "why"),
        ("why-not of the verdict", unsettled(max(1, step // 3)), "why_not"),
    ):
        taken = []
        for e in apps:
            # Reasons are asked for once the answer is there.
            def answered(e: Asked = e) -> None:
                forgetful(e.base.engine)()
                e.base.ask(e.app, e.as_of, e.drafts)

            question = getattr(e.base, asked)
            taken.append(
                median(
                    lambda: question("verdict", e.app, e.as_of, e.drafts),  # noqa: B023
                    3,
                    answered,
                    time.process_time,
                )
            )
        if asked == "why_not":
            print(beside(what, 1e3 * statistics.median(taken), 30, "ms"))
        else:
            _line(what, taken, base)

    from asked import definite

    steps: list[float] = []
    for each in some:
        if not each.drafts and each.app.services:
            by_weight(each, definite(each.app), steps)
    _line("interview, one step", steps, base)
    smart, fixed = questions_asked(some)
    print(
        f"questions, {len(some)} cases from their services: {smart} asked, {fixed} in fixed order"
        f"   ratio {smart / max(fixed, 1):4.2f}"
    )
    lists, prices = thirty_categories()
    for by in ("fewest", "cheapest", "fastest"):
        start = time.perf_counter()
        found = best(lists, by, prices)
        taken = time.perf_counter() - start
        proven = "proven" if found.optimal else f"not proven, at least {found.bound}"
        print(
            f"bundle, 30 categories, 200 documents, {by:<8} {1e3 * taken:8.1f} ms"
            f"   {len(found.needs)} documents, {proven}"
        )


def _new(each: Asked) -> Any:
    return forgetful(each.base.engine)


def _known(_: Asked) -> Any:
    return lambda: None


def _line(what: str, taken: list[float], base: float) -> None:
    middle = statistics.median(taken)
    print(f"{what:<34} {1e3 * middle:8.1f} ms   ratio to ask {middle / base:5.2f}")


if __name__ == "__main__":
    main()
