"""Reads answers of the interfaces for categories of WeChat and Douyin, and what others pass on.

The papers of an answer are nested; they are laid out in the language of tables, so that one reader
reads all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from kb.importers.markers import CIRCLED
from kb.importers.rows import Address, Cell, Row, State, bad, json_of, read_input
from kb.model.data import Json

VERIFY = {
    "0": "individual",
    "1": "enterprise",
    "2": "government",
    "3": "media",
    "4": "other_organisation",
}
"""`verify_type` of getcategoriesbytype."""


@dataclass(frozen=True)
class Given:
    """Papers as an answer nests them: `any` or `all` of others; a name is a text."""

    op: str
    parts: tuple[Papers, ...]


Papers: TypeAlias = str | Given


def composed(papers: Papers) -> str:
    """The text of nested papers."""
    papers = _simple(papers)
    return papers if isinstance(papers, str) else "\n".join(_lines(papers, 0))


def _simple(papers: Papers) -> Papers:
    """Without groups of one."""
    if isinstance(papers, str):
        return " ".join(papers.split())
    parts = tuple(_simple(part) for part in papers.parts)
    return parts[0] if len(parts) == 1 else Given(papers.op, parts)


def _lines(given: Given, level: int) -> list[str]:
    lines = [f"（{len(given.parts)}选1）：" if given.op == "any" else "同时提供："]
    for n, part in enumerate(given.parts, start=1):
        mark = f"{n}、" if level == 0 else f"（{n}）" if level < 3 else f"{n}）"
        if level == 1 and n <= len(CIRCLED):
            mark = CIRCLED[n - 1]
        inner = [part] if isinstance(part, str) else _lines(part, level + 1)
        lines += [mark + inner[0], *inner[1:]]
    return lines


def _row(
    path: list[str], text: str, state: State, at: tuple[int, str, int], id_: str, **more: Any
) -> Row:
    number, file, place = at
    return Row(
        number=number,
        first=path[0],
        second="-".join(path[1:]),
        papers=Cell(text, Address(file, place, "papers")),
        scope=Cell("", Address(file, place, "scope")),
        remark=Cell(more.pop("remark", ""), Address(file, place, "remark")),
        state=state,
        keys={"id": id_},
        **more,
    )


# -- WeChat


def read_weixin(path: Path, account: str = "", platform: str = "wechat") -> list[Row]:
    """The rows of an answer of getallcategories or getcategoriesbytype: one for each category that
    has no others under it. Raises `Problems` where the file holds no such answer."""
    file = str(path)
    data = _plain(json_of(read_input(path), file))
    rows: list[Row] = []
    for answer in data if isinstance(data, list) else [data]:
        if isinstance(answer, dict) and answer.get("errcode") not in (None, 0, "0"):
            raise bad("api-error", f"the answer reports error {answer['errcode']}", file)
        told = str(answer.get("verify_type", "")) if isinstance(answer, dict) else ""
        nodes = list(_weixin_nodes(answer, ""))
        if not nodes:
            help_ = "an answer of getallcategories holds `categories` with `id`, `name`, `qualify`"
            raise bad("unknown-layout", "no categories are in this answer", file, help_)
        whose = account or VERIFY.get(told, "")
        rows += _weixin_rows(nodes, file, whose, platform, len(rows))
    if not rows:
        raise bad("unknown-layout", "no categories are in this answer", file)
    return rows


_NAMES = {
    "id": ("catid", "categoryid"),
    "name": ("catname", "categoryname"),
    "father": ("fatherid", "parentid", "pid", "parent"),
    "children": ("childids", "sub", "childs"),
    "qualify": ("qualification", "qualifications", "certs", "certificates"),
    "exter_list": ("exterlist", "outerlist", "groups"),
    "inner_list": ("innerlist", "items"),
    "sensitive_type": ("sensitivetype",),
}
"""What those who pass the answer on call its keys, without underscores and in small letters."""
_CALLED = {name: own for own, names in _NAMES.items() for name in names}


def _plain(data: Any) -> Any:
    """An answer with the keys of the documentation."""
    if isinstance(data, list):
        return [_plain(each) for each in data]
    if not isinstance(data, dict):
        return data
    made = {name: _plain(value) for name, value in data.items()}
    for name in data:
        own = _CALLED.get(str(name).replace("_", "").lower())
        if own and own not in made:
            made[own] = made.pop(name)
    return made


def _weixin_nodes(data: Any, father: str) -> Iterator[Json]:
    """All categories of an answer, whatever it calls the lists that hold them."""
    if isinstance(data, list):
        for each in data:
            yield from _weixin_nodes(each, father)
    elif isinstance(data, dict):
        if "id" in data and ("name" in data or "children" in data) and "url" not in data:
            own = str(data["id"])
            yield {**data, "father": str(data.get("father", father)), "id": own}
            for value in data.values():
                if isinstance(value, list) and value and isinstance(value[0], dict):
                    yield from _weixin_nodes(value, own)
        else:
            for name, value in data.items():
                if name not in ("qualify", "exter_list"):
                    yield from _weixin_nodes(value, father)


def _weixin_rows(
    nodes: list[Json], file: str, account: str, platform: str, start: int
) -> list[Row]:
    by_id = {node["id"]: node for node in nodes}
    fathers = {node["father"] for node in nodes}
    rows: list[Row] = []
    for place, node in enumerate(nodes):
        ids = [str(each) for each in node.get("children") or () if not isinstance(each, dict)]
        above = node["id"] in fathers or any(id_ in by_id for id_ in ids)
        if not str(node.get("name") or "").strip() or above or str(node.get("level", 2)) == "1":
            continue
        text, state = _qualify(node, file)
        remark = str((node.get("qualify") or {}).get("remark") or "")
        at = (start + len(rows), file, place)
        more = {"remark": remark, "account": account, "platform": platform}
        rows.append(_row(_path(node, by_id), text, state, at, node["id"], **more))
    return rows


def _path(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names, seen = [str(node["name"])], {node["id"]}
    while (above := by_id.get(str(node["father"]))) and above["id"] not in seen:
        if not above.get("name"):
            break
        names.insert(0, str(above["name"]))
        seen.add(above["id"])
        node = above
    return names


def _qualify(node: Mapping[str, Any], file: str) -> tuple[str, State]:
    """`exter_list` is any of its groups; `inner_list` inside a group is all of its papers."""
    groups: list[Papers] = []
    held = node.get("qualify") or {}
    outers = held.get("exter_list") or () if isinstance(held, dict) else held
    unread = f"the papers of `{node['name']}` are nested in a way that is not known"
    help_ = "each entry of `exter_list` holds an `inner_list` of papers with a `name`"
    if (
        not outers
        and isinstance(held, dict)
        and any(isinstance(v, list) and v for v in held.values())
    ):
        raise bad("unknown-layout", unread, file, help_)
    for outer in outers:
        listed = outer.get("inner_list") if isinstance(outer, dict) else None
        named = tuple(
            str(each["name"])
            for each in listed or ()
            if isinstance(each, dict) and str(each.get("name") or "").strip()
        )
        if not named and outer:
            raise bad("unknown-layout", unread, file, help_)
        groups += [Given("all", named)] if named else []
    if groups:
        return composed(Given("any", tuple(groups))), "text"
    sensitive = node.get("sensitive_type", node.get("sensitiveType"))
    return "", "none_required" if sensitive in (0, "0") else "none_stated"


# -- Douyin


def read_douyin(path: Path, account: str = "", platform: str = "douyin") -> list[Row]:
    """The rows of an answer of Douyin. Raises `Problems` where the file holds no such answer."""
    file = str(path)
    data = json_of(read_input(path), file)
    if isinstance(data, dict) and data.get("errno", data.get("err_no", 0)) not in (0, "0"):
        raise bad("api-error", f"the answer reports error {data.get('errno')}", file)
    nodes = _douyin_nodes(data)
    if not nodes:
        help_ = "an answer holds `data`, a list with `id`, `name` and `certification`"
        raise bad("unknown-layout", "no categories are in this answer", file, help_)
    names = {str(node["id"]): str(node["name"]) for node in nodes}
    fathers = {str(node.get(k)) for node in nodes for k in ("fpid", "spid")}
    rows: list[Row] = []
    for place, node in enumerate(nodes):
        if str(node["id"]) in fathers and not node.get("certification"):
            continue
        above = [str(node.get(k) or "0") for k in ("fpid", "spid")]
        named = [names.get(id_, id_) for id_ in above if id_ != "0"] + [str(node["name"])]
        text, optional, state = _certification(node, file)
        more = {"account": account, "platform": platform, "optional": optional}
        at = (len(rows), file, place)
        rows.append(_row(named, text, state, at, str(node["id"]), **more))
    return rows


def _douyin_nodes(data: Any) -> list[Json]:
    if isinstance(data, list):
        return [node for each in data for node in _douyin_nodes(each)]
    if isinstance(data, dict):
        if "id" in data and "name" in data and ("certification" in data or "level" in data):
            inner = [n for k, v in data.items() if k != "certification" for n in _douyin_nodes(v)]
            return [data, *inner]
        return [node for value in data.values() for node in _douyin_nodes(value)]
    return []


def relation(told: list[str], names: dict[str, str], file: str) -> Papers:
    """What a `relation` asks for: all of its texts; in each `|` is any of, `&` all of, and binds
    more."""
    choices: list[Papers] = []
    for text in told:
        ways: list[Papers] = []
        for way in str(text).split("|"):
            ids = [id_.strip() for id_ in way.split("&")]
            missing = [id_ for id_ in ids if id_ not in names]
            if missing:
                message = f"`{text}` names paper `{missing[0]}`, which the list does not hold"
                raise bad("relation", message, file, "the answer is incomplete: fetch it again")
            ways.append(Given("all", tuple(names[id_] for id_ in ids)))
        choices.append(Given("any", tuple(ways)))
    return Given("all", tuple(choices))


def _certification(node: Json, file: str) -> tuple[str, tuple[str, ...], State]:
    held = node.get("certification") or {}
    listed = [*(held.get("list") or ()), *(held.get("optional_list") or ())]
    names = {str(each["id"]): str(each["name"]) for each in listed}
    optional = tuple(str(each["name"]) for each in held.get("optional_list") or ())
    told = [str(text) for text in held.get("relation") or () if str(text).strip()]
    if not told:
        return "", optional, "none_stated" if held.get("list") else "none_required"
    return composed(relation(told, names, file)), optional, "text"
