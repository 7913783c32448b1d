"""Spark sessions for audits, and what went wrong on a cluster in a line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from kb.audit.spark.worker import NEEDED
from kb.engines.sql.spark import started
from kb.lang.problems import Problem, Problems
from kb.model.places import PACKAGE


@contextmanager
def on_master(master: str) -> Iterator[SparkSession]:
    """A session of its own on a master. On this machine nothing listens beyond it, and workers run
    this Python with this package."""
    running = SparkContext._active_spark_context
    host = master.partition("://")[2].partition(":")[0]
    here = master.startswith("local") or host in ("127.0.0.1", "localhost")
    if running is not None and running.master != master:
        message = f"this process has a Spark session on `{running.master}` already"
        raise Problems([Problem("spark", message, help="stop it, or name its master")])
    try:
        session = SparkSession(running) if running is not None else started(master)
    except (PySparkException, Py4JError) as error:
        raise failed(f"Spark can not be started on `{master}`", error) from error
    try:
        if here:
            session.sparkContext.environment.setdefault("PYTHONPATH", str(PACKAGE.parent))
            if "PYSPARK_PYTHON" not in os.environ:
                session.sparkContext.pythonExec = sys.executable
        yield session.newSession()
    finally:
        if running is None:
            session.stop()


def failed(message: str, error: Exception) -> Problems:
    """What went wrong, by the last line that says so: Python's, where it was in Python."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    python = [n for n, line in enumerate(lines) if line.startswith("Traceback ")]
    if python:
        ends = [n for n, line in enumerate(lines) if n > python[0] and line.startswith("at ")]
        lines = lines[python[0] : ends[0] if ends else None][-1:]
    return Problems([Problem("spark", f"{message}: {(lines or ['?'])[0]}", help=NEEDED)])
