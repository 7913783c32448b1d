"""Data as YAML and JSON have it."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""An object of JSON, or a mapping of YAML: keys are text, and values whatever JSON can hold."""
LARGEST = 8 * 2**20
"""Bytes of a file that is still read; facts and profiles are a thousand times smaller."""
