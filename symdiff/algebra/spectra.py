"""Factors of a matrix that meet in a product, as forms: ``Q.T @ Q`` is a unit matrix, ``Q @ diag(f(w)) @ Q.T`` a
function of the matrix."""

from fractions import Fraction
from typing import Any

from ..ops.matrix_functions import expm, logm, sqrtm
from .forms import CALL, EXP, Factor, Form, Mono
from .matrices import inverse
from .normal import Normal
from .powers import operands

# factors with orthonormal rows or columns: op -> the axes along which the product with itself is a unit matrix
ORTHONORMAL = {"eigvecs": (0, 1), "svd_U": (0,), "svd_Vt": (1,), "qr_Q": (0,)}


def met(low: Any, form: Form) -> Form | None:
    """The form with one pair of such factors made a unit matrix, a function of the matrix, or the matrix itself."""
    normal = low.normal
    for m, c in form.terms.items():
        for i in sorted({i for _, ls, _ in m.factors for i in ls} - set(m.out)):
            there = [k for k, f in enumerate(m.factors) if i in f[1]]
            found = _unit(normal, m, i, there) or _function(low, m, i, there) or _trace(normal, m, i, there)
            if found is None:
                continue
            made, labels = found
            whole = normal.product([(made, labels), *operands(normal, m, there)], m.out, m.sizes)
            terms = [(c, whole) if n is m else (d, normal.form({n: 1}, form.shape)) for n, d in form.terms.items()]
            return normal.add(terms, form.shape)
    return None


Found = tuple[Form, tuple[int, ...]] | None


def _unit(normal: Normal, m: Mono, i: int, there: list[int]) -> Found:
    """Q.T @ Q"""
    if len(there) != 2:
        return None
    (a, la, ea), (b, lb, eb) = (m.factors[k] for k in there)
    if a is not b or (ea, eb) != (1, 1) or a.kind != CALL or a.op not in ORTHONORMAL or len(la) != 2:
        return None
    axis = la.index(i)
    if la.count(i) + lb.count(i) != 2 or lb[axis] != i or axis not in ORTHONORMAL[a.op]:
        return None
    return normal.unit(a.shape[1 - axis]), (la[1 - axis], lb[1 - axis])


def _function(low: Any, m: Mono, i: int, there: list[int]) -> Found:
    """Q @ diag(f(w)) @ Q.T, and U @ diag(s) @ Vt"""
    factors = [m.factors[k] for k in there]
    sides = [f for f in factors if f[0].kind == CALL and f[0].op in ORTHONORMAL and len(f[1]) == 2 and f[2] == 1]
    values = [f for f in factors if f not in sides]
    if len(sides) != 2 or len(values) != 1 or sides[0][0].args != sides[1][0].args:
        return None
    (x,) = sides[0][0].args
    ops, kept = [f[0].op for f in sides], tuple(f[1][0] if f[1][1] == i else f[1][1] for f in sides)
    if ops == ["eigvecs", "eigvecs"] and all(f[1][1] == i and f[1][0] != i for f in sides):
        made = _of_spectrum(low, x, values[0])
        return None if made is None else (made, kept)
    value, _, e = values[0]
    if sorted(ops) == ["svd_U", "svd_Vt"] and value.op == "svdvals" and value.args == (x,) and e == 1:
        joined = all(f[1].index(i) == (f[0].op == "svd_U") and len(set(f[1])) == 2 for f in sides)
        return (x, kept if ops[0] == "svd_U" else kept[::-1]) if joined else None
    return None


def _of_spectrum(low: Any, x: Form, f: Factor) -> Form | None:
    """The function of a symmetric matrix that a function of its eigenvalues is."""
    normal, (atom, labels, e) = low.normal, f
    if len(labels) != 1:
        return None
    matrix = x if normal.is_symmetric(x) else normal.call("sym", [x], (), x.shape, symmetric=True)
    if atom.kind == EXP:
        if len(e.terms) != 1:
            return None
        ((m, c),) = e.terms.items()
        scale = _scaled(m, x)
        return None if scale is None else _call(normal, expm.name, normal.scale(c, _times(normal, scale, matrix)))
    if atom.kind == CALL and atom.op == "log" and e == 1 and _is_spectrum(next(iter(atom.args[0].terms)), x):
        return _call(normal, logm.name, matrix) if list(atom.args[0].terms.values()) == [1] else None
    if atom.op != "eigvalsh" or atom.args != (x,):
        return None
    if type(e) is int and 1 <= abs(e) <= 4:
        base = matrix if e > 0 else inverse(normal, matrix)
        return normal.product([(base, (k, k + 1)) for k in range(abs(e))], (0, abs(e)), {})
    if e in (Fraction(1, 2), Fraction(-1, 2)):
        root = _call(normal, sqrtm.name, matrix)
        return root if e > 0 else inverse(normal, root)
    return None


def _call(normal: Normal, name: str, x: Form) -> Form:
    return normal.oriented(name, x, (), x.shape)


def _times(normal: Normal, scalars: list[Factor], x: Form) -> Form:
    return normal.product([*((normal.of_atom(a, e), ()) for a, _, e in scalars), (x, (0, 1))], (0, 1), {})


def _is_spectrum(m: Mono, x: Form) -> bool:
    return _scaled(m, x) == []


def _scaled(m: Mono, x: Form) -> list[Factor] | None:
    """The scalar factors beside the eigenvalues of x in a product of both; None of others."""
    scalars, rest = [f for f in m.factors if not f[1]], [f for f in m.factors if f[1]]
    if len(rest) != 1 or len(m.out) != 1 or rest[0][2] != 1 or rest[0][0].op != "eigvalsh" or rest[0][0].args != (x,):
        return None
    return scalars


def _trace(normal: Normal, m: Mono, i: int, there: list[int]) -> Found:
    """The sum of the eigenvalues"""
    if len(there) != 1:
        return None
    atom, labels, e = m.factors[there[0]]
    if atom.op != "eigvalsh" or labels != (i,) or e != 1:
        return None
    return normal.product([(atom.args[0], (0, 0))], (), {}), ()
