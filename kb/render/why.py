"""Why a fact holds, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.explain.shortfall import OF_WHOM
from kb.explain.why import Why
from kb.lang.statements import HOUSE
from kb.model.data import Json
from kb.provenance.proof import Proof, merged_cites
from kb.render.entities import tallies_json, tallies_lines
from kb.render.outline import EMPTY, Lead, Line, line
from kb.render.proofs import DEEPEST, Shown, cited, proof_json, proof_line, proof_lines
from kb.render.schemas import PROOF_FORMAT, PROOF_VERSION
from kb.render.sentences import Sentences

MEDIUM = 3
"""How many steps of a proof a text of medium length shows."""


def why_lines(found: Why, length: str) -> Iterator[Line]:
    """A proof as a tree of sentences: `short` is one sentence with the lines it comes down to,
    `medium` goes three steps deep, `long` all the way. The parties whose papers lack or are open
    are named whatever the length."""
    say = Sentences(found.lexicon, found.lang)
    if length == "short":
        yield proof_line(found.proof, say)
    else:
        most = MEDIUM if length == "medium" else DEEPEST
        yield from proof_lines(found.proof, say, Shown(), most=most)
    if length != "long":
        yield from _parties(found.proof, 1 if length == "short" else MEDIUM, say)
    yield from tallies_lines(found.tallies, say.to)
    rests_on = _decisions(found.proof) if length == "long" else ()
    if rests_on:
        lead = say.to.pick(
            "其中本库的决定(`kb explain ID`): ", "decisions of this base (`kb explain ID`): "
        )
        yield EMPTY
        yield line(0, lead + say.to.listed(rests_on))


def _parties(proof: Proof, shown: int, say: Sentences) -> Iterator[Line]:
    """Whose papers lack or are open, each once, with the lines that ask for them: what a proof says
    of it deeper than the steps that are `shown`."""
    level, seen, told = [proof], {id(proof)}, set()
    depth = 0
    while level:
        for step in level:
            # A row has the app, the alternative, the need and the party.
            of, *_, need, party = (step.fact.relation, "", "", *step.fact.row)
            if of in OF_WHOM.values() and (of, need, party) not in told:
                told.add((of, need, party))
                if depth >= shown:
                    asking = [leaf for leaf in step.leaves() if need in leaf.fact.row]
                    lines = merged_cites(cite for leaf in asking for cite in leaf.sources)
                    yield line(2, Lead("└ "), say.of(step.fact), *cited(lines))
        deeper = []
        for premise in (each for step in level for each in step.because):
            if id(premise) not in seen:  # by the object: a proof may be a premise of many
                seen.add(id(premise))
                deeper.append(premise)
        level, depth = deeper, depth + 1


def _decisions(proof: Proof) -> list[str]:
    """The ids of the decisions that rules of a proof rest on."""
    # By the object: a proof may be a premise of many.
    open_, seen, found = [proof], {id(proof)}, set()
    while open_:
        step = open_.pop()
        found |= {cite.locator for cite in step.sources if cite.source == HOUSE and cite.locator}
        fresh = [each for each in step.because if id(each) not in seen]
        seen |= {id(each) for each in fresh}
        open_ += fresh
    return sorted(found)


def why_json(found: Why) -> Json:
    """The proof as a JSON document; see `PROOF_SCHEMA`."""
    proof = proof_json(found.proof, Sentences(found.lexicon, found.lang))
    whole: Json = {"format": PROOF_FORMAT, "version": PROOF_VERSION, "proof": proof}
    if found.tallies:
        whole["tallies"] = tallies_json(found.tallies, Sentences(found.lexicon, found.lang).to)
    return whole
