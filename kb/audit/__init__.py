"""Audits: very many apps at once, judged by the same rules, with a reason in every row.

Begin with `run.py` (an audit from table to table) and `judge.py` (apps alike in all that bears
on a category are judged once). `inputs.py` and `reading.py` bring tables in, `relevance.py` and
`computed.py` tell what bears on what (the latter from the rules),
`equivalence.py` which apps are alike, `outcomes.py` what comes out, `flips.py` whose
verdict differs between two days (judged by `two_days.py`). `spark/` does the same on a cluster.

May import: everything below `kb.api`, above all base, answers, compare and engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kb.compare.changes import changes
from kb.lang.problems import Problem, Problems, near
from kb.model.layers import Folders, listed
from kb.model.siblings import together

if TYPE_CHECKING:
    from kb.audit.inputs import Apps
    from kb.audit.run import Progress
    from kb.audit.summary import Summary
    from kb.base.core import Core, Day
    from kb.compare.results import Changes
    from kb.model.profiles import AppLike

ENGINES = {
    "duckdb": ("kb.audit.run", "audit", "audit"),
    "spark": ("kb.audit.spark.run", "audit_on_spark", "spark"),
}
"""For each engine of audits its module, function and extra."""
TABLES = (".parquet", ".csv", ".csv.gz")
"""How the names of tables end; what else there is are profiles."""
FLIPS = 1_000_000
"""Apps of a table whose verdict flips, that are told at most."""


def start(
    base: Core,
    apps: Any,
    out: Any,
    engine: str = "duckdb",
    since: str | Path | None = None,
    **settings: Any,
) -> Summary:
    """Run an audit on an engine; with `since`, the output of an earlier one, the summary says whose
    verdict moved. Raises `Problems` for an engine that is not known or whose packages are not
    installed, and for a `since` that is no such output or would be written over."""
    if engine not in ENGINES:
        message = f"no engine of audits is called `{engine}`"
        raise Problems([Problem("engine", message, help=near(engine, ENGINES))])
    module, function, extra = ENGINES[engine]
    run = _loaded(module, function, extra)
    takes = signature(run).parameters
    for name in settings:
        if name not in takes:
            message = f"audits on {engine} have no setting `{name}`"
            raise Problems([Problem("setting", message, help=near(name, takes))])
    if since is not None:
        _check_earlier(Path(since), Path(out), settings.get("report"))
    found: Summary = run(base, apps, out, **settings)
    if since is not None:
        found.since = _loaded("kb.audit.since", "compared", extra)(Path(since), Path(out))
    return found


def _check_earlier(since: Path, out: Path, report: Any) -> None:
    """Before the work: whether there is something to compare with, and it stays as it is."""
    _loaded("kb.audit.since", "check_earlier", "audit")(since)
    written = [out, *([Path(report)] if report else [])]
    if any(path.exists() and path.samefile(since) for path in written):
        message = f"`{since}` would be written over"
        help = "give the new output another name"
        raise Problems([Problem("since", message, help=help)])


def changes_of(
    base: Core,
    first: Day,
    last: Day,
    apps: AppLike | Iterable[AppLike] | Apps | None = None,
    lang: str = "zh",
    progress: Progress | None = None,
    folders: Folders = None,
    memory: str | None = None,
    limit: int | None = None,
) -> Changes:
    """What changed between two days, with the flips of `apps`; those of a table are judged as in
    audits. See `kb.api.KnowledgeBase.changes`."""
    days = base.day(first), base.day(last)
    if not _is_table(apps):
        known = None
        if apps is not None:
            read = base.apps(cast("AppLike | Iterable[AppLike]", apps))
            known = together(read, base.facts.vocabulary)
        return changes(base, *days, known, lang, listed(folders))
    flips = _loaded("kb.audit.flips", "flips", "audit")
    most = FLIPS if limit is None else limit
    with closing(flips(base, apps, *days, memory=memory, progress=progress)) as found:
        told = tuple(islice(found, most + 1))
    if len(told) > most:
        message = f"the verdicts of more than {most} apps flip"
        help = "let more be told (--limit), or take the table in parts"
        raise Problems([Problem("limit", message, help=help)])
    return replace(changes(base, *days, None, lang, listed(folders)), apps=told)


def _is_table(apps: Any) -> bool:
    if isinstance(apps, str | Path):
        return Path(apps).name.endswith(TABLES)
    return type(apps).__module__.partition(".")[0] in ("pandas", "pyarrow", "duckdb", "_duckdb")


def _loaded(module: str, function: str, extra: str) -> Any:
    """A function whose packages may not be installed. Raises `Problems` with what to install."""
    try:
        return getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kb."):
            raise
        message = f"tables of apps need the package `{error.name}`"
        help = f"pip install 'policy-kb[{extra}]'"
        raise Problems([Problem("extra", message, help=help)]) from None
