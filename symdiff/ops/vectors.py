"""Cross products of vectors of three entries."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..facets import rows_but
from ..op import Action, Op, promoted, register
from ..shapes import Shape
from .layout import concat
from .products import broadcast_to


def _infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    a, b = operands
    if a != b or a[-1:] != (3,):
        raise ShapeError(f"cross: shapes {shapes.text(a)} and {shapes.text(b)}: three entries are needed")
    return a, promoted(dtypes)


def crossed(a: Expr, b: Expr) -> Expr:
    """The cross product along the last axes, the others broadcast."""
    shape = shapes.broadcast(a.shape, b.shape, op="cross")
    return a.apply(CROSS, (broadcast_to(a, shape), broadcast_to(b, shape)), ())


def _tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    return crossed(t, xs[1]) if k == 0 else crossed(xs[0], t)


def _cotangent(k: int, ct: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """(a x b).c = (b x c).a = (c x a).b"""
    return crossed(xs[1], ct) if k == 0 else crossed(ct, xs[0])


def _entries(a: Any, b: Any) -> Any:
    turned = lambda x, k: concat(x[..., k:], x[..., :k], axis=-1)  # noqa: E731
    return turned(a, 1) * turned(b, 2) - turned(a, 2) * turned(b, 1)


CROSS = register(
    Op(
        "cross", 2, _infer, lambda a, b: np.cross(a, b), Action(_tangent, _cotangent),
        doc="the cross product of vectors of three entries, along the last axis",
        rows=rows_but(lambda params: (-1,)), composition=_entries,
    ),
    public=False,
)  # fmt: skip
