"""scipy's distributions on expressions, beside scipy and differences."""

import inspect

import numpy as np
import pytest

import symdiff as sd

stats = pytest.importorskip("scipy.stats")
CONTINUOUS = ["logpdf", "pdf", "cdf", "sf", "logcdf", "logsf", "ppf", "isf"]
DISCRETE = ["logpmf", "pmf", "cdf", "sf", "logcdf", "logsf"]

# name, parameters, points: within the support, outside of it
LAWS: list[tuple[str, tuple[float, ...], tuple[float, ...]]] = [
    ("norm", (), (-1.3, 0.4, 9.0)), ("t", (3.5,), (-1.3, 0.4, 2.0)), ("cauchy", (), (-1.3, 0.4, 2.0)), ("logistic", (),
    (-1.3, 0.4, 2.0)), ("laplace", (), (-1.3, 0.4, 2.0)), ("gumbel_r", (), (-1.3, 0.4, 2.0)), ("gumbel_l", (),
    (-1.3, 0.4, 2.0)), ("expon", (), (-0.3, 0.4, 2.0)), ("gamma", (2.3,), (-0.3, 0.4, 2.0)), ("invgamma", (2.3,),
    (-0.3, 0.4, 2.0)), ("beta", (2.3, 1.4), (-0.3, 0.4, 0.7, 1.2)), ("chi2", (3.2,), (-0.3, 0.4, 2.0)),
    ("f", (3.2, 5.5), (-0.3, 0.4, 2.0)), ("uniform", (), (-0.3, 0.4, 2.0)), ("lognorm", (0.7,), (-0.3, 0.4, 2.0)),
    ("weibull_min", (1.7,), (-0.3, 0.4, 2.0)), ("weibull_max", (1.7,), (0.3, -0.4, -2.0)), ("pareto", (1.7,),
    (0.3, 1.4, 2.0)), ("rayleigh", (), (-0.3, 0.4, 2.0)), ("maxwell", (), (-0.3, 0.4, 2.0)), ("halfnorm", (),
    (-0.3, 0.4, 2.0)), ("halfcauchy", (), (-0.3, 0.4, 2.0)), ("truncnorm", (-1.1, 2.0), (-1.3, 0.4, 1.7)),
    ("invgauss", (1.3,), (-0.3, 0.4, 2.0)), ("genextreme", (0.3,), (-1.0, 0.4, 2.0)), ("triang", (0.4,),
    (-0.3, 0.2, 0.7, 1.3)), ("lomax", (1.7,), (-0.3, 0.4, 2.0)), ("powerlaw", (1.7,), (-0.3, 0.4, 1.3)),
    ("gompertz", (1.7,), (-0.3, 0.4, 1.3)), ("expon", (), (0.2, 3.0)), ("arcsine", (), (-0.3, 0.4, 1.3)),
    ("fisk", (1.7,), (-0.3, 0.4, 1.3)), ("loggamma", (1.7,), (-0.3, 0.4, 1.3)), ("skewnorm", (1.3,), (-0.3, 0.4, 1.3)),
    ("cosine", (), (-3.5, 0.4, 1.3)), ("betaprime", (2.3, 1.4), (-0.3, 0.4, 1.3)),
    ("semicircular", (), (-0.3, 0.4, 0.9)),
]  # fmt: skip
COUNTS: list[tuple[str, tuple[float, ...], tuple[float, ...]]] = [
    ("poisson", (2.4,), (-1.0, 0.0, 2.0, 2.5)), ("binom", (7.0, 0.3), (-1.0, 0.0, 2.0, 7.0, 9.0)), ("geom", (0.3,),
    (0.0, 1.0, 4.0)), ("bernoulli", (0.3,), (-1.0, 0.0, 1.0, 2.0)), ("nbinom", (4.0, 0.3), (-1.0, 0.0, 3.0)),
]  # fmt: skip
# what scipy searches or integrates by numbers
WITHOUT = {("truncnorm", "ppf"), ("truncnorm", "isf"), ("invgauss", "ppf"), ("invgauss", "isf"),
           ("skewnorm", "ppf"), ("skewnorm", "isf"), ("cosine", "ppf"), ("cosine", "isf")}  # fmt: skip


