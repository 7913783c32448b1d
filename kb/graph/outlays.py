"""What documents and categories cost and how long they take, at their nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.base.outlays import OutlayKind, OutlayResult
from kb.graph.build import Builder, key_of
from kb.model.days import date
from kb.render.language import Language
from kb.render.outlays import outlay_amount

if TYPE_CHECKING:
    from kb.base.core import Core, Day

_KEYS = {OutlayKind.FEE: "fee", OutlayKind.LEAD_TIME: "lead_time"}


def add_outlays(builder: Builder, outlays: Iterable[OutlayResult], base: Core, day: Day) -> None:
    """Tell fees and times at the documents and categories of a graph of which texts state some,
    with their lines; of the two, what no text states on the day is unknown."""
    found: dict[str, dict[OutlayKind, list[OutlayResult]]] = {}
    for outlay in outlays:
        key = key_of("document", outlay.document or "")
        if outlay.document is None:
            key = key_of("category", outlay.category or "")
        if key in builder.graph:
            found.setdefault(key, {}).setdefault(outlay.kind, []).append(outlay)
            builder.cite(key, outlay.cite)
    on = date(base.day(day)).isoformat()
    for key, stated in found.items():
        for kind, name in _KEYS.items():
            for lang in ("zh", "en"):
                to = Language(lang, base.facts.names)
                told = [outlay_amount(each, to) for each in stated.get(kind, ())]
                unknown = to.pick(f"未知 ({on})", f"unknown ({on})")
                builder.graph.nodes[key][f"{name}_{lang}"] = "; ".join(told) or unknown
