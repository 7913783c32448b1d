"""What the app is forbidden, for results that ask for papers: a ban is told before them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.base.results import Certainty, Standing
from kb.lang.syntax import Cite


@dataclass(frozen=True, slots=True)
class Ban:
    """A text forbids the app something (`part`), or perhaps does; or the platform does not carry a
    `service` of it. `in_vain` are the categories that the app needs for nothing else: what they
    ask for is not worth providing, or perhaps not."""

    certainty: Certainty
    standing: Standing
    cites: tuple[Cite, ...]
    part: str = ""
    service: str = ""
    in_vain: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, str]:
        """What is forbidden: the kind of name, `part` or `service`, and its id."""
        return ("part", self.part) if self.part else ("service", self.service)


@dataclass(frozen=True, slots=True)
class InVain:
    """A category is needed only for services that the text forbids the app in a `part`, or perhaps
    does: its papers are then not worth providing."""

    part: str
    certainty: Certainty
    cites: tuple[Cite, ...]
