"""Imports run one way, of whatever kind, `import kb` stays light, and nothing runs text.

Four kinds of import are read: at the top of a file, in functions, for types only, and by the name
of a module in a string.
"""

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import kb
from kb.base.versions import superseding

PACKAGE = Path(kb.__file__).parent
LAYERS = (
    "lang",
    "model",
    "engines",
    "provenance",
    "base",
    "filing",
    "query",
    "find",
    "answers",
    "explain",
    "interview",
    "compare",
    "render",
    "maintain",
    "graph",
    "importers",
    "widgets",
    "audit",
    "api",
    "notebook",
    "tools",
    "cli",
)
"""What `kb` is made of, from the bottom to the top: each imports itself and what stands before."""
ABOVE_ALL = {"kb", "kb.__main__"}
"""What stands above the layers: the names that are public, and `python -m kb`."""
BELOW_ALL = {"kb.version"}
"""What stands below the layers: all may import it."""
AT_MOST_IN_FUNCTIONS = 25
"""An import in a function is for a library that takes long to load, and for nothing else."""

UPWARDS = frozenset[tuple[str, str]]()
"""Layers that import one above them: none."""
NOT_YET_COUNTED = frozenset[str]()
"""Layers whose imports in functions are still to be moved to the top. To become empty."""
BY_STRING = {"kb.audit"}
"""Modules that import modules of `kb` by strings."""

MODULES = sorted(PACKAGE.rglob("*.py"))
APP = Path(__file__).parent / "apps" / "xuechetong.yaml"


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


