"""What tests need beside the package: looked for, and loaded only by the tests that use it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def needs(*packages: str, reason: str) -> None:
    """Skip the file of tests that is being collected where one of these packages is missing.

    `pytest.importorskip` would load them in every process that collects tests: JupyterLab alone
    takes more than a second."""
    if not all(map(find_spec, packages)):
        pytest.skip(reason, allow_module_level=True)
