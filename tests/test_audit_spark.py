"""Audits on Spark: DuckDB's rows, on one machine and on a cluster, also when a worker is lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from bench.apps import write_apps

import kb
from kb.audit.auditor import version_of
from kb.audit.run import audit
from kb.audit.spark.worker import Order, judged
from kb.lang.problems import Problems

pytest.importorskip("pyspark", reason="pip install 'policy-kb[spark]'")
JAVA = shutil.which("java")
needs_java = pytest.mark.skipif(JAVA is None, reason="apt-get install openjdk-17-jre-headless")
ROOT = Path(kb.__file__).parent.parent
DAY = 2025_06_30
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""What Java does to be quick later takes programs of seconds longer than it saves."""
PATIENCE = 400
"""Seconds after which a run has failed: many times what it takes."""
DRIVER = """
import json, os, sys
import kb
from kb.audit.spark.run import audit_on_spark
from kb.lang.problems import Problems
if "KB_SESSION" in os.environ:
    from pyspark.sql import SparkSession
    builder = SparkSession.builder.master(os.environ["KB_SESSION"])
    for key, value in json.loads(os.environ["KB_SETTINGS"]).items():
        builder = builder.config(key, value)
    builder.getOrCreate()
for line in sys.stdin:
    asked = json.loads(line)
    if "facts" in asked:
        base = kb.load(only_facts=asked["facts"])
        said = "loaded"
    else:
        told = []
        progress = lambda done, total: told.append((done, total))
        try:
            said = audit_on_spark(base, progress=progress, **asked).to_dict() | {"told": told[-1]}
        except Problems as found:
            said = str(found)
    print("> " + json.dumps(said), flush=True)
"""
GATE = """
import os, time
from pathlib import Path
if "KB_GATE" in os.environ:
    from kb.audit.auditor import Auditor
    chunk, gate = Auditor.chunk, Path(os.environ["KB_GATE"])
    def held(self, *given):
        chunk(self, *given)
        if (gate / "armed").exists():
            (gate / "held").touch()
            time.sleep(3600)
    Auditor.chunk = held
"""
"""Lets a worker stand still in the middle of a piece, until it is killed."""


class Processes:
    """Processes that have ended when the block has, whatever happens in it."""

    def __init__(self, folder):
        self.folder = folder
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.started:
            kill(process)

    def start(self, name, command, env, **pipes):
        """A process in a group of its own, with all that it starts; it ends when this one does."""
        if shutil.which("setpriv"):
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        with (self.folder / f"{name}.log").open("wb") as log:
            given = {"stdout": log, "stderr": log} | pipes
            if pipes:
                given["stderr"] = log
            process = subprocess.Popen(
                command, env=os.environ | env, start_new_session=True, cwd=self.folder, **given
            )
        self.started.append(process)
        return process

    def driver(self, env=None):
        (self.folder / "conf").mkdir(exist_ok=True)
        env = {
            "PYTHONPATH": str(ROOT),
            "PYSPARK_PYTHON": sys.executable,
            "JAVA_TOOL_OPTIONS": QUICK,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_CONF_DIR": str(self.folder / "conf"),
        } | (env or {})
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [sys.executable, "-c", DRIVER]
        return Driver(self.start("driver", command, env, encoding="utf-8", **pipes), self.folder)


def kill(process):
    """End a process with its group, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


class Driver:
    """A process that audits on Spark, told so by lines of JSON."""

    def __init__(self, process, folder):
        self.process = process
        self.folder = folder

    def tell(self, **asked):
        self.process.stdin.write(json.dumps(asked, default=str) + "\n")
        self.process.stdin.flush()

    def said(self):
        for line in self.process.stdout:
            if line.startswith("> "):
                return json.loads(line[2:])
        pytest.fail((self.folder / "driver.log").read_text(encoding="utf-8")[-3000:])


def until(true, driver=None):
    """Wait for what must become true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        assert driver is None or driver.process.poll() is None
        time.sleep(0.05)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def apps(base, tmp_path_factory):
    """Random apps as a folder of Parquet by applicant, some of their papers valid on some days
    only; some rows are refused."""
    folder = tmp_path_factory.mktemp("spark") / "应用 1"
    one = folder.with_suffix(".parquet")
    write_apps(base, 700, one, seed=7, day=DAY, dated=True)
    services = "CASE WHEN n % 89 = 5 THEN ['没有这个'] ELSE services END AS services"
    name = "CASE WHEN n % 97 = 7 THEN NULL ELSE id END AS id"
    numbered = f"SELECT *, row_number() OVER () AS n FROM '{one}'"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * EXCLUDE (n) REPLACE ({services}, {name}) FROM ({numbered}))"
            f" TO '{folder}' (FORMAT parquet, PARTITION_BY (applicant),"
            " WRITE_PARTITION_COLUMNS true)"
        )
    return folder