@cache
def trees():
    return [(name_of(path), ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES]


@dataclass(frozen=True)
class Import:
    """That a module imports another: at which line, and in which way."""

    module: str
    other: str
    line: int
    kind: str

    def __str__(self):
        return f"{self.module}:{self.line} imports {self.other} ({self.kind})"


class Imports(ast.NodeVisitor):
    """Reads the imports of a module, of all four kinds: `top`, `function`, `types`, `string`."""

    def __init__(self, module):
        self.module, self.kind, self.found = module, "top", []

    def add(self, node, other, kind=None):
        self.found.append(Import(self.module, other, node.lineno, kind or self.kind))

    def within(self, kind, nodes):
        before, self.kind = self.kind, kind
        for node in nodes:
            self.visit(node)
        self.kind = before

    def visit_Import(self, node):
        for alias in node.names:
            self.add(node, alias.name)

    def visit_ImportFrom(self, node):
        assert node.level == 0, f"{self.module}:{node.lineno} imports by a relative name"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            # What is no module of ours is a name in one, or belongs to a library.
            self.add(node, inner if inner in NAMES else node.module)

    def visit_FunctionDef(self, node):
        # An import for types only stays one in a function.
        self.within("types" if self.kind == "types" else "function", node.body)
        # Its annotations, defaults and decorators are read with the module around it.
        self.within(self.kind, [node.args, *node.decorator_list])

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_If(self, node):
        if ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            self.within("types", node.body)
            self.within(self.kind, node.orelse)
        else:
            self.generic_visit(node)

    def visit_Expr(self, node):
        # A docstring may name a module.
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value in NAMES - {"kb"}:
            self.add(node, node.value, "string")


def imports(module, tree):
    reader = Imports(module)
    reader.visit(tree)
    return reader.found


@cache
def every_import():
    """All imports of modules of `kb` by modules of `kb`."""
    return [
        found
        for module, tree in trees()
        for found in imports(module, tree)
        if found.other.split(".")[0] == "kb"
    ]


def imported(tree, module):
    """The modules and the names that a file imports, wherever in it, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def layer(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else None


def height(module):
    if module in ABOVE_ALL:
        return len(LAYERS)
    return -1 if module in BELOW_ALL else LAYERS.index(layer(module))


def upwards():
    """The imports of a layer above."""
    return [found for found in every_import() if height(found.other) > height(found.module)]


def is_known(found):
    return (layer(found.module), layer(found.other)) in UPWARDS


def test_every_module_is_in_a_layer():
    """Each package and each module of `kb` itself is a layer, or stands above or below all."""
    packages = {name_of(path) for path in PACKAGE.glob("*/__init__.py")}
    single = {name_of(path) for path in PACKAGE.glob("*.py")}
    assert packages | single <= {f"kb.{name}" for name in LAYERS} | ABOVE_ALL | BELOW_ALL


def test_all_kinds_of_import_are_read():
    """What is held to below is read from all four kinds of import, and from no docstring."""
    text = '''"""kb.model.apps"""
import kb.lang.syntax
from kb.lang import parser
if TYPE_CHECKING:
    from kb.lang.strata import Strata
else:
    from kb.lang.checks import check
def load(place="kb.lang.kinds"):
    "kb.model.days"
    from kb.lang.problems import Problem
    return import_module("kb.lang.ordering")
'''
    found = {(each.other.rpartition(".")[2], each.kind) for each in imports("m", ast.parse(text))}
    assert found == {
        ("syntax", "top"),
        ("parser", "top"),
        ("strata", "types"),
        ("checks", "top"),
        ("kinds", "string"),
        ("problems", "function"),
        ("ordering", "string"),
    }
    assert {found.kind for found in every_import()} >= {"top", "function", "types"}


def test_one_way():
    """A layer imports itself and those below it, by whatever kind of import."""
    assert [str(found) for found in upwards() if not is_known(found)] == []


def test_no_cycles():
    """No two modules import one another, directly or round corners, by whatever kind of import."""
    edges = {name: set() for name in NAMES}
    for found in every_import():
        # A package may name itself in a string, to find its own files.
        own = found.kind == "string" and found.module.startswith(found.other + ".")
        if found.other != found.module and not own and not is_known(found):
            edges[found.module].add(found.other)
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_few_imports_in_functions():
    """Few modules of `kb` are imported in functions: most stand at the top, where they are seen."""
    inside = [found for found in every_import() if found.kind == "function"]
    counted = [found for found in inside if layer(found.module) not in NOT_YET_COUNTED]
    assert len(counted) <= AT_MOST_IN_FUNCTIONS, "\n".join(map(str, counted))
    if len(inside) <= AT_MOST_IN_FUNCTIONS:
        assert set() == NOT_YET_COUNTED


def test_exceptions_are_needed():
    """An exception that is no longer made use of is taken off its list."""
    assert {(layer(found.module), layer(found.other)) for found in upwards()} >= UPWARDS
    assert {module for module, _ in loaded_by_string()} >= BY_STRING


LOADERS = {"import_module", "__import__", "run_module", "exec_module", "load_module"}


def loaded_by_string():
    """The calls that import a module by its name, where it may be one of `kb`: all but those whose
    name is written there and begins with a library's."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                if called in LOADERS and not _is_of_library(node.args[0] if node.args else None):
                    yield module, node.lineno


def _is_of_library(name):
    if isinstance(name, ast.JoinedStr):
        name = name.values[0]
    text = name.value if isinstance(name, ast.Constant) else None
    return isinstance(text, str) and text.split(".")[0] not in ("", "kb")


def test_no_import_by_string():
    """No module of `kb` is imported by a name in a string; libraries that may not be there are."""
    wrong = [f"{module}:{line}" for module, line in loaded_by_string() if module not in BY_STRING]
    assert wrong == []


def is_result(tree):
    """Whether a module holds results: classes that can be rendered."""
    return any(
        isinstance(node, ast.ClassDef) and "Rendered" in map(ast.unparse, node.bases)
        for node in ast.walk(tree)
    )


def test_results_know_no_renderer():
    """A module of results imports nothing that makes words, by whatever kind of import."""
    results = [
        (module, tree)
        for module, tree in trees()
        if is_result(tree) or module.rpartition(".")[2] in ("results", "steps", "rendered")
    ]
    assert len(results) >= 6
    wrong = [
        str(found)
        for module, tree in results
        for found in imports(module, tree)
        if layer(found.other) == "render"
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["kb.answers.answer", "kb.answers.bundles", "kb.filing.plan"])
def test_results_load_without_a_renderer(module):
    """What an answer is made of can be loaded and used where no words are wanted."""
    names = loaded(f"import {module}", whole=True)
    assert module in names
    assert [name for name in names if name.startswith("kb.render")] == []


def loaded(code, *arguments, whole=False):
    """The libraries that are loaded once some code has run, in a process of its own; `whole`: all
    their modules."""
    code = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    names = run.stderr.splitlines()
    return set(names) if whole else {name.split(".")[0] for name in names}


RUN = "from kb.cli.main import main; sys.argv[0] = 'kb'; main()"


def test_import_is_light():
    """`import kb` loads none of the libraries that it may need later."""
    heavy = {
        "pandas",
        "numpy",
        "networkx",
        "pyDatalog",
        "clingo",
        "click",
        "pydantic",
        "yaml",
        "rich",
        "rapidfuzz",
    }
    assert loaded("import kb") & heavy == set()


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (
            ["--help"],
            {"pandas", "numpy", "pydantic", "yaml", "pyDatalog", "networkx", "clingo", "rich"},
        ),
        (["ask", "--help"], {"pandas", "numpy", "pydantic", "yaml", "pyDatalog", "networkx"}),
        (["--version"], {"pandas", "numpy", "pydantic", "yaml", "pyDatalog", "networkx"}),
        (["ask", APP], {"pandas", "numpy", "networkx", "rich"}),
        (["ask", APP, "--format", "json"], {"pandas", "numpy", "networkx", "rich"}),
        (["show", "教育-驾校平台"], {"pandas", "numpy", "networkx", "pyDatalog", "clingo"}),
        (["search", "驾校平台"], {"pandas", "numpy", "networkx", "pyDatalog", "clingo"}),
    ],
    ids=lambda value: " ".join(map(str, value[:1])) if isinstance(value, list) else "",
)
def test_commands_are_light(base, arguments, heavy):
    """A command loads only the libraries that it needs, once facts were read in an earlier run and
    the rules have said which versions supersede others."""
    superseding(base)
    assert loaded(RUN, *arguments) & heavy == set()


