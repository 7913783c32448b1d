"""Ways out for an app that can not get the papers of a category, each tried on its profile.

A narrower service of a neighbouring category (showing instead of selling, a tool instead of
content), papers of a partner in place of own ones, and going without the service.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kb.answers.answer import Answer
from kb.answers.ask import answer as answer_of
from kb.answers.results import CategoryResult
from kb.base.core import Core, Day
from kb.base.rendered import Rendered
from kb.base.results import DocumentNeed, Verdict
from kb.explain.apply import with_document, with_services
from kb.find.finder import Finder, finder_of
from kb.model.apps import App
from kb.model.days import date
from kb.model.names import Names

MOST = 5
"""Ways of a kind that are told of a category."""
MOST_TRIED = 24
"""Neighbouring services that are tried for a category."""
NARROWER = ("只展示信息 不交易", "工具", "")
"""What is asked for beside the service's name, to find its neighbours."""
ANY_TRADE = re.compile(
    "销售|零售|批发|展示|信息|平台|服务|业务|预约|预订|查询|入驻|在线|线上|线下|上门|资讯|工具|管理|经营|出租|租赁|"
    "咨询|机构|单家|多家|多商户|境外|境内|跨境|国际|当地|个人|企业|公司|商家|本地|综合|其他|相关|内容|产品|商品|"
    "用品|配送|交易|支付|缴费|代理|培训|自营|自己的|用户|会员|行业|类|与|和|及|、|[()（）]"
)
"""Words in names of services that tell of no trade."""
BLOCKED = (Verdict.MISSING, Verdict.NOT_OPEN, Verdict.UNDETERMINED)


