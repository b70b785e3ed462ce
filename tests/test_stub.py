"""The stub that type checkers and editors read: up to date, right, and a help to who mistypes."""

import importlib.util
import inspect
import os
import re
import subprocess
import sys

import pytest

import symdiff as sd
from symdiff.op import OPS
from symdiff.ops import LIBRARY

from . import stub

USE = """import numpy as np

import symdiff as sd

f = sd.parse("sum(log(1 + exp(-y*(X @ w))))", X="n d", y="n", w="d")
g = sd.grad(f, "w")
print(g.latex(), g.shape, (g + 1).simplify(), (2*g).sum(axis=0).to_python())
H = sd.hessian(f, "w")
both = sd.grad(f, ["X", "w"])
graph = sd.Graph()
x, A = graph.variable("x", "n"), graph.variable("A", "n n", assume="symmetric")
y = sd.where(x > 0, sd.sqrt(sd.abs(x)), 0)
z = sd.softmax(A @ x, axis=-1) / sd.linalg.norm(x)
print(sd.linalg.inv(A).T.latex(), sd.special.erf(x).diff("x"), sd.max(z).shape, sd.concat([x, y])[0].dtype)
print(sd.name(z, "z"), sd.simplify(z), x.same_as(y), abs(x) ** 2, -x, x.mean(), sd.pi + 1, sd.inf, x.at)
print(sd.astype(x, sd.float32), sd.einsum("i,i->", x, y), sd.eigvalsh(A), sd.linalg.eigh(A).eigenvalues)
value = sd.evaluate(f, {"X": np.ones((2, 3)), "y": np.ones(2), "w": np.zeros(3)})
call = sd.function(["x"], [x * 2, sd.exp(x)])
op = sd.HessianOperator(f, "w", at={"X": np.ones((2, 3)), "y": np.ones(2), "w": np.zeros(3)})
print(op @ np.ones(3), op.gradient, call(np.ones(2)), value, sd.jvp(f, {"w": np.ones(3)}), H, both)
try:
    sd.parse("x +")
except sd.ParseError as error:
    print(error)
"""
MISTAKES = [
    "sd.nonsense", "x.latexx()", "sd.sin(x).latexx()", "(x + 1).shap", "sd.grad(x, 'x').latx()", "sd.softmax(x, axs=1)",
    "sd.sin()", "sd.linalg.inverse_of(x)", "graph.varible('x')", "sd.parse(3)", "sd.special.erff(x)",
    "x.sum().simplfy()",
]  # fmt: skip


def test_the_stub_is_what_the_registries_say():
    """In an interpreter of its own: other tests register ops."""
    command = [sys.executable, "-c", "from tests import stub; print(stub.text(), end='')"]
    written = subprocess.run(command, cwd=stub.FILE.parent.parent, capture_output=True, text=True, check=True).stdout
    assert stub.FILE.read_text() == written, "stale: python -m tests.stub writes it"


def test_every_op_says_what_it_is():
    assert [name for name in LIBRARY if not OPS[name].doc] == []
    assert inspect.getdoc(sd.abs) == "abs(x)\n\nabsolute value\nAlso called Abs, absolute."


def test_signatures_name_the_operands():
    shown = {name: str(inspect.signature(getattr(sd, name))) for name in ("sin", "jv", "betainc", "eval_jacobi")}
    assert shown == {"sin": "(x, /)", "jv": "(n, x, /)", "betainc": "(a, b, x, /)", "eval_jacobi": "(n, a, b, x, /)"}
    assert "axis: int = -1" in str(inspect.signature(sd.softmax))


def checked(tmp_path, text):
    """The lines at which the checker finds errors."""
    (tmp_path / "use.py").write_text(text)
    command = [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable, "use.py"]
    environment = {**os.environ, "PYTHONPATH": str(stub.FILE.parent.parent)}
    out = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert re.search(r"\d+ errors?, ", out), out
    return {int(line) for line in re.findall(r"use\.py:(\d+):\d+ - error", out)}


@pytest.mark.skipif(not importlib.util.find_spec("basedpyright"), reason="needs basedpyright")
def test_a_type_checker_finds_the_mistakes_and_nothing_else(tmp_path):
    assert checked(tmp_path, USE) == set()
    first = len(USE.splitlines()) + 1
    planted = checked(tmp_path, USE + "\n".join(MISTAKES) + "\n")
    assert planted == set(range(first, first + len(MISTAKES)))


@pytest.mark.parametrize(("typed", "name"), [("sd.sof", "softmax"), ("sd.linalg.in", "inv"), ("e.la", "latex")])
def test_editors_complete(typed, name):
    jedi = pytest.importorskip("jedi")
    text = f"import symdiff as sd\ne = sd.parse('x**2')\n{typed}"
    project = jedi.Project(stub.FILE.parent.parent)
    assert name in [c.name for c in jedi.Script(text, project=project).complete(3, len(typed))]
