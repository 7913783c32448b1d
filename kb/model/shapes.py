"""The shapes of single values in fact files and profiles: ids, names, line numbers, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from kb.lang.statements import parse_lines
from kb.model.yamlread import CONTROL

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@/-]*$")]


def _clean(text: str) -> str:
    # YAML refuses these itself; a mapping made in Python comes past no reader.
    if CONTROL.search(text):
        raise ValueError("a character here can not be in a text")
    return text


Name: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_clean)
]


def _lines(value: Any) -> Any:
    if isinstance(value, str):
        try:
            if not re.fullmatch(r"[0-9,\s-]+", value, re.ASCII):
                raise ValueError
            return parse_lines(value)
        except ValueError:
            raise ValueError("line numbers are expected, like `3-5, 9`") from None
    return value


def in_list(value: Any) -> Any:
    """One text or mapping as a list of one; anything else as it is."""
    return [value] if isinstance(value, str | Mapping) else value


def _hanging(value: Any) -> Any:
    return () if value is None else in_list(value)


Lines: TypeAlias = Annotated[
    tuple[int, ...], BeforeValidator(_lines, json_schema_input_type=str | int)
]
Ids: TypeAlias = Annotated[
    tuple[Id, ...], BeforeValidator(in_list, json_schema_input_type=Id | tuple[Id, ...])
]
Hanging: TypeAlias = Annotated[
    tuple[Id, ...],
    BeforeValidator(_hanging, json_schema_input_type=Id | tuple[Id, ...] | None),
]
"""Conditions that a part hangs on; `null` is none."""
Bound: TypeAlias = Annotated[
    str, BeforeValidator(lambda value: value, json_schema_input_type=str | int)
]
"""A day or a number: YAML may take the one for text and the other for a number."""
