"""The tools: what each is for, what it takes and gives as JSON Schemas, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.api import KnowledgeBase
from kb.find.index import ACCOUNTS
from kb.lang.problems import Problem, Problems
from kb.maintain.export import RESULT_SCHEMAS
from kb.maintain.schemas import schema_of
from kb.model.data import Json
from kb.render.schema_parts import DAY, SHARED, TEXT, TRUTH, closed, listed, nullable, one_of
from kb.render.schemas_base import CANDIDATE
from kb.render.schemas_show import CATEGORY_SCHEMA

MOST_CANDIDATES = 50
MOST_PROFILES = 1000
"""Profiles of one call: more of them are a matter for `kb audit`."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool gives: as JSON, and in words."""

    data: Json
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A question that an assistant may put. `takes` and `gives` are JSON Schemas of objects."""

    name: str
    title: str
    description: str
    takes: Json
    gives: Json
    run: Callable[[KnowledgeBase, Mapping[str, Any]], Told]


def find(base: KnowledgeBase, given: Mapping[str, Any]) -> Told:
    """Candidates for a text."""
    found = base.find(given["text"], given.get("account"), given.get("limit", 8))
    data: Json = {"candidates": [candidate.to_dict() for candidate in found]}
    lines = [
        f"{c.category} ({c.id}){' weak' if c.weak else ''}: "
        f"{', '.join(s.id for s in c.services)} [{'; '.join(map(str, c.cites))}]"
        for c in found
    ]
    return Told(data, "\n".join(lines) or "nothing fits")


def ask(base: KnowledgeBase, given: Mapping[str, Any]) -> Told:
    """The answer for a profile."""
    drafts, lang = given.get("include_drafts", False), given["lang"]
    answer = base.ask(given["profile"], given.get("as_of"), drafts, lang)
    return Told(answer.to_dict(), str(answer))


def why_not(base: KnowledgeBase, given: Mapping[str, Any]) -> Told:
    """The repairs of a fact that does not hold."""
    drafts, lang = given.get("include_drafts", False), given["lang"]
    fact = given.get("fact", "verdict")
    found = base.why_not(fact, given["profile"], given.get("as_of"), drafts, lang)
    if found is None:
        return Told({"holds": True, "why_not": None}, f"{fact}: it holds")
    return Told({"holds": False, "why_not": found.to_dict()}, str(found))


def show(base: KnowledgeBase, given: Mapping[str, Any]) -> Told:
    """A category as its sources state it."""
    found = base.show(given["category"], given.get("as_of"), given["lang"])
    return Told(found.to_dict(), str(found))


def changes(base: KnowledgeBase, given: Mapping[str, Any]) -> Told:
    """What changed between two days, and whose verdict flips."""
    found = base.changes(given["from"], given["to"], given.get("profiles"), given["lang"])
    return Told(found.to_dict(), str(found))


def _described(schema: Json, words: str) -> Json:
    return {**schema, "description": words}


_PROFILE = schema_of("profile", "en")
_DEFS: Json = {**_PROFILE.pop("$defs"), "profile": _PROFILE}
_AS_OF = _described(
    DAY, "The day that the question is about. Default: that of `kb mcp --as-of`, else today."
)
_LANG = _described(
    one_of(("zh", "en")), "The language of what is told. Default: that of `kb mcp --lang`."
)
_DRAFTS = _described(TRUTH, "Let drafts count as if they were in force. Default: false.")
_APP = _described(
    {"$ref": "#/$defs/profile"},
    "The app. A key that is left out is unknown, never `no`; ids of services come from `find`.",
)
_CITED = "Everything cites the source and the lines that state it."


def _object(schema: Json) -> Json:
    """A schema with the type at its root, where clients look for it."""
    return {"type": "object", **schema}


def _why_not_schema() -> Json:
    known = {**RESULT_SCHEMAS["why-not-schema"]}
    dialect, definitions = known.pop("$schema"), known.pop("$defs")
    body = closed({"holds": TRUTH, "why_not": nullable({"$ref": "#/$defs/why_not"})})
    return {"$schema": dialect, **body, "$defs": {**definitions, "why_not": known}}


TOOLS = (
    Tool(
        "find",
        "Find categories",
        "Which categories and services fit what an app does, told in its owner's own words, in "
        "Chinese or English. Best first; where nothing fits the list is empty, or all of it weak. "
        f"{_CITED}",
        closed(
            {"text": _described({**TEXT, "minLength": 1}, "What the app does.")},
            {
                "account": _described(one_of(ACCOUNTS), "Only what is open to this account."),
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST_CANDIDATES},
            },
        ),
        {
            **closed({"candidates": listed(CANDIDATE)}),
            "$defs": {"cite": SHARED["cite"]},
        },
        find,
    ),
    Tool(
        "ask",
        "What must this app provide?",
        "The verdict for an app on a day: each category with its alternatives, documents in hand "
        "and missing, prohibitions, duties, what is undetermined and what to ask for it. "
        f"{_CITED} `undetermined` is an answer: it must not be told as a yes or a no.",
        {
            **closed(
                {"profile": _APP}, {"as_of": _AS_OF, "include_drafts": _DRAFTS, "lang": _LANG}
            ),
            "$defs": _DEFS,
        },
        _object(RESULT_SCHEMAS["answer-schema"]),
        ask,
    ),
    Tool(
        "why_not",
        "Why not, and what would mend it",
        "The repairs after which a fact would hold for an app, each tried: documents to provide, "
        f"services to add or drop, what the profile should state. {_CITED}",
        {
            **closed(
                {"profile": _APP},
                {
                    "fact": _described(
                        TEXT,
                        "`verdict` (the default: the whole app satisfied), a category, or an atom "
                        "of the rules such as required(A, 'ID').",
                    ),
                    "as_of": _AS_OF,
                    "include_drafts": _DRAFTS,
                    "lang": _LANG,
                },
            ),
            "$defs": _DEFS,
        },
        _why_not_schema(),
        why_not,
    ),
    Tool(
        "show",
        "Show a category",
        "What the sources say of a category: its versions, the tree of its requirement, every "
        f"minimal alternative, cross references. {_CITED}",
        closed(
            {
                "category": _described(
                    TEXT, "Its id, full name, former name, or a part that no other has."
                )
            },
            {"as_of": _AS_OF, "lang": _LANG},
        ),
        _object(CATEGORY_SCHEMA),
        show,
    ),
    Tool(
        "changes",
        "What changed between two days",
        "Categories that were added, removed, renamed or changed between two days, duties and "
        "prohibitions that begin, end or change, and of the profiles given those whose verdict "
        f"flips, with what would mend it. {_CITED}",
        {
            **closed(
                {
                    "from": _described(DAY, "The first day, YYYY-MM-DD."),
                    "to": _described(DAY, "The last day, YYYY-MM-DD."),
                },
                {
                    "profiles": {
                        "type": "array",
                        "maxItems": MOST_PROFILES,
                        "items": {"$ref": "#/$defs/profile"},
                    },
                    "lang": _LANG,
                },
            ),
            "$defs": _DEFS,
        },
        _object(RESULT_SCHEMAS["changes-schema"]),
        changes,
    ),
)
"""All tools. None of them writes, reads a file that is named to it, or executes what it is told."""


def call(base: KnowledgeBase, name: str, given: Mapping[str, Any], lang: str = "zh") -> Told:
    """Run a tool with arguments that fit its schema; `lang` is the language of what it tells where
    they name none. Raises `Problems` for a name that no tool has, for arguments of another shape,
    and for what the base does not know."""
    from jsonschema import Draft202012Validator

    tool = next((each for each in TOOLS if each.name == name), None)
    if tool is None:
        known = ", ".join(each.name for each in TOOLS)
        raise Problems([Problem("tool", f"no tool is called `{name}`", help=f"known: {known}")])
    wrong = sorted(Draft202012Validator(tool.takes).iter_errors(given), key=lambda e: e.json_path)
    # What is wrong with a profile is told better by its reader, with near names.
    outside = [error for error in wrong if not _in_profile(error.absolute_path)]
    if outside:
        raise Problems([Problem("arguments", f"{e.json_path}: {e.message}") for e in outside])
    for profile in [given.get("profile"), *given.get("profiles", ())]:
        if profile is not None and not isinstance(profile, Mapping):
            raise Problems([Problem("arguments", "a profile is an object, not a text or a path")])
    return tool.run(base, {"lang": lang, **given})


def _in_profile(path: Any) -> bool:
    return bool(path) and path[0] in ("profile", "profiles")
