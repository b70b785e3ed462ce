"""Functions of scipy.special that are known by their values: derivatives by floating operands are refused."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from ..lazy import module
from ..op import Op, Unknown, elementwise
from .composed import composed
from .kelvin import part

# functions of one result, of two, and how far they are asked
_ONE: list[tuple[str, tuple[Any, ...]]] = [
    ("zetac", (inf,)), ("mathieu_a mathieu_b", (1e4, 1e6)),
    ("bdtrik bdtrin nbdtrik nbdtrin chndtridf fdtridfd", (inf, inf, inf)), ("chndtrinc", (1e8, inf, 1)),
    ("nctdtr", (inf, 1e5, inf)),
    ("nctdtridf", (1, 1e3, 1e5)), ("nctdtrinc", (1e4, 1, 1e4)), ("nctdtrit", (1e15, 1e4, 1)),
    ("obl_cv pro_cv", (100, 100, (0, 40))),
    ("ncfdtr ncfdtri ncfdtridfn ncfdtrinc", (1e9, 1e9, 1e9, 1e9)), ("ncfdtridfd", (1e6, 1, 1e6, 1e6)),
]
_TWO: list[tuple[str, tuple[Any, ...]]] = [
    ("mathieu_cem mathieu_sem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2", (100, 1e4, 1e4)),
    ("pro_ang1 pro_rad1 pro_rad2 obl_ang1 obl_rad1 obl_rad2", (100, 100, (0, 40), 1e4)),
    ("pro_ang1_cv pro_rad1_cv pro_rad2_cv obl_ang1_cv obl_rad1_cv obl_rad2_cv", (100, 100, (0, 40), 1e5, 1e4)),
]


def _values(name: str, scipys: str, values: Any, arity: int, public: bool = True, **facets: Any) -> Op:
    """An op whose derivatives are refused, operand by operand."""
    reason = f"the derivative of {scipys} is not known: scipy has its values alone"
    return elementwise(
        name, values, *[Unknown(reason, k) for k in range(arity)], samples=((0.3, 0.7),) * arity,
        public=public, doc=f"scipy.special.{scipys}, by its values", **facets,
    )  # fmt: skip


def _pair(name: str, reach: tuple[Any, ...]) -> None:
    first, second = (
        _values(f"{name}_{k}", name, part(name, k), len(reach), False, reach=reach, names={"scipy": f"{name}[{k}]"})
        for k in range(2)
    )

    def of(*xs: Any) -> tuple:
        return first(*xs), second(*xs)

    of.__doc__ = f"scipy.special.{name}: a value and its derivative, by their values."
    composed(name)(of)


def _of_whole_numbers(name: str) -> Callable[..., Any]:
    """scipy's function of a whole number, to which it truncates with a warning."""

    def values(n: Any, x: Any) -> Any:
        return getattr(module("scipy.special"), name)(np.asarray(n).astype(np.int64), x)

    return values


for _names, _reach in _ONE:
    for _name in _names.split():
        _values(_name, _name, f"scipy.special:{_name}", len(_reach), reach=_reach if set(_reach) != {inf} else ())
for _names, _reach in _TWO:
    for _name in _names.split():
        _pair(_name, _reach)
_values("kolmogorov", "kolmogorov", "scipy.special:kolmogorov", 1, image="[0, 1]")
_values("kolmogi", "kolmogi", "scipy.special:kolmogi", 1, image="[0, inf)")
for _name, _most in (("smirnov", 1e5), ("smirnovi", 5e3)):
    _values(_name, _name, _of_whole_numbers(_name), 2, image="[0, 1]", reach=(_most, 1))
