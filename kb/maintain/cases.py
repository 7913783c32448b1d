"""Files of cases: what the sources say of an app on a day, written by people.

A file holds `cases`, `queries`, `alternatives` or `duties`; `kb.maintain.testing` holds them
against a base. What `expect` names is compared exactly; what it leaves out is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from kb.lang.problems import Problem, Problems
from kb.model.reading import validated
from kb.model.schema import Record
from kb.model.shapes import Bound
from kb.model.yamlread import Document, read_file


class Wanted(Record):
    """A document as a case names it: its name alone, where one of the applicant's own is meant."""

    document: str
    holder: str = "applicant"
    at_least: int = 1
    must_state: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = f" x{self.at_least}" if self.at_least > 1 else ""
        holder = f" of the {self.holder}" if self.holder != "applicant" else ""
        words = f" that states {', '.join(self.must_state)}" if self.must_state else ""
        parties = f" still of {', '.join(self.parties)}" if self.parties else ""
        return f"{self.document}{count}{holder}{words}{parties}"


def _document(value: Any) -> Any:
    return {"document": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Flag = Annotated[
    bool, BeforeValidator(lambda value: value, json_schema_input_type=bool | Literal["yes", "no"])
]
Paper = Annotated[Wanted, BeforeValidator(_document, json_schema_input_type=Wanted | str)]
Texts = Annotated[
    tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])
]


class Choice(Record):
    """Documents that together do, and the conditions (by their label) under which they do."""

    documents: tuple[Paper, ...]
    when: Mapping[str, Flag] = {}


class WrittenReading(Record):
    """What one passage asks for."""

    source: str
    lines: str
    choices: tuple[Choice, ...] = ()
    none_stated: Flag = False


class Filing(Record):
    """What a filing plan is compared with; without steps: there is no plan."""

    steps: tuple[str, ...] | None = None
    working_days: tuple[int, int] | None = None
    hours: int | None = None
    files: tuple[str, ...] | None = None
    answers_for: tuple[str, ...] | None = None
    preconditions: Mapping[str, str] | None = None
    uncertain: tuple[str, ...] | None = None
    violated: tuple[str, ...] | None = None
    open: tuple[str, ...] | None = None


class Expected(Record):
    """What an answer is compared with; what is left out is not looked at, and nothing that is
    there can hold of every answer: an empty mapping or list says that there is none.

    `undetermined` names each thing that the answer leaves open: the attribute to ask for, or words
    of the answer; `perhaps` the texts that may apply and bear on no verdict, with the attributes to
    ask for; `assumed` the categories that rest on each condition that is taken for granted of who
    applies; `drafts` the drafts of categories that name its services. An obligation with nothing
    beside it is not in the answer. `deadlines` has the days of duties and prohibitions, each as its
    kind and the day: `due 2024-03-31`.
    """

    verdict: str | None = None
    categories: Mapping[str, str] | None = None
    missing: Mapping[str, tuple[Paper, ...]] | None = None
    usable: Mapping[str, tuple[Flag | None, ...]] | None = None
    lines: Mapping[str, Texts] | None = None
    proof: Mapping[str, Texts] | None = None
    bundle: tuple[Paper, ...] | None = None
    undetermined: tuple[str, ...] | None = None
    conflicts: tuple[str, ...] | None = None
    readings: Mapping[str, tuple[str, ...]] | None = None
    prohibited: tuple[str, ...] | None = None
    obligations: Mapping[str, str | None] | None = None
    deadlines: Mapping[str, Texts] | None = None
    texts: tuple[str, ...] | None = None
    perhaps: Mapping[str, tuple[str, ...]] | None = None
    standing: Mapping[str, str] | None = None
    breach: Mapping[str, tuple[str, ...]] | None = None
    scope: Mapping[str, str | None] | None = None
    applies: Mapping[str, str] | None = None
    filing: Filing | None = None
    how: Mapping[str, str | None] | None = None
    how_to: Mapping[str, Mapping[str, str]] | None = None
    notes: Mapping[str, tuple[str, ...]] | None = None
    assumed: Mapping[str, Texts] | None = None
    drafts: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _something(self) -> Expected:
        if all(getattr(self, name) is None for name in Expected.model_fields):
            raise ValueError("say what is expected, such as `verdict: missing`")
        return self


