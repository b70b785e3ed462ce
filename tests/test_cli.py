"""The command line: what each command prints, and that a mistake is one clear message with exit code 2."""

import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import symdiff as sd
from symdiff import demo
from symdiff.cli import main


def run(*arguments, **options):
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)


SHAPES = ["--shape", "A=m n", "--shape", "x=n", "--shape", "b=m"]
SQUARE = ["--shape", "A=n n", "--shape", "x=n"]
PRINTED = [  # arguments, what is printed
    (["grad", "x*exp(-x*y)", "--wrt", "x"], "(1 - x*y)*exp(-x*y)"),
    (["grad", "x**2*y"], "x  2*x*y\ny  x**2"),
    (["grad", "x**2*y", "-w", "y x"], "y  x**2\nx  2*x*y"),
    (["grad", "x**3", "-n", "2"], "6*x"),
    (["grad", "x**3", "--at", "x=2"], "3*x**2\n= 12"),
    (["grad", "x @ x", "--shape", "x=n", "--at", "x=[1, 2, 3]"], "2*x\n= [2. 4. 6.]"),
    (["grad", "norm2(A @ x - b)**2", "-w", "x", *SHAPES], "2*A.T @ (A @ x - b)"),
    (["grad", "logdet(X)", "--shape", "X=n n", "--latex"], r"X^{-\top}"),
    (["hess", "x @ A @ x", "-w", "x", *SQUARE], "A + A.T"),
    (["hess", "x @ A @ x", "-w", "x", *SQUARE, "--assume", "A=symmetric"], "2*A"),
    (["grad", "x @ x", "--shape", "x=n", "--index"], "2 x_{i}"),
    (["hess", "x**2*y"], "x x  2*y\nx y  2*x\ny x  2*x\ny y  0"),
    (["hvp", "x @ x", "--shape", "x=n"], "2*v_x"),
    (["jacobian", "A @ x", "-w", "x", "--shape", "A=m n", "--shape", "x=n"], "A"),
    (["simplify", "x + x + 0*y"], "2*x"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected"), PRINTED)
def test_printed(arguments, expected):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.rstrip("\n") == expected


def test_standard_input():
    assert run("grad", "-", input="h = x**2\nh*3\n").stdout == "6*x\n"


def test_standard_input_that_is_no_text():
    result = run("grad", "-", input=b"\xff\xfe")
    assert result.exit_code == 2
    assert "no text" in result.stderr


def test_values_from_a_file(tmp_path):
    np.save(tmp_path / "x.npy", np.array([1.0, 2.0]))
    assert (
        run("grad", "x @ x", "--shape", "x=n", "--at", f"x={tmp_path / 'x.npy'}").stdout == "2*x\n= [2. 4.]\n"
    )


WRONG = [  # arguments, what the message says
    (["grad", "x*foo(x)"], "foo"),
    (["grad", "x +"], "line 1"),
    (["grad", ""], "empty"),
    (["grad", "().__class__"], "line 1"),
    (["grad", "A @ x", "--shape", "A=m n", "--shape", "x=k"], "n against k"),
    (["grad", "x**2", "--wrt", "z"], "the expression's variables are x"),
    (["grad", "1 + 1"], "no variable"),
    (["grad", "x", "--shape", "x"], "NAME=VALUE"),
    (["grad", "x", "--shape", "x=n-"], "n-"),
    (["grad", "x", "--shape", "y=n"], "y"),
    (["grad", "x", "--assume", "x=tall"], "unknown assumption 'tall'"),
    (["grad", "x", "--assume", "x=symmetric"], "square matrix"),
    (["grad", "x*y", "--at", "x=2"], "missing value"),
    (["grad", "x", "--at", "x=two"], "neither a number"),
    (["grad", "x", "--at", "x=[[1], [1, 2]]"], "x=[[1], [1, 2]]"),
    (["grad", "x", "--at", "x={}"], "expected a number"),
    (["grad", "x", "--at", "x=" + "[" * 100_000], "neither a number"),
    (["grad", "x", "--at", "x=" + "9" * 400], "expected a number"),
    (["grad", "x", "--at", 'x="1"'], "expected a number"),
    (["grad", "x", "--at", "x=[1, 2]"], "shape"),
    (["grad", "x", "--at", "z=1"], "z"),
    (["grad", "x", "--at", "x=missing.npy"], "missing.npy"),
    (["grad", "x", "-n", "0"], "0"),
    (["hvp", "x", "--shape", "x=n"], "scalar"),
    (["hess", "inv(A)", "--shape", "A=n n", "--at", "A=[[0]]"], "ingular"),
    (["graph", "x", "-o", "picture.bmp"], ".svg or .dot"),
    (["graph", "x", "-o", "no/such/folder/x.svg"], "folder"),
    (["grad", "-x*y"], "starts with - stands after --: "),
    (["ops", "no such function"], "no function matches"),
    (["rules", "no such rule"], "no rule mentions"),
    (["derive", "x"], "No such command"),
    (["grad", "\udcff"], "character"),
    (["grad", "x\0"], "line 1"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_a_mistake_is_one_message(arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_parse_error_points_at_the_place():
    assert run("grad", "1 + foo(x)").stderr.endswith("\n    1 + foo(x)\n        ^\n")


def test_ops_lists_every_function():
    listed = {line.split()[0] for line in run("ops").stdout.splitlines()}
    assert listed == {name for name in sd.op.CANONICAL.values() if "." not in name}
    found = run("ops", "logarithm").stdout.splitlines()
    assert "log" in [line.split()[0] for line in found]
    assert len(found) < 10


def test_ops_tells_all_about_one():
    assert run("ops", "Abs").stdout == (
        "abs\n  absolute value\n  derivative  sign(x)\n  kink        where x is 0\n  also        Abs, absolute\n"
    )
    assert "derivative by y  -x/y**2" in run("ops", "divide").stdout
    assert "derivative  0: " in run("ops", "floor").stdout


def test_the_rules_that_were_applied():
    first, *rest = run("simplify", "1 + sin(x)**2 + cos(x)**2", "--stats").stdout.splitlines()
    assert first == "2"
    assert rest == [
        "   1 x pythagoras              sin(x)**2 + cos(x)**2 -> 1",
        "       1 + sin(x)**2 + cos(x)**2 -> 2",
    ]
    first, *rest = run("simplify", "1 - (x - 1)/(x + 1)", "--stats").stdout.splitlines()
    assert first == "2/(x + 1)"
    assert rest == [
        "   1 x one denominator         a shorter way to write a sum",
        "       1 - (x - 1)/(x + 1) -> 2/(x + 1)",
    ]


def test_rules_are_listed_as_declared():
    printed = run("rules").stdout
    assert "\n  log-exp                 log(exp(x)) -> x  [stable]\n" in printed
    assert "abs(x) -> x where x is nonnegative" in printed
    assert "sin" not in run("rules", "softplus").stdout


def test_graph_as_text():
    lines = run(
        "graph", "(x + y)*z", "-w", "x", "--at", "x=-2", "--at", "y=5", "--at", "z=-4"
    ).stdout.splitlines()
    assert lines[0].split() == ["node", "operation", "inputs", "shape", "value"]
    assert lines[4].split() == ["3", "z", "()", "-4", "df/dx"]
    assert lines[5].split() == ["4", "contract", "2", "3", "()", "-12", "f"]


@pytest.mark.parametrize("name", ["picture.svg", "picture.dot"])
def test_graph_as_picture(name, tmp_path):
    result = run("graph", "(x + y)*z", "--at", "x=-2", "--at", "y=5", "--at", "z=-4", "-o", tmp_path / name)
    assert result.exit_code == 0, result.output
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert ("<svg" in text) if name.endswith("svg") else text.startswith(("digraph", "strict digraph"))


@pytest.mark.parametrize("command", [None, *main.commands])
def test_help_teaches(command):
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    if command != "demo":
        assert "Examples:\n" in result.stdout


def examples_of_the_help():
    texts = [main.epilog, *(command.help for command in main.commands.values())]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return [line.removeprefix("symdiff ") for line in lines if re.match(r"symdiff (?!demo)", line)]


@pytest.mark.parametrize("line", examples_of_the_help())
def test_the_examples_of_the_help_run(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*shlex.split(line), input="sin(x)/x")
    assert result.exit_code == 0, result.output
    assert result.stdout


def test_version():
    assert run("--version").stdout == f"symdiff, version {sd.__version__}\n"


def test_module_is_the_command():
    command = [sys.executable, "-m", "symdiff", "grad", "x**2"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "2*x\n"


# --- the demonstration --------------------------------------------------------------------------------------


def test_demo(tmp_path):
    result = run("demo", "-o", tmp_path / "demo.svg")
    assert result.exit_code == 0, result.output
    assert "lam*w - X.T @ (y*sigmoid(-y*(X @ w)))" in result.stdout
    slopes = [float(m) for m in re.findall(r"^ +\d+ +[\d.]+ +([\d.e+-]+)", result.stdout, re.MULTILINE)]
    assert slopes[-1] < 1e-8 < slopes[-2]
    assert "<svg" in (tmp_path / "demo.svg").read_text(encoding="utf-8")
    assert result.stderr == ""  # no progress display where nobody watches


def test_demo_data():
    X, y = demo.breast_cancer()
    assert X.shape == (569, 30)
    assert (y == 1).sum() == 357
    assert (y == -1).sum() == 212
    assert np.allclose(X.mean(axis=0), 0)
    assert np.allclose(X.std(axis=0), 1)
    datasets = pytest.importorskip("sklearn.datasets")
    raw = datasets.load_breast_cancer()
    assert np.allclose(X, (raw.data - raw.data.mean(axis=0)) / raw.data.std(axis=0))
    assert np.array_equal(y, 2 * raw.target - 1)


@pytest.mark.parametrize("lam", [1e-3, 1.0, 1e3])
def test_newton_cg_agrees_with_scipy(lam):
    X, y = demo.breast_cancer()
    f = sd.parse(demo.FUNCTION, **demo.SHAPES)
    w = np.zeros(30)
    H = sd.HessianOperator(f, "w", at={"X": X, "y": y, "w": w, "lam": lam})
    steps = list(demo.newton_cg(H, w, 1e-8))
    assert steps[-1].slope < 1e-8
    assert len(steps) < 40
    assert np.allclose(steps[-1].w, demo.by_scipy(X, y, lam), atol=1e-6)
