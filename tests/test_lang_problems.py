"""Every problem that a rule file can have, by its whole message."""

from pathlib import Path

from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.problems import Problems
from kb.lang.syntax import Column, Relation

RULES = Path(__file__).parent / "bad" / "rules"


def _relation(role, name, *columns):
    parts = [column.partition(":") for column in columns]
    return Relation(name, tuple(Column(a, b or a) for a, _, b in parts), role)


DECLARED = {
    relation.name: relation
    for relation in (
        _relation("fact", "scope", "service"),
        _relation("fact", "required", "service", "document:document"),
        _relation("fact", "count", "service", "amount:number"),
        _relation("fact", "begins", "service", "from:day"),
        _relation("app", "app_wants", "app", "service"),
    )
}
NAMES = {"document": {"驾照", "学车证"}}


def told(text, name):
    """What is said of a text: its errors, or the warnings of one that may run."""
    try:
        rules = parse(text, name).rules
        goals = ["answer"] if any(rule.head.relation == "answer" for rule in rules) else []
        _, warnings = check(rules, DECLARED, NAMES, goals)
    except Problems as problems:
        return str(problems)
    return str(Problems(warnings))
