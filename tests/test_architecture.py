"""The floors of docs/architecture.md: who may import whom, where imports stand, budgets, what loads late."""

import ast
import importlib
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import symdiff as sd
from docs import counts
from symdiff.op import FUNCTIONS, PROVIDERS, Op

PACKAGE = Path(sd.__file__).parent
DOCUMENT = PACKAGE.parent / "docs" / "architecture.md"
ROW = re.compile(r"\| (\d+) \| `([\w/.]+)` \| (.*) \|")
MAX_LINES = 600

ROWS = [m.groups() for line in DOCUMENT.read_text().splitlines() if (m := ROW.fullmatch(line))]
PLACE = {file: k for k, (_, file, _) in enumerate(ROWS)}
FLOOR = {file: int(floor) for floor, file, _ in ROWS}
FILES = sorted(p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py"))

# third-party packages that only the named files import at their top (others go through lazy.module)
HOME = {
    "networkx": {"graph.py", "demo.py"},
    "scipy": {"solvers/", "demo.py", "write/definitions.py"},
    "llvmlite": set(),
    "click": {"cli.py", "demo.py"},
    "tqdm": {"cli.py", "demo.py"},
    "sympy": set(),
    "jax": {"backends/jax.py"},
    "torch": {"backends/torch.py"},
    "fast_sugiyama": set(),
    "opt_einsum": {"backends/"},
}


def tree(file):
    return ast.parse((PACKAGE / file).read_text(), file)


class Runtime(ast.NodeTransformer):
    """What runs: without the imports for annotations alone, ``if TYPE_CHECKING:``."""

    def visit_If(self, node):
        annotations = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if annotations else self.generic_visit(node)


def imports(file):
    """(line, module file or third-party name) of every import in a file."""
    folder = file.split("/")[:-1]
    for node in ast.walk(Runtime().visit(tree(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, ours(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                yield node.lineno, ours((node.module or "").split("."))
                continue
            base = folder[: len(folder) + 1 - node.level] + (node.module.split(".") if node.module else [])
            for alias in node.names:
                inner = module_file([*base, alias.name])
                yield node.lineno, inner or module_file(base)


def ours(parts):
    return module_file(parts[1:]) if parts[0] == "symdiff" else parts[0]


def module_file(parts):
    for candidate in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])):
        if (PACKAGE / candidate).is_file():
            return candidate
    return None


def test_the_table_lists_every_file_once():
    assert len(PLACE) == len(ROWS)
    assert sorted(PLACE) == FILES
    floors = [int(floor) for floor, _, _ in ROWS]
    assert floors == sorted(floors)
    assert all(what for _, _, what in ROWS)


@pytest.mark.parametrize("file", FILES)
def test_a_file_imports_only_what_stands_above_it(file):
    for line, target in imports(file):
        assert target is not None, f"{file}:{line} imports something that is not there"
        if target.endswith(".py"):
            assert PLACE[target] < PLACE[file], f"{file}:{line} imports {target}"


@pytest.mark.parametrize("file", FILES)
def test_imports_stand_at_the_top(file):
    body = tree(file).body
    for function in ast.walk(ast.Module(body=body, type_ignores=[])):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for node in ast.walk(function):
                assert not isinstance(node, (ast.Import, ast.ImportFrom)), (
                    f"{file}:{node.lineno} imports in a function"
                )
    kinds = [isinstance(node, (ast.Import, ast.ImportFrom)) for node in body]
    docstring = bool(body) and isinstance(body[0], ast.Expr)
    assert all(kinds[docstring : docstring + sum(kinds)]), f"{file}: an import stands below other code"


@pytest.mark.parametrize("file", FILES)
def test_packages_are_imported_where_they_belong(file):
    for line, target in imports(file):
        if target in HOME:
            allowed = any(
                file == home or (home.endswith("/") and file.startswith(home)) for home in HOME[target]
            )
            assert allowed, f"{file}:{line} imports {target}: use lazy.module"


@pytest.mark.parametrize("file", FILES)
def test_files_keep_to_their_budget(file):
    granted = re.search(r"at most (\d+) lines", ROWS[PLACE[file]][2])
    lines = len((PACKAGE / file).read_text().splitlines())
    assert lines <= (int(granted[1]) if granted else MAX_LINES)


@pytest.mark.parametrize("file", FILES)
def test_files_say_what_they_are_for(file):
    assert ast.get_docstring(tree(file)), f"{file} has no docstring"
    for word in ("utils", "misc", "helpers", "process"):
        assert word not in Path(file).stem


@pytest.mark.parametrize("file", FILES)
def test_nothing_executes_foreign_text(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Name):
            assert node.id not in ("eval", "__import__"), f"{file}:{node.lineno}"
    assert not {"pickle", "marshal", "shelve"} & {target for _, target in imports(file)}


@pytest.mark.parametrize("name", sorted({*sd.__all__} - {"ops"}))
def test_public_names_are_documented(name):
    assert (getattr(sd, name).__doc__ or "").strip()


def test_public_functions_are_documented():
    bare = sorted(n for n, f in FUNCTIONS.items() if not isinstance(f, Op) and not (f.__doc__ or "").strip())
    assert bare == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_what_upper_floors_provide_is_there(name):
    importlib.import_module(PROVIDERS[name])
    assert name in sd.op.METHODS


def test_late_names_exist():
    for name in sd.__all__:
        getattr(sd, name)
    assert set(sd.__all__) <= set(dir(sd))
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = sd.no_such_name


def test_importing_symdiff_loads_nothing_heavy():
    code = "import sys, symdiff; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    ).stdout
    heavy = {
        "sympy",
        "scipy",
        "llvmlite",
        "jax",
        "torch",
        "fast_sugiyama",
        "click",
        "tqdm",
        "mpmath",
        "pandas",
        "matplotlib",
    }
    assert "networkx" in out.split()
    assert not heavy & set(out.split())


def test_tables_of_op_names_have_a_reason():
    """The table of docs/architecture.md is made by docs/counts.py; its numbers may not grow."""
    found = counts.outside()
    assert {file for file in found if not counts.reason(file)} == set(), "an op's record should say it"
    assert found.total() <= 51
    assert statistics.mean(len(files) for files in counts.naming().values()) < 5
    rows = [line for line in counts.page().splitlines() if line.startswith("| `")]
    assert set(rows) <= set(DOCUMENT.read_text().splitlines()), "python -m docs.counts"


def test_counting_sees_names():
    tree = ast.parse('A = {"sin", "cos", "tan"}; B = "sin cos tan"; C = ["sin", "x", "y", "z", "u", "v", "cos", "tan"]')
    assert [sorted(names) for names in counts.tables(tree)] == [["cos", "sin", "tan"]] * 2
