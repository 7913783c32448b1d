"""Sentences: what a fact says in Chinese and English, from one template a relation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

from kb.base.lexicon import Lexicon
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Value
from kb.model.conditions import own_tests
from kb.model.days import FIRST, LAST, LEAST, MOST, date
from kb.model.entities import Tally
from kb.model.numbers import decimal_text
from kb.model.places import RULES
from kb.model.yamlread import read_file
from kb.provenance.proof import Fact
from kb.render.entities import tally_text
from kb.render.language import Language
from kb.render.words import label

BOUNDS = ("<", "<=")
ENDLESS = (FIRST, LAST, LEAST, MOST)
"""What stands where a stretch of days or numbers has no end."""
_OPEN = re.compile('[「"](任何一项|any)[」"]')
SENTENCES = RULES / "sentences.yaml"


@cache
def templates(path: Path = SENTENCES) -> Mapping[str, Mapping[str, str]]:
    """The templates by relation: `zh`, `en`, `zh_not`, `en_not` for what does not hold, and for
    some `zh_same`, `en_same` for what holds when the last two columns are the same."""
    data = read_file(path, f"kb/rules/{path.name}").data
    found = data.get("sentences") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise Problems([Problem("sentences", f"`{path.name}` holds no sentences")])
    return found


class Sentences:
    """Words facts in one language, with the names of a lexicon."""

    def __init__(self, lexicon: Lexicon, lang: str) -> None:
        self.lexicon = lexicon
        self.to = Language(lang, lexicon.names)

    def of(self, fact: Fact, decimals: int = 0) -> str:
        """What a fact says. A relation without a template (a rule of the user's own) is shown as
        it is written, with labels for ids. `decimals` are those of the numbers in a comparison."""
        if fact.relation in BOUNDS and not fact.absent and not {LEAST, MOST}.isdisjoint(fact.row):
            return self._endless(fact, decimals)
        if fact.relation in BOUNDS and not fact.absent and not {FIRST, LAST}.isdisjoint(fact.row):
            return self._unbounded(fact)
        if tally := self._tally(fact):
            return tally_text(tally, self.to)
        decimals = decimals if fact.relation in BOUNDS else self._decimals(fact)
        shown = [
            decimal_text(value, decimals)
            if decimals and isinstance(value, int) and value not in ENDLESS
            else self._value(fact, at, value)
            for at, value in enumerate(fact.row)
        ]
        own = templates().get(fact.relation, {})
        template = own.get(self.to.lang + "_not" * fact.absent)
        if not fact.absent and shown[-1:] == shown[-2:-1]:
            template = own.get(f"{self.to.lang}_same", template)
        if template is None:
            lead = self.to.pick("并非 ", "not ") * fact.absent
            return f"{lead}{fact.relation}({', '.join(shown)})"
        # An open place is no name, and must not be quoted as one.
        return _OPEN.sub(r"\1", template.format(*shown))

    def _tally(self, fact: Fact) -> Tally | None:
        """How a number was reckoned that a fact gives."""
        if fact.relation not in ("app_day", "app_between") or fact.absent:
            return None
        tally = self.lexicon.tallies.get(str(fact.row[1]))
        given = fact.row[2], fact.row[-1]
        return tally if tally is not None and (tally.least, tally.most) == given else None

    def decimals_of(self, facts: Iterable[Fact]) -> int:
        """The decimals of the numbers that some facts, which stand side by side, speak of."""
        return next(filter(None, map(self._decimals, facts)), 0)

    def _decimals(self, fact: Fact) -> int:
        """The decimals of the attribute that a fact states a number of, or that a test reads."""
        if fact.relation in ("app_day", "app_between"):
            attribute = str(fact.row[1])
        elif fact.relation in ("test_range", "test_unsure"):
            attribute = self._read.get(str(fact.row[0]), "")
        else:
            return 0
        declared = self.lexicon.vocabulary.attributes.get(attribute)
        return declared.decimals if declared else 0

    @cached_property
    def _read(self) -> Mapping[str, str]:
        """The attribute that each test reads, by the test's name."""
        conditions = self.lexicon.vocabulary.conditions.values()
        return {name: test.attribute for each in conditions for name, test in own_tests(each)}

    def _endless(self, fact: Fact, decimals: int) -> str:
        """A comparison with a bound of numbers that is not set."""
        found = [v for v in fact.row if isinstance(v, int) and v not in (LEAST, MOST)]
        shown = "".join(decimal_text(value, decimals) for value in found[:1])
        if MOST in fact.row:
            return self.to.pick(f"{shown} 没有上限", f"no most is set for {shown}")
        return self.to.pick(f"{shown} 没有下限", f"no least is set for {shown}")

    def _unbounded(self, fact: Fact) -> str:
        """A comparison with a bound that is not set, so that it holds of every day."""
        days = [
            self._day(value)
            for value in fact.row
            if isinstance(value, int) and value not in (FIRST, LAST)
        ]
        if not days:
            return self.to.pick("起止日都没有限定", "neither a first nor a last day is set")
        if LAST in fact.row:
            return self.to.pick(
                f"没有限定最后一日,{days[0]} 在期限之内",
                f"no last day is set, so that {days[0]} is within the term",
            )
        return self.to.pick(
            f"没有限定起始日,{days[0]} 在期限之内",
            f"no first day is set, so that {days[0]} is within the term",
        )

    def _value(self, fact: Fact, at: int, value: Value) -> str:
        if value == "_":
            return self.to.pick("任何一项", "any")
        declared = self.lexicon.relations.get(fact.relation)
        kind = declared.columns[at].kind if declared else ""
        if fact.relation == "app_value" and at == len(fact.row) - 1:
            # A service and a category may share an id: what is stated says which of them it is.
            attribute = self.lexicon.vocabulary.attributes.get(str(fact.row[1]))
            kind = (attribute and attribute.vocabulary) or kind
        # The sides of a comparison have no column of their own; of all numbers only days have
        # eight digits.
        if isinstance(value, int) and (kind == "day" or value > 9_999_999 or value in ENDLESS):
            return self._day(value)
        if kind == "alternative":
            number = str(value).rpartition("#")[2]
            return self.to.pick(f"方案 {number}", f"alternative {number}")
        if kind == "version":
            return str(self.lexicon.versions.get(str(value), value))
        return str(label(self.lexicon, kind, value, self.to.lang))

    def _day(self, value: int) -> str:
        if value in ENDLESS:
            return self.to.pick("没有限定", "not set")
        try:
            return date(value).isoformat()
        except ValueError:
            return str(value)
