"""scipy's products know expressions: ``K @ x`` of a sparse matrix, ``L @ x`` and ``L.rmatvec(z)`` of a LinearOperator.

scipy asks what stands on the right of its operators for numbers, and leaves nothing to its own operators. So its
methods are wrapped, once, when a variable is made beside a scipy.sparse that is loaded.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

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
