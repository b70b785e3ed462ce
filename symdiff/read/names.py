"""What names mean in a text: qualifiers, constants, spellings of functions, and which arguments are no operands.

Tables only; the functions themselves are the registry's.
"""

import math
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from ..op import FUNCTIONS

# ``np.linalg.norm`` is ``norm``: a root that is not declared, and the parts after it, say nothing more
ROOTS = frozenset(
    "np numpy jnp onp xp sp scipy sympy sym sy math mpmath mp sd symdiff torch jax autograd pt".split()
)
PARTS = frozenset("numpy linalg special nn functional lib scimath functions matrices stats".split())

CONSTANTS: dict[str, Any] = {
    "pi": math.pi, "π": math.pi, "e": math.e, "E": math.e, "tau": math.tau, "inf": math.inf, "oo": math.inf,
    "Inf": math.inf, "infty": math.inf, "nan": math.nan, "NaN": math.nan, "euler_gamma": 0.5772156649015329,
    "EulerGamma": 0.5772156649015329, "GoldenRatio": (1 + math.sqrt(5)) / 2, "newaxis": None,
}  # fmt: skip

# Greek letters that name functions: without a call they are variables, as any other undeclared name
LETTERS = frozenset({"beta", "gamma", "zeta", "psi", "chi", "Gamma", "eta", "kappa"})

# parameters that hold sizes, axes and the like: literals and sizes, not expressions
STATIC = frozenset(
    "axis axes axis1 axis2 keepdims k ord shape n m spec source destination shift reps repeats correction "
    "ddof pad_width dtype nan subscripts newshape decimals num offset start stop step indices_or_sections".split()
)

# parameters that take lists of expressions
LISTS = frozenset({"arrays", "blocks", "pairs"})

# methods of an expression: the function of the same name with the expression in front
METHODS = frozenset(
    "sum mean max min prod var std dot reshape ravel flatten transpose trace diagonal argmax argmin cumsum "
    "any all clip round squeeze swapaxes take repeat conj inv det norm ptp cumprod".split()
)

# what people type for an operator or a letter, by the character it was
TYPED = {
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "−": "-", "–": "-", "—": "-", "÷": "/", "∕": "/", "≤": "<=", "≥": ">=",
    "≠": "!=", "²": "**2", "³": "**3", "√": "sqrt", "∞": "inf", "∑": "sum", "∏": "prod", "⊙": "*", "⊗": "kron",
    "’": "'", "‘": "'", "“": '"', "”": '"', "∧": "and", "∨": "or", "¬": "not", "ᵀ": ".T", "⊤": ".T",
}  # fmt: skip


def function_named(path: list[str]) -> tuple[str, Callable[..., Any]] | None:
    """(name, function) of a dotted path such as ``["np", "linalg", "norm"]``; None when there is none."""
    name = path[-1]
    for key in (".".join(path), *("linalg." + name,) * ("linalg" in path[:-1]), "numpy." + name, name):
        if key in FUNCTIONS and key not in HIDDEN:
            return key, FUNCTIONS[key]
    return None


HIDDEN = frozenset({"getitem", "project", "asarray"})  # not for texts


def similar(name: str, names: Any, count: int = 3) -> str:
    """`` (did you mean 'x' or 'y'?)``, or nothing."""
    known = [k for k in names if isinstance(k, str)]
    close = get_close_matches(name[:60], known, n=count, cutoff=0.7)
    folded = [k for k in known if k.lower() == name.lower() and k != name]
    close = list(dict.fromkeys([*folded, *close]))[:count]
    return f" (did you mean {' or '.join(repr(c) for c in close)}?)" if close else ""


def overloads(name: str, function: Callable[..., Any], args: list[Any], keywords: dict[str, Any]) -> Callable[..., Any]:
    """The function meant by a call that Python or sympy spell otherwise: ``max(a, b)`` of two operands, ``log(x, base)``."""
    if name in ("max", "min") and len(args) > 1 and not keywords and (len(args) > 2 or _is_operand(args)):
        return FUNCTIONS[name + "imum"]
    if name in ("log", "ln") and len(args) == 2 and not keywords:
        return lambda x, base: FUNCTIONS["divide"](FUNCTIONS["log"](x), _log(base, x))
    return function


def _is_operand(args: list[Any]) -> bool:
    """The second argument is a value to compare with, not an axis: it is an expression, or the first is a scalar."""
    first, second = args[0], args[1]
    return not isinstance(second, (int, tuple, type(None))) or not getattr(first, "shape", True) or isinstance(first, (int, float))


def _log(base: Any, x: Any) -> Any:
    return FUNCTIONS["log"](base if hasattr(base, "graph") else x.graph.constant(base))
