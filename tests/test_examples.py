"""Every example runs (its own assertions hold) and prints what its reader came for."""

import importlib.util
import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
PRINTED = {  # a tuple: any of its spellings
    "circuit": ["f     contract      -12         1", "df/dx = z", "df/dz = x + y"],
    "gates": [
        "add distributes",
        "multiply switches",
        "c*y, c*x",
        "max routes",
        "copy sums",
        ("c1 + c2", "c2 + c1"),
    ],
    "sigmoid_neuron": [
        "f = sigmoid(z) = 0.7311 where z = 1",
        "= -0.1966",
        "= -0.3932",
        "=  0.3932",
        "= -0.5898",
    ],
    "two_layer": [
        "dJ/do  = (softmax(o, axis=0) - y)/n",
        "dJ/dh  = W2.T @ dJ_do",
        "dJ/dz  = dJ_dh*(z > 0)",
        "dJ/dW2 = dJ_do @ h.T + lam*W2",
        "dJ/dW1 = dJ_dz @ x.T + lam*W1",
    ],
    "deep_mlp": [
        "delta5 = (h5 - t)*(1 - h5**2)",
        "delta4 = (W5.T @ delta5)*(1 - h4**2)",
        "delta1 = (W2.T @ delta2)*(1 - h1**2)",
        "dJ/dW3 = outer(delta3, h2)    dJ/db3 = delta3",
    ],
    "higher_order": ["f^(1)(x) = -x*exp(-x**2/2)", "f^(2)(x) = (x**2 - 1)*exp(-x**2/2)"],
    "cluster": ["along n: the rows of X (n, d), y (n,)", "killed the worker tcp://", "the same minimum: True"],
    "krylov": ["Newton step by cg", "largest curvatures by eigsh", "minimum by trust-krylov: f = 37.877766"],
    "bratu": ["1600 unknowns, 7840 nonzeros, sparse", "a root after 5 steps", "largest u = 0.7960"],
    "bundle_adjustment": ["Jacobian (496, 222) with 4464 nonzeros", "now below 1e-4: True"],
    "optimal_control": ["52 constraints>, 244 of 3900 entries", "ends at angle 3.1416", "within its bound: True"],
    "spectrum": ["256 parameters", "within its error bar: True", "no negative eigenvalues: True"],
    "newton_krylov": ["gradient: lam*w - X.T @", "lam =   10.00: f =  68.82504"],
    "optimal_power_flow": ["20 numbers, 28 constraints", "cost 17551.9 $/h", "generation in MW:"],
}


def test_every_example_is_listed():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_example(name, capsys, monkeypatch):
    if name == "cluster":
        pytest.importorskip("distributed")
    monkeypatch.setattr(sys, "argv", [name])
    made = runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    if "plot" in made and importlib.util.find_spec("matplotlib"):
        figure = importlib.import_module("matplotlib.figure").Figure()
        made["plot"](figure.subplots())
        assert any(axes.has_data() for axes in figure.axes)
    printed = capsys.readouterr().out
    for line in PRINTED[name]:
        spellings = line if isinstance(line, tuple) else (line,)
        assert any(s in printed for s in spellings), line


@pytest.mark.parametrize("name", PRINTED)
def test_example_is_short(name):
    lines = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 90
    assert max(map(len, lines)) <= 110
