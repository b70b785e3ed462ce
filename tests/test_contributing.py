"""The page for contributors: its example registers an op by one record, and everything follows from it."""

import doctest
from pathlib import Path

import numpy as np
import pytest
import sympy

import symdiff as sd
from symdiff.lazy import MissingPackage
from symdiff.op import CANONICAL, FUNCTIONS, OPS

from . import test_facets

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"
NAME = "gudermann"
AT = np.array([-2.0, -0.3, 0.0, 0.7, 5.0])


@pytest.fixture
def gd():
    """The op of the page, as its example registers it."""
    runner = doctest.DocTestRunner()
    example = doctest.DocTestParser().get_doctest(PAGE.read_text(), {}, "CONTRIBUTING.md", str(PAGE), 0)
    runner.run(example, clear_globs=False)
    assert runner.summarize(verbose=False) == (0, len(example.examples))
    yield OPS[NAME]
    for table in (OPS, FUNCTIONS, CANONICAL):
        del table[NAME]


def value(x):
    return 2 * np.arctan(np.tanh(x / 2))


def graph():
    """x, the value, the first and the second derivative"""
    x = sd.Graph().variable("x", "n")
    first = sd.vjp(OPS[NAME](x), x, sd.ones_like(x))
    return x, [OPS[NAME](x), first, sd.vjp(first, x, sd.ones_like(x))]


def wanted(x):
    return [value(x), 1 / np.cosh(x), -np.sinh(x) / np.cosh(x) ** 2]


@pytest.mark.parametrize("backend", ["evaluate", "numpy", "tape", "jax", "torch"])
def test_every_backend(gd, backend):
    x, outputs = graph()
    try:
        if backend == "evaluate":
            found = sd.evaluate(outputs, {x: AT})
        else:
            found = sd.function([x], outputs, backend=backend)(AT)
    except MissingPackage:
        pytest.skip(f"{backend} is not installed")
    for f, w in zip(found, wanted(AT), strict=True):
        np.testing.assert_allclose(f, w, rtol=1e-12, atol=1e-14)


def test_text_is_read_again(gd):
    x = sd.Graph().variable("x")
    e = gd(x) ** 2
    assert str(e) == "gudermann(x)**2"
    assert sd.parse(str(e), graph=x.graph).same_as(e)
    assert str(e.diff(x)) == "2*gudermann(x)/cosh(x)"


def test_latex_has_its_symbol(gd):
    x = sd.Graph().variable("x")
    assert r"\operatorname{gd}" in gd(x).latex()
    assert r"\operatorname{gd}" in gd(x).index_notation()


def test_python_source_stands_on_its_own(gd):
    x = sd.Graph().variable("x", "n")
    scope = {}
    exec(compile((gd(x) * x).to_python("f"), "f", "exec"), scope)
    np.testing.assert_allclose(scope["f"](AT), value(AT) * AT, rtol=1e-13)
    assert "gudermann" not in scope


def test_sympy(gd):
    x = sd.Graph().variable("x")
    f = gd(x).to_sympy()
    (symbol,) = f.free_symbols
    np.testing.assert_allclose(float(f.subs(symbol, sympy.Float(0.7))), value(0.7), rtol=1e-13)


def test_saved_and_loaded(gd, tmp_path):
    _, (e, *_) = graph()
    sd.save(e, tmp_path / "e.json")
    np.testing.assert_allclose(sd.evaluate(sd.load(tmp_path / "e.json"), {"x": AT}), value(AT), rtol=1e-15)


def test_facts_and_signs(gd):
    p = sd.Graph().variable("p", assume="positive")
    assert str(sd.simplify(abs(gd(p)))) == "gudermann(p)"
    assert str(sd.simplify(gd(-p) + gd(p))) == "0"
    assert str(sd.simplify(gd(0 * p))) == "0"


@pytest.mark.parametrize("facet", ["parity", "limits", "image", "finite", "monotone", "composition_at_special_points"])
def test_its_facets_are_proved(gd, facet):
    getattr(test_facets, f"test_{facet}")(NAME)


@pytest.mark.parametrize("facets", [{"colour": "red"}, {"parity": "odd", "colour": 1}])
def test_an_unknown_facet_is_named(facets):
    with pytest.raises(sd.InputError, match=r"no facet 'colour'.*parity"):
        sd.register_op("unheard_of", np.sin, **facets)
    assert "unheard_of" not in OPS