@pytest.mark.parametrize("name", kb.__all__)
def test_public_names(name):
    """Every public name is there, with a docstring that does not repeat it."""
    found = getattr(kb, name)
    assert found.__name__ == name
    assert found.__doc__
    assert name in dir(kb) or hasattr(kb, name)


def test_unknown_public_name():
    """A name that is not public is missing as on any module."""
    with pytest.raises(AttributeError, match=r"^module 'kb' has no attribute 'nonsense'$"):
        kb.nonsense  # noqa: B018


CALLS = {"eval", "exec", "compile", "__import__", "breakpoint"}
MODULES_BARRED = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "code", "codeop"}
ENGINE = ("pyDatalog.pyEngine", "pyDatalog.Logic")
TEXT_RUN = {"load", "ask", "create_terms", "create_atoms", "program", "assert_fact", "retract_fact"}


def test_text_is_never_run():
    """No module calls `eval`, `exec` or the like, or unpickles."""
    wrong = []
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name) and called.id in CALLS:
                    wrong.append(f"{module}:{node.lineno} {called.id}")
                if isinstance(called, ast.Attribute) and called.attr in {"system", "popen"}:
                    wrong.append(f"{module}:{node.lineno} {called.attr}")
                wrong += [
                    f"{module}:{node.lineno} shell"
                    for keyword in node.keywords
                    if keyword.arg == "shell"
                ]
        wrong += [
            f"{module}:{line} {other}"
            for other, line in imported(tree, module)
            if other.split(".")[0] in MODULES_BARRED
        ]
    assert wrong == []


def test_pydatalog_gets_no_text():
    """pyDatalog's own reader, which executes text as Python, is never used: only its engine is
    imported, and only by the engine's module."""
    wrong = []
    for module, tree in trees():
        names = set()
        for other, line in imported(tree, module):
            if other.startswith("pyDatalog."):
                if layer(module) != "engines":
                    wrong.append(f"{module}:{line} imports {other}")
                if not other.startswith(ENGINE) or other.rpartition(".")[2] in TEXT_RUN:
                    wrong.append(f"{module}:{line} imports {other}")
                names.add(other.rpartition(".")[2])
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in names
                and node.attr in TEXT_RUN
            ):
                wrong.append(f"{module}:{node.lineno} {node.value.id}.{node.attr}")
    assert wrong == []


def test_yaml_is_read_safely():
    """YAML is read by the strict reader alone, which makes nothing but text."""
    readers = {"load", "load_all", "safe_load", "safe_load_all", "full_load", "unsafe_load"}
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and module != "kb.model.yamlread":
                yaml = isinstance(node.value, ast.Name) and node.value.id == "yaml"
                assert not (yaml and node.attr in readers), f"{module}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"UnsafeLoader", "FullLoader", "unsafe_load"}


def test_no_star_imports():
    """No module imports everything that another has."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert "*" not in [alias.name for alias in node.names], module


HAPPENS = {("kb.__main__", "process()"), ("kb.api", "Rendered.install(Words())")}
"""What is done on import: `python -m kb` runs, and the public door gives results their words."""


def test_nothing_happens_on_import():
    """No module calls anything for its effect alone when it is imported."""
    happens = {
        (module, ast.unparse(node.value))
        for module, tree in trees()
        for node in tree.body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    }
    assert happens == HAPPENS
