"""Proofs as data for JSON."""

from __future__ import annotations

from typing import Any

from kb.provenance.proof import Proof
from kb.render.words import cite_dict


def proof_dict(proof: Proof) -> dict[str, Any]:
    """A PROOF of the contract: fact, rule, sources, because."""
    return {
        "fact": str(proof.fact),
        "rule": str(proof.rule) if proof.rule else None,
        "sources": [cite_dict(cite) for cite in proof.sources],
        "because": [proof_dict(premise) for premise in proof.because],
    }
