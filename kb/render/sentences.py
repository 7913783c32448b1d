"""Sentences: what a fact says in Chinese and English, from one template a relation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Cite, Program, Value
from kb.model.days import FIRST, LAST, LEAST, MOST, date
from kb.model.facts import FactBase
from kb.model.places import RULES
from kb.model.yamlread import read_file
from kb.provenance.proof import Fact, Proof
from kb.render.untyped import cites
from kb.render.words import cite_dict, label

SENTENCES = RULES / "sentences.yaml"
LENGTHS = ("short", "medium", "long")
DEEPEST = 10_000
_ANY = {"zh": "任何", "en": "any"}


@cache
def templates(path: Path = SENTENCES) -> Mapping[str, Mapping[str, str]]:
    """The templates by relation: `zh`, `en`, `zh_not`, `en_not` for what does not hold, and for
    some `zh_same`, `en_same` for what holds when the last two columns are the same."""
    data = read_file(path, f"kb/rules/{path.name}").data
    found = data.get("sentences") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise Problems([Problem("sentences", f"`{path.name}` holds no sentences")])
    return found


class Told:
    """What a text has told: a fact with all that it rests on."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Fact, tuple[int, ...]], int] = {}
        self._known: dict[int, tuple[Proof, int]] = {}
        self._told: set[int] = set()

    def first(self, proof: Proof) -> bool:
        """Whether this is the first time that it is told."""
        kind = self._kind(proof)
        fresh = kind not in self._told
        self._told.add(kind)
        return fresh

    def _kind(self, proof: Proof) -> int:
        # By the object, or what many premises share would be gone through once for each of them.
        if id(proof) not in self._known:
            key = proof.fact, tuple(self._kind(premise) for premise in proof.because)
            self._known[id(proof)] = proof, self._kinds.setdefault(key, len(self._kinds))
        return self._known[id(proof)][1]


class Explainer:
    """Words facts and proofs in one language."""

    def __init__(self, facts: FactBase, program: Program, lang: str) -> None:
        self.facts = facts
        self.program = program
        self.lang = lang

    def sentence(self, fact: Fact) -> str:
        """What a fact says. A relation without a template (a rule of the user's own) is shown as
        it is written, with labels for ids."""
        shown = [self.value(fact.relation, at, value) for at, value in enumerate(fact.row)]
        own = templates().get(fact.relation, {})
        template = own.get(self.lang + "_not" * fact.absent)
        if not fact.absent and shown[-1:] == shown[-2:-1]:
            template = own.get(f"{self.lang}_same", template)
        if template is None:
            lead = ("并非 " if self.lang == "zh" else "not ") * fact.absent
            return f"{lead}{fact.relation}({', '.join(shown)})"
        return template.format(*shown)

    def value(self, relation: str, at: int, value: Value) -> str:
        if value == "_":
            return _ANY[self.lang]
        declared = self.program.relations.get(relation)
        kind = declared.columns[at].kind if declared else ""
        # The sides of a comparison have no column of their own; of all numbers only days have
        # eight digits.
        if isinstance(value, int) and (
            kind == "day" or value > 9_999_999 or value in (FIRST, LEAST)
        ):
            return _day(value, self.lang)
        if kind == "alternative":
            number = str(value).rpartition("#")[2]
            return f"方案 {number}" if self.lang == "zh" else f"alternative {number}"
        if kind == "version":
            reading = self.facts.readings.get(str(value))
            return cites([cite_dict(reading.cite)]) if reading else str(value)
        return str(label(self.facts, kind, value, self.lang))

    def text(self, proof: Proof, length: str = "long") -> str:
        """A proof as a tree of sentences: `short` is one sentence with the lines it comes down to,
        `medium` goes three levels deep, `long` all the way; what was told is not told again."""
        if length == "short":
            return f"{self.sentence(proof.fact)}{self.sources(_all_cites(proof))}"
        return "\n".join(self.lines(proof, 0, 3 if length == "medium" else DEEPEST, Told()))

    def lines(self, proof: Proof, depth: int, most: int, told: Told) -> Iterator[str]:
        """The lines of a proof, indented; what was told is not told again."""
        again = bool(proof.because) and not told.first(proof)
        deeper = again or (bool(proof.because) and depth + 1 >= most)
        as_above = " (见上)" if self.lang == "zh" else " (as above)"
        mark = as_above if again else " …" if deeper else ""
        mark += self.sources([cite_dict(c) for c in proof.sources if c.source != "kb"])
        yield "  " * depth + ("└ " if depth else "") + self.sentence(proof.fact) + mark
        if not deeper:
            for premise in proof.because:
                yield from self.lines(premise, depth + 1, most, told)

    def sources(self, sources: list[dict[str, Any]]) -> str:
        """The lines that stand behind a sentence, as they are written after it."""
        return f"  [{cites(sources)}]" if sources else ""

    def to_dict(self, proof: Proof) -> dict[str, Any]:
        """A PROOF of the contract with its sentence."""
        return {
            "fact": str(proof.fact),
            "sentence": self.sentence(proof.fact),
            "rule": str(proof.rule) if proof.rule else None,
            "sources": [cite_dict(cite) for cite in proof.sources],
            "because": [self.to_dict(premise) for premise in proof.because],
        }


def _all_cites(proof: Proof) -> list[dict[str, Any]]:
    return merged(cite for leaf in proof.leaves() for cite in leaf.sources)


def merged(found: Iterable[Cite]) -> list[dict[str, Any]]:
    """All lines of each source that are cited, once; what the rules say of themselves is none."""
    lines: dict[str, set[int]] = {}
    for cite in found:
        if cite.source != "kb":
            lines.setdefault(cite.source, set()).update(cite.lines)
    return [{"source": s, "lines": sorted(n), "locator": ""} for s, n in sorted(lines.items())]


def _day(value: int, lang: str) -> str:
    if value in (FIRST, LAST, LEAST, MOST):
        return "不限" if lang == "zh" else "open"
    try:
        return date(value).isoformat()
    except ValueError:
        return str(value)
