"""Every real ufunc of scipy.special, called with expressions: its value, type and shape, its gradient and Hv beside
differences, or the error that says which derivative is not known.
"""

import itertools
import warnings
from math import comb

import numpy as np
import pytest

import symdiff as sd
from symdiff.op import OPS, Partials, Unknown

special = pytest.importorskip("scipy.special")
REAL = set("dlpif")
COMPLEX = {"hankel1", "hankel1e", "hankel2", "hankel2e", "kelvin", "modfresnelm", "modfresnelp", "wofz"}


def real_kinds(ufunc):
    """The types of the operands, where a real function is offered: "l" for whole numbers."""
    kinds = [t.partition("->") for t in ufunc.types]
    return [before for before, _, after in kinds if set(before) <= REAL and set(after) <= REAL and "d" in after]


UFUNCS = sorted(
    name for name in special.__all__
    if isinstance(getattr(special, name), np.ufunc) and real_kinds(getattr(special, name))
)  # fmt: skip


def by_value(op):
    """None of the derivatives is known."""
    return isinstance(op.derivative, Partials) and all(isinstance(p, Unknown) for p in op.derivative.of)


def one_of_several(name):
    """An op that is one of the results of a function."""
    return getattr(getattr(special, name.rpartition("_")[0], None), "nout", 1) > 1


SWEPT = {name for name, op in OPS.items() if one_of_several(name) or (name in UFUNCS and by_value(op))}
SWEPT = SWEPT - {"elliprd", "elliprj"} | {"it2struve0"}  # ops that the sweep alone reaches


def test_what_is_left_out_is_complex():
    every = {name for name in special.__all__ if isinstance(getattr(special, name), np.ufunc)}
    assert every - set(UFUNCS) <= COMPLEX


def results(value):
    return list(value) if isinstance(value, tuple) else [value]


def points(name, count):
    """Arguments at which the function has values: fractions, larger numbers, whole ones where it asks for them."""
    ufunc = getattr(special, name)
    pools = [np.array([0.31, 0.33]), np.array([1.7, 1.75]), np.array([1.0, 2.0]), np.array([-0.6, -0.58])]
    whole = [any(kinds[k] in "lpi" for kinds in real_kinds(ufunc)) for k in range(ufunc.nin)]
    found = []
    for choice in itertools.product(range(4), repeat=ufunc.nin):
        point = [
            np.array([1, 2]) if w and c == 2 else pools[c] * (1 + 0.06 * k if c != 2 else 1)
            for k, (c, w) in enumerate(zip(choice, whole, strict=True))
        ]
        with np.errstate(all="ignore"), warnings.catch_warnings(record=True) as truncated:
            warnings.simplefilter("always")
            try:
                values = np.array(results(ufunc(*point)), dtype=float)
            except TypeError:
                continue
        if not truncated and np.all(np.isfinite(values)) and np.all(np.abs(values) < 1e6):
            found.append(point)
        if len(found) == count:
            return found
    return found


ROUGH = {"itairy": 1e-2}  # scipy's own values have eight digits

