"""Commands of one process share what they load: a base costs a second, and tests ask for hundreds.

What a command gets is a base of its own over the same facts, checked rules and engine: nothing but
what an engine keeps passes from one command to the next. Folders go by their content, so that a
test which changes a file gets what the file says now; layers and rules of one's own are read anew
each time.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from pathlib import Path
from typing import Any

import kb.api
from kb.base.core import day_number
from kb.cli.context import ENGINE, Context
from kb.engines.registry import check_engine
from kb.model.content import content_of
from kb.model.layers import PROGRAMS
from kb.model.places import shipped

KEPT = 8
"""Bases that are kept, those asked for last."""
_alone = Context.base
_bases: OrderedDict[Any, tuple[Any, Any]] = OrderedDict()
"""By what was asked for: a base that nobody asked anything, and the one that was handed out last,
which may have made its engines."""


def shared_base(self: Context, *, queries: bool = True, engine: str = ENGINE) -> Any:
    """`Context.base`, over facts, program and engines of an earlier command that asked for the
    same."""
    folders = [Path(each) for each in (self.only_facts or [shipped("facts")])]
    if self.facts or any((folder / name).exists() for folder in folders for name in PROGRAMS):
        return _alone(self, queries=queries, engine=engine)
    try:
        content = content_of(*folders)
    except OSError:
        return _alone(self, queries=queries, engine=engine)
    # A test may put its own `load` in the place of this one.
    key = (kb.api.load, Path.cwd(), self.only_facts, content, queries, engine)
    if key in _bases:
        _bases.move_to_end(key)
        unused, last = _bases[key]
        check_engine(engine)
        day_number(self.as_of)
        found = copy.copy(unused)
        found._as_of = self.as_of
        made = {name: vars(last)[name] for name in ("engine", "table_engine") if name in vars(last)}
        vars(found).update(made)
    else:
        found = _alone(self, queries=queries, engine=engine)
        unused = copy.copy(found)
    _bases[key] = unused, found
    while len(_bases) > KEPT:
        _bases.popitem(last=False)
    return found


def shared_core(context: Context, engine: str) -> Any:
    """`kb.cli.asking.shipped_core`: a whole base will do."""
    return shared_base(context, queries=False, engine=engine)
