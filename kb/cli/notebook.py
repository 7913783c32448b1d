"""`kb notebook`: the guided notebooks in JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from kb.cli.context import problem, tell
from kb.cli.language import current_language
from kb.model.places import shipped
from kb.model.writing import write_whole

INSTALL = "pip install 'policy-kb[notebook]'"


@click.command()
@click.argument("folder", default="policy-kb-notebooks")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the server (default: 8888).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--copy-only", is_flag=True, help="Copy the notebooks, start nothing.")
def notebook(folder: str, port: int | None, no_browser: bool, copy_only: bool) -> None:
    """Copy the guided notebooks into FOLDER and open it in JupyterLab.

    A notebook that is there already stays as it is. Ends with JupyterLab (Ctrl-C).
    """
    if not copy_only and find_spec("jupyterlab") is None:
        raise problem("extra", "JupyterLab is not installed", f"install it: {INSTALL}")
    copied = copy_notebooks(Path(folder))
    tell(f"{folder}: {copied} copied", current_language())
    if copy_only:
        return
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={Path(folder).resolve()}"]
    command += [f"--ServerApp.port={port}"] if port else []
    command += ["--no-browser"] if no_browser else []
    sys.exit(subprocess.run(command, check=False).returncode)


def copy_notebooks(folder: Path) -> int:
    """Copy the notebooks that are not in a folder yet; how many. Raises `Problems`."""
    copied = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(shipped("notebooks").glob("*.ipynb")):
            target = folder / path.name
            if not os.path.lexists(target):
                write_whole(target, path.read_bytes())
                copied += 1
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "this is no name of a folder").lower()
        raise problem("output", f"`{folder}` can not be written: {reason}") from None
    return copied
