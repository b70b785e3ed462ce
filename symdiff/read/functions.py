"""Functions as arguments of a text's calls: ``apply_along_axis(np.sum, 0, A)``, ``piecewise(x, [x < 0], [np.sin])``.

Named ones are those of the registry; the body of a lambda is read anew for each call, with values for its parameters.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .calls import signature_of
from .names import function_named

TAKING = frozenset({"func", "func1d", "funclist", "function"})  # the parameters that take them


@lru_cache(maxsize=1024)
def takes_functions(function: Callable[..., Any]) -> bool:
    """Some parameter of it is a function."""
    return not TAKING.isdisjoint(signature_of(function).parameters)


def functions_among(
    node: ast.Call, args: Sequence[Any], path: Callable[[ast.expr], list[str] | None],
    applied: Callable[[ast.Lambda, tuple, dict], Any],
) -> dict[ast.AST, Callable[..., Any]]:
    """Those arguments of a call that are functions; `path` gives the dotted name that no variable has, `applied` the
    value of a lambda."""
    found: dict[ast.AST, Callable[..., Any]] = {}
    for argument in _arguments([*args, *(k.value for k in node.keywords)]):
        if isinstance(argument, ast.Lambda):
            found[argument] = lambda *xs, argument=argument, **named: applied(argument, xs, named)
        elif isinstance(argument, (ast.Name, ast.Attribute)):
            entry = function_named(dotted) if (dotted := path(argument)) is not None else None
            if entry is not None:
                found[argument] = entry[1]
    return found


def _arguments(given: Sequence[ast.expr]) -> Iterator[ast.expr]:
    for argument in given:
        yield from argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else (argument,)


def parameters(node: ast.Lambda, count: int) -> list[str]:
    """The names of a lambda's parameters, of which a call gives so many; TypeError where it takes others."""
    given = node.args
    names = [a.arg for a in given.args]
    if given.vararg or given.kwarg or given.kwonlyargs or given.defaults or given.posonlyargs:
        raise TypeError("a lambda in a text has plain parameters: lambda t, a: ...")
    if len(names) != count:
        raise TypeError(f"a lambda of {len(names)} parameter(s) is called with {count}")
    return names
