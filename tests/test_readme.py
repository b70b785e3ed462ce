"""What the README shows is what happens: its Python, its shell sessions, its two commands."""

import doctest
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import symdiff as sd
from symdiff.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def sessions():
    """(arguments, printed) of every ``$ symdiff ...`` of the console blocks."""
    parts = re.split(r"^\$ symdiff ", "".join(blocks("console")), flags=re.MULTILINE)
    return [part.split("\n", 1) for part in parts[1:]]


def test_python_prints_what_it_shows():
    source = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(source, {}, "README.md", None, 0)
    assert len(test.examples) >= 10
    report = []
    results = doctest.DocTestRunner().run(test, out=report.append)
    assert results.failed == 0, "".join(report)


@pytest.mark.parametrize(("arguments", "printed"), sessions())
def test_session_prints_what_it_shows(arguments, printed):
    result = CliRunner().invoke(main, shlex.split(arguments))
    assert result.exit_code == 0, result.output
    assert result.output.rstrip() == printed.rstrip()


def test_sessions_are_found():
    assert len(sessions()) == README.count("\n$ symdiff ") >= 3


def test_files_that_it_names_are_there():
    for target in re.findall(r"\]\(([\w/.]+)\)|`((?:docs|examples)/[\w.]*|[A-Z]+\.md|\w+\.py)`", README):
        name = target[0] or target[1]
        assert any((ROOT / folder / name).exists() for folder in ("", "examples")), name


def test_the_two_commands_carry_their_own_setup():
    commands = [line for block in blocks("sh") for line in block.splitlines() if "venv" in line]
    assert len(commands) == 2
    for command, last in zip(commands, (".venv/bin/symdiff demo", ".venv/bin/pytest"), strict=True):
        setup, install, run = command.split(" && ")
        assert setup == "python3 -m venv .venv"
        assert install.startswith(".venv/bin/pip install -e ")
        assert run == last


def test_ci_runs_the_readme_s_test_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "grep -m1 'bin/pytest$' README.md" in script
    assert len(re.findall(r"bin/pytest$", README, re.MULTILINE)) == 1


# --- the table beside other systems: what its cells claim, at the versions it names -------------------------


def sympy_1_14():
    sympy = pytest.importorskip("sympy")
    return sympy if sympy.__version__.startswith("1.14") else pytest.skip("the table speaks of sympy 1.14")


def test_table_symdiff():
    assert str(sd.parse("log(det(X))", X="n n").diff("X")) == "inv(X).T"
    assert str(sd.hessian(sd.parse("x @ A @ x", x="n", A="n n"), "x")) == "A + A.T"
    assert not sd.evaluate(sd.parse("norm2(x)", x=3).diff("x"), {"x": np.zeros(3)}).any()
    assert sd.evaluate(sd.parse("where(x > 0, sqrt(x), 0)").diff("x"), {"x": -1}) == 0


def test_table_sympy():
    sympy = sympy_1_14()
    n, t = sympy.symbols("n t", real=True)
    X, A, x = (sympy.MatrixSymbol(name, n, m) for name, m in (("X", n), ("A", n), ("x", 1)))
    assert str(sympy.log(sympy.Determinant(X)).diff(X)) == "0"
    assert str((x.T * A * x).diff(x).diff(x)) == "A + A.T"
    slope = sympy.lambdify([n, t], sympy.Matrix([n, t]).norm().diff(t))
    with np.errstate(invalid="ignore"):
        assert np.isnan(slope(np.float64(0), np.float64(0)))
    assert sympy.Piecewise((sympy.sqrt(t), t > 0), (0, True)).diff(t).subs(t, -1) == 0


def test_table_jax():
    jax = pytest.importorskip("jax")
    if not jax.__version__.startswith("0.10"):
        pytest.skip("the table speaks of JAX 0.10")
    jnp = jax.numpy
    assert np.isnan(jax.grad(jnp.linalg.norm)(jnp.zeros(3))).all()
    assert np.isnan(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(-1.0))


def test_table_casadi():
    casadi = pytest.importorskip("casadi")
    if not casadi.__version__.startswith("3.8"):
        pytest.skip("the table speaks of CasADi 3.8")
    X, x, A = casadi.MX.sym("X", 3, 3), casadi.MX.sym("x", 3), casadi.MX.sym("A", 3, 3)
    assert str(casadi.gradient(casadi.log(casadi.det(X)), X)).startswith("(X\\")
    assert str(casadi.hessian(x.T @ A @ x, x)[0]).count("(mac(ones(1x3,1nz),A,zeros(1x3))'") == 3
    gradient = casadi.Function("g", [x], [casadi.gradient(casadi.norm_2(x), x)])
    assert np.isnan(np.array(gradient([0, 0, 0]))).all()
    t = casadi.MX.sym("t")
    masked = casadi.gradient(casadi.if_else(t > 0, casadi.sqrt(t), 0), t)
    assert casadi.Function("m", [t], [masked])(-1) == 0