class Kind(StrEnum):
    """What is done."""

    NARROWER = "narrower"
    PARTNER = "partner"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out of a category: `services` are given up; another one is offered `instead`, in
    `categories`; papers of others serve (`partner`). `verdict` is that of the whole app then, and
    `missing` what it still has to get."""

    kind: Kind
    category: str
    services: tuple[str, ...]
    instead: str | None
    categories: tuple[str, ...]
    partner: tuple[DocumentNeed, ...]
    verdict: Verdict
    missing: tuple[DocumentNeed, ...]


@dataclass(frozen=True, repr=False)
class WaysOut(Rendered):
    """The ways out of the categories that an app can not have as it is. `none_near` are those (ids)
    to which no service that is near those of the app and asks for less is an alternative."""

    app: App
    as_of: datetime.date
    verdict: Verdict
    ways: tuple[WayOut, ...]
    none_near: tuple[str, ...]
    lang: str
    names: Names = field(compare=False)


def ways_out(
    base: Core, app: App, categories: Iterable[str] = (), as_of: Day = None, lang: str = "zh"
) -> WaysOut:
    """The ways out of these categories (ids; none: of all that lack something or are not open).

    Each is tried: its verdict and what it still lacks are those of the changed profile.
    """
    day = base.day(as_of)
    today = answer_of(base, app, day, False, lang)
    wanted = set(categories)
    found: list[WayOut] = []
    none_near: list[str] = []
    for category in today.categories:
        if category.verdict in BLOCKED and (not wanted or category.category in wanted):
            ways = _Search(base, app, day, lang, category, today).ways()
            found += ways
            if all(way.kind != Kind.NARROWER for way in ways):
                none_near.append(category.category)
    told = tuple(found), tuple(none_near)
    return WaysOut(app, date(day), today.verdict, *told, lang, base.facts.names)


@dataclass
class _Search:
    base: Core
    app: App
    day: int
    lang: str
    category: CategoryResult
    today: Answer

    def ways(self) -> list[WayOut]:
        services = self._services()
        narrower = sorted(self._narrower(services), key=_ease)[:MOST]
        partner = sorted(self._partner(), key=_ease)[:1]
        return [*narrower, *partner, *self._drop(services)]

    def _answer(self, app: App) -> Answer:
        return answer_of(self.base, app, self.day, False, self.lang)

    def _services(self) -> tuple[str, ...]:
        """The services of the app that lead to the category: alone each asks for it."""
        return tuple(
            service
            for service in self.app.services or ()
            if self.category.category
            in {c.category for c in self._answer(with_services(self.app, [service])).categories}
        )

    def _narrower(self, services: Sequence[str]) -> Iterator[WayOut]:
        """Neighbouring services that ask for less than the category does."""
        lacking = len(self.category.missing) or 1
        finder = finder_of(self.base.facts.folder)
        for service in services:
            kept = [s for s in self.app.services or () if s != service]
            for other in list(self._neighbours(finder, service))[:MOST_TRIED]:
                alone = self._answer(with_services(self.app, [other]))
                asks = [c for c in alone.categories if c.category != self.category.category]
                closed = alone.verdict in (Verdict.PROHIBITED, Verdict.NOT_OPEN)
                if closed or not asks or len(alone.bundle.documents) >= lacking:
                    continue
                then = self._answer(with_services(self.app, [*kept, other]))
                yield self._way(Kind.NARROWER, (service,), then, other, asks)

    def _neighbours(self, finder: Finder, service: str) -> Iterator[str]:
        """Services found by the name of one that are near it, those in categories of the same group
        of the table first. Others that the words lead to are of another trade."""
        label = self.base.facts.names.label("service", service, "zh")
        own = self.base.facts.names.label("category", self.category.category, "zh")
        group = own.partition("-")[0]
        found: dict[str, bool] = {}
        for words in NARROWER:
            for each in finder.find(f"{label} {words}".strip(), None, 12):
                near = each.category.partition("-")[0] == group
                for other in each.services:
                    if near or self._alike(service, other.id):
                        found[other.id] = found.get(other.id, False) or near
        yield from (id for id in sorted(found, key=lambda id: not found[id]) if id != service)

    def _alike(self, one: str, other: str) -> bool:
        """Whether two services are of one kind, or have a word in common that tells of a trade."""
        above = self.base.facts.vocabulary.above
        if not {one, *above(one)}.isdisjoint({other, *above(other)}):
            return True
        pairs, others = map(self._pairs, (one, other))
        return not pairs.isdisjoint(others)

    def _pairs(self, service: str) -> set[str]:
        """Each two characters in a row of the words for a trade in a service's name."""
        label = self.base.facts.names.label("service", service, "zh")
        words = ANY_TRADE.split(label)
        return {word[at : at + 2] for word in words for at in range(len(word) - 1)}

    def _partner(self) -> Iterator[WayOut]:
        """Alternatives that ask for papers of others, with these in hand."""
        for alternative in self.category.alternatives:
            others = tuple(d for d in alternative.documents if d.holder != "applicant")
            lacking = tuple(d for d in others if d.verdict != Verdict.SATISFIED)
            if alternative.usable is False or not lacking:
                continue
            app = self.app
            for document in lacking:
                need = document.need
                members = self.base.choices.get(need.id, ())
                app = with_document(app, need, self.base.facts, members)
            own = tuple(d for d in alternative.documents if d.holder == "applicant")
            left = tuple(d for d in own if d.verdict != Verdict.SATISFIED)
            way = self._way(Kind.PARTNER, (), self._answer(app))
            yield replace(way, partner=lacking, missing=left)

    def _drop(self, services: Sequence[str]) -> Iterator[WayOut]:
        kept = [s for s in self.app.services or () if s not in services]
        if services and kept:
            yield self._way(Kind.DROP, tuple(services), self._answer(with_services(self.app, kept)))

    def _way(
        self,
        kind: Kind,
        services: tuple[str, ...],
        then: Answer,
        instead: str | None = None,
        asks: Sequence[CategoryResult] = (),
    ) -> WayOut:
        categories = tuple(c.category for c in asks)
        missing = tuple(then.bundle.documents)
        verdict = Verdict(then.verdict)
        named = self.category.category
        return WayOut(kind, named, services, instead, categories, (), verdict, missing)


def _ease(way: WayOut) -> tuple[bool, int, bool, str]:
    """The easiest first: satisfied, then the fewest papers; an open verdict after a known one."""
    undecided = way.verdict in (Verdict.UNDETERMINED, Verdict.NOT_OPEN, Verdict.PROHIBITED)
    return undecided, len(way.missing), way.verdict != Verdict.SATISFIED, way.instead or ""