def slope(f, at, k):
    """The derivative by the argument k, by differences of two steps: (value, uncertainty)."""
    def moved(h):
        return f(*[a + h * (j == k) for j, a in enumerate(at)])
    first, second = ((moved(h) - moved(-h)) / (2 * h) for h in (1e-4, 5e-5))
    return (4 * second - first) / 3, abs(second - first) + 1e-8


def compare(f, at, variables):
    """Value and gradient of a traced function beside the function itself, at a point."""
    names = dict(zip(variables, at, strict=True))
    traced = sd.trace(f, **dict.fromkeys(variables, ()))
    with np.errstate(all="ignore"):
        wanted = f(*at)
    np.testing.assert_allclose(sd.evaluate(traced, names), wanted, rtol=1e-11, atol=1e-300)
    if not np.isfinite(wanted):
        return
    for k, name in enumerate(variables):
        with np.errstate(all="ignore"):
            right, spread = slope(f, at, k)
        if np.isfinite(right):
            got = sd.evaluate(sd.grad(traced, name), names)
            np.testing.assert_allclose(got, right, rtol=1e-5, atol=10 * spread, err_msg=f"by {name} at {names}")


@pytest.mark.parametrize("what", CONTINUOUS)
@pytest.mark.parametrize(("name", "shapes", "points"), LAWS)
def test_continuous(name, shapes, points, what):
    """Of location and scale and the parameters, within the support and outside of it."""
    law = getattr(stats, name)
    variables = ["x", *(f"p{k}" for k in range(len(shapes))), "loc", "scale"]

    def f(*args):
        *given, loc, scale = args
        return getattr(law, what)(*given, loc=loc, scale=scale)

    f.__signature__ = signature(variables)
    if (name, what) in WITHOUT:
        with pytest.raises(sd.SymdiffError, match=name):
            sd.trace(f, **dict.fromkeys(variables, ()))
        return
    for x in (0.15, 0.6) if what in ("ppf", "isf") else points:
        at = (x, *shapes, 0.0, 1.0) if what in ("ppf", "isf") else (0.2 + 1.3 * x, *shapes, 0.2, 1.3)
        compare(f, at, variables)


@pytest.mark.parametrize("what", DISCRETE)
@pytest.mark.parametrize(("name", "shapes", "points"), COUNTS)
def test_discrete(name, shapes, points, what):
    """Of the parameters; counts are data."""
    law = getattr(stats, name)
    for count in points:
        variables = [f"p{k}" for k in range(len(shapes))]

        def f(*args, count=count):
            return getattr(law, what)(count, *args)

        f.__signature__ = signature(variables)
        at = dict(zip(variables, shapes, strict=True))
        traced = sd.trace(f, **dict.fromkeys(variables, ()))
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(sd.evaluate(traced, at), f(*shapes), rtol=1e-11, atol=1e-300)
            right, spread = slope(f, shapes, len(shapes) - 1)
        if np.isfinite(right):
            got = sd.evaluate(sd.grad(traced, variables[-1]), at)
            np.testing.assert_allclose(got, right, rtol=1e-5, atol=10 * spread)


def signature(names):
    return inspect.Signature([inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in names])


def test_parameters_that_no_distribution_has():
    e = sd.trace(lambda x, s: stats.norm.logpdf(x, 0.0, s), x=(3,), s=())
    assert np.all(np.isnan(sd.evaluate(e, {"x": np.ones(3), "s": -1.0})))
    assert stats.norm.logpdf(0.0) == pytest.approx(-0.9189385332046727)  # scipy's own again
