"""Why a fact holds, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.explain.why import Why
from kb.model.data import Json
from kb.render.outline import Line
from kb.render.proofs import DEEPEST, Shown, proof_json, proof_line, proof_lines
from kb.render.schemas import PROOF_FORMAT, PROOF_VERSION
from kb.render.sentences import Sentences

MEDIUM = 3
"""How many steps of a proof a text of medium length shows."""


def why_lines(found: Why, length: str) -> Iterator[Line]:
    """A proof as a tree of sentences: `short` is one sentence with the lines it comes down to,
    `medium` goes three steps deep, `long` all the way."""
    say = Sentences(found.lexicon, found.lang)
    if length == "short":
        yield proof_line(found.proof, say)
    else:
        most = MEDIUM if length == "medium" else DEEPEST
        yield from proof_lines(found.proof, say, Shown(), most=most)


def why_json(found: Why) -> Json:
    """The proof as a JSON document; see `PROOF_SCHEMA`."""
    proof = proof_json(found.proof, Sentences(found.lexicon, found.lang))
    return {"format": PROOF_FORMAT, "version": PROOF_VERSION, "proof": proof}
