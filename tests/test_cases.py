"""Cases: what the sources say of an app on a day, written by people, held against `base.ask`.

A file `tests/cases/*.yaml` with a key `cases` holds

- `facts` (may be left out): a folder of `tests/cases/` whose facts stand in for the shipped ones;
- `alternatives`: for a category, what each reading of it asks for, written out by hand;
- `cases`: each with a `name`, the day `as_of`, an `app` (a profile, or the name of a file of
  `tests/apps/`), `ask` (may be left out: options of the question), what to `expect`, and `because`.

What `expect` names is compared exactly; what it leaves out is not looked at. A document stands as
its name when one of the applicant's own is meant, else as a mapping. `undetermined` lists, for each
thing that the answer leaves open, the attribute to ask for or a part of the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict
from typing_extensions import Annotated, TypeAliasType

import kb

HERE = Path(__file__).parent
CASES = HERE / "cases"
