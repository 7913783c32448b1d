"""What a text says of attributes by their labels: numbers, days, places beside them, flags."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.find.places import pieces_of
from kb.model.names import Names, folded
from kb.model.numbers import measured, plain
from kb.model.terms import Attribute
from kb.model.vocabulary import Vocabulary

NUMBER = r"(?<![\d.,+\-–~～到至])\d+(?:,\d{3})*(?!\d)(?:\.\d+)?\s*[万亿]?"
DAY = r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
SAYS = r"\s*(?:[:：=]|为|是|有|共|is\b|was\b|are\b)?\s*"
"""What may stand between a label and what it is said to be."""
AT = r"\s*(?:[:：=]|是|为|在|is\b)?\s*(?:in\b)?\s*"
"""What may stand between a label and a place."""
ABOUT = re.compile(
    r"(?:超过?|超出|多于|少于|大于|小于|高于|低于|不足|不到|不满|至少|至多|最多|最少|大?约|近|将近|大概|以?上|"
    r"\b(?:over|under|above|below|than|least|most|to|about|around|nearly))\s*$",
    re.IGNORECASE,
)
OR_SO = re.compile(r"\s*(?:\d|以[上下内]|左右|上下|多|余|起|或|还是|[-–~～到至]|or\b|and more\b)")
"""Beside a number that is a bound, a guess or an end of a stretch, and no number of the app."""
YEAR = re.compile(r"(?:19|20)\d\d\s*年")
ASKS = re.compile("多少|哪[一个些]?|是否|什么|数量|数目|小程序|[几吗？]")
"""What labels and questions say beside what they are about."""
DIGITS = r"\d[\d,.]*\s*[万亿]?"
SPELLED = r"[一二两三四五六七八九十百千万几]+"
OWN = re.compile(r"^(?:我们?|我司|本店|由|都|均|是|会|且|并且?|we\s+)+")
HAVE = re.compile(
    r"^(?:我们?|我司|本店|本公司|we\s+)?(?:已经?|also\s+|already\s+)?"
    r"(?:持有|具有|具备|取得了?|办理了?|办好了?|拿到了?|有了?|办了|have|has|hold|with)\s*(?:an?\s+|the\s+)?",
    re.IGNORECASE,
)
"""Before a paper that somebody says to have."""
DENIED = re.compile(r"^(?:并不|并非|不是|没有|不|未|没|非)")
OPPOSITE = {"yes": "no", "no": "yes"}


@dataclass(frozen=True, slots=True)
class Stated:
    """What some words say of an attribute, as a profile takes it."""

    attribute: str
    value: int | str
    words: str


@dataclass(frozen=True, slots=True)
class Sayings:
    """What a text says of attributes, the text without the words that say nothing else, and the
    words on attributes that were not understood."""

    stated: tuple[Stated, ...] = ()
    rest: str = ""
    unread: tuple[str, ...] = ()


def sayings(text: str, vocabulary: Vocabulary) -> Sayings:
    """What a text says of the attributes of a vocabulary.

    A number counts beside its label (`寄养宠物数量 12`), or with its unit in a piece that shares
    words with the label or question of one attribute of that unit; a flag is a piece that is its
    label, or that of a condition that tests it alone. Of an attribute of which two things are said
    nothing is taken.
    """
    known = [each for each in vocabulary.attributes.values() if not (each.over or each.of)]
    found, rest = _labelled(text, known, vocabulary.names)
    counted = [each for each in known if each.type == "number"]
    for attribute in counted:  # a space is no end of a piece between a number and its unit
        rest = re.sub(rf"({NUMBER})\s+(?={_unit(attribute)})", r"\1", rest, flags=re.IGNORECASE)
    pieces = pieces_of(rest)
    flags = _flags(vocabulary)
    for piece in pieces:
        if (flag := _flag(piece, flags)) is not None:
            found.append(flag)
            rest = _without(rest, piece)
    for piece in pieces:
        for each in _with_units(piece, rest, counted):
            found.append(each)
            if folded(each.words) == folded(piece):
                rest = _without(rest, piece)
    values: dict[str, set[int | str]] = {}
    for each in found:
        values.setdefault(each.attribute, set()).add(each.value)
    stated = tuple(each for each in dict.fromkeys(found) if len(values[each.attribute]) == 1)
    twice = [each.words for each in found if len(values[each.attribute]) > 1]
    untold = _untold(rest, vocabulary, known)
    left = [words for words in untold if not any(each.words in words for each in stated)]
    papers = [piece for piece in pieces if _has_paper(piece, vocabulary)]
    return Sayings(stated, rest, tuple(dict.fromkeys((*twice, *left, *papers))))


def _labelled(text: str, known: Iterable[Attribute], names: Names) -> tuple[list[Stated], str]:
    """Numbers, days and places (`注册地在广东`) beside the labels of their attributes, and the text
    without them."""
    found: list[Stated] = []
    labels = [(name, each) for each in known for name in (each.zh, each.en, *each.aliases)]
    for name, each in sorted(labels, key=lambda label: -len(label[0])):
        value = _values(each, names)
        if value is None:
            continue
        between = SAYS if each.type != "choice" else AT
        for match in re.finditer(rf"{re.escape(name)}{between}(?P<value>{value})", text, re.I):
            place = names.find("region", match["value"]) if each.type == "choice" else None
            said = place.id if place is not None else _value(each, match)
            if said is not None and not OR_SO.match(text[match.end() :]):
                found.append(Stated(each.id, said, match[0].strip()))
                text = _without(text, match[0])
    return found, text


def _values(attribute: Attribute, names: Names) -> str | None:
    """What an attribute may be said to be, as a pattern; None: it is not read beside a label."""
    if attribute.type == "number":
        return rf"{NUMBER}(?:\s*(?:{_unit(attribute)}))?"
    if attribute.type == "choice" and attribute.vocabulary == "region":
        places = {name for term in names.of("region") for name in term.names}
        longest = sorted(places, key=lambda name: (-len(name), name))
        return "|".join(rf"{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in longest)
    return DAY if attribute.type == "day" else None


def _has_paper(piece: str, vocabulary: Vocabulary) -> bool:
    """Whether a piece says that a document is in hand: a profile takes it with its holder, days and
    words, so nothing is made of it here."""
    have = HAVE.match(piece)
    return have is not None and vocabulary.names.find("document", piece[have.end() :]) is not None


def _value(attribute: Attribute, match: re.Match[str]) -> int | str | None:
    if attribute.type == "day":
        try:
            return datetime.date(*(int(match[part]) for part in "ymd")).isoformat()
        except ValueError:
            return None
    said = measured(attribute, match["value"])
    return plain(said) if said is not None else None


def _with_units(piece: str, text: str, known: Iterable[Attribute]) -> Iterator[Stated]:
    """Numbers with a unit, in a piece on what one attribute of that unit is about; a piece that is
    but a number belongs to the whole text."""
    units: dict[str, list[Attribute]] = {}
    for each in known:
        if each.type == "number" and each.unit is not None:
            units.setdefault(_unit(each), []).append(each)
    for unit, attributes in units.items():
        for match in re.finditer(rf"(?P<value>{NUMBER}\s*(?:{unit}))", piece, re.I):
            if ABOUT.search(piece[: match.start()]) or OR_SO.match(piece[match.end() :]):
                continue
            if YEAR.fullmatch(match[0].strip()):
                continue
            beside = piece.replace(match[0], "|") if match[0] != piece else text
            meant = [each for each in attributes if _shares(beside, each)]
            said = _value(meant[0], match) if len(meant) == 1 else None
            if said is not None and not DENIED.match(piece):
                yield Stated(meant[0].id, said, match[0].strip())


def _unit(attribute: Attribute) -> str:
    unit = attribute.unit
    if unit is None:
        return "(?!)"
    return "|".join(
        rf"{re.escape(u)}\b" if u.isascii() else re.escape(u) for u in (unit.zh, unit.en)
    )


def _shares(text: str, attribute: Attribute) -> bool:
    """Whether a text has two Chinese characters in a row, or a longer Latin word, of the label or
    question of an attribute."""
    about = ASKS.sub("|", f"{attribute.zh}|{attribute.question.zh}")
    pairs = {about[at : at + 2] for at in range(len(about) - 1)}
    latin = re.findall("[a-z]{4,}", f"{attribute.en} {attribute.question.en}".casefold())
    words = set(re.findall("[a-z]{4,}", text.casefold())) & set(latin)
    return any(re.fullmatch("[一-鿿]{2}", pair) and pair in text for pair in pairs) or bool(words)


def _flags(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """The attribute and the value that a label stands for: those of flags, and of conditions that
    test one flag alone."""
    flags = {each.id for each in vocabulary.attributes.values() if each.type == "flag"}
    found: dict[str, tuple[str, str]] = {}
    for condition in vocabulary.conditions.values():
        if len(condition.tests) != 1 or condition.when or condition.any_of or condition.unless:
            continue
        [test] = condition.tests
        if test.attribute in flags and len(test.any_of) == 1 and test.any_of[0] in OPPOSITE:
            for name in (condition.zh, condition.en, *condition.aliases):
                found[folded(name)] = test.attribute, test.any_of[0]
    for each in vocabulary.attributes.values():
        if each.id in flags:
            found.update({folded(n): (each.id, "yes") for n in (each.zh, each.en, *each.aliases)})
    return found


def _flag(piece: str, flags: dict[str, tuple[str, str]]) -> Stated | None:
    for words in dict.fromkeys((piece, OWN.sub("", piece))):
        if (said := flags.get(folded(words))) is not None:
            return Stated(said[0], said[1], piece)
        denied = DENIED.sub("", words)
        if denied != words and (said := flags.get(folded(denied))) is not None:
            return Stated(said[0], OPPOSITE[said[1]], piece)
    return None


def _untold(text: str, vocabulary: Vocabulary, known: Iterable[Attribute]) -> Iterator[str]:
    """The words of a text on attributes of which nothing was understood: pieces that hold the
    label of a number, a day or a flag, or of a condition on such, and numbers with their units."""
    typed = {each.id for each in known if each.type in ("number", "day", "flag")}
    conditions = vocabulary.conditions.values()
    labels = [each.zh for each in known if each.id in typed]
    labels += [c.zh for c in conditions if c.tests and all(t.attribute in typed for t in c.tests)]
    for piece in pieces_of(text):
        if any(label in piece for label in labels):
            yield piece
            continue
        for each in known:
            if each.type == "number":
                number = rf"(?:{DIGITS}|{SPELLED})\s*(?:{_unit(each)})"
                yield from (match[0] for match in re.finditer(number, piece, re.I))


def _without(text: str, words: str) -> str:
    return text.replace(words, ",", 1)
