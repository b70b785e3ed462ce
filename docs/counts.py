"""Where the names of ops stand: ``python -m docs.counts`` writes the table of docs/architecture.md anew.

An op is one record. A file that names it as a text knows something of it that its record does not say; a literal of
three or more such names is a table, for which there must be a reason.
"""

import ast
import statistics
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import symdiff  # noqa: F401  # fills the registry
from symdiff.op import OPS

ROOT = Path(__file__).parent.parent / "symdiff"
PAGE = Path(__file__).parent / "architecture.md"
START, END = "<!-- made by python -m docs.counts -->\n", "<!-- end of what docs.counts makes -->\n"
TABLE = 3  # names in one literal
REASONS = {  # a file with tables of op names, or a folder: why they are not in the records
    "backends/formulas.py": "opcodes that have another name",
    "backends/interpreter.py": "opcodes that are compiled together",
    "write/index.py": "LaTeX in index notation, a function each",
    "write/matrix.py": "LaTeX in matrix notation, a function each",
}


class Names(NamedTuple):
    """The names of ops in a file: as texts, and in tables."""

    named: set[str]
    tables: list[list[str]]


@cache
def names() -> dict[str, Names]:
    """{file: its names}"""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text())
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        listed = tables(tree)
        named = {text for text in constants if isinstance(text, str)}.union(*listed) & OPS.keys()
        found[path.relative_to(ROOT).as_posix()] = Names(named, listed)
    return found


def texts(node: ast.AST) -> list[str]:
    """The texts of a literal: entries, keys, or words."""
    match node:
        case ast.Dict():
            found: list[ast.expr | None] = [*node.keys]
        case ast.Set() | ast.Tuple() | ast.List():
            found = [*node.elts]
        case ast.Constant(value=str(text)):
            return text.split()
        case _:
            return []
    return [e.value for e in found if isinstance(e, ast.Constant) and isinstance(e.value, str)]


def tables(tree: ast.Module) -> list[list[str]]:
    """The names of ops in each literal of which most texts are such names."""
    found = [(words, [w for w in words if w in OPS]) for words in map(texts, ast.walk(tree))]
    return [named for words, named in found if len(named) >= TABLE and 2 * len(named) > len(words)]


def naming() -> dict[str, set[str]]:
    """{op: the files that name it as a text}"""
    found: dict[str, set[str]] = defaultdict(set)
    for file, (named, _) in names().items():
        for name in named:
            found[name].add(file)
    return found


def outside() -> Counter[str]:
    """{file: its tables}, without those of the records' own floor."""
    return Counter({f: len(listed) for f, (_, listed) in names().items() if listed and not f.startswith("ops/")})


def reason(file: str) -> str:
    return next((why for start, why in REASONS.items() if file.startswith(start)), "")


def page() -> str:
    """The part of docs/architecture.md."""
    files, found = [len(f) for f in naming().values()], outside()
    lines = sum(len(path.read_text().splitlines()) for path in ROOT.rglob("*.py"))
    rows = [f"| `{file}` | {n} | {reason(file)} |" for file, n in sorted(found.items())]
    return "\n".join([
        f"{len(files)} ops; files that name an op: {statistics.mean(files):.1f} on average, median "
        f"{statistics.median(files):.0f}. Tables of op names outside the records: {found.total()}. "
        f"Lines of the package: {lines}.", "", "| file | tables | why |", "|---|---|---|", *rows, "",
    ])  # fmt: skip


if __name__ == "__main__":
    before, rest = PAGE.read_text().split(START)
    PAGE.write_text(before + START + page() + END + rest.split(END)[1])
