"""Records made again from what `model_dump` gave of them: what was valid is not validated twice.

Pydantic builds a validator of a class when it first validates, which takes longer than to make all
records of a base; compiled facts need none.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from kb.model.data import Json

Model = TypeVar("Model", bound=BaseModel)
Maker = Callable[[Any], Any]


def remade(model: type[Model], data: Json) -> Model:
    """The record whose `model_dump(mode="json", exclude_defaults=True)` is this data. Raises
    `KeyError`, `TypeError` or `ValueError` for other data."""
    makers = _makers(model)
    values = {key: makers[key](value) for key, value in data.items()}
    return model.model_construct(**values)


@cache
def _makers(model: type[BaseModel]) -> Mapping[str, Maker]:
    return {name: _maker(field.annotation) for name, field in model.model_fields.items()}


def _maker(annotation: Any) -> Maker:
    """What makes a value of a type from its JSON."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _maker(arguments[0])
    if origin in (Union, UnionType):
        return _either(arguments)
    if origin is tuple:
        return partial(_tuple, _maker(arguments[0]))
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return partial(remade, annotation)
        if issubclass(annotation, datetime.date):
            return datetime.date.fromisoformat
    return _itself


def _either(choices: tuple[Any, ...]) -> Maker:
    """Of a type or None, or of a text, a list of them or a record."""
    makers = [_maker(choice) for choice in choices if choice is not NoneType]
    listed = next((m for m in makers if isinstance(m, partial) and m.func is _tuple), None)
    record = next((m for m in makers if isinstance(m, partial) and m.func is remade), None)
    other = next((m for m in makers if m is not listed and m is not record), _itself)

    def make(value: Any) -> Any:
        if value is None:
            return None
        if listed is not None and isinstance(value, list):
            return listed(value)
        return record(value) if record is not None and isinstance(value, dict) else other(value)

    return make


def _tuple(maker: Maker, values: list[Any]) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise TypeError("a list is expected")
    return tuple(map(maker, values)) if maker is not _itself else tuple(values)


def _itself(value: Any) -> Any:
    return value
