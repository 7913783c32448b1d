"""The schemas of what `kb ask`, `kb interview` and `kb bundles` write with `--format json`."""

from __future__ import annotations

from collections.abc import Mapping

from kb.filing.duty_days import DayKind
from kb.filing.duty_papers import Demand
from kb.model.data import Json
from kb.render.schema_parts import (
    CITES,
    DAY,
    LINES,
    NUMBER,
    STANDING,
    TALLY,
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
from kb.render.schemas_plan import PLAN
from kb.render.schemas_show import SHOW

DOCUMENTS = listed(ref("document"))
_NEEDS = listed(
    closed({"document": TEXT, "id": TEXT, "holder": TEXT, "at_least": NUMBER, "must_state": TEXTS})
)
NOTE = {"note": TEXT}
ANSWER: Mapping[str, Json] = {
    **PLAN,
    "tree": SHOW["tree"],
    "answer": closed(
        {
            "app": TEXT,
            "as_of": DAY,
            "verdict": VERDICT,
            "categories": listed(ref("category")),
            "bundle": closed(
                {
                    "documents": DOCUMENTS,
                    "optimal": TRUTH,
                    "alternatives": TEXTS,
                    "cannot": TEXTS,
                    "unknown": TEXTS,
                    "equals": NUMBER,
                    "doubtful": TEXTS,
                    "others": listed(closed({"takes": _NEEDS, "leaves": _NEEDS})),
                }
            ),
            "prohibited": listed({"anyOf": [ref("service_prohibited"), ref("text_prohibits")]}),
            "obligations": listed(ref("obligation")),
            "texts": listed(ref("text")),
            "conflicts": listed(ref("conflict")),
            "undetermined": listed(ref("open_point")),
            "filing": nullable(ref("plan")),
            "known_until": listed(
                closed({"platform": TEXT, "account": TEXT, "day": DAY, "categories": NUMBER})
            ),
            "remarks": listed(closed({"source": TEXT, "what": TEXT, "lines": LINES})),
        },
        {
            "papers": listed(ref("paper")),
            "deadlines": listed(ref("duty_day")),
            "exemptions": listed(ref("exemption")),
            "tallies": listed(TALLY),
            "outlays": listed(ref("outlay")),
            "assumed": listed(ref("assumption")),
            "drafts": listed(ref("draft_category")),
            "later": listed(
                closed(
                    {
                        "day": nullable(DAY),
                        "documents": DOCUMENTS,
                        "any_of": TRUTH,
                        "category": nullable(TEXT),
                        "duty": nullable(TEXT),
                        "name": TEXT,
                        "sources": CITES,
                    }
                )
            ),
            "duty_papers": listed(ref("duty_papers")),
        },
    ),
    "assumption": closed(
        {
            "condition": TEXT,
            "because": TEXT,
            "ask": nullable(ref("question")),
            "categories": TEXTS,
        }
    ),
    "draft_category": closed(
        {
            "category": TEXT,
            "id": TEXT,
            "standing": STANDING,
            "what": TEXT,
            "services": TEXTS,
            "not_carried": TEXTS,
            "sends": listed(
                closed(
                    {
                        "role": one_of(["also", "instead"]),
                        "categories": TEXTS,
                        "services": TEXTS,
                        "applicants": TEXTS,
                        "lines": LINES,
                    }
                )
            ),
            "requirement": nullable(ref("tree")),
            "sources": CITES,
        }
    ),
    "category": closed(
        {
            "category": TEXT,
            "id": TEXT,
            "verdict": VERDICT,
            "why": listed(ref("proof")),
            "sources": CITES,
            "alternatives": listed(ref("alternative")),
            "missing": DOCUMENTS,
            "how": nullable(one_of(["online", "by_email"])),
            "notes": TEXTS,
            "equals": NUMBER,
            "requirements": listed(
                closed({"sources": CITES, "requirement": ref("tree"), "alternatives": NUMBER})
            ),
        },
        {
            "en": TEXT,
            "how_to": closed({"address": TEXT, "title": TEXT, "lines": LINES}, {"remark": TEXT}),
        },
    ),
    "proof": closed(
        {
            "fact": TEXT,
            "rule": nullable(TEXT),
            "sources": CITES,
            "because": listed(ref("proof")),
        }
    ),
    "alternative": closed(
        {"id": TEXT, "usable": nullable(TRUTH), "documents": DOCUMENTS},
        {
            "branches": TEXTS,
            "conditions": listed(
                closed(
                    {
                        "condition": TEXT,
                        "state": one_of(["unknown", "failed"]),
                        "label": TEXT,
                        "met": TRUTH,
                    }
                )
            ),
        },
    ),
    "service_prohibited": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "standing": STANDING,
            "advice": one_of(["remove", "adjust", "none"]),
            "sources": CITES,
        }
    ),
    "text_prohibits": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "standing": STANDING,
            "bearer": TEXT,
            "breach": listed(ref("breach")),
            "sources": CITES,
        },
        NOTE,
    ),
    "breach": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "kind": TEXT,
            "by": TEXTS,
            "after": nullable(TEXT),
            "deadline": nullable(TEXT),
            "sources": CITES,
        }
    ),
    "obligation": closed(
        {
            "what": TEXT,
            "id": TEXT,
            "verdict": VERDICT,
            "standing": STANDING,
            "bearer": TEXT,
            "met_by": listed(
                {
                    "anyOf": [
                        closed({"document": TEXT, "id": TEXT, "holder": TEXT}),
                        closed({"declared": TEXT, "id": TEXT}),
                    ]
                }
            ),
            "breach": listed(ref("breach")),
            "sources": CITES,
        },
        {**NOTE, "not_yet_due": TRUTH, "days": closed({}, {str(kind): DAY for kind in DayKind})},
    ),
    "text": closed(
        {
            "source": TEXT,
            "label": TEXT,
            "standing": STANDING,
            "excerpt": TRUTH,
            "gaps": listed(closed({"what": TEXT, "lines": LINES})),
            "applies": nullable(TRUTH),
            "ask": listed(ref("question")),
            "perhaps_forbids": listed(ref("text_prohibits")),
        }
    ),
    "conflict": closed(
        {
            "category": TEXT,
            "id": TEXT,
            "readings": listed(
                closed({"sources": CITES, "verdict": VERDICT, "missing": DOCUMENTS})
            ),
        }
    ),
    "open_point": closed(
        {
            "because": TEXT,
            "ask": nullable(ref("question")),
            "sources": CITES,
            "categories": TEXTS,
        },
        {"other_days": listed(ref("other_day"))},
    ),
    "other_day": closed(
        {
            "category": TEXT,
            "counts": {"enum": ["from", "through"]},
            "earliest": DAY,
            "latest": DAY,
            "perhaps": TRUTH,
            "sources": CITES,
        }
    ),
    "question": closed({"attribute": TEXT, "question": TEXT, "type": TEXT, "values": TEXTS}),
}

