"""From a YAML document to a record, with pydantic's findings in our words and places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kb.lang.problems import Problem, Problems, near
from kb.model.yamlread import Document, Path

Model = TypeVar("Model", bound=BaseModel)

WORDS = {
    "string_type": "text is expected here",
    "string_too_short": "this is empty",
    "int_parsing": "a whole number is expected here",
    "int_type": "a whole number is expected here",
    "int_from_float": "a whole number is expected here",
    "bool_parsing": "`true` or `false` is expected here",
    "bool_type": "`true` or `false` is expected here",
    "date_from_datetime_parsing": "a date like 2025-04-01 is expected here",
    "date_parsing": "a date like 2025-04-01 is expected here",
    "date_type": "a date like 2025-04-01 is expected here",
    "tuple_type": "a list is expected here",
    "mapping_type": "a mapping (`key: value`) is expected here",
    "model_type": "a mapping (`key: value`) is expected here",
    "model_attributes_type": "a mapping (`key: value`) is expected here",
    "dict_type": "a mapping (`key: value`) is expected here",
}


def validated(model: type[Model], document: Document) -> Model:
    """The record that a document states. Raises `Problems` with all that is wrong, each in place.

    A date may come as text; a number as well, since YAML scalars are kept as text.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        inside = {detail["loc"][:at] for detail in details for at in range(len(detail["loc"]))}
        # What is wrong with an entry makes its list too short besides: that is not told.
        told = [d for d in details if d["type"] != "too_short" or d["loc"] not in inside]
        raise Problems([_problem(model, document, detail) for detail in told]) from None


def _problem(model: type[BaseModel], document: Document, detail: ErrorDetails) -> Problem:
    # Of a choice of shapes the one that was tried stands in brackets; it is no key.
    path: Path = tuple(
        step
        for at, step in enumerate(detail["loc"], 1)
        if at == len(detail["loc"]) or not (str(step).startswith("<") and str(step).endswith(">"))
    )
    last = str(path[-1]) if path else ""
    match detail["type"]:
        case "extra_forbidden":
            known = _keys(model, path[:-1])
            return Problem(
                "unknown-key",
                f"unknown key `{last}`",
                document.span(path, key=True),
                near(last, known),
            )
        case "missing":
            return Problem("missing-key", f"the key `{last}` is missing", document.span(path[:-1]))
        case "value_error":
            return Problem("value", str(detail["ctx"]["error"]), document.span(path))
        case "literal_error":
            return Problem(
                "value",
                f"`{_shown(detail['input'])}` is not possible here",
                document.span(path),
                f"one of {detail['ctx']['expected']}",
            )
        case "string_pattern_mismatch":
            return Problem(
                "value",
                *(
                    (f"`{_shown(detail['input'])}` is no address", document.span(path))
                    if last == "address"
                    else (f"`{_shown(detail['input'])}` can not be an id", document.span(path))
                ),
                "write it as `https://...`"
                if last == "address"
                else "ids are made of letters, digits and `-_./@`",
            )
        case "greater_than_equal" | "less_than_equal":
            bound = detail["ctx"].get("ge", detail["ctx"].get("le"))
            word = "at least" if detail["type"] == "greater_than_equal" else "at most"
            return Problem("value", f"{word} {bound} is expected here", document.span(path))
        case "too_short":
            return Problem("value", "at least one is expected here", document.span(path))
        case kind:
            given = detail["input"]
            words = WORDS.get(kind, "this value does not fit here")
            if given is None:
                words = "nothing stands here; " + words
            return Problem(
                "type",
                words,
                document.span(path),
                f"in `{last}`" if last and not last.isdigit() else "",
            )


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(model: Any, path: Path) -> list[str]:
    """The keys that the model at a path knows."""
    for step in path:
        if isinstance(step, int):
            continue
        field = getattr(model, "model_fields", {}).get(step)
        if field is None:
            return []
        model = _model_in(field.annotation)
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None
