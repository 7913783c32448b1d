"""Reads answers of WeChat's interfaces for categories, and what others pass on of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.importers.compose import Given, Papers, composed
from kb.importers.errors import bad, json_of, read_input
from kb.importers.row import Address, Cell, Row

VERIFY = {
    "0": "individual",
    "1": "enterprise",
    "2": "government",
    "3": "media",
    "4": "other_organisation",
}
"""`verify_type` of getcategoriesbytype."""


def read_weixin(path: Path, account: str = "", platform: str = "wechat") -> list[Row]:
    """The rows of an answer: one for each category that has no others under it."""
    file = str(path)
    data = json_of(read_input(path), file)
    rows: list[Row] = []
    for answer in data if isinstance(data, list) else [data]:
        if isinstance(answer, dict) and answer.get("errcode") not in (None, 0, "0"):
            raise bad("api-error", f"the answer reports error {answer['errcode']}", file)
        told = str(answer.get("verify_type", "")) if isinstance(answer, dict) else ""
        whose = account or VERIFY.get(told, "")
        nodes = list(_nodes(answer, ""))
        if not nodes:
            raise bad(
                "unknown-layout",
                "no categories are in this answer",
                file,
                "an answer of getallcategories holds `categories` with `id`, `name` and `qualify`",
            )
        rows += _rows(nodes, file, whose, platform, len(rows))
    return rows


def _nodes(data: Any, father: str) -> Iterator[dict[str, Any]]:
    """All categories of an answer, whatever it calls the lists that hold them."""
    if isinstance(data, list):
        for each in data:
            yield from _nodes(each, father)
    elif isinstance(data, dict):
        if "id" in data and ("name" in data or "children" in data) and "url" not in data:
            own = str(data["id"])
            inner = [
                v for v in data.values() if isinstance(v, list) and v and isinstance(v[0], dict)
            ]
            node = {**data, "father": str(data.get("father", father)), "id": own}
            yield node
            for each in inner:
                yield from _nodes(each, own)
        else:
            for key, value in data.items():
                if key not in ("qualify", "exter_list"):
                    yield from _nodes(value, father)


def _rows(
    nodes: list[dict[str, Any]], file: str, account: str, platform: str, start: int
) -> list[Row]:
    by_id = {node["id"]: node for node in nodes}
    fathers = {node["father"] for node in nodes}
    rows: list[Row] = []
    for place, node in enumerate(nodes):
        name = str(node.get("name") or "").strip()
        listed = any(
            str(child) in by_id
            for child in node.get("children") or ()
            if not isinstance(child, dict)
        )
        if not name or node["id"] in fathers or listed or str(node.get("level", 2)) == "1":
            continue
        path = _path(node, by_id)
        text, state = _papers(node)
        remark = str((node.get("qualify") or {}).get("remark") or "")
        first, second, thirds = path[0], path[1] if len(path) > 1 else "", path[2:]
        rows.append(
            Row(
                number=start + len(rows),
                first=first,
                second="-".join([second, *thirds]) if thirds else second,
                account=account,
                papers=Cell(text, Address(file, place, "papers")),
                scope=Cell("", Address(file, place, "scope")),
                remark=Cell(remark, Address(file, place, "remark")),
                platform=platform,
                state=state,
                keys={"id": node["id"]},
            )
        )
    return rows


def _path(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names = [str(node["name"])]
    seen = {node["id"]}
    while (
        (above := by_id.get(str(node["father"]))) and above["id"] not in seen and above.get("name")
    ):
        names.insert(0, str(above["name"]))
        seen.add(above["id"])
        node = above
    return names


def _papers(node: Mapping[str, Any]) -> tuple[str, Any]:
    qualify = node.get("qualify")
    groups: list[Papers] = []
    for outer in (qualify or {}).get("exter_list") or ():
        inner = [str(each.get("name") or "") for each in outer.get("inner_list") or ()]
        named = tuple(name for name in inner if name.strip())
        if named:
            groups.append(Given("all", named))
    if groups:
        return composed(Given("any", tuple(groups))), "text"
    sensitive = node.get("sensitive_type", node.get("sensitiveType"))
    return "", "none_required" if sensitive in (0, "0") else "none_stated"
