"""Functions of scipy.special that are known by their values: derivatives by floating operands are refused."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..lazy import module
from ..op import Op, Unknown, elementwise
from .composed import composed
from .kelvin import part

# operands -> functions of one result, of two
_ONE = {
    1: "zetac",
    2: "mathieu_a mathieu_b",
    3: "bdtrik bdtrin nbdtrik nbdtrin chndtridf chndtrinc nctdtr nctdtridf nctdtrinc nctdtrit fdtridfd obl_cv pro_cv",
    4: "ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc",
}
_TWO = {
    3: "mathieu_cem mathieu_sem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2",
    4: "pro_ang1 pro_rad1 pro_rad2 obl_ang1 obl_rad1 obl_rad2",
    5: "pro_ang1_cv pro_rad1_cv pro_rad2_cv obl_ang1_cv obl_rad1_cv obl_rad2_cv",
}


def _values(name: str, scipys: str, values: Any, arity: int, public: bool = True, **facets: Any) -> Op:
    """An op whose derivatives are refused, operand by operand."""
    reason = f"the derivative of {scipys} is not known: scipy has its values alone"
    return elementwise(
        name, values, *[Unknown(reason, k) for k in range(arity)], samples=((0.3, 0.7),) * arity,
        public=public, doc=f"scipy.special.{scipys}, by its values", **facets,
    )  # fmt: skip


def _pair(name: str, arity: int) -> None:
    first, second = (_values(f"{name}_{k}", name, part(name, k), arity, False) for k in range(2))

    def of(*xs: Any) -> tuple:
        return first(*xs), second(*xs)

    of.__doc__ = f"scipy.special.{name}: a value and its derivative, by their values."
    composed(name)(of)


def _each(table: dict[int, str], make: Callable[[str, int], Any]) -> None:
    for arity, names in table.items():
        for name in names.split():
            make(name, arity)


def _of_whole_numbers(name: str) -> Callable[..., Any]:
    """scipy's function of a whole number, to which it truncates with a warning."""

    def values(n: Any, x: Any) -> Any:
        return getattr(module("scipy.special"), name)(np.asarray(n).astype(np.int64), x)

    return values


_each(_ONE, lambda name, arity: _values(name, name, f"scipy.special:{name}", arity))
_each(_TWO, _pair)
_values("kolmogorov", "kolmogorov", "scipy.special:kolmogorov", 1, image="[0, 1]")
_values("kolmogi", "kolmogi", "scipy.special:kolmogi", 1, image="[0, inf)")
for _name in ("smirnov", "smirnovi"):
    _values(_name, _name, _of_whole_numbers(_name), 2, image="[0, 1]")
