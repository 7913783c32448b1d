"""The tools over the Model Context Protocol, on standard input and output."""

from __future__ import annotations

from typing import Any

import anyio
import mcp_types as types
from mcp.server import Server
from mcp.server.stdio import stdio_server

from kb.api import KnowledgeBase
from kb.lang.problems import LimitError, Problems
from kb.tools.tools import TOOLS, call
from kb.version import __version__

INSTRUCTIONS = (
    "Regulations as facts and rules: what must an app provide, by which text, at which line? Use "
    "`find` to get ids of services from words, then `ask` with a profile. Leave out of a profile "
    "what you do not know. Tell the sources and lines that an answer cites."
)


def server(base: KnowledgeBase, lang: str = "zh") -> Server[Any]:
    """A server whose tools ask a base; it reads and never writes. `lang` is the language of what
    they tell where a call names none."""

    async def listed(context: Any, asked: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.takes,
                    output_schema=tool.gives,
                    annotations=types.ToolAnnotations(
                        read_only_hint=True,
                        destructive_hint=False,
                        idempotent_hint=True,
                        open_world_hint=False,
                    ),
                )
                for tool in TOOLS
            ]
        )

    async def called(context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            told = call(base, asked.name, asked.arguments or {}, lang)
        except (Problems, LimitError) as refused:
            said = types.TextContent(type="text", text=str(refused))
            return types.CallToolResult(content=[said], is_error=True)
        said = types.TextContent(type="text", text=told.text)
        return types.CallToolResult(content=[said], structured_content=told.data)

    return Server(
        "policy-kb",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def serve(base: KnowledgeBase, lang: str = "zh") -> None:
    """Answer on standard input and output until the input ends; `lang` as of `server`."""

    async def run() -> None:
        made = server(base, lang)
        async with stdio_server() as (requests, replies):
            await made.run(requests, replies, made.create_initialization_options())

    anyio.run(run)
