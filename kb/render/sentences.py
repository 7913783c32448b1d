"""Sentences: what a fact says in Chinese and English, from one template a relation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kb.base.lexicon import Lexicon
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Value
from kb.model.days import FIRST, LAST, date
from kb.model.places import RULES
from kb.model.yamlread import read_file
from kb.provenance.proof import Fact
from kb.render.language import Language
from kb.render.words import label

BOUNDS = ("<", "<=")
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

    def of(self, fact: Fact) -> str:
        """What a fact says. A relation without a template (a rule of the user's own) is shown as
        it is written, with labels for ids."""
        if fact.relation in BOUNDS and not fact.absent and not {FIRST, LAST}.isdisjoint(fact.row):
            return self._unbounded(fact)
        shown = [self._value(fact.relation, at, value) for at, value in enumerate(fact.row)]
        own = templates().get(fact.relation, {})
        template = own.get(self.to.lang + "_not" * fact.absent)
        if not fact.absent and shown[-1:] == shown[-2:-1]:
            template = own.get(f"{self.to.lang}_same", template)
        if template is None:
            lead = self.to.pick("并非 ", "not ") * fact.absent
            return f"{lead}{fact.relation}({', '.join(shown)})"
        # An open place is no name, and must not be quoted as one.
        return _OPEN.sub(r"\1", template.format(*shown))

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

    def _value(self, relation: str, at: int, value: Value) -> str:
        if value == "_":
            return self.to.pick("任何一项", "any")
        declared = self.lexicon.relations.get(relation)
        kind = declared.columns[at].kind if declared else ""
        # The sides of a comparison have no column of their own; of all numbers only days have
        # eight digits.
        if isinstance(value, int) and (kind == "day" or value > 9_999_999 or value == FIRST):
            return self._day(value)
        if kind == "alternative":
            number = str(value).rpartition("#")[2]
            return self.to.pick(f"方案 {number}", f"alternative {number}")
        if kind == "version":
            return str(self.lexicon.versions.get(str(value), value))
        return str(label(self.lexicon, kind, value, self.to.lang))

    def _day(self, value: int) -> str:
        if value in (FIRST, LAST):
            return self.to.pick("没有限定", "not set")
        try:
            return date(value).isoformat()
        except ValueError:
            return str(value)