@pytest.fixture(scope="module")
def expected(base, apps):
    """What DuckDB makes of them."""
    out = apps.parent / "duckdb.parquet"
    summary = audit(base, apps, out, day=DAY).to_dict()
    assert summary["rejected"] > 10
    assert {"missing", "undetermined"} <= summary["verdicts"].keys()
    return told(summary, out)


def told(summary, out):
    """All that a run says: the summary, every row in its order, every refused row."""
    rejects = Path(summary["rejects"])
    assert rejects == out.with_name(out.name + ".rejects.jsonl")
    shown = {key: value for key, value in summary.items() if key not in ("rejects", "told")}
    assert [p.name for p in out.parent.iterdir() if p.name.startswith(out.name + ".")] == [
        rejects.name
    ]
    return shown, pq.read_table(out).to_pylist(), rejects.read_text(encoding="utf-8")


@needs_java
def test_same_rows(base, apps, expected, tmp_path):
    """On one machine Spark gives DuckDB's rows in DuckDB's order, its rejects and its summary,
    tells how far it is, and leaves nothing else behind. Workers that load other names than the
    caller's end the run, and no output is written."""
    facts = shutil.copytree(base.facts.folder, tmp_path / "facts")
    with Processes(tmp_path) as processes:
        driver = processes.driver()
        out = tmp_path / "out.parquet"
        asked = {"apps": apps, "day": DAY, "chunk": 400, "master": "local[2]"}
        driver.tell(facts=str(base.facts.folder))
        driver.tell(out=out, **asked)
        driver.said()
        summary = driver.said()
        assert summary["told"] == [700, 700]
        assert told(summary, out) == expected

        driver.tell(facts=str(facts))
        driver.said()
        services = facts / "vocabulary" / "services.yaml"
        text = services.read_text(encoding="utf-8")
        services.write_text(text.replace("驾校平台", "驾校台", 1), encoding="utf-8")
        assert services.read_text(encoding="utf-8") != text
        driver.tell(out=tmp_path / "other.parquet", **asked)
        said = driver.said()
        assert "a worker has other rules or facts: " in said
        assert f"not `{version_of(base)}`" in said
        assert not list(tmp_path.glob("other.parquet*"))


