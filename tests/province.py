"""A small province of its own, whose text forbids individuals to keep pets for others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PROVINCE = Path(__file__).parent / "paws"
DAY = "2026-06-30"
INDIVIDUAL: dict[str, Any] = {
    "name": "子",
    "applicant": "individual",
    "regions": ["CN-XQ"],
    "services": ["xq-boarding-service"],
    "facts": {"xq-pets": 8, "xq-launched": "2026-06-10", "xq-reported": "yes"},
    "holds": [],
}
UNSAID = {key: value for key, value in INDIVIDUAL.items() if key != "applicant"}
BAN = {
    "id": "paws-2026:no-individuals",
    "kind": "part",
    "what": "个人不得提供宠物寄养",
    "standing": "in_force",
    "in_vain": [{"category": "溪桥服务-宠物寄养", "id": "xq-boarding"}],
    "sources": [{"source": "paws-2026", "lines": [1], "locator": ""}],
}
