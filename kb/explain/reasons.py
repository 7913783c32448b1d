"""Reasons: what `why` and `why-not` found, as sentences in three lengths, as JSON and as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.explain.explanation import Gaps, ends, matching, supplied_by
from kb.lang.syntax import Cite
from kb.provenance.proof import Fact, Proof
from kb.render.html import Shown, html
from kb.render.repairs import supply_sentence
from kb.render.schemas import PROOF_FORMAT, PROOF_VERSION, WHY_NOT_FORMAT, WHY_NOT_VERSION
from kb.render.sentences import DEEPEST, Explainer, Told, merged

if TYPE_CHECKING:
    from kb.engines.protocol import Model
    from kb.explain.repair import Missing, Supply
    from kb.explain.verify import Done, Trial


class Explained(Shown):
    """What reads as text in three lengths; the same text laid out is its HTML."""

    def text(self, length: str = "long") -> str:
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        raise NotImplementedError

    def html(self, length: str = "long") -> str:
        return html(self.text(length))

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Why(Explained):
    """A fact that holds, with its shortest proof; see `to_dict`, `text` and `html`."""

    proof: Proof
    explainer: Explainer
    wrong: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The proof as a JSON document; see `PROOF_SCHEMA`."""
        proof = self.explainer.to_dict(self.proof)
        return {"format": PROOF_FORMAT, "version": PROOF_VERSION, "proof": proof}

    def text(self, length: str = "long") -> str:
        return self.explainer.text(self.proof, length)


@dataclass(frozen=True)
class Reason:
    """What keeps a fact from holding: today, or when what is `given` is supplied. The proof is of
    its absence; see `kb.explain.explanation`."""

    given: tuple[Supply, ...]
    proof: Proof


@dataclass(frozen=True)
class WhyNot(Explained):
    """A fact that does not hold, with the ways in which it would; the easiest first.

    Each way has been tried: with its supplies in the profile the fact holds. `complete` says
    whether the search came to its end, or stopped at a limit.
    """

    fact: Fact
    trial: Trial
    today: Model
    done: tuple[Done, ...]
    explainer: Explainer

    @property
    def ways(self) -> tuple[Missing, ...]:
        return tuple(done.way for done in self.done)

    @property
    def complete(self) -> bool:
        return not self.trial.limit.reached

    @cached_property
    def reasons(self) -> tuple[tuple[Reason, ...], ...]:
        """For each way what keeps the fact from holding, so that every supply has its place."""
        return tuple(tuple(self._reasons(done)) for done in self.done)

    def _reasons(self, done: Done) -> Iterator[Reason]:
        base, trial = self.trial.base, self.trial
        then = base.prover(done.model)
        row = matching(then, trial.relation, trial.pattern)[0]
        first = Gaps(base.prover(self.today), then).lacking(trial.relation, row)
        yield Reason((), first)
        closed = [fact for fact, _ in ends(first)]
        for supply in done.way.supplies:
            # What supplying the rest opens is no gap today.
            if not any(supplied_by(base, fact, supply) for fact in closed):
                given = tuple(other for other in done.way.supplies if other != supply)
                app = trial.with_(given)
                if app is not None and not trial.fits(model := trial.model(app)):
                    gap = Gaps(base.prover(model), then).lacking(trial.relation, row)
                    yield Reason(given, gap)

    def sources(self, at: int, supply: Supply) -> list[dict[str, Any]]:
        """The lines that ask for a supply of a way."""
        found: dict[Cite, None] = {}
        for reason in self.reasons[at]:
            if supply not in reason.given:
                for fact, near in ends(reason.proof):
                    if supplied_by(self.trial.base, fact, supply):
                        found.update(dict.fromkeys(near))
        return merged(found)

    def sentence(self, supply: Supply) -> str:
        """What would have to be supplied, in words."""
        return supply_sentence(self.trial.base, supply, self.explainer.lang)

    def to_dict(self) -> dict[str, Any]:
        """The ways as a JSON document; see `WHY_NOT_SCHEMA`."""
        return {
            "format": WHY_NOT_FORMAT,
            "version": WHY_NOT_VERSION,
            "fact": str(self.fact),
            "sentence": self.explainer.sentence(self.fact),
            "complete": self.complete,
            "limit": {"ways": self.trial.most, "tried": self.trial.most_tried},
            "ways": [
                {
                    "missing": [
                        {
                            "what": supply.what,
                            "subject": supply.subject,
                            "value": list(supply.value),
                            "state": supply.state,
                            "sentence": self.sentence(supply),
                            "sources": self.sources(at, supply),
                        }
                        for supply in way.supplies
                    ],
                    "proofs": [
                        {
                            "given": [way.supplies.index(supply) for supply in reason.given],
                            "proof": self.explainer.to_dict(reason.proof),
                        }
                        for reason in self.reasons[at]
                    ],
                }
                for at, way in enumerate(self.ways)
            ],
        }

    def text(self, length: str = "long") -> str:
        """`short` names the easiest way, `medium` what each way misses and the lines that ask for
        it, `long` also what keeps the fact from holding, down to those lines."""
        return "\n".join(self._short() if length == "short" else self._lines(length == "long"))

    def _short(self) -> Iterator[str]:
        head = self._head()
        if not self.ways:
            yield (
                f"{head}; {self._none()}"
                if self.explainer.lang == "en"
                else f"{head};{self._none()}"
            )
            return
        sentences = [self._supply(0, supply) for supply in self.ways[0].supplies]
        lead = "最容易的办法:" if self.explainer.lang == "zh" else "the easiest way: "
        gap = ";" if self.explainer.lang == "zh" else "; "
        yield head + gap + lead + gap.join(sentences)

    def _lines(self, whole: bool) -> Iterator[str]:
        zh = self.explainer.lang == "zh"
        told = Told()
        yield self._head()
        if not self.ways:
            yield "  " + self._none()
        for at, way in enumerate(self.ways):
            yield f"  {'办法' if zh else 'way'} {at + 1}:"
            for supply in way.supplies:
                yield "    " + self._supply(at, supply)
            for reason in self.reasons[at] if whole else ():
                if not reason.given:
                    yield "    因为" if zh else "    because"
                else:
                    said = ("、" if zh else ", ").join(map(self.sentence, reason.given))
                    yield f"    具备这些之后({said}),因为" if zh else f"    with {said}, because"
                for line in self.explainer.lines(reason.proof, 1, DEEPEST, told):
                    yield "    " + line
        if self.ways and not self.complete:
            yield "  " + self._stopped()

    def _head(self) -> str:
        sentence = self.explainer.sentence(self.fact)
        return f"不成立:{sentence}" if self.explainer.lang == "zh" else f"does not hold: {sentence}"

    def _none(self) -> str:
        zh = self.explainer.lang == "zh"
        if not self.complete:
            return self._stopped()
        if zh:
            return "没有任何材料、条件或服务能使它成立"
        return "no document, condition or service would make it hold"

    def _stopped(self) -> str:
        most, tried = self.trial.most, self.trial.most_tried
        if self.explainer.lang == "zh":
            return f"查找到上限为止(列出 {most} 个办法,试 {tried} 种情形):可能还有别的办法"
        return f"stopped at the limit ({most} ways, {tried} profiles tried): there may be more"

    def _supply(self, at: int, supply: Supply) -> str:
        mark = "?" if supply.state == "unknown" else "✗"
        return f"{mark} {self.sentence(supply)}{self.explainer.sources(self.sources(at, supply))}"
