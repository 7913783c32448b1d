"""The JSON documents of `why` and `why-not`: their formats, versions and schemas, of one shape."""

from __future__ import annotations

from typing import Any

from kb.model.data import Json
from kb.render.schema_parts import DIALECT, TALLY
from kb.render.schemas_plan import BAN

PROOF_FORMAT, PROOF_VERSION = "kb-proof", 1
WHY_NOT_FORMAT, WHY_NOT_VERSION = "kb-why-not", 1


OPTIONAL = ("bans", "tallies")
"""Keys that stand only where there is something to tell."""


def _object(**properties: Any) -> Json:
    return {
        "type": "object",
        "required": [key for key in properties if key not in OPTIONAL],
        "additionalProperties": False,
        "properties": properties,
    }


def _list(items: Any) -> Json:
    return {"type": "array", "items": items}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 1}
_CITES = _list({"$ref": "#/$defs/cite"})
_DEFS = {
    "cite": _object(source=_TEXT, lines=_list(_COUNT), locator=_TEXT),
    "proof": _object(
        fact=_TEXT,
        sentence=_TEXT,
        rule={"type": ["string", "null"]},
        sources=_CITES,
        because=_list({"$ref": "#/$defs/proof"}),
    ),
}

PROOF_SCHEMA: Json = {
    "$schema": DIALECT,
    "title": "kb proof",
    **_object(
        format={"const": PROOF_FORMAT},
        version={"const": PROOF_VERSION},
        proof={"$ref": "#/$defs/proof"},
        tallies=_list(TALLY),
    ),
    "$defs": _DEFS,
}

WHY_NOT_SCHEMA: Json = {
    "$schema": DIALECT,
    "title": "kb why-not",
    "description": "The ways in which a fact would hold, those with the least missing first. "
    "`complete` is false when the search stopped at its limit. Each thing missing has the lines "
    "that ask for it; the proofs of a way say what keeps the fact from holding: today, or when "
    "all that is `given` (places in `missing`) is supplied. `bans` forbid, or perhaps do, what the "
    "category asked about is for: ways to hand in papers that are in vain are left out.",
    **_object(
        format={"const": WHY_NOT_FORMAT},
        version={"const": WHY_NOT_VERSION},
        fact=_TEXT,
        sentence=_TEXT,
        complete={"type": "boolean"},
        limit=_object(ways=_COUNT, tried=_COUNT),
        ways=_list({"$ref": "#/$defs/way"}),
        bans=_list(BAN),
        tallies=_list(TALLY),
    ),
    "$defs": {
        **_DEFS,
        "way": _object(
            missing={"minItems": 1, **_list({"$ref": "#/$defs/supply"})},
            proofs={
                "minItems": 1,
                **_list(
                    _object(
                        given=_list({"type": "integer", "minimum": 0}),
                        proof={"$ref": "#/$defs/proof"},
                    )
                ),
            },
        ),
        "supply": _object(
            what={"enum": ["document", "offer", "drop", "state"]},
            subject=_TEXT,
            value=_list({"type": ["string", "integer"]}),
            state={"enum": ["failed", "unknown"]},
            sentence=_TEXT,
            sources=_CITES,
        ),
    },
}
