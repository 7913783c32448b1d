"""Receipts: all that an answer came from, so that it can be asked again years later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.lang.problems import Problem, Problems
from kb.model.content import text_hash
from kb.model.data import Json
from kb.model.schema import Source
from kb.model.writing import write_whole
from kb.model.yamlread import check_regular
from kb.version import __version__

if TYPE_CHECKING:
    from kb.base.core import Core

FORMAT, VERSION = "kb-receipt", 1
LARGEST = 64 * 2**20
"""Bytes of a receipt that is still read."""


@dataclass(frozen=True, slots=True)
class SourceDays:
    """A source that the base held, with its days in ISO form; None for those that it has not."""

    id: str
    standing: str
    date: str
    begins: str | None
    seen: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What an answer came from beside the profile and the day.

    `package` is the version of the package; `facts` and `rules` are hashes of what the files of
    facts and the rules said.
    """

    package: str
    facts: str
    rules: str
    sources: tuple[SourceDays, ...]
    drafts: bool = False

    def short(self, as_of: str) -> str:
        """The origin of all answers of a day in one line, as rows of audits bear it."""
        drafts = " drafts" if self.drafts else ""
        return f"kb {self.package} facts {self.facts[:16]} rules {self.rules[:16]} {as_of}{drafts}"


def origin_of(base: Core, drafts: bool = False) -> Origin:
    """What the answers of a base come from."""
    sources = tuple(map(_days, base.facts.sources.values()))
    return Origin(__version__, base.facts.content, base.rules_hash, sources, drafts)


def _days(source: Source) -> SourceDays:
    begins, ends = (
        each.date.isoformat() if each else None for each in (source.begins, source.ends)
    )
    seen = source.seen.isoformat() if source.seen else None
    return SourceDays(source.id, source.standing, source.date.isoformat(), begins, seen, ends)


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer as JSON has it, with all that it came from.

    `profile` is the app in ids, `as_of` the day in ISO form, `lang` the language of the answer.
    `whole` is false for one whose file was changed after it was written; `warn_days` is how far
    ahead the answer tells of papers that run out.
    """

    origin: Origin
    profile: Json
    as_of: str
    lang: str
    answer: Json
    whole: bool = True
    warn_days: int = 0

    def to_dict(self) -> Json:
        """The receipt as JSON has it; the last key holds a hash of all others."""
        said: Json = {
            "format": FORMAT,
            "version": VERSION,
            "package": self.origin.package,
            "facts": self.origin.facts,
            "rules": self.origin.rules,
            "sources": [asdict(source) for source in self.origin.sources],
            "profile": self.profile,
            "as_of": self.as_of,
            "include_drafts": self.origin.drafts,
            "lang": self.lang,
            **({"warn_days": self.warn_days} if self.warn_days else {}),
            "answer": self.answer,
        }
        return {**said, "hash": text_hash([_canonical(said)])}

    def __str__(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def write(self, path: str | Path) -> None:
        """Write the receipt, whole or not at all, but never over a file that is no receipt. Raises
        `Problems`."""
        target = Path(path)
        try:
            if target.exists() and not _is_receipt(target):
                help = "name a new file, or one that holds a receipt"
                message = f"`{path}` is there already and holds no receipt"
                raise Problems([Problem("output", message, help=help)])
            write_whole(target, f"{self}\n")
        except OSError as error:
            reason = (error.strerror or "it can not be written").lower()
            raise Problems([Problem("output", f"`{path}` can not be written: {reason}")]) from None


def read_receipt(path: str | Path) -> Receipt:
    """Read a receipt from a file. Raises `Problems` when it is missing, or holds none."""
    try:
        check_regular(Path(path))
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "no file has such a name").lower()
        message = f"`{path}` can not be read: {reason}"
        raise Problems([Problem("no-file", message, help="check the name")]) from None
    data = _data(raw) if len(raw) <= LARGEST else None
    if data is None or data.get("format") != FORMAT:
        help = "`kb ask APP --receipt FILE` writes one"
        raise Problems([Problem("receipt", f"`{path}` holds no receipt", help=help)])
    if data.get("version") != VERSION:
        message = f"`{path}` is a receipt of version {data.get('version')}"
        help = f"this release reads version {VERSION}: take the one that wrote it"
        raise Problems([Problem("receipt", message, help=help)])
    wrong = next(_unfit(data), None)
    if wrong is not None:
        help = "take a copy that is whole"
        raise Problems([Problem("receipt", f"`{path}` is damaged: {wrong}", help=help)])
    sources = tuple(SourceDays(**source) for source in data["sources"])
    package, facts, rules = data["package"], data["facts"], data["rules"]
    origin = Origin(package, facts, rules, sources, data["include_drafts"])
    warn_days = data.get("warn_days", 0)
    found = Receipt(
        origin, data["profile"], data["as_of"], data["lang"], data["answer"], warn_days=warn_days
    )
    return replace(found, whole=found.to_dict() == data)


_KEYS: Mapping[str, type] = {
    "package": str,
    "facts": str,
    "rules": str,
    "sources": list,
    "profile": dict,
    "as_of": str,
    "include_drafts": bool,
    "lang": str,
    "answer": dict,
    "hash": str,
}


def _unfit(data: Json) -> Iterator[str]:
    """What a receipt does not say, or says in another way."""
    for key, kind in _KEYS.items():
        if not isinstance(data.get(key), kind):
            yield f"its `{key}` is missing, or of another kind"
            return
    days = set(SourceDays.__slots__)
    if not all(isinstance(source, dict) and source.keys() == days for source in data["sources"]):
        yield "its `sources` are of another kind"
    if data["lang"] not in ("zh", "en"):
        yield "its `lang` is no language of answers"
    warned = data.get("warn_days", 0)
    if type(warned) is not int or warned < 0:
        yield "its `warn_days` is no number of days"


def _is_receipt(path: Path) -> bool:
    if not path.is_file():  # a folder, or a pipe that would wait
        return False
    with path.open("rb") as file:
        data = _data(file.read(LARGEST + 1))
    return data is not None and data.get("format") == FORMAT


def _data(raw: bytes) -> Json | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _canonical(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
