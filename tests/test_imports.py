"""Imports run one way, `import kb` stays light, and nothing in the package runs text."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kb

PACKAGE = Path(kb.__file__).parent
LAYERS = {
    "lang": 0,
    "model": 1,
    "engines": 2,
    "find": 2,
    "answers": 3,
    "graph": 4,
    "importers": 4,
    "audit": 4,
    "faces": 5,
    "notebook": 5,
}
"""How high each package stands; neighbours of one height do not import one another."""
MODULES = sorted(PACKAGE.rglob("*.py"))
APP = Path(__file__).parent / "apps" / "xuechetong.yaml"


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def trees():
    return [(name_of(path), ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES]


def imported(tree, module):
    """The modules that a file imports, wherever in it: in functions and for types as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports by a relative name"
            assert node.module is not None
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def layer(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else None


def test_every_package_is_a_layer():
    """Each package of `kb` is one of the layers."""
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages <= LAYERS.keys()


def test_one_way():
    """A layer imports itself and those below it. Imports in functions, and those for types only,
    count as well."""
    wrong = [
        f"{module}:{line} imports {other}"
        for module, tree in trees()
        if layer(module) is not None
        for other, line in imported(tree, module)
        if other.split(".")[0] == "kb"
        and layer(other) not in (None, layer(module))
        and LAYERS[layer(other)] >= LAYERS[layer(module)]
    ]
    assert wrong == []


def test_no_cycles():
    """At the top of their files no two modules import one another, directly or round corners."""
    names = {module for module, _ in trees()}
    edges = {}
    for module, tree in trees():
        top = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        edges[module] = {o for o, _ in imported(top, module) if o in names and o != module}
    state = {}

    def visit(module, path):
        assert state.get(module) != "open", " -> ".join([*path, module])
        if module not in state:
            state[module] = "open"
            for other in sorted(edges[module]):
                # A package's own file is read before its modules in any case.
                if not module.startswith(other + "."):
                    visit(other, [*path, module])
            state[module] = "done"

    for module in sorted(edges):
        visit(module, [])


def loaded(code, *arguments):
    """The modules that are loaded once some code has run, in a process of its own."""
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
    return {name.split(".")[0] for name in run.stderr.splitlines()}


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
def test_commands_are_light(arguments, heavy):
    """A command loads only the libraries that it needs."""
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


def test_nothing_happens_on_import():
    """No module calls anything for its effect alone when it is imported."""
    for module, tree in trees():
        if module == "kb.__main__":
            continue
        for node in tree.body:
            if isinstance(node, ast.Expr):
                assert isinstance(node.value, ast.Constant), f"{module}:{node.lineno}"
