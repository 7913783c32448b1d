"""Data as YAML and JSON have it."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""An object of JSON, or a mapping of YAML: keys are text, and values whatever JSON can hold."""