ANSWER_SCHEMA = schema(
    "kb ask",
    "What an app must provide. A category that is undetermined has an entry in `undetermined` that "
    "says what to find out.",
    ref("answer"),
    ANSWER,
)

INTERVIEW_SCHEMA = schema(
    "kb interview",
    "The profile that the answers make, as `kb export profile-schema` says, and its answer.",
    closed(
        {"profile": {"type": "object", "required": ["name"]}, "answer": ref("answer")},
    ),
    ANSWER,
)

_BUNDLE = {
    "documents": DOCUMENTS,
    "optimal": TRUTH,
    "bound": nullable(NUMBER),
    "alternatives": TEXTS,
    "cost": nullable(NUMBER),
    "days": nullable(NUMBER),
}

_END = closed({"least": nullable(NUMBER), "most": nullable(NUMBER)})
_ENDS = {"cost_ends": _END, "days_ends": _END}
"""Where it is not known exactly: the least and the most."""

BUNDLES_SCHEMA = schema(
    "kb bundles",
    "The best documents over all categories: costs in cents, times in working days, null where one "
    "is not known exactly; `outlays` are what texts state of them. `bound`, where the best is not "
    "proven, is what no bundle can go below; `duties` are those that a practice keeps.",
    closed(
        {
            "by": one_of(["fewest", "cheapest", "fastest"]),
            "bundle": closed(_BUNDLE, _ENDS),
            "cannot": TEXTS,
            "unknown": TEXTS,
            "not_counted": listed(
                closed(
                    {
                        "category": TEXT,
                        "id": TEXT,
                        "because": one_of(["perhaps", "choice"]),
                        "remark": TEXT,
                    }
                )
            ),
            "readings": listed(closed({"reading": TEXTS, **_BUNDLE}, _ENDS)),
            "all": nullable(listed(closed(_BUNDLE, _ENDS))),
            "outlays": listed(ref("outlay")),
        },
        {
            "exemptions": listed(ref("exemption")),
            "papers": listed(ref("paper")),
            "tallies": listed(TALLY),
            "bans": listed(ref("ban")),
            "duties": listed(closed({"demand": one_of(Demand), "duty": ref("obligation")})),
        },
    ),
    ANSWER,
)
