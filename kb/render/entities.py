"""Numbers that are reckoned over the apps of one entity, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.model.data import Json
from kb.model.days import LEAST, MOST
from kb.model.entities import Tally
from kb.model.numbers import plain
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, line

MOST_NAMED = 10
"""Apps that are named; of more the number is told."""


def tally_text(tally: Tally, to: Language) -> str:
    """What a number comes to, and by which apps."""
    named = to.label("attribute", tally.attribute)
    return to.pick(f"{named}:{number_text(tally, to)}", f"{named}: {number_text(tally, to)}")


def number_text(tally: Tally, to: Language) -> str:
    """The number with its unit, or its bounds, and the apps that it comes from."""
    least, most, unit = tally.least, tally.most, to.say(tally.unit) if tally.unit else ""
    unit = unit and to.pick(unit, f" {unit}")
    if least == most:
        number = f"{least}{unit}"
    elif most == MOST:
        number = to.pick(f"至少 {least}{unit}", f"at least {least}{unit}")
    elif least == LEAST:
        number = to.pick(f"至多 {most}{unit}", f"at most {most}{unit}")
    else:
        number = to.pick(f"{least} 至 {most}{unit}", f"{least} to {most}{unit}")
    from_ = [f"{name} {added}" if tally.sums else name for name, added in tally.counted]
    said = [_names(from_, to)] if from_ else []
    if tally.perhaps:
        perhaps = _names(tally.perhaps, to)
        said.append(to.pick(f"{perhaps}未知", f"not known of {perhaps}"))
    if not tally.complete:
        said.append(to.pick("有没有别的应用未知", "whether there are others is not known"))
    if not said:
        return number
    return to.pick(f"{number}({'；'.join(said)})", f"{number} ({'; '.join(said)})")


def _names(names: Iterable[str], to: Language) -> str:
    every = list(names)
    shown = to.listed(every[:MOST_NAMED])
    if len(every) > MOST_NAMED:
        rest = len(every) - MOST_NAMED
        return to.pick(f"{shown}等 {len(every)} 个", f"{shown} and {rest} more")
    return shown


def tallies_lines(found: Iterable[Tally], to: Language) -> Iterator[Line]:
    """The numbers that an answer looks at, if there are any."""
    for at, each in enumerate(found):
        if not at:
            yield EMPTY
            whose = each.entity or to.pick("同一单位", "one entity")
            yield line(0, to.pick(f"按{whose}的应用计:", f"over the apps of {whose}:"))
        yield line(2, Lead("· "), tally_text(each, to))


def tallies_json(found: Iterable[Tally], to: Language) -> list[Json]:
    """The same as JSON: numbers, apps with what each adds, and the words."""
    return [
        {
            "attribute": each.attribute,
            "entity": each.entity,
            "complete": each.complete,
            "least": plain(each.least) if each.least != LEAST else None,
            "most": plain(each.most) if each.most != MOST else None,
            "apps": [{"app": name, "adds": plain(added)} for name, added in each.counted],
            "perhaps": list(each.perhaps),
            "what": tally_text(each, to),
        }
        for each in found
    ]
