"""Facts of nodes: a table of what is known, and each claim sampled on data that fit the assumptions."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.facts import facts

SHAPES = {
    "A": "n n", "B": "n n", "S": "n n", "T": "n n", "M": "n n", "Q": "n n", "W": "m m", "X": "m n",
    "x": "n", "y": "n", "p": "n", "q": "n", "t": "m", "c": "",
}  # fmt: skip
ASSUME = {
    "S": "spd", "T": "symmetric", "M": "invertible", "Q": "orthogonal", "W": "spd",
    "p": "positive", "q": "nonzero", "c": "nonnegative",
}  # fmt: skip

# (expression, the facts known of it, without what they imply)
TABLE = [
    ("A", ""), ("A + A.T", "symmetric"), ("A - A.T", ""), ("sym(A)", "symmetric"), ("2*T - S", "symmetric"),
    ("-S", "symmetric invertible"), ("T.T", "symmetric"), ("M.T", "invertible"), ("Q.T", "orthogonal"),
    ("S.T", "spd"), ("A @ A", ""), ("T @ T", "psd"), ("S @ S", "spd"), ("T @ S @ T", "psd"), ("S @ T", ""),
    ("T @ S + S @ T", "symmetric"), ("X.T @ X", "psd"), ("X @ X.T", "psd"), ("X.T @ (W @ X)", "psd"),
    ("A.T @ B.T @ S @ B @ A", "psd"), ("(A @ B).T @ (A @ B)", "psd"), ("M @ S @ M.T", "spd"),
    ("M @ S", "invertible"), ("A @ S @ B.T + B @ S @ A.T", "symmetric"), ("A @ B + B.T @ A.T", "symmetric"),
    ("A @ B + A.T @ B.T", ""), ("A @ S @ B.T", ""), ("inv(S) @ T @ inv(S)", "symmetric"),
    ("S + X.T @ W @ X", "spd"), ("X.T @ X + sum(p)*S", "spd"), ("S - outer(x, x)", "symmetric"),
    ("c*S", "psd"), ("outer(x, x)", "psd"), ("outer(x, y)", ""), ("outer(x, y) + outer(y, x)", "symmetric"),
    ("outer(X.T @ t, X.T @ t)", "psd"), ("S @ outer(x, x) @ S", "psd"), ("diag(x)", "symmetric"),
    ("diag(p)", "spd nonnegative"), ("diag(q)", "symmetric invertible"),
    ("diag(diag(S))", "spd nonnegative"), ("X.T @ diag(exp(t)) @ X", "psd"), ("(X.T*t) @ X", "symmetric"),
    ("S*S", "psd nonnegative"), ("S*T", "symmetric"), ("A*A.T", "symmetric"), ("T*A", ""),
    ("S*outer(p, p)", "psd"), ("eye(n)", "spd nonnegative"), ("exp(T)", "symmetric positive"),
    ("exp(A)", "positive"), ("x*T", ""), ("inv(S)", "spd"), ("inv(T)", "symmetric invertible"),
    ("inv(S + X.T @ X)", "spd"), ("logm(S)", "symmetric"), ("expm(T)", "spd"), ("expm(A)", "invertible"),
    ("sqrtm(S)", "spd"), ("cosm(T)", "symmetric"), ("pinv(T)", "symmetric"), ("cholesky(S)", "invertible"),
    ("eigvecs(A)", "orthogonal"), ("x", ""), ("x @ x", "nonnegative"), ("p @ p", "positive"),
    ("x @ S @ x", "nonnegative"), ("x @ A @ x", ""), ("t @ X @ X.T @ t", "nonnegative"),
    ("(X @ x) @ W @ (X @ x)", "nonnegative"), ("x @ T @ inv(S) @ T @ x", "nonnegative"),
    ("sum((X @ x - t)**2)", "nonnegative"), ("(x @ y)**2", "nonnegative"), ("1 + x @ x", "positive"),
    ("sqrt(1 + x**2)", "positive"), ("p/(1 + p)", "positive"), ("q*p", "nonzero"), ("q*q", "positive"),
    ("q**3", "nonzero"), ("1/p", "positive"), ("trace(S)", "positive"), ("diag(S)", "positive"),
    ("trace(X.T @ W @ X)", "nonnegative"), ("det(S)", "positive"), ("det(M @ S)", "nonzero"),
    ("norm2(x)", "nonnegative"), ("norm2(q)", "positive"), ("eigvalsh(S)", "positive"),
    ("eigvalsh(X.T @ X)", "nonnegative"), ("svdvals(X)", "nonnegative"), ("logdet(S)", ""), ("S[0]", ""),
    ("p[0]", "positive"), ("where(x > 0, p, 1)", "positive"), ("where(x > 0, p, 0)", "nonnegative"),
    ("max(p)", "positive"), ("maximum(x, 0)", "nonnegative"), ("maximum(x, 1)", "positive"),
    ("minimum(p, 1)", "positive"), ("abs(q)", "positive"), ("relu(x)", "nonnegative"),
    ("softplus(x)", "positive"), ("tanh(p)", "positive"), ("log(p)", ""), ("x - p", ""),
    ("p + c", "positive"), ("hypot(x, q)", "positive"),
]  # fmt: skip

IMPLIED = {
    "spd": "psd symmetric invertible", "psd": "symmetric", "positive": "nonnegative nonzero",
    "orthogonal": "invertible",
}  # fmt: skip


def holds(fact: str, x: np.ndarray) -> bool:
    if fact in ("symmetric", "psd", "spd") and not np.allclose(x, x.T, atol=1e-9):
        return False
    match fact:
        case "symmetric":
            return True
        case "psd":
            return np.linalg.eigvalsh(x)[0] >= -1e-9
        case "spd":
            return np.linalg.eigvalsh(x)[0] > 0
        case "invertible":
            return abs(np.linalg.det(x)) > 1e-12
        case "orthogonal":
            return np.allclose(x @ x.T, np.eye(len(x)))
        case "positive":
            return bool(np.all(x > 0))
        case "nonnegative":
            return bool(np.all(x >= 0))
        case "nonzero":
            return bool(np.all(x != 0))
    raise AssertionError(fact)


def data(rng: np.random.Generator) -> dict[str, np.ndarray]:
    sizes = {"m": 4, "n": 3}
    at = {name: rng.standard_normal([sizes[s] for s in shape.split()]) for name, shape in SHAPES.items()}
    for name in ("S", "W"):
        at[name] = at[name] @ at[name].T + 0.1 * np.eye(len(at[name]))
    at["T"] = at["T"] + at["T"].T
    at["Q"] = np.linalg.qr(at["Q"])[0]
    at["p"], at["c"] = np.abs(at["p"]) + 0.1, np.abs(at["c"])
    return at


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_facts_are_known_and_true(text, expected):
    e = sd.parse(text, assume=ASSUME, **SHAPES)
    known = facts(e.graph, e.node)
    wanted = {f for fact in expected.split() for f in (fact, *IMPLIED.get(fact, "").split())}
    assert known == wanted
    rng = np.random.default_rng(7)
    used = e.variables
    for _ in range(5):
        at = data(rng)
        value = sd.evaluate(e, {name: at[name] for name in used} | ({"x": at["x"]} if not used else {}))
        for fact in known:
            assert holds(fact, value), (fact, value)


def test_deep_graphs_need_no_recursion():
    x = sd.Graph().variable("x", assume="positive")
    y = x
    for _ in range(5000):
        y = y * sd.exp(y) + 1
    assert "positive" in facts(y.graph, y.node)


@pytest.mark.parametrize("text", ["A + C", "C + A", "A + C + swapaxes(C, 1, 2)", "2*C - A", "C + D", "D - A"])
def test_terms_of_other_ranks_are_no_transposes(text):
    e = sd.parse(text, A="n n", C="k n n", D="l k n n")
    assert facts(e.graph, e.node) == set()
    assert isinstance(sd.simplify(sd.inv(e)), sd.Expr)
