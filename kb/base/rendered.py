"""Results that can be shown: what they are is data, how they read is made by a renderer.

A result knows its language and the names of its base, and no words. Its texts, HTML, Markdown and
JSON come from the renderer that `kb.api` installs.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from kb.model.data import Json

LENGTHS = ("short", "medium", "long")
"""How far down the text of an explanation goes."""


class Renderer(Protocol):
    """Makes words of results; `length` is one of `LENGTHS`, for results that have several."""

    def text(self, result: Any, length: str = "long") -> str: ...

    def terminal(self, result: Any, width: int, colour: bool, length: str = "long") -> str: ...

    def html(self, result: Any, length: str = "long") -> str: ...

    def markdown(self, result: Any) -> str: ...

    def json(self, result: Any) -> Any: ...

    def short(self, result: Any) -> str: ...


class Shown:
    """What its `str()` says, shown by a notebook as HTML, Markdown or plain text."""

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def _repr_markdown_(self) -> str:
        raise NotImplementedError

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # Above all for the plain text: a notebook would show a dataclass by its fields.
        return {
            "text/plain": str(self),
            "text/html": self._repr_html_(),
            "text/markdown": self._repr_markdown_(),
        }


class Rendered(Shown):
    """A result with its texts.

    `str()` is its text, a notebook shows it as HTML; `to_dict` gives it as JSON has it, and what
    stands under a key of that JSON can be had by `result[key]`. `repr()` is one short line.
    """

    renderer: ClassVar[Renderer | None] = None

    @classmethod
    def install(cls, renderer: Renderer) -> None:
        """Use a renderer for all results of this process."""
        Rendered.renderer = renderer

    @classmethod
    def _renderer(cls) -> Renderer:
        if Rendered.renderer is None:
            raise RuntimeError("no renderer is installed: import kb.api")
        return Rendered.renderer

    def to_dict(self) -> Json:
        """The result as JSON has it."""
        found: Json = self._renderer().json(self)
        return found

    def __getitem__(self, key: str) -> Any:
        return self.to_dict()[key]

    def __str__(self) -> str:
        return self._renderer().text(self)

    def text(self, length: str = "long") -> str:
        """The result in words, as much as `length` says (one of `LENGTHS`), where it has several:
        of an explanation `short` is one line, `medium` says what it rests on, `long` goes down to
        the lines of the sources; of an answer `short` fits on a screen."""
        return self._renderer().text(self, length)

    def html(self, length: str = "long") -> str:
        """The same as HTML, with parts that fold."""
        return self._renderer().html(self, length)

    def terminal(self, width: int, colour: bool, length: str = "long") -> str:
        """The result as a tree for a terminal of so many columns; `length` is one of `LENGTHS` and
        matters where a result has several."""
        return self._renderer().terminal(self, width, colour, length)

    def __repr__(self) -> str:
        return self._renderer().short(self)

    def _repr_html_(self) -> str:
        return self._renderer().html(self)

    def _repr_markdown_(self) -> str:
        return self._renderer().markdown(self)
