"""The base as tools for assistants: asked by the client of the protocol's own SDK, over standard
input and output of a process, and held against the answers of the base."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from needed import needs

import kb
from kb.lang.problems import Problems
from kb.tools import tools

INSTALL = "pip install 'policy-kb[mcp]'"
needs("mcp", "anyio", reason=INSTALL)

ROOT = Path(kb.__file__).parent.parent
DAY = "2025-06-30"
APP = {
    "name": "学车通",
    "applicant": "enterprise",
    "services": ["driving_school_platform"],
    "holds": ["小程序开发者承诺函"],
}
CALLS: dict[str, dict[str, Any]] = {
    "find": {"text": "学车小程序", "limit": 2},
    "ask": {"profile": APP, "as_of": DAY, "lang": "en"},
    "why_not": {"profile": APP, "as_of": DAY},
    "show": {"category": "教育-驾校平台", "as_of": DAY},
    "changes": {"from": "2024-12-01", "to": DAY, "profiles": [APP]},
}
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown service": (
        "ask",
        {"profile": {"name": "a", "services": ["driving_school_platfrom"]}},
        "no service is called `driving_school_platfrom`",
    ),
    "a path": ("ask", {"profile": "/etc/passwd"}, "a profile is an object, not a text or a path"),
    "unknown argument": (
        "find",
        {"text": "a", "file": "x"},
        "Additional properties are not allowed",
    ),
    "no tool": ("delete", {}, "no tool is called `delete`"),
    "no day": ("ask", {"profile": APP, "as_of": "2025-02-30"}, "`2025-02-30` is not a date"),
    "code": ("why_not", {"profile": APP, "fact": "__import__('os')"}, "error"),
}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What a server in a process of its own says of itself and answers to every call."""
    import anyio

    return anyio.run(_asked)  # type: ignore[no-any-return]


async def _asked() -> dict[str, Any]:
    import mcp

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "kb", "mcp"], env=environment
    )
    found: dict[str, Any] = {}
    async with (
        mcp.stdio_client(command) as (replies, requests),
        mcp.ClientSession(replies, requests) as session,
    ):
        await session.initialize()
        found["tools"] = (await session.list_tools()).tools
        for name, given in CALLS.items():
            found[name] = await session.call_tool(name, given)
        for title, (name, given, _) in REFUSED.items():
            found[title] = await session.call_tool(name, given)
    return found


def test_tools_say_what_they_take_and_give(told: dict[str, Any]) -> None:
    """Each tool has schemas of objects for both, says that it only reads, and what it cites."""
    assert [tool.name for tool in told["tools"]] == list(CALLS)
    for tool in told["tools"]:
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert "cites the source and the lines" in tool.description


@pytest.mark.parametrize("name", CALLS)
def test_answers_are_those_of_the_base(
    base: kb.KnowledgeBase, told: dict[str, Any], name: str
) -> None:
    """What a tool gives over the protocol is what Python gives, has the shape of its schema, and
    names lines of sources."""
    result = told[name]
    assert not result.is_error
    want: Any = {
        "find": lambda: {"candidates": [c.to_dict() for c in base.find("学车小程序", limit=2)]},
        "ask": lambda: base.ask(APP, DAY, lang="en").to_dict(),
        "why_not": lambda: {"holds": False, "why_not": base.why_not("verdict", APP, DAY).to_dict()},
        "show": lambda: base.show("教育-驾校平台", DAY).to_dict(),
        "changes": lambda: base.changes("2024-12-01", DAY, [APP]).to_dict(),
    }[name]()
    assert result.structured_content == json.loads(json.dumps(want))
    [tool] = [tool for tool in told["tools"] if tool.name == name]
    validator = jsonschema.Draft202012Validator(tool.output_schema)
    assert list(validator.iter_errors(result.structured_content)) == []
    assert "wechat-" in json.dumps(result.structured_content)
    assert result.content[0].text


@pytest.mark.parametrize("title", REFUSED)
def test_what_can_not_be_answered_is_told(told: dict[str, Any], title: str) -> None:
    """Bad arguments, names and texts give an error that says what is wrong, and the server goes
    on."""
    result = told[title]
    assert result.is_error
    assert REFUSED[title][2] in result.content[0].text


def test_what_holds_needs_no_repair(base: kb.KnowledgeBase) -> None:
    """Of a fact that holds the tool says so, in the shape of its schema."""
    asked = {"profile": APP, "fact": "required(A, '教育-驾校平台')", "as_of": DAY}
    assert tools.call(base, "why_not", asked).data == {"holds": True, "why_not": None}


def test_schemas_refuse_what_tools_do_not_take(base: kb.KnowledgeBase) -> None:
    """Every call above fits the schema of what its tool takes; one key more does not."""
    for tool in tools.TOOLS:
        validator = jsonschema.Draft202012Validator(tool.takes)
        assert list(validator.iter_errors(CALLS[tool.name])) == []
        with pytest.raises(Problems):
            tools.call(base, tool.name, {**CALLS[tool.name], "more": 1})


def test_tools_do_not_write() -> None:
    """Nothing in the package of tools opens, writes or runs anything."""
    for path in (ROOT / "kb" / "tools").glob("*.py"):
        named = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        assert not named & {"open", "Path", "write", "write_whole", "eval", "exec", "subprocess"}


@pytest.mark.parametrize(
    ("given", "told"),
    [({}, "still to provide"), ({"lang": "zh"}, "还需提供")],
)
def test_the_language_of_the_server_is_that_of_its_tools(
    base: kb.KnowledgeBase, given: dict[str, str], told: str
) -> None:
    """What a tool tells is in the language that the server was started with, unless the call names
    another."""
    profile = {"applicant": "enterprise", "services": ["education_live_stream"]}
    arguments = {"profile": profile, "as_of": "2025-06-30", **given}
    assert told in tools.call(base, "ask", arguments, "en").text
