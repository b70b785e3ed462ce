"""Values of the cofactors of a matrix and of their derivatives, polynomials in its entries: also where it is singular.

With X = U @ diag(s) @ Vt the k-th derivative of det in directions E1, ..., Ek is that at diag(s) in U.T @ E @ Vt.T: the
sum over distinct i1, ..., ik of the minors of the E, each times all the other s. The arrays are those of `xp`: numpy,
jax.numpy or torch.
"""

from itertools import combinations, permutations
from typing import Any

LABELS = "abcdefgh"


def cofactor_values(xp: Any, x: Any, *directions: Any) -> Any:
    """The matrix of cofactors, or its derivative in these directions."""
    u, s, vt = xp.linalg.svd(x)
    floats = xp.ones_like(vt)  # directions may be unit tensors of truth values
    inside = [xp.swapaxes(u, -1, -2) @ (e * floats) @ xp.swapaxes(vt, -1, -2) for e in directions]
    places = LABELS[: len(inside) + 1]
    others = _other_products(xp, s, len(places))
    place = xp.cumsum(xp.ones_like(s), -1)
    on_diagonal = place[..., :, None] == place[..., None, :]
    total: Any = 0
    for order in permutations(places):
        sign = (-1) ** sum(a > b for a, b in combinations(order, 2))
        *minor, (row, column) = zip(places, order, strict=True)
        factors = ",".join(f"...{i}{j}" for i, j in minor)
        out = row if row == column else row + column
        term = xp.einsum(f"...{places},{factors}->...{out}".replace(",->", "->"), others, *inside)
        total = total + sign * (xp.where(on_diagonal, term[..., None], 0) if row == column else term)
    signs = xp.linalg.det(u) * xp.linalg.det(vt)
    return signs[..., None, None] * (u @ total @ vt)


def _other_products(xp: Any, s: Any, k: int) -> Any:
    """Of entries the product of all but those at k distinct places; 0 where two places are the same. Mantissas and
    exponents are kept apart: no product underflows before a quotient."""
    n = s.shape[-1]
    zero = s == 0
    digits, exponents = xp.frexp(xp.where(zero, 1, s))

    def along(values: Any, axis: int) -> Any:
        return values.reshape((*s.shape[:-1], *[n if i == axis else 1 for i in range(k)]))

    def whole(values: Any) -> Any:
        return values.reshape((*s.shape[:-1], *[1] * k))

    product, exponent, zeros = whole(digits.prod(-1)), whole(exponents.sum(-1)), whole(zero.sum(-1))
    place = xp.cumsum(xp.ones_like(s), -1)
    distinct: Any = True
    for i in range(k):
        product, exponent = product / along(digits, i), exponent - along(exponents, i)
        zeros = zeros - xp.where(along(zero, i), 1, 0)
        for j in range(i):
            distinct = distinct & (along(place, i) != along(place, j))
    return xp.where((zeros == 0) & distinct, xp.ldexp(product, exponent), 0)