FORMS = {  # shapes in which the operands come, by their place
    "vectors": lambda k, v: v, "numbers": lambda k, v: v[0], "rows and columns": lambda k, v: v[:, None] if k else v,
    "one entry": lambda k, v: v[:1], "no entry": lambda k, v: v[:0],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", UFUNCS)
def test_values_types_and_shapes(name, form):
    ufunc = getattr(special, name)
    tried = points(name, 3)
    assert tried, "no point found"
    for point in tried:
        arguments = [np.asarray(FORMS[form](k, v)) for k, v in enumerate(point)]
        g = sd.Graph()
        xs = [g.variable(f"x{k}", v.shape, dtype=v.dtype.name) for k, v in enumerate(arguments)]
        got = results(ufunc(*xs))
        wanted = results(ufunc(*arguments))
        assert len(got) == len(wanted)
        for e, w in zip(got, wanted, strict=True):
            at = {f"x{k}": v for k, v in enumerate(arguments) if f"x{k}" in e.variables}
            value = sd.evaluate(e, at)
            assert (value.shape, value.dtype) == (np.shape(w), np.asarray(w).dtype)
            np.testing.assert_allclose(value, w, rtol=2e-11, atol=1e-14)


def central(f, t):
    """The derivative by Richardson's differences, and how far two steps are apart."""
    rough = [(f(t + h) - f(t - h)) / (2 * h) for h in (2e-3, 1e-3, 5e-4)]
    fine = [(4 * b - a) / 3 for a, b in itertools.pairwise(rough)]
    best = (16 * fine[1] - fine[0]) / 15
    return best, abs(best - fine[1]) + 1e-9 * (1 + abs(best))


def moved(f, at, k):
    """f as a function of one of its arguments."""
    return lambda t: float(f(*[t if j == k else a for j, a in enumerate(at)]))


def known_gradient(e, x):
    """The derivative; None where the error says that it is not known."""
    try:
        return sd.grad(e, x)
    except sd.GradientError as error:
        if "not known" in str(error):
            return None
        raise


@pytest.mark.parametrize("name", UFUNCS)
def test_gradients_and_second_derivatives(name):
    """By each operand: right, or a GradientError that says that it is not known."""
    ufunc = getattr(special, name)
    checked = refused = 0
    for point, k in itertools.product(points(name, 3), range(ufunc.nin)):
        at = [v[0].item() for v in point]
        g = sd.Graph()
        xs = [g.variable(f"x{j}", dtype=v.dtype.name) for j, v in enumerate(point)]
        if isinstance(at[k], int):
            continue
        for e, which in zip(results(ufunc(*xs)), range(ufunc.nout), strict=True):
            given = {f"x{j}": v for j, v in enumerate(at)}
            value = lambda *a, which=which: results(ufunc(*a))[which]  # noqa: E731
            if f"x{k}" not in e.variables:
                continue
            slope = known_gradient(e, xs[k])
            if slope is None:
                refused += 1
                continue
            with np.errstate(all="ignore"), warnings.catch_warnings(record=True) as truncated:
                warnings.simplefilter("always")
                wanted, spread = central(moved(value, at, k), at[k])
            if truncated or not np.isfinite(wanted) or spread > 1e-4 * (1 + abs(wanted)):
                continue  # beside a pole, a step, or where scipy's own values are rough
            got = float(sd.evaluate(slope, {v: given[v] for v in slope.variables}))
            assert got == pytest.approx(wanted, rel=ROUGH.get(name, 1e-6), abs=10 * spread), (k, at)
            checked += 1
            second = known_gradient(slope, xs[k])
            if second is None:
                continue
            first = lambda *a, s=slope: sd.evaluate(s, {v: a[int(v[1])] for v in s.variables})  # noqa: E731
            wanted, spread = central(moved(first, at, k), at[k])
            if np.isfinite(wanted) and spread < 1e-4 * (1 + abs(wanted)):
                got = float(sd.evaluate(second, {v: given[v] for v in second.variables}))
                assert got == pytest.approx(wanted, rel=1e-6, abs=10 * spread), ("second", k, at)
    assert checked or refused


def test_most_have_derivatives():
    """Of the operands of all functions that are not whole numbers."""
    known = total = 0
    for name in UFUNCS:
        ufunc = getattr(special, name)
        for k in range(ufunc.nin):
            xs = sd.Graph().variables([f"x{j}" for j in range(ufunc.nin)])
            total += 1
            known += all(known_gradient(e, xs[k]) is not None for e in results(ufunc(*xs)) if f"x{k}" in e.variables)
    assert known / total > 0.55, (known, total)


FUNCTIONS = {  # those that are no ufuncs, at numbers
    "comb": (lambda x: special.comb(x, 2.3), lambda x: sd.special.comb(x, 2.3), [2.5, 4.0, 7.2]),
    "comb with repetition": (
        lambda x: special.comb(x, 2, repetition=True), lambda x: sd.special.comb(x, 2, repetition=True), [3.0, 4.0],
    ),
    "diric": (lambda x: special.diric(x, 5), lambda x: sd.special.diric(x, 5), [0.0, 0.7, 2 * np.pi, 9.0]),
    "diric even": (lambda x: special.diric(x, 4), lambda x: sd.special.diric(x, 4), [0.0, 0.7, 2 * np.pi, 9.0]),
    "factorial2": (lambda x: special.factorial2(x), lambda x: sd.special.factorial2(x), [0.0, 3.0, 8.0]),
    **{
        f"{name} {n}": (
            lambda x, name=name, n=n: getattr(special, name)(1.5, x, n),
            lambda x, name=name, n=n: getattr(sd.special, name)(1.5, x, n), [0.4, 2.0],
        )
        for name, n in itertools.product(("jvp", "yvp", "ivp", "kvp"), (0, 1, 2, 3))
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name):
    theirs, ours, at = FUNCTIONS[name]
    x = sd.Graph().variable("x")
    for v in at:
        kind = int if "factorial2" in name else float
        assert sd.evaluate(ours(x), {"x": v}) == pytest.approx(float(theirs(kind(v))), rel=1e-12, abs=1e-14)
    assert comb(4, 2) == 6


@pytest.mark.parametrize("lmbda", [0.0, 1e-9, 0.5, -0.7])
def test_box_cox_and_its_inverse_at_a_limit(lmbda):
    """By y and by lambda: at 0 the inverse is exp(y)*(1 - lambda*y**2/2 + ...)."""
    y, scale = sd.Graph().variables("y l")
    at = {"y": 0.4, "l": lmbda}
    inverse = sd.special.inv_boxcox(y, scale)
    assert sd.evaluate(inverse, at) == pytest.approx(special.inv_boxcox(0.4, lmbda), rel=1e-14)
    rhs = special.inv_boxcox1p(0.4, lmbda)
    assert sd.evaluate(sd.special.inv_boxcox1p(y, scale), at) == pytest.approx(rhs, rel=1e-14)
    assert sd.evaluate(sd.special.boxcox(inverse, scale), at) == pytest.approx(0.4, rel=1e-13)
    if lmbda == 0:
        assert sd.evaluate(sd.grad(inverse, scale), at) == pytest.approx(-np.exp(0.4) * 0.08, rel=1e-12)