class Asked(Record):
    """Options of a question."""

    include_drafts: Flag = False


class Case(Record):
    """An app, a day, and the answer that a careful reader of the sources expects."""

    name: str
    as_of: str
    app: str | Mapping[str, Any]
    ask: Asked = Asked()
    expect: Expected
    because: str
    otherwise: str = ""
    """Why the base does not answer so yet; the case fails as soon as it does."""


class QueryCase(Record):
    """A named query, and all its rows in ids."""

    name: str
    query: str
    facts: Texts = ()
    only_facts: Texts = ()
    parameters: Mapping[str, str] = {}
    app: str | Mapping[str, Any] | None = None
    as_of: str | None = None
    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[Bound, ...], ...]
    because: str


class DutyLine(Record):
    """A duty or a prohibition, the lines that state it, and what tells whether it is kept.

    `of` names a profile that keeps everything. The duty is met by a `document` in hand or by a
    `flag` that is `yes`, and the prohibition broken by a flag that is `yes`; a flag left out leaves
    it open, a document can only be there or not. `others`: not for the app's side to keep, so that
    the whole stays as it is, unless the same flag is `shared` with a duty of the app's own. With
    neither flag nor document: it is `always` so.
    """

    duty: str | None = None
    prohibition: str | None = None
    lines: str
    of: str
    flag: str | None = None
    document: str | None = None
    others: Flag = False
    shared: Flag = False
    always: str | None = None
    because: str

    @property
    def part(self) -> str:
        return self.duty or self.prohibition or ""


class Duties(Record):
    """The duties of one text: as it counts, on a day."""

    source: str
    as_of: str
    standing: str
    lines: tuple[DutyLine, ...]


class CaseFile(Record):
    """One file of cases. `facts` are folders, from the file's own, that are laid on what is
    shipped, `only_facts` those that stand in for it."""

    facts: Texts = ()
    only_facts: Texts = ()
    alternatives: Mapping[str, tuple[WrittenReading, ...]] = {}
    profiles: Mapping[str, Mapping[str, Any]] = {}
    duties: tuple[Duties, ...] = ()
    queries: tuple[QueryCase, ...] = ()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> CaseFile:
        if not (self.cases or self.queries or self.alternatives or self.duties):
            raise ValueError("give `cases`, `queries`, `alternatives` or `duties`")
        return self

    @property
    def sources(self) -> frozenset[str]:
        """The sources whose alternatives the file writes out."""
        return frozenset(r.source for readings in self.alternatives.values() for r in readings)


@dataclass(frozen=True)
class CaseDocument:
    """A file of cases with the places of what stands in it."""

    path: Path
    file: CaseFile
    document: Document

    def profile(self, app: str | Mapping[str, Any]) -> Path | Mapping[str, Any]:
        """A profile as `ask` takes it: a file is looked for beside this one, then in `apps/` beside
        its folder. Raises `Problems` when there is none."""
        if not isinstance(app, str):
            return app
        folder = self.path.parent
        above = folder.parent if folder.name else folder.resolve().parent
        tried = (folder / app, above / "apps" / app)
        found = next((path for path in tried if path.is_file()), None)
        if found is None:
            message = f"no profile stands at `{tried[0]}` or `{tried[1]}`"
            raise Problems([Problem("no-file", message, self.document.span(()))])
        return found


def read_cases(path: Path) -> CaseDocument:
    """Read a file of cases. Raises `Problems`, also where two cases have one name: a failing case
    is found by it."""
    document = read_file(path, aliases=True)
    file = validated(CaseFile, document)
    problems = []
    for key, names in (
        ("cases", [case.name for case in file.cases]),
        ("queries", [case.name for case in file.queries]),
    ):
        for at, name in enumerate(names):
            if name in names[:at]:
                first = document.span((key, names.index(name), "name"))
                help = f"it stands at {first} already"
                here = document.span((key, at, "name"))
                problems.append(Problem("duplicate-id", f"`{name}` stands twice", here, help))
    if problems:
        raise Problems(problems)
    return CaseDocument(path, file, document)
