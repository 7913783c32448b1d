"""The schema of `kb plan --format json`."""

from __future__ import annotations

from collections.abc import Mapping

from kb.base.exemptions import ExemptionState
from kb.base.papers import PaperState
from kb.filing.duty_days import DayKind
from kb.filing.duty_papers import Demand
from kb.model.data import Json
from kb.render.schema_parts import (
    CERTAINTY,
    CITES,
    DAY,
    LINES,
    NUMBER,
    SHARED,
    STANDING,
    TEXT,
    TEXTS,
    TRUTH,
    VERDICT,
    closed,
    listed,
    nullable,
    one_of,
    ref,
    schema,
)

WORKING_DAYS: Json = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}

DUTY_DAY: Json = closed(
    {
        "what": TEXT,
        "id": TEXT,
        "kind": one_of(DayKind),
        "day": DAY,
        "forbids": TRUTH,
        "perhaps": TRUTH,
        "verdict": VERDICT,
        "standing": STANDING,
        "note": TEXT,
        "sources": CITES,
    }
)
"""A day of a duty or of a prohibition."""

DUTY_PAPERS: Json = closed(
    {
        "duty": TEXT,
        "what": TEXT,
        "demand": one_of(Demand),
        "papers": listed(ref("document")),
        "otherwise": TEXTS,
        "day": nullable(DAY),
        "verdict": VERDICT,
        "standing": STANDING,
        "sources": CITES,
    }
)
"""The papers of a duty, any one of which keeps it."""

EXEMPTION: Json = closed(
    {
        "from": TEXT,
        "id": TEXT,
        "by": TEXT,
        "since": nullable(DAY),
        "until": nullable(DAY),
        "state": one_of(ExemptionState),
        "counts": TRUTH,
        "note": TEXT,
    }
)
"""An exemption of an app."""

PAPER = closed(
    {
        "document": TEXT,
        "id": TEXT,
        "holder": nullable(TEXT),
        "state": one_of(PaperState),
        "day": DAY,
        "note": TEXT,
    },
    {"days_left": NUMBER, "party": TEXT},
)
"""A paper that is told of because of its days."""

BAN: Json = closed(
    {
        "id": TEXT,
        "kind": one_of(["part", "service"]),
        "what": TEXT,
        "certainty": CERTAINTY,
        "standing": STANDING,
        "in_vain": listed(closed({"category": TEXT, "id": TEXT})),
        "sources": CITES,
    }
)
"""What an app is forbidden, or perhaps is, with the categories whose papers it makes vain."""

PLAN: Mapping[str, Json] = {
    "paper": PAPER,
    **SHARED,
    "exemption": EXEMPTION,
    "duty_day": DUTY_DAY,
    "duty_papers": DUTY_PAPERS,
    "ban": BAN,
    "plan": closed(
        {
            "steps": listed(ref("step")),
            "working_days": nullable(WORKING_DAYS),
            "hours": NUMBER,
            "critical_path": TEXTS,
            "files": TEXTS,
            "answers_for": TEXTS,
            "preconditions": listed(ref("precondition")),
            "categories": listed(ref("category_asked")),
            "materials": listed(ref("material")),
            "notes": TEXTS,
            "gaps": listed(closed({"source": TEXT, "what": TEXT, "lines": LINES})),
        },
        {
            "dates": closed({"start": DAY, "earliest": DAY, "latest": DAY}),
            "bans": listed(ref("ban")),
            "deadlines": listed(ref("duty_day")),
            "duty_papers": listed(ref("duty_papers")),
            "outlays": listed(ref("outlay")),
            "exemptions": listed(ref("exemption")),
            "papers": listed(ref("paper")),
        },
    ),
    "step": closed(
        {
            "id": TEXT,
            "label": TEXT,
            "actor": TEXT,
            "working_days": nullable(WORKING_DAYS),
            "hours": nullable(NUMBER),
            "needs": listed(
                closed({"what": TEXT, "need": CERTAINTY, "sources": CITES}, {"document": TEXT})
            ),
            "checks": listed(
                closed(
                    {
                        "what": TEXT,
                        "verdict": VERDICT,
                        "attribute": nullable(TEXT),
                        "sources": CITES,
                    }
                )
            ),
            "after": TEXTS,
            "on_failure": nullable(TEXT),
            "note": nullable(TEXT),
            "returns_to": nullable(TEXT),
            "uncertain": TRUTH,
            "sources": CITES,
        },
        {"ends": {"type": "array", "items": DAY, "minItems": 2, "maxItems": 2}},
    ),
    "precondition": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "bearer": TEXT,
            "before": TEXT,
            "event": TEXT,
            "before_step": nullable(TEXT),
            "verdict": VERDICT,
            "standing": STANDING,
            "sources": CITES,
        }
    ),
    "material": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "need": CERTAINTY,
            "part_of": nullable(TEXT),
            "sources": CITES,
        },
        {"document": TEXT},
    ),
    "category_asked": closed(
        {
            "category": TEXT,
            "id": TEXT,
            "verdict": VERDICT,
            "missing": listed(ref("document")),
            "sources": CITES,
            "one_of_several": TRUTH,
        },
        {"in_vain": TRUTH},
    ),
}

PLAN_SCHEMA = schema(
    "kb plan",
    "The filing plan of an app. `working_days` are the least and the most, null where no time is "
    "known; `ends` of a step and "
    "`dates` stand there when a first day was given.",
    ref("plan"),
    PLAN,
)
