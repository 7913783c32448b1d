"""A few apps of every verdict, audited twice, for tests of reports."""

import json

APPS = [
    {"id": "a", "applicant": "enterprise", "services": ["驾校平台"]},
    {"id": "b", "applicant": "enterprise", "services": ["驾校平台"],
     "holds": [{"document": "合作协议", "count": 2}, "小程序开发者承诺函",
               {"document": "机动车驾驶员培训备案", "holder": "partner"}]},
    {"id": "<c>", "applicant": "individual", "services": ["驾校平台"]},
    {"id": "d", "applicant": "enterprise", "services": ["AI问答"]},
    {"id": "e", "services": []},
]  # fmt: skip
DAYS = ("2025-06-30", "2026-11-28")


def audits(base, folder):
    """The outputs of both days, and the summary of the second one since the first."""
    path = folder / "apps.jsonl"
    path.write_text("".join(json.dumps(app) + "\n" for app in APPS), encoding="utf-8")
    old, new = folder / "old.parquet", folder / "new.parquet"
    base.audit(path, old, as_of=DAYS[0])
    return old, new, base.audit(path, new, as_of=DAYS[1], since=old)
