"""Whole quotients and remainders as numpy computes them, bit for bit, and the bits of integers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError
from ..expr import Expr
from ..op import FUNCTIONS, OPS, Op, Zero, elementwise, expose, function, promoted, register
from ..shapes import Shape
from .elementwise import round, trunc

# --- quotients and remainders ---------------------------------------------------------------------------------


def _jumps(x: Any, y: Any) -> Any:
    """0 where x/y is whole."""
    return x / y - round(x / y)


def _divided(name: str, evaluate: Any, *partials: Any, **fields: Any) -> Op:
    return elementwise(
        name, evaluate, *partials, arity=2, result="number", kink=_jumps, samples=((0.1, 0.3), (0.4, 2)), **fields
    )


floor_divide = _divided(
    "floor_divide", np.floor_divide, Zero("piecewise constant: zero almost everywhere"),
    names={"sympy": lambda s, x, y: s.floor(x / y)}, integral=True, doc="floor(x/y); of integers an integer",
)  # fmt: skip
remainder = _divided(
    "remainder", np.remainder, lambda x, y: 1, lambda x, y: -floor_divide(x, y),
    aliases=("mod", "Mod"), doc="x - y*floor(x/y), with the sign of y",
)  # fmt: skip
fmod = _divided(
    "fmod", np.fmod, lambda x, y: 1, lambda x, y: -trunc(x / y), doc="x - y*trunc(x/y), with the sign of x",
    names={"sympy": lambda s, x, y: x - y * s.sign(x / y) * s.floor(s.Abs(x / y))},
)  # fmt: skip

# --- bits -----------------------------------------------------------------------------------------------------

_BITS = Zero("integers have no derivative")


def _infer_bits(name: str) -> Callable[..., tuple[Shape, str]]:
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        dtype = promoted(dtypes)
        if dtype.startswith("float"):
            raise GraphError(f"{name}: the operands are integers, not {dtype}; sd.astype(x, 'int64') makes them so")
        return shapes.broadcast(*operands, op=name), "int64" if dtype in ("int", "bool") else dtype

    return infer


def _of_integers(name: str, evaluate: Any, arity: int, doc: str, **facets: Any) -> Op:
    return register(
        Op(name, arity, _infer_bits(name), evaluate, _BITS, elementwise=True, integral=True, finite=True,
           samples=((0, 5),) * arity, doc=doc, **facets),
        public=False,
    )  # fmt: skip


def _bits_or_truth(name: str, logic: str, aliases: Sequence[str] = ()) -> None:
    """Of integers the operation on their bits, else that on truth values."""
    of_bits, of_truth = OPS[name], OPS[logic]

    def apply(*xs: Any) -> Any:
        if not any(isinstance(x, Expr) for x in xs):
            return of_bits.meaning()(*xs)
        dtypes = [x.dtype if isinstance(x, Expr) else np.asarray(x).dtype.name for x in xs]
        whole = promoted(d if d in ("bool", "int32", "float32", "float64") else "int64" for d in dtypes)
        return (of_bits if whole.startswith("int") else of_truth)(*xs)

    apply.__name__, apply.__doc__ = name, f"{of_bits.doc} of integers; of truth values `{logic}`."
    expose(name, apply, aliases)


_LOGICAL: list[tuple[str, Any, str, tuple[str, ...]]] = [
    ("bitwise_and", np.bitwise_and, "logical_and", ()),
    ("bitwise_or", np.bitwise_or, "logical_or", ()),
    ("bitwise_xor", np.bitwise_xor, "logical_xor", ()),
    ("bitwise_invert", np.bitwise_not, "logical_not", ("invert", "bitwise_not")),
]
_WHOLE: list[tuple[str, Any, int, str, tuple[str, ...]]] = [
    ("bitwise_left_shift", np.left_shift, 2, "x*2**y", ("left_shift",)),
    ("bitwise_right_shift", np.right_shift, 2, "floor(x/2**y)", ("right_shift",)),
    ("bitwise_count", lambda x: np.bitwise_count(x).astype(np.asarray(x).dtype), 1, "how many bits of |x| are 1", ()),
    ("gcd", np.gcd, 2, "the greatest common divisor", ()),
    ("lcm", np.lcm, 2, "the least common multiple", ()),
]
for _name, _evaluate, _logic, _aliases in _LOGICAL:
    _of_integers(_name, _evaluate, _evaluate.nin, f"The bits of {_name.partition('_')[2]}",
        names=dict.fromkeys(("jax", "torch"), (_name, *_aliases)[-1]), commutes=_evaluate.nin == 2)
    _bits_or_truth(_name, _logic, _aliases)
for _name, _evaluate, _arity, _doc, _aliases in _WHOLE:
    expose(_name, _of_integers(_name, _evaluate, _arity, _doc, commutes=_evaluate in (np.gcd, np.lcm)), _aliases)


@function("divmod")
def divmod_(x: Any, y: Any) -> tuple:
    """(x // y, x % y)."""
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return np.divmod(x, y)
    return floor_divide(x, y), FUNCTIONS["remainder"](x, y)
