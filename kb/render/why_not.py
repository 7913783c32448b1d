"""Why a fact does not hold, and its repairs, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.results import Certainty
from kb.explain.explanation import ExplainedRepair
from kb.explain.repair import ProfileChange, ProvideDocument
from kb.explain.why_not import WhyNot
from kb.model.data import Json
from kb.render.bans import ban_text, bans_json, bans_lines, vain_text
from kb.render.entities import tallies_json, tallies_lines
from kb.render.outline import Cited, Line, Mark, Part, line
from kb.render.proofs import Shown, cited, proof_json, proof_lines
from kb.render.repairs import change_text
from kb.render.schemas import WHY_NOT_FORMAT, WHY_NOT_VERSION
from kb.render.sentences import Sentences
from kb.render.shared_json import cites_json


def why_not_lines(found: WhyNot, length: str) -> Iterator[Line]:
    """`short` names the easiest repair, `medium` what each repair changes and the lines that ask
    for it, `long` also what keeps the fact from holding, down to those lines."""
    say = Sentences(found.lexicon, found.lang)
    if length == "short":
        yield line(0, *_short(found, say))
        return
    shown = Shown()
    yield from bans_lines(found.bans, say.to)
    yield line(0, why_not_head(found, say))
    if none := none_text(found, say):
        yield line(2, none)
    for number, each in enumerate(found.explained, 1):
        yield line(2, f"{say.to.pick('办法', 'way')} {number}:")
        for at, change in enumerate(each.repair.changes):
            text = f" {change_words(change, say)}"
            yield line(4, Mark(change_sign(change)), text, *cited(each.cites[at]))
        if length == "long":
            yield from because_lines(each, say, shown)
    if found.explained and not found.complete:
        yield line(2, stopped_text(found, say))
    yield from tallies_lines(found.tallies, say.to)


def _short(found: WhyNot, say: Sentences) -> Iterator[Part]:
    """The fact and its easiest repair in one line. The lines of sources are set apart at its end
    alone, and signs where a space stands before them."""
    to = say.to
    gap = to.pick(";", "; ")
    yield why_not_head(found, say)
    for ban in found.bans:
        yield f"{gap}{ban_text(ban, to)}{Cited.of(ban.cites)}"
        if ban.certainty == Certainty.SURELY:
            yield gap + vain_text(ban.in_vain, ban.certainty, to)
    if none := none_text(found, say):
        yield gap + none
    if not found.explained:
        return
    yield gap
    yield to.pick("最容易的办法:", "the easiest way: ")
    first = found.explained[0]
    last = len(first.repair.changes) - 1
    for at, change in enumerate(first.repair.changes):
        yield change_sign(change) if to.zh else Mark(change_sign(change))
        yield f" {change_words(change, say)}"
        yield from cited(first.cites[at]) if at == last else map(str, cited(first.cites[at]))
        if at != last:
            yield gap


def because_lines(each: ExplainedRepair, say: Sentences, shown: Shown) -> Iterator[Line]:
    """What keeps the fact from holding, today and with a part of the changes."""
    to = say.to
    for explanation in each.explanations:
        if not explanation.given:
            yield line(4, to.pick("因为", "because"))
        else:
            given = to.listed([change_words(change, say) for change in explanation.given])
            yield line(4, to.pick(f"具备这些之后({given}),因为", f"with {given}, because"))
        yield from proof_lines(explanation.proof, say, shown, indent=4, depth=1)


def why_not_head(found: WhyNot, say: Sentences) -> str:
    """What does not hold."""
    return say.to.pick("不成立:", "does not hold: ") + say.of(found.fact)


def none_text(found: WhyNot, say: Sentences) -> str:
    """That nothing would help, or none was found; of what a ban surely keeps out nothing is said,
    for papers might help and are in vain."""
    if found.explained:
        return ""
    if not found.complete:
        return stopped_text(found, say)
    if any(ban.certainty == Certainty.SURELY for ban in found.bans):
        return ""
    return say.to.pick(
        "没有任何材料、条件或服务能使它成立",
        "no document, condition or service would make it hold",
    )


def stopped_text(found: WhyNot, say: Sentences) -> str:
    """That there may be more."""
    most, tried = found.most, found.most_tried
    return say.to.pick(
        f"查找到上限为止(列出 {most} 个办法,试 {tried} 种情形):可能还有别的办法",
        f"stopped at the limit ({most} ways, {tried} profiles tried): there may be more",
    )


def change_words(change: ProfileChange, say: Sentences) -> str:
    """What is to be done."""
    return change_text(change, say.lexicon.vocabulary, say.to.lang)


SIGNS = {"document": "+", "offer": "+", "drop": "−", "state": "→"}
"""What is to be done, by the sort of change. What may hold already has a `?`: a remedy is no fault,
and no sign of one stands before it."""


def change_sign(change: ProfileChange) -> str:
    """The sign before it."""
    if change.unknown:
        return "?"
    fewer = isinstance(change, ProvideDocument) and change.too_many
    return SIGNS["drop" if fewer else change.what]


def why_not_json(found: WhyNot) -> Json:
    """The repairs as a JSON document; see `WHY_NOT_SCHEMA`."""
    say = Sentences(found.lexicon, found.lang)
    return {
        "format": WHY_NOT_FORMAT,
        "version": WHY_NOT_VERSION,
        "fact": str(found.fact),
        "sentence": say.of(found.fact),
        "complete": found.complete,
        "limit": {"ways": found.most, "tried": found.most_tried},
        "ways": [_repair_json(each, say) for each in found.explained],
        **({"bans": bans_json(found.bans, say.to)} if found.bans else {}),
        **({"tallies": tallies_json(found.tallies, say.to)} if found.tallies else {}),
    }


def _repair_json(each: ExplainedRepair, say: Sentences) -> Json:
    changes = each.repair.changes
    return {
        "missing": [
            {
                "what": change.what,
                "subject": change.subject,
                "value": list(change.values),
                "state": "unknown" if change.unknown else "failed",
                "sentence": change_words(change, say),
                "sources": cites_json(cites),
            }
            for change, cites in zip(changes, each.cites, strict=True)
        ],
        "proofs": [
            {
                "given": [changes.index(change) for change in explanation.given],
                "proof": proof_json(explanation.proof, say),
            }
            for explanation in each.explanations
        ],
    }
