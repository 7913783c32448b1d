"""A drawing that no sheet has room for, as a PDF of several: trees beside one another on sheets of
A4 that lie, in their order, with letters of one size. What is larger than such a sheet has one of
its own, as large as it needs."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable
from typing import Protocol, TypeVar

WIDE, HIGH, EDGE = 841.9, 595.3, 36.0
"""A lying sheet of A4 and its margin, in points."""
SCALE = 0.62
"""Of the drawing, so that its letters of 12 points are 7.4 points high."""
LEAST = 0.8
"""Of that again, for what is a little larger than its sheet."""
HEAD = 60.0
"""Room for the title above a drawing, in its own points."""


class Part(Protocol):
    """What is placed: its size, and where it stands from the upper left."""

    width: float
    height: float
    at: tuple[float, float]


P = TypeVar("P", bound=Part)


def dealt(parts: Iterable[P], gap: float) -> list[list[P]]:
    """Parts by sheets, each with its place: in rows, in the order given."""
    wide, high = (WIDE - 2 * EDGE) / SCALE, (HIGH - 2 * EDGE) / SCALE - HEAD
    sheets: list[list[P]] = []
    x = y = row = 0.0
    full = True
    for part in parts:
        if not full and x + part.width > wide:
            x, y, row = 0.0, y + row + gap, 0.0
        if full or y + part.height > high:
            sheets.append([])
            x = y = row = 0.0
        part.at = (x, y)
        sheets[-1].append(part)
        x, row = x + part.width + gap, max(row, part.height)
        full = part.width > wide or part.height > high
    return sheets


def sized(wide: float, high: float) -> tuple[float, float, float]:
    """The smallest sheet of A4 to A0 for a picture, lying or upright, and how much smaller the
    picture gets on it: so that its letters are 6 points high at least, but on A0.

    >>> sized(800.0, 400.0)
    (841.9, 595.3, 1.0)
    """
    long, short = WIDE, HIGH
    for number in range(5):
        for broad, tall in ((long, short), (short, long)):
            scale = min(1.0, (broad - EDGE) / wide, (tall - EDGE) / high)
            if scale >= LEAST:
                return broad, tall, scale
        if number < 4:
            long, short = 2 * short, long
    return long, short, min(1.0, (long - EDGE) / wide, (short - EDGE) / high)


def bound(pictures: list[bytes]) -> bytes:
    """Pictures, each a PDF of one page, from the upper left of sheets of A4, or of larger ones."""
    pypdf = importlib.import_module("pypdf")
    out = pypdf.PdfWriter()
    for picture in pictures:
        [drawn] = pypdf.PdfReader(io.BytesIO(picture)).pages
        wide, high = float(drawn.mediabox.width), float(drawn.mediabox.height)
        broad, tall, scale = sized(wide, high)
        sheet = out.add_blank_page(broad, tall)
        up = tall - EDGE / 2 - high * scale
        place = pypdf.Transformation().scale(scale).translate(EDGE / 2, up)
        sheet.merge_transformed_page(drawn, place)
    out.compress_identical_objects()
    made = io.BytesIO()
    out.write(made)
    return made.getvalue()
