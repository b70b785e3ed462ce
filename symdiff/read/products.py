"""scipy's products know expressions: ``K @ x`` of a sparse matrix, ``L @ x`` and ``L.rmatvec(z)`` of a LinearOperator.

scipy asks what stands on the right of its operators for numbers, and leaves nothing to its own operators. So its
methods are wrapped, once, when a variable is made beside a scipy.sparse that is loaded.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..errors import GraphError
from ..expr import Expr
from ..op import FUNCTIONS, method
from ..ops.contractions import matmul


@method("scipy_products")
def scipy_products() -> None:
    """Wrap the products of what is loaded of scipy.sparse; without effect when called again."""
    for module, (kind, products) in PRODUCTS.items():
        if module in sys.modules and module not in _WRAPPED:
            _WRAPPED.add(module)
            base = getattr(sys.modules[module], kind)
            for owner in (base, *_below(base)) if kind == "_spbase" else (base,):
                for name in products.keys() & vars(owner).keys():
                    setattr(owner, name, _wrapped(vars(owner)[name], products[name]))
                if kind == "_spbase" and "__init__" in vars(owner):
                    owner.__init__ = _of_numbers(vars(owner)["__init__"])
    construct = sys.modules.get("scipy.sparse._construct")
    if construct and "scipy.sparse._construct" not in _WRAPPED:
        _WRAPPED.add("scipy.sparse._construct")
        for owner in (construct, sys.modules["scipy.sparse"]):
            owner.diags_array = _of_numbers(owner.diags_array)  # type: ignore[attr-defined]


def _below(kind: type) -> set[type]:
    """The classes that are derived from one."""
    own: set[type] = set(kind.__subclasses__())
    return own.union(*map(_below, own))


def _wrapped(original: Any, product: Callable[[Any, Any], Any]) -> Any:
    @wraps(original)
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, Expr):
            return product(self, other)
        value = getattr(other, "value", None)  # an array that a traced function fills
        return product(self, value) if isinstance(value, Expr) else original(self, other)

    return method


def _of_numbers(original: Any) -> Any:
    """A constructor of scipy's sparse matrices, which says that they store numbers where expressions are given."""

    @wraps(original)
    def construct(*args: Any, **kwargs: Any) -> Any:
        if _symbolic(args[:3]):
            raise GraphError(
                "scipy's sparse matrices store numbers, no expressions: sd.diag(x) is a diagonal matrix, "
                "x[:, None]*(K @ y) its product with others, K.multiply(x) has the pattern of a sparse K"
            )
        return original(*args, **kwargs)

    return construct


def _symbolic(value: Any) -> bool:
    """An expression, or one among the first entries of nested lists."""
    return isinstance(value, Expr) or (isinstance(value, (list, tuple)) and any(map(_symbolic, value[:3])))


def _times(K: Any, x: Expr) -> Expr:
    return matmul(K, x) if x.ndim else FUNCTIONS["multiply"](K, x)


_WRAPPED: set[str] = set()
PRODUCTS: dict[str, tuple[str, dict[str, Callable[[Any, Any], Any]]]] = {  # module -> (class, method -> what it gives)
    "scipy.sparse._base": ("_spbase", {
        **dict.fromkeys(("_matmul_dispatch", "dot"), _times),
        "multiply": lambda K, x: FUNCTIONS["multiply"](K, x),
        "__truediv__": lambda K, x: FUNCTIONS["divide"](K, x),
    }),
    "scipy.sparse.linalg._interface": ("LinearOperator", {
        **dict.fromkeys(("dot", "matvec", "matmat"), _times),
        **dict.fromkeys(("rmatvec", "rmatmat"), lambda L, z: matmul(L.T, z)),
        "_rdot": lambda L, z: matmul(z, L),
    }),
}  # fmt: skip
