"""The schemas of receipts (`kb ask --receipt`) and of what `kb replay --format json` writes."""

from __future__ import annotations

from kb.answers.receipt import FORMAT, VERSION
from kb.compare.replay import Part
from kb.model.data import Json
from kb.render.schema_parts import (
    DAY,
    NUMBER,
    STANDING,
    TEXT,
    TEXTS,
    TRUTH,
    closed,
    listed,
    nullable,
    one_of,
    ref,
    schema,
)
from kb.render.schemas_answer import ANSWER

REPLAY_FORMAT, REPLAY_VERSION = "kb-replay", 1
_HASH: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

RECEIPT_SCHEMA = schema(
    "kb receipt",
    "An answer and all that it came from: the version of the package, hashes of facts and rules, "
    "sources with their days, the profile in ids and the day; `hash` is that of the other keys.",
    closed(
        {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "package": TEXT,
            "facts": _HASH,
            "rules": _HASH,
            "sources": listed(
                closed(
                    {
                        "id": TEXT,
                        "standing": STANDING,
                        "date": DAY,
                        "begins": nullable(DAY),
                        "seen": nullable(DAY),
                        "ends": nullable(DAY),
                    }
                )
            ),
            "profile": {"type": "object"},
            "as_of": DAY,
            "include_drafts": TRUTH,
            "lang": one_of(("zh", "en")),
            "answer": ref("answer"),
            "hash": _HASH,
        },
        {"warn_days": NUMBER},
    ),
    ANSWER,
)

REPLAY_SCHEMA = schema(
    "kb replay",
    "A receipt beside the answer that is given now. The first step is what package, facts, rules "
    "and sources have changed, the others another profile and another day that were asked for; "
    "`place` leads to what differs in the answer's JSON, null stands for what is not there.",
    closed(
        {
            "format": {"const": REPLAY_FORMAT},
            "version": {"const": REPLAY_VERSION},
            "same": TRUTH,
            "receipt_whole": TRUTH,
            "steps": listed(
                closed(
                    {
                        "changes": listed(
                            closed({"part": one_of(Part), "before": TEXTS, "now": TEXTS})
                        ),
                        "differences": listed(closed({"place": TEXTS, "before": {}, "now": {}})),
                    }
                )
            ),
            "answer": ref("answer"),
        }
    ),
    ANSWER,
)
