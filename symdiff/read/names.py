"""What names mean in a text: qualifiers, constants, spellings of functions, and which arguments are no
operands.

Tables only; the functions themselves are the registry's.
"""

import math
import operator
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import reduce
from typing import Any

import numpy as np

from ..constants import DTYPES
from ..errors import InputError
from ..op import FUNCTIONS, OPS, Op
from ..ops.rearranged import known_numbers, known_size
from .libraries import within_special

# ``np.linalg.norm`` is ``norm``: a root that is not declared, and the parts after it, say nothing more
ROOTS = frozenset([
    "np", "numpy", "jnp", "onp", "xp", "sp", "scipy", "sympy", "sym", "sy", "math", "mpmath", "mp", "sd",
    "symdiff", "torch", "jax", "autograd", "pt",
])  # fmt: skip
PARTS = frozenset([
    "numpy", "linalg", "special", "nn", "functional", "lib", "scimath", "functions", "matrices", "stats", "emath",
    "fft", "stride_tricks",
])  # fmt: skip

CONSTANTS: dict[str, Any] = {
    "pi": math.pi, "π": math.pi, "e": math.e, "E": math.e, "inf": math.inf, "oo": math.inf,
    "tau": math.tau, "Inf": math.inf, "infty": math.inf, "nan": math.nan, "NaN": math.nan,
    "euler_gamma": 0.5772156649015329, "EulerGamma": 0.5772156649015329, "GoldenRatio": (1 + math.sqrt(5)) / 2,
    "newaxis": None,
}  # fmt: skip

# numbers' types, as numpy calls them: dtype=np.intp, np.float32(2)
TYPES: dict[str, str] = {
    **{name: name for name in DTYPES}, "bool_": "bool", "int_": "int64", "intp": "int64", "longlong": "int64",
    "intc": "int32", "double": "float64", "single": "float32",
}  # fmt: skip

# letters that name functions or constants: without a call or a module in front they are variables, as any other
# undeclared name
LETTERS = frozenset({"beta", "gamma", "zeta", "psi", "phi", "chi", "Gamma", "eta", "kappa", "S", "W", "tau"})

# parameters that hold sizes, axes and the like: literals and sizes, not expressions
STATIC = frozenset([
    "axis", "axes", "axis1", "axis2", "keepdims", "k", "ord", "shape", "n", "m", "spec", "source",
    "destination", "shift", "reps", "repeats", "correction", "ddof", "pad_width", "dtype", "nan",
    "subscripts", "newshape", "decimals", "num", "offset", "start", "stop", "step",
    "indices_or_sections", "rows", "columns", "order", "size", "descending", "stable", "include_initial",
    "endpoint", "upper", "mode", "copy", "device", "q", "N", "increasing", "rowvar", "bias",
    "kth", "deg", "ind", "edge_order", "side", "right", "minlength", "reflect_type", "stat_length", "UPLO",
    "lower", "trans", "unit_diagonal", "method", "overwrite_input", "out", "kind", "new_shape", "invert", "indices",
    "window_shape",
])  # fmt: skip

# those of them that are literals in every function: others are operands of some, `m` of ellipj
LITERALS = frozenset({"axis", "axes", "axis1", "axis2", "shape", "newshape", "new_shape", "keepdims", "dtype"})

# those of them that are sizes of a result, and may be as large as they like
SIZES = frozenset({"shape", "n", "rows", "columns", "size"})

# parameters that take lists of expressions
LISTS = frozenset([
    "arrays", "blocks", "pairs", "factor", "condlist", "choicelist", "funclist", "choices", "tup", "limits",
])


