"""Reads answers of Douyin's interface for categories: `|` is any of, `&` all of, and binds more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.importers.compose import Given, Papers, composed
from kb.importers.errors import bad, json_of, read_input
from kb.importers.row import Address, Cell, Row


def read_douyin(path: Path, account: str = "", platform: str = "douyin") -> list[Row]:
    """The rows of an answer."""
    file = str(path)
    data = json_of(read_input(path), file)
    if isinstance(data, dict) and data.get("errno", data.get("err_no", 0)) not in (0, "0"):
        raise bad("api-error", f"the answer reports error {data.get('errno')}", file)
    nodes = _nodes(data)
    if not nodes:
        raise bad(
            "unknown-layout",
            "no categories are in this answer",
            file,
            "an answer holds `data`, a list with `id`, `name` and `certification`",
        )
    names = {str(node["id"]): str(node["name"]) for node in nodes}
    fathers = {str(node.get(k)) for node in nodes for k in ("fpid", "spid")}
    rows: list[Row] = []
    for place, node in enumerate(nodes):
        if str(node["id"]) in fathers and not node.get("certification"):
            continue
        above = [str(node.get(k) or "0") for k in ("fpid", "spid")]
        path_ = [names.get(id_, id_) for id_ in above if id_ != "0"] + [str(node["name"])]
        text, optional, state = _papers(node, file)
        rows.append(
            Row(
                number=len(rows),
                first=path_[0],
                second="-".join(path_[1:]),
                account=account,
                papers=Cell(text, Address(file, place, "papers")),
                scope=Cell("", Address(file, place, "scope")),
                remark=Cell("", Address(file, place, "remark")),
                platform=platform,
                state=state,
                optional=optional,
                keys={"id": str(node["id"])},
            )
        )
    return rows


def _nodes(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, list):
        return [node for each in data for node in _nodes(each)]
    if isinstance(data, dict):
        if "id" in data and "name" in data and ("certification" in data or "level" in data):
            inner = [n for k, v in data.items() if k != "certification" for n in _nodes(v)]
            return [data, *inner]
        return [node for value in data.values() for node in _nodes(value)]
    return []


def relation(told: list[str], names: dict[str, str], file: str) -> Papers:
    """What a `relation` asks for: all of its texts, each a choice of groups."""
    choices: list[Papers] = []
    for text in told:
        ways: list[Papers] = []
        for way in str(text).split("|"):
            ids = [id_.strip() for id_ in way.split("&")]
            missing = [id_ for id_ in ids if id_ not in names]
            if missing:
                raise bad(
                    "relation",
                    f"`{text}` names paper `{missing[0]}`, which the list does not hold",
                    file,
                    "the answer is incomplete: fetch it again",
                )
            ways.append(Given("all", tuple(names[id_] for id_ in ids)))
        choices.append(Given("any", tuple(ways)))
    return Given("all", tuple(choices))


def _papers(node: dict[str, Any], file: str) -> tuple[str, tuple[str, ...], Any]:
    held = node.get("certification") or {}
    listed = [*(held.get("list") or ()), *(held.get("optional_list") or ())]
    names = {str(each["id"]): str(each["name"]) for each in listed}
    optional = tuple(str(each["name"]) for each in held.get("optional_list") or ())
    told = [str(text) for text in held.get("relation") or () if str(text).strip()]
    if not told:
        state = "none_stated" if held.get("list") else "none_required"
        return "", optional, state
    return composed(relation(told, names, file)), optional, "text"
