"""The language that a result is shown in, and what ids are called in it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.names import Names
from kb.model.schema import Label


@dataclass(frozen=True, slots=True)
class Language:
    """Chinese (`zh`) or English (`en`), with the names of a base."""

    lang: str
    names: Names

    @property
    def zh(self) -> bool:
        """Whether it is Chinese."""
        return self.lang == "zh"

    def pick(self, zh: str, en: str) -> str:
        """The words of this language."""
        return zh if self.lang == "zh" else en

    def say(self, label: Label) -> str:
        """What facts state in both languages."""
        return label.zh if self.lang == "zh" else label.en

    def label(self, kind: str, id: str) -> str:
        """What an id is called."""
        return self.names.label(kind, id, self.lang)

    def official(self, kind: str, id: str) -> str:
        """What an id is called in Chinese, as sources and authorities have it."""
        return self.names.label(kind, id, "zh")

    def both(self, kind: str, id: str) -> str:
        """What an id is called in Chinese, and what that means where the language is another."""
        named = self.official(kind, id)
        return named if self.zh else f"{named} ({self.label(kind, id)})"

    def listed(self, items: list[str] | tuple[str, ...]) -> str:
        """Items after one another."""
        return ("、" if self.zh else ", ").join(items)


def titled(name: str, told: str, to: Language) -> str:
    """A text by its name, with what is told beside it in brackets, where there is something."""
    return (
        to.pick(f"《{name}》({told})", f"{name} ({told})") if told else to.pick(f"《{name}》", name)
    )
