"""The keys of files as Markdown: the generated part of docs/facts.md, docs/cases.md and
docs/profile.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from kb.maintain.schemas import FILES, WHERE, meaning, records

PAGES = {
    "facts": (
        "source",
        "part",
        "coverage",
        "vocabulary",
        "categories",
        "attributes",
        "conditions",
        "fields",
        "words",
    ),
    "cases": ("cases",),
    "profile": ("profile",),
}
"""The kinds of files that a page is about."""
BEGIN, END = "<!-- keys: made by the project -->", "<!-- end of keys -->"


def keys(kinds: Sequence[str], lang: str) -> str:
    """A section for each record that may stand in files of these kinds, with a table of its keys;
    a record that stands in several is told of once."""
    return "\n".join(_keys(kinds, lang))


def _keys(kinds: Sequence[str], lang: str) -> Iterator[str]:
    zh = lang == "zh"
    seen: set[type[BaseModel]] = set()
    for kind in kinds:
        for at, record in enumerate(records(FILES[kind])):
            if record in seen:
                continue
            seen.add(record)
            where = f" (`{WHERE[kind]}`)" if at == 0 else ""
            yield ""
            yield f"### {record.__name__}{where}"
            yield ""
            yield meaning(record, "_", lang) + ("。" if zh else ".")
            yield ""
            yield "| 键 | 必填 | 含义 |" if zh else "| key | needed | meaning |"
            yield "| --- | --- | --- |"
            for name, field in record.model_fields.items():
                needed = ("是" if zh else "yes") if field.is_required() else ""
                key = field.alias or name
                yield f"| `{key}` | {needed} | {meaning(record, key, lang)} |"


def renewed(page: str, kinds: Sequence[str], lang: str) -> str:
    """A page with its generated part made anew; what stands around it stays."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{keys(kinds, lang)}\n\n{END}{after}"
