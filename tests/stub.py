"""Writes symdiff/__init__.pyi, what type checkers and editors know of the public names: ``python -m tests.stub``.

Everything is read from the registries: of each op its signature and its sentence, of others their
annotations. A function of expressions gives an Expr where one of its operands is one; of plain numbers numpy's value.
"""

import inspect
import re
import types
import typing
from pathlib import Path

import symdiff as sd
from symdiff.namespace import CONSTANTS, TYPES, Namespace
from symdiff.op import CANONICAL, FUNCTIONS, Op

FILE = Path(sd.__file__).with_name("__init__.pyi")
HEAD = '''"""Written by `python -m tests.stub` from the registries: not to be edited."""
# ruff: noqa
# pyright: reportOverlappingOverload=false, reportInconsistentOverload=false

import builtins
import collections.abc
import typing
from typing import Any, overload

import numpy

'''
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
STRUCTURED = {list: "list[Expr]", tuple: "tuple[Expr, ...]"}


class Types:
    """Annotations as texts that hold beside public names such as `bool`, and the modules that they need."""

    def __init__(self):
        self.modules = set()

    def text(self, annotation) -> str:
        if annotation is inspect.Parameter.empty or annotation is typing.Any:
            return "Any"
        if annotation is None or annotation is types.NoneType:
            return "None"
        if isinstance(annotation, str):
            return annotation.replace("np.", "numpy.")
        if isinstance(annotation, types.UnionType):
            return " | ".join(self.text(a) for a in typing.get_args(annotation))
        if isinstance(annotation, (types.GenericAlias, typing._GenericAlias)):
            inner = ", ".join(self.text(a) for a in typing.get_args(annotation))
            origin = typing.get_origin(annotation)
            return f"{origin.__module__}.{origin.__qualname__}[{inner}]"
        if isinstance(annotation, list):  # the parameters of a callable
            return f"[{', '.join(self.text(a) for a in annotation)}]"
        if annotation is ...:
            return "..."
        if annotation is tuple:
            return "builtins.tuple[Any, ...]"
        if annotation is sd.Expr or annotation is sd.Graph:
            return annotation.__name__
        if annotation.__module__ not in ("builtins", "numpy", "collections.abc", "typing"):
            self.modules.add(annotation.__module__)
        return f"{annotation.__module__}.{annotation.__qualname__}"


def parameters(given, known, expr_at=None) -> str:
    """The parameters as a stub writes them; `expr_at` is the name of the one that is an expression."""
    parts, kinds = [], [p.kind for p in given]
    for k, p in enumerate(given):
        annotation = known.text(p.annotation)
        if p.name == expr_at:
            annotation = expr_at_type(p)
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        if p.kind is p.KEYWORD_ONLY and not {p.VAR_POSITIONAL, p.KEYWORD_ONLY} & set(kinds[:k]):
            parts.append("*")
        default = p.name != expr_at and p.default is not p.empty
        plain = isinstance(p.default, (bool, int, float, str, type(None)))
        value = f" = {p.default!r}" if plain else " = ..."
        parts.append(f"{star}{p.name}: {annotation}{value if default else ''}")
        if p.kind is p.POSITIONAL_ONLY and p.POSITIONAL_ONLY not in kinds[k + 1 :]:
            parts.append("/")
    return ", ".join(parts)


def expr_at_type(p) -> str:
    if p.name == "wrt":
        return "Expr | str"
    several = p.kind is p.VAR_POSITIONAL or p.annotation not in (inspect.Parameter.empty, typing.Any, sd.Expr)
    return "Expr | collections.abc.Sequence[Expr]" if several else "Expr"


def operands(given) -> list:
    """The parameters that may be expressions: those without a default that stand for anything, or for several."""
    anything = (inspect.Parameter.empty, typing.Any, typing.Sequence)
    found = [
        p.name for p in given
        if p.default is p.empty and p.kind is not p.VAR_KEYWORD
        and (p.annotation in anything or "Sequence[typing.Any]" in str(p.annotation))
    ]  # fmt: skip
    return found


def mirrors(given) -> list:
    """A derivative has the form of `wrt`: an Expr for one variable."""
    return [p.name for p in given if p.name == "wrt"]


def written(name, f, known, expressions=operands, indent="") -> list[str]:
    """A function of the stub, as lines."""
    signature = inspect.signature(f)
    given = list(signature.parameters.values())
    result = signature.return_annotation
    static = [indent + "@staticmethod"] if indent else []
    doc = f.doc if isinstance(f, Op) else re.split(r"\n\s*\n|\n\s*>>>", (f.__doc__ or "").strip())[0]
    doc = " ".join(doc.split()).replace("\\", "\\\\")
    body = [f'{indent}    """{doc[:1].upper() + doc[1:] if doc[1:2].islower() else doc}"""']
    open_result = result in (inspect.Parameter.empty, typing.Any)
    cases = expressions(given) if open_result else []
    lines = []
    for k, case in enumerate(cases):
        head = f"{indent}def {name}({parameters(given, known, case)}) -> Expr:"
        lines += [f"{indent}@overload", *static, *([head, *body] if k == 0 else [head + " ..."])]
    head = f"{indent}def {name}({parameters(given, known)}) -> {STRUCTURED.get(result) or known.text(result)}:"
    return [*lines, f"{indent}@overload", *static, head + " ..."] if cases else [*static, head, *body]


def namespace(space: Namespace, known) -> list[str]:
    lines = [f"class _{space._name}:"]
    for name in dir(space):
        lines += written(name, getattr(space, name), known, indent="    ")
    return [*lines, f"{space._name}: _{space._name}"]


def text() -> str:
    known, lines, reexported = Types(), [], []
    functions = sorted(name for name in FUNCTIONS if name.isidentifier() and not name.startswith("_"))
    for name in sorted({*sd.__all__, "__version__"} - {*functions, "linalg", "special", "ops", "__version__"}):
        f = getattr(sd, name)
        if inspect.isfunction(f):
            lines += written(name, f, known, mirrors)
        else:
            reexported.append(f"from {f.__module__.removeprefix('symdiff')} import {name} as {name}")
    for name in functions:
        alias = CANONICAL[name] != name and CANONICAL[name] in functions
        lines += [f"{name} = {CANONICAL[name]}"] if alias else written(name, FUNCTIONS[name], known)
    lines += [f"{name}: {'None' if value is None else 'builtins.float'}" for name, value in CONSTANTS.items()]
    lines += [f"{name}: numpy.dtype[numpy.{name}]" for name in TYPES]
    lines += namespace(sd.linalg, known) + namespace(sd.special, known)
    modules = [f"import {module}" for module in sorted(known.modules)]
    start = [*modules, "from . import ops as ops", *reexported, "", "__version__: builtins.str", ""]
    return HEAD + "\n".join([*start, *lines]) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
