"""What is wrong with how a number is reckoned over the apps of one entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.lang.problems import Problem, near
from kb.model.ranges import moving
from kb.model.terms import Attribute, Test
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place

ENDS = ("since", "until", "above", "below", "unsure_since", "unsure_until")
"""The keys of a test that take a day or a number."""


def over_problems(
    attributes: Mapping[str, Attribute], attribute: Attribute, document: Document, place: Place
) -> Iterator[Problem]:
    """What is wrong with the `over` of an attribute beside its tests."""
    over = attribute.over
    if over is None:
        return
    if over.sum:
        yield from _summed(attributes, attribute, over.sum, document, (*place, "sum"))
    for n, test in enumerate(over.tests):
        at = (*place, "tests", n)
        read = attributes.get(test.attribute)
        if read is not None and read.over is not None:
            message = f"`{read.id}` is reckoned over the apps of one entity itself"
            yield Problem("value", message, document.span((*at, "attribute")))
        yield from _moving(test, document, at)


def _summed(
    attributes: Mapping[str, Attribute],
    attribute: Attribute,
    id: str,
    document: Document,
    place: Place,
) -> Iterator[Problem]:
    span = document.span(place)
    summed = attributes.get(id)
    if summed is None:
        message = f"no attribute is called `{id}`"
        yield Problem("unknown-id", message, span, near(id, attributes))
    elif summed.type != "number" or summed.over is not None:
        message = f"`{id}` is no number that an app states"
        yield Problem("value", message, span, "an attribute of `type: number` without `over`")
    elif (summed.decimals, summed.unit) != (attribute.decimals, attribute.unit):
        message = f"`{id}` has another unit or other decimals than its sum"
        yield Problem("value", message, span, "give both the same `unit` and `decimals`")


def _moving(test: Test, document: Document, place: Place) -> Iterator[Problem]:
    """What is counted must not turn with the day asked."""
    for key in ENDS:
        if moving(getattr(test, key)) is not None:
            message = "a day that moves with the day asked can not stand here"
            yield Problem("value", message, document.span((*place, key)), "write the day")