def _turned(of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, y: of(y, x)


# Python's operators as methods of an expression
_TWO = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
_OPERATORS: dict[str, Callable[..., Any]] = {
    **{f"__{name}__": getattr(operator, name) for name in (*_TWO, "neg", "abs", "lt", "le", "gt", "ge")},
    **{f"__r{name}__": _turned(getattr(operator, name)) for name in _TWO},
    "__len__": lambda x: x.shape[0],
}

# methods of an expression: the function of the same name with the expression in front
METHODS = frozenset([
    *_OPERATORS,
    "sum", "mean", "max", "min", "prod", "var", "std", "dot", "reshape", "ravel", "flatten", "transpose",
    "trace", "diagonal", "argmax", "argmin", "cumsum", "any", "all", "clip", "round", "squeeze",
    "swapaxes", "take", "repeat", "conj", "inv", "det", "norm", "ptp", "cumprod", "argsort", "astype", "choose", "copy",
    "conjugate", "compress", "item", "nonzero", "tolist",
])  # fmt: skip

# what people type for an operator or a letter, by the character it was
TYPED = {
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "−": "-", "–": "-", "—": "-", "÷": "/", "∕": "/", "≤": "<=",
    "≥": ">=",
    "≠": "!=", "²": "**2", "³": "**3", "√": "sqrt", "∞": "inf", "∑": "sum", "∏": "prod", "⊙": "*",
    "⊗": "kron",
    "’": "'", "‘": "'", "“": '"', "”": '"', "∧": "and", "∨": "or", "¬": "not", "ᵀ": ".T", "⊤": ".T",
}  # fmt: skip


def function_named(path: list[str]) -> tuple[str, Callable[..., Any]] | None:
    """(name, function) of a dotted path such as ``["np", "linalg", "norm"]``; None when there is none."""
    name = path[-1]
    if name in HIDDEN:
        return None
    if "special" in path[:-1] and (scipys := within_special(name)) is not None:
        return name, scipys
    if name in SPELLINGS:
        return name, SPELLINGS[name]
    own = () if name in PLAIN else ("numpy." + name,)
    within = ("numpy.linalg." + name, "linalg." + name) if "linalg" in path[:-1] else ()
    method = ("numpy." + ".".join(path),) if len(path) > 1 else ()  # of a ufunc: np.add.reduce
    for key in (*method, *within, *own, name, "linalg." + name):
        if key in FUNCTIONS:
            return key.rpartition(".")[2], FUNCTIONS[key]
    return (name, OPS[name]) if name in OPS and _prints_as_itself(OPS[name]) else None


def _prints_as_itself(op: Op) -> bool:
    """One result of a function that has several, say: texts name it as its op."""
    return op.elementwise and op.textbook is None


_NOTHING = object()
PLAIN = frozenset({"concat", "stack"})  # also of arguments one after the other, which numpy's have not
HIDDEN = frozenset({"at", "guards", "getitem", "project"})  # not for texts


def _columns(arrays: Any) -> Any:
    """sympy's Matrix: a flat list is a column."""
    array = FUNCTIONS["stack"](arrays)
    return array[:, None] if array.ndim == 1 else array


def _sliced(start: Any, stop: Any = _NOTHING, step: Any = None) -> slice:
    """Python's slice."""
    return slice(start) if stop is _NOTHING else slice(start, stop, step)


def _nary(name: str) -> Callable[..., Any]:
    return lambda *xs: reduce(FUNCTIONS[name], xs)


# spellings of sympy, mpmath and others that are no names of the registry
SPELLINGS: dict[str, Callable[..., Any]] = {
    **_OPERATORS,
    "Transpose": lambda x: FUNCTIONS["permute_dims"](x),
    "Inverse": lambda x: FUNCTIONS["inv"](x),
    "Determinant": lambda x: FUNCTIONS["det"](x),
    "Add": _nary("add"), "Mul": _nary("multiply"), "MatAdd": _nary("add"), "MatMul": _nary("matmul"),
    "HadamardProduct": _nary("multiply"), "hadamard_product": _nary("multiply"),
    "KroneckerProduct": _nary("kron"), "kronecker_product": _nary("kron"),
    "And": _nary("logical_and"), "Or": _nary("logical_or"), "Xor": _nary("logical_xor"),
    "Matrix": _columns, "ImmutableMatrix": _columns, "matrix": lambda arrays: FUNCTIONS["stack"](arrays),
    "ZeroMatrix": lambda rows, columns, graph=None: FUNCTIONS["zeros"]((rows, columns), graph=graph),
    "OneMatrix": lambda rows, columns, graph=None: FUNCTIONS["ones"]((rows, columns), graph=graph),
    "Rational": lambda x, y=1: FUNCTIONS["divide"](x, y),
    "Integer": lambda x: x, "Float": lambda x: x, "S": lambda x: x, "float": lambda x: x, "mpf": lambda x: x,
    "re": lambda x: x, "Re": lambda x: x, "im": lambda x: 0 * x,
    "frac": lambda x: x - FUNCTIONS["floor"](x),
    "real_root": lambda x, degree: FUNCTIONS["sign"](x) * FUNCTIONS["root"](FUNCTIONS["abs"](x), degree),
    "nthroot": lambda x, degree: FUNCTIONS["root"](x, degree),
    "fsum": lambda x: FUNCTIONS["sum"](x), "fdot": lambda x, y: FUNCTIONS["dot"](x, y),
    "ITE": lambda condition, x, y: FUNCTIONS["where"](condition, x, y),
    "ifelse": lambda condition, x, y: FUNCTIONS["where"](condition, x, y),
    "li": lambda x: FUNCTIONS["expi"](FUNCTIONS["log"](x)),
    "W": lambda x: FUNCTIONS["lambertw"](x),
    "trigamma": lambda x: FUNCTIONS["polygamma"](1, x),
    "erf2": lambda x, y: FUNCTIONS["erf"](y) - FUNCTIONS["erf"](x),
    "sindg": lambda x: FUNCTIONS["sin"](FUNCTIONS["deg2rad"](x)),
    "cosdg": lambda x: FUNCTIONS["cos"](FUNCTIONS["deg2rad"](x)),
    "tandg": lambda x: FUNCTIONS["tan"](FUNCTIONS["deg2rad"](x)),
    "sinpi": lambda x: FUNCTIONS["sin"](math.pi * x), "cospi": lambda x: FUNCTIONS["cos"](math.pi * x),
    **{name: lambda x, dtype=dtype: FUNCTIONS["astype"](x, dtype) for name, dtype in TYPES.items() if name != "bool"},
    **dict.fromkeys(("asanyarray", "asarray_chkfinite"), lambda a, dtype=None: FUNCTIONS["asarray"](a, dtype=dtype)),
    **dict.fromkeys(
        ("ascontiguousarray", "asfortranarray"),
        lambda a, dtype=None: FUNCTIONS["atleast_1d"](FUNCTIONS["asarray"](a, dtype=dtype)),
    ),
    "Integral": lambda f, *limits: reduce(lambda e, limit: FUNCTIONS["integral"](e, *limit), limits, f),
    "list": lambda x: [x[i] for i in range(known_size(x, 0, "list"))],
    "ix_": lambda *args: np.ix_(*[known_numbers(x, "ix_") for x in args]), "slice": _sliced,
    "len": lambda x: x.shape[0],
    "DotProduct": lambda x, y: FUNCTIONS["vdot"](x, y),
    "Norm": lambda x: FUNCTIONS["norm"](x),
}  # fmt: skip


def similar(name: str, names: Any, count: int = 3) -> str:
    """`` (did you mean 'x' or 'y'?)``, or nothing."""
    known = [k for k in names if isinstance(k, str)]
    close = get_close_matches(name[:60], known, n=count, cutoff=0.7)
    folded = [k for k in known if k.lower() == name.lower() and k != name]
    close = list(dict.fromkeys([*folded, *close]))[:count]
    return f" (did you mean {' or '.join(repr(c) for c in close)}?)" if close else ""


def check_declared(declared: Iterable[str], names: Collection[str], found: Iterable[str]) -> None:
    """InputError where a declared name does not occur among the names of a text, and one like it was found instead."""
    for name in declared:
        likely = similar(name, found) if name not in names else ""
        if likely:
            raise InputError(f"{name!r} is declared, but does not occur in the text{likely}")
