"""Profiles whose keys are written in Chinese: the same profile under the keys of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.lang.problems import Problem, near
from kb.model.apps import OWN_KEYS
from kb.model.names import folded
from kb.model.terms import Attribute
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place

OWN = {
    "名称": "name",
    "名字": "name",
    "应用名称": "name",
    "平台": "platform",
    "申请主体": "applicant",
    "主体": "applicant",
    "主体类型": "applicant",
    "地区": "regions",
    "服务地区": "regions",
    "服务": "services",
    "提供的服务": "services",
    "其他服务": "other_services",
    "其它服务": "other_services",
    "服务对象": "audience",
    "情况": "facts",
    "应用情况": "facts",
    "持有": "holds",
    "现有材料": "holds",
    "手上的材料": "holds",
    "材料": "holds",
    "各方": "parties",
    "参与方": "parties",
    "豁免": "exemptions",
    "获豁免": "exemptions",
    "所属单位": "entity",
    "所属主体": "entity",
}
"""The keys of a profile by their Chinese names."""
HELD = {
    "材料": "document",
    "名称": "document",
    "份数": "count",
    "数量": "count",
    "持有方": "holder",
    "写明": "states",
    "载明": "states",
    "写有": "states",
    "对方": "with",
    "签约方": "with",
    "有效期自": "valid_from",
    "有效期起": "valid_from",
    "有效期至": "valid_until",
    "有效期止": "valid_until",
    "发证日期": "issued",
    "签发日期": "issued",
}
"""The same of a document in hand."""
EXEMPTION = {
    "豁免自": "from",
    "事项": "from",
    "批准方": "by",
    "批准机关": "by",
    "自": "since",
    "起": "since",
    "至": "until",
    "止": "until",
    "说明": "note",
    "备注": "note",
}
"""The same of an exemption."""
ENTITY = {
    "名称": "name",
    "名字": "name",
    "应用": "apps",
    "其他应用": "apps",
    "全部": "all",
    "已列全": "all",
}
"""The same of an entity."""
PARTY = {
    "名称": "id",
    "名字": "id",
    "角色": "role",
    "身份": "role",
    "申请主体": "applicant",
    "主体类型": "applicant",
    "持有": "holds",
    "现有材料": "holds",
    "手上的材料": "holds",
    "材料": "holds",
}
"""The same of a party."""


def near_key(key: str, attributes: Mapping[str, Attribute]) -> str:
    """Help for a Chinese key that is not known: near names of all that may stand in a profile, else
    the keys of a profile."""
    names = {*OWN, *HELD, *PARTY, *EXEMPTION, *ENTITY}
    names.update(attribute.zh for attribute in attributes.values())
    close = {name for name in names if len(name) == len(key) and _one_off(name, key)}
    known = close or {name for name in names if key in name or name in key}
    return near(key, known or FIRST)


def _one_off(a: str, b: str) -> bool:
    return sum(x != y for x, y in zip(a, b, strict=True)) <= 1


FIRST = ("名称", "平台", "申请主体", "地区", "服务", "其他服务", "服务对象", "情况", "持有")
"""The keys that are told where no near one is known."""


def with_ids(
    document: Document, attributes: Mapping[str, Attribute], problems: list[Problem]
) -> Document:
    """A profile under the ids of its keys; what is stated of the app may stand beside the other
    keys under its Chinese name, as `授课方式`.

    Keys that are known under no name stay as they are. A key that is stated under two of its names
    is one of the `problems`.
    """
    data = document.data
    if not isinstance(data, dict):
        return document
    keys = list(_keys(data))
    if not all(isinstance(key, str) for key in keys) or all(key.isascii() for key in keys):
        return document
    of_label = {
        folded(name): attribute.id
        for attribute in attributes.values()
        for name in (attribute.zh, *attribute.aliases)
        if attribute.id not in OWN_KEYS
    }
    return _Renaming(document, of_label, problems).whole()


def _keys(data: Any) -> Iterator[Any]:
    """The keys of a profile, of what it states and holds, of its parties and of what they hold."""
    entries = [data, *(v for v in data.values() if isinstance(v, dict))]
    listed = [e for v in data.values() if isinstance(v, list) for e in v if isinstance(e, dict)]
    entries += listed
    for party in listed:
        lists = (v for v in party.values() if isinstance(v, list))
        entries += [e for v in lists for e in v if isinstance(e, dict)]
    for entry in entries:
        yield from entry


class _Renaming:
    """One profile, and where each of its places goes."""

    def __init__(
        self, document: Document, of_label: Mapping[str, str], problems: list[Problem]
    ) -> None:
        self.document = document
        self.of_label = of_label
        self.moved: dict[Place, Place] = {}
        self.first: dict[Place, str | int] = {}
        self.problems = problems

    def whole(self) -> Document:
        made: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        for key, value in self.document.data.items():
            at: Place = (key,)
            own = OWN.get(key, key)
            stated = self.of_label.get(folded(key)) if own == key and not key.isascii() else None
            if stated is not None:
                self._put(facts, stated, value, at, ("facts", stated))
            elif own == "facts" and isinstance(value, dict):
                self._move(at, ("facts",))
                self._stated(facts, value, at)
                made.setdefault("facts", {})
            elif own == "holds" and isinstance(value, list):
                held = [self._held(e, (*at, n), (own, n)) for n, e in enumerate(value)]
                self._put(made, own, held, at, (own,))
            elif own == "exemptions" and isinstance(value, list):
                granted = [
                    self._held(e, (*at, n), (own, n), EXEMPTION) for n, e in enumerate(value)
                ]
                self._put(made, own, granted, at, (own,))
            elif own == "entity":
                self._put(made, own, self._held(value, at, (own,), ENTITY), at, (own,))
            elif own == "parties" and isinstance(value, list):
                parties = [self._party(e, (*at, n), (own, n)) for n, e in enumerate(value)]
                self._put(made, own, parties, at, (own,))
            else:
                self._put(made, own, value, at, (own,))
        if facts:
            told = made.get("facts")
            made["facts"] = {**(told if isinstance(told, dict) else {}), **facts}
        document = self.document
        values = {self._new(path): place for path, place in document.values.items()}
        keys = {self._new(path): place for path, place in document.keys.items()}
        return Document(document.name, made, document.lines, values, keys)

    def _stated(self, facts: dict[str, Any], value: Mapping[str, Any], at: Place) -> None:
        for name, stated in value.items():
            id = self.of_label.get(folded(name), name)
            self._put(facts, id, stated, (*at, name), ("facts", id))

    def _held(self, entry: Any, at: Place, to: Place, names: Mapping[str, str] = HELD) -> Any:
        if not isinstance(entry, dict):
            return entry
        made: dict[str, Any] = {}
        for name, value in entry.items():
            key = str(name)
            new = names.get(key, key)
            self._put(made, new, value, (*at, key), (*to, new))
        return made

    def _party(self, entry: Any, at: Place, to: Place) -> Any:
        if not isinstance(entry, dict):
            return entry
        made: dict[str, Any] = {}
        for name, value in entry.items():
            key = str(name)
            new = PARTY.get(key, key)
            if new == "holds" and isinstance(value, list):
                own = (*at, key)
                value = [self._held(e, (*own, n), (*to, new, n)) for n, e in enumerate(value)]
            self._put(made, new, value, (*at, key), (*to, new))
        return made

    def _put(self, made: dict[str, Any], key: str, value: Any, old: Place, new: Place) -> None:
        if key in made:
            span = self.document.span(old, key=True)
            message = f"`{old[-1]}` and `{self.first[new]}` are names of the same key"
            self.problems.append(Problem("duplicate-key", message, span, "keep one of them"))
        made[key] = value
        self.first.setdefault(new, old[-1])
        self._move(old, new)

    def _move(self, old: Place, new: Place) -> None:
        self.moved[old] = new

    def _new(self, path: Place) -> Place:
        """Where a place of the file is in the profile: by the longest beginning that moved."""
        for size in range(len(path), 0, -1):
            if path[:size] in self.moved:
                return (*self.moved[path[:size]], *path[size:])
        return path