class Cluster:
    """A master and two workers of a core each on loopback, and a driver with a session on them."""

    def __init__(self, processes, base):
        import pyspark

        folder = processes.folder
        self.gate = folder / "gate"
        self.gate.mkdir()
        (self.gate / "sitecustomize.py").write_text(GATE, encoding="utf-8")
        home = Path(pyspark.__file__).parent
        [core] = (home / "jars").glob("spark-core_*.jar")
        env = {
            "SPARK_HOME": str(home),
            "SPARK_SCALA_VERSION": core.name.split("_")[1].split("-")[0],
            "SPARK_LOCAL_IP": "127.0.0.1",
            "JAVA_TOOL_OPTIONS": QUICK,
        }
        java = [JAVA, "-Xmx512m", "-Dspark.master.rest.enabled=false"]
        java += ["-cp", str(home / "jars" / "*")]
        port, self.page = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{port}"
        master = ["--host", "127.0.0.1", "--port", port, "--webui-port", self.page]
        name = "org.apache.spark.deploy.master.Master"
        processes.start("master", [*java, name, *map(str, master)], env)
        until(lambda: self.alive() == 0)
        worker = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0"]
        worker += ["--work-dir", str(folder / "work"), self.url]
        name = "org.apache.spark.deploy.worker.Worker"
        self.workers = [
            processes.start(f"worker{n}", [*java, name, *worker], env | more)
            for n, more in enumerate(({"KB_GATE": str(self.gate)}, {}))
        ]
        until(lambda: self.alive() == 2)
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.executorEnv.PYTHONPATH": f"{self.gate}{os.pathsep}{ROOT}",
            # Work is given out once both are there.
            "spark.cores.max": "2",
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE}s",
        }
        self.driver = processes.driver(
            {"KB_SESSION": self.url, "KB_SETTINGS": json.dumps(settings)}
        )
        self.driver.tell(facts=str(base.facts.folder))
        self.driver.said()

    def alive(self):
        """How many workers the master knows; None as long as it does not say: its first pages may
        be of another kind."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=10) as page:
                return json.load(page)["aliveworkers"]
        except (OSError, ValueError):
            return None


@pytest.fixture(scope="module")
def cluster(base, tmp_path_factory):
    with Processes(tmp_path_factory.mktemp("cluster")) as processes:
        yield Cluster(processes, base)


@needs_java
def test_cluster(cluster, apps, expected, tmp_path):
    """A standalone cluster gives DuckDB's rows, in a session that the process has already; another
    master is refused as long as it has."""
    out = tmp_path / "out.parquet"
    cluster.driver.tell(apps=apps, out=out, day=DAY, chunk=200, master=cluster.url)
    assert told(cluster.driver.said(), out) == expected
    cluster.driver.tell(apps=apps, out=out, day=DAY, master="local[1]")
    assert cluster.driver.said() == (
        f"error[spark]: this process has a Spark session on `{cluster.url}` already\n"
        "  help: stop it, or name its master"
    )


@needs_java
def test_lost_worker(cluster, apps, expected, tmp_path):
    """A worker that is killed in the middle of a piece, with rows judged and not yet committed,
    changes nothing in the result."""
    out = tmp_path / "out.parquet"
    (cluster.gate / "armed").touch()
    cluster.driver.tell(apps=apps, out=out, day=DAY, chunk=200, master=cluster.url)
    until((cluster.gate / "held").exists, cluster.driver)
    kill(cluster.workers[0])
    assert told(cluster.driver.said(), out) == expected
    assert cluster.workers[1].poll() is None


def refused(base, apps, out, **more):
    from kb.audit.spark.run import audit_on_spark

    with pytest.raises(Problems) as found:
        audit_on_spark(base, apps, out, day=DAY, **more)
    return str(found.value)


def test_other_input(base, tmp_path):
    """What is no Parquet is refused before Spark starts, and pointed to DuckDB."""
    table = tmp_path / "apps.csv"
    table.write_text("id,services\na,\n", encoding="utf-8")
    out = tmp_path / "out.parquet"
    help = "\n  help: DuckDB reads every kind of table"
    assert refused(base, table, out) == (
        f"error[file]: Spark reads apps from Parquet, and `{table}` is none{help}"
    )
    assert refused(base, pd.DataFrame({"id": ["a"]}), out) == (
        f"error[file]: Spark reads apps from Parquet, and a table in memory is none{help}"
    )


def test_other_base(base, apps, tmp_path):
    """A base with rules of its own is refused: workers load the folder of facts."""
    own = base.rules("mine(A, D) <= missing_documents(A, C, Alt, D)")
    assert refused(own, apps, tmp_path / "out.parquet") == (
        "error[base]: Spark's workers load the base from its folder, and this one has more than"
        " that\n  help: DuckDB audits with every base"
    )


def test_no_java(base, apps, tmp_path, monkeypatch):
    """Without Java the message says what to install."""
    from pyspark import SparkContext

    monkeypatch.setattr(SparkContext, "_active_spark_context", None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert refused(base, apps, tmp_path / "out.parquet") == (
        "error[no-java]: the engine spark needs Java 17 or later\n"
        "  help: Debian: apt-get install openjdk-17-jre-headless"
    )


def test_worker_without_facts(tmp_path):
    """A worker that can not load the facts says so to the caller, in place of rows."""
    [note] = judged(Order(str(tmp_path / "nowhere"), DAY, False, "?"), [])
    [row] = note.to_pylist()
    assert "no folder of facts at" in json.loads(row.pop("note"))["problems"]
    assert set(row.values()) == {None}
