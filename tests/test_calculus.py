"""build_grad and its relatives: textbook gradients, shapes, modes, orders, sharing, custom ops, errors."""

import itertools

import numpy as np
import pytest
import sympy

import symdiff as sd
from symdiff import calculus
from symdiff.check import check_grad
from symdiff.errors import GradientError, GraphError, InputError, ShapeError
from symdiff.op import FUNCTIONS

F = FUNCTIONS


def close(a, b, rtol=1e-12):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-12)


def slice_size(e):
    return len(e.graph.ancestors([e.node]))


# --- textbook gradients -------------------------------------------------------------------------------------

TEXTBOOK = [
    # (f, wrt, the gradient as numpy)
    (lambda v: v["x"] @ v["a"], "x", lambda v: v["a"]),
    (lambda v: v["x"] @ v["x"], "x", lambda v: 2 * v["x"]),
    (lambda v: v["x"] @ v["A"] @ v["x"], "x", lambda v: (v["A"] + v["A"].T) @ v["x"]),
    (lambda v: v["x"] @ v["A"] @ v["a"], "A", lambda v: np.outer(v["x"], v["a"])),
    (lambda v: sd.norm2(v["A"] @ v["x"] - v["a"]) ** 2, "x",
        lambda v: 2 * v["A"].T @ (v["A"] @ v["x"] - v["a"])),
    (lambda v: sd.norm2(v["x"]), "x", lambda v: v["x"] / np.linalg.norm(v["x"])),
    (lambda v: F["trace"](v["A"] @ v["B"]), "A", lambda v: v["B"].T),
    (lambda v: F["trace"](v["A"].T @ v["B"] @ v["A"]), "A", lambda v: (v["B"] + v["B"].T) @ v["A"]),
    (lambda v: sd.sum(sd.log(1 + sd.exp(v["x"]))), "x", lambda v: 1 / (1 + np.exp(-v["x"]))),
    (lambda v: F["logsumexp"](v["x"]), "x", lambda v: np.exp(v["x"]) / np.exp(v["x"]).sum()),
    (lambda v: F["var"](v["x"]), "x", lambda v: 2 * (v["x"] - v["x"].mean()) / 3),
    (lambda v: sd.sum(v["A"] * v["B"]), "A", lambda v: v["B"]),
    (lambda v: v["s"] * v["x"] @ v["x"], "s", lambda v: v["x"] @ v["x"]),
    (lambda v: (v["x"] * v["t"]).sum() * v["t"], "t", lambda v: 2 * v["t"] * v["x"].sum()),
    (lambda v: sd.sum(v["x"][1:] * v["x"][:-1]), "x", lambda v: np.convolve(v["x"], [1, 0, 1])[1:-1]),
    (lambda v: sd.sum(sd.stop_gradient(v["x"]) * v["x"]), "x", lambda v: v["x"]),
]  # fmt: skip


def quantities(rng):
    g = sd.Graph()
    declared = {"x": "n", "a": "n", "A": "n n", "B": "n n", "s": "", "t": ""}
    values = {k: rng.normal(size=tuple(3 for _ in shape.split())) for k, shape in declared.items()}
    return {k: g.variable(k, shape) for k, shape in declared.items()}, values


@pytest.mark.parametrize("row", range(len(TEXTBOOK)))
def test_textbook_gradient(row, rng):
    f, wrt, expected = TEXTBOOK[row]
    v, values = quantities(rng)
    y = f(v)
    close(sd.evaluate(sd.grad(y, wrt), values), expected(values))
    if row != len(TEXTBOOK) - 1:  # differences see through stop_gradient
        check_grad(y, wrt, values)


def test_fan_out_is_summed_once():
    """Goodfellow's point: a node's contributions are added in one sum, whatever its number of consumers."""
    x = sd.Graph().variable("x")
    h = sd.sin(x)
    y = h + h * h + sd.exp(h) + sd.cos(h)
    gradient = sd.grad(y, x)
    assert sum(gradient.graph.operation(n) == "cos" for n in gradient.graph.ancestors([gradient.node])) == 1
    t = 0.3
    s = np.sin(t)
    close(sd.evaluate(gradient, {x: t}), np.cos(t) * (1 + 2 * s + np.exp(s) - np.sin(s)))


def test_circuit():
    x, y, z = sd.Graph().variables("x y z")
    f = (x + y) * z
    values = {x: -2.0, y: 5.0, z: -4.0}
    assert sd.evaluate(f, values) == -12
    assert sd.evaluate(sd.grad(f, [x, y, z]), values) == [-4, -4, 3]


# --- wrt ----------------------------------------------------------------------------------------------------


def test_results_mirror_wrt():
    g = sd.Graph()
    x, y = g.variables("x y")
    f = x * y
    assert sd.grad(f, x).same_as(y)
    assert sd.grad(f, "x").same_as(y)
    assert sd.grad(f, [x, "y"]) == [y, x]
    assert sd.grad(f, (x, y)) == (y, x)
    assert sd.grad(f, {"first": x, "second": "y"}) == {"first": y, "second": x}
    assert sd.grad(f, [x, x]) == [y, y]
    assert sd.value_and_grad(f, (x,)) == (f, (y,))
    assert g.build_grad(f, {"x": x}) == {"x": y}
    assert sd.vjp(f, [x], 1) == [y]
    assert sd.jvp([f, x], {"x": 1}) == [y, g.constant(1)]
    hessian = sd.hessian(f, {"a": x, "b": y})
    assert set(hessian) == {"a", "b"}
    assert sd.evaluate(hessian, {"x": 3.0, "y": 5.0}) == {"a": {"a": 0, "b": 1}, "b": {"a": 1, "b": 0}}
    assert sd.grad(f, [(x,), {"b": "y"}]) == [(y,), {"b": x}]
    assert sd.evaluate(sd.value_and_grad(f, [x, "y"]), {"x": 3.0, "y": 5.0}) == (15, [5, 3])


def test_vectors_are_matched_to_wrt_by_key():
    g = sd.Graph()
    x, y, a, b = g.variables("x y a b")
    f = x**2 * y**3
    wanted = sd.hvp(f, {"p": x, "q": y}, {"p": a, "q": b})
    assert sd.hvp(f, {"p": x, "q": y}, {"q": b, "p": a}) == wanted
    assert sd.hvp(f, [x, y], {y: b, "x": a}) == list(wanted.values())
    assert sd.hvp(f, (x, "y"), ("a", "b")) == tuple(wanted.values())
    assert sd.vjp({"f": f, "g": [x]}, x, {"g": ["a"], "f": 0}).same_as(a)
    X = g.variable("X", "m n", dtype="float32")
    assert sd.hvp(sd.sum(X**2), X, "D").same_as(2 * g.variable("D"))
    assert (g.variable("D").shape, g.variable("D").dtype) == (("m", "n"), "float32")
    assert sd.hvp(sd.sum(X**2), X).dtype == g.variable("v_X").dtype == "float32"


def test_disconnected_wrt_gives_zeros():
    g = sd.Graph()
    x, w = g.variable("x", "n"), g.variable("w", "m k")
    at = {"x": np.ones(2), "w": np.ones((3, 4))}
    assert sd.grad(sd.sum(x), w).shape == ("m", "k")
    assert not sd.evaluate(sd.grad(sd.sum(x), w), at).any()
    assert sd.jacobian(x, w).shape == ("n", "m", "k")
    assert not sd.evaluate(sd.jacobian(x, w), at).any()
    assert not sd.evaluate(sd.hessian(sd.sum(x), x), at).any()
    assert not sd.evaluate(sd.jvp(sd.sum(x), {"w": w}), at).any()


def test_interior_wrt():
    g = sd.Graph()
    x = g.variable("x")
    h = sd.sin(x)
    y = h**2 + x
    assert sd.grad(y, h).same_as(2 * h)
    close(sd.evaluate(sd.grad(y, [h, x]), {x: 0.5}), [2 * np.sin(0.5), np.sin(1.0) + 1])
    assert sd.grad(y, y).same_as(g.constant(1))
    v = g.variable("v", "n")
    w = sd.exp(v)
    close(sd.evaluate(sd.jacobian(w * v, w), {v: np.arange(3.0)}), np.diag(np.arange(3.0)))


def test_an_intermediate_of_a_gradient_is_a_wrt_too():
    x = sd.Graph().variable("x")
    h = sd.sinh(x)
    first = sd.grad(h**3, x)  # 3 h**2 cosh(x)
    close(sd.evaluate(sd.grad(first, h), {x: 0.4}), 6 * np.sinh(0.4) * np.cosh(0.4))


# --- shapes and modes ---------------------------------------------------------------------------------------

SHAPES = ["", "2", "2 3"]


@pytest.mark.parametrize(("inside", "outside"), list(itertools.product(SHAPES, SHAPES)))
def test_jacobian_of_every_rank(inside, outside, rng):
    """Scalar, vector and matrix inputs and outputs: shape, both modes, and differences."""
    g = sd.Graph()
    x = g.variable("x", inside)
    weights = rng.normal(size=(*map(int, outside.split()), *map(int, inside.split())))
    axes = list(range(weights.ndim))
    k = len(outside.split())
    y = sd.sin(sd.ops.products.contract([(g.constant(weights), axes), (x, axes[k:])], axes[:k])) * sd.sum(
        x**2
    )
    assert y.shape == tuple(map(int, outside.split()))
    at = {x: rng.normal(size=x.shape)}
    check_grad(y, x, at)
    reverse, forward = (sd.jacobian(y, x, mode=mode) for mode in ("reverse", "forward"))
    assert reverse.shape == forward.shape == y.shape + x.shape
    close(*sd.evaluate([reverse, forward], at))
    h = sd.jacobian(reverse, x)
    assert h.shape == y.shape + x.shape + x.shape
    close(sd.evaluate(h, at), sd.evaluate(sd.jacobian(forward, x, mode="forward"), at))


def test_grad_of_a_vector_is_its_jacobian():
    g = sd.Graph()
    x = g.variable("x", "n")
    assert sd.grad(sd.sin(x), x).same_as(sd.jacobian(sd.sin(x), x))
    assert (x**2).diff(x).shape == ("n", "n")
    assert sd.jacobian([x, sd.sum(x)], [x])[1][0].shape == ("n",)


def test_terms_of_a_hessian_are_added_before_their_common_factors(rng):
    """X'X times a sum of small terms, not a sum of terms of the result's size."""
    f = sd.parse("sum(logsumexp(relu(X @ W1) @ W2, axis=1))", X="n p", W1="p h", W2="h k")
    hessian = sd.hessian(f, "W1")
    assert f.graph.operation(hessian.node) == "contract"
    at = {"X": rng.normal(size=(5, 3)), "W1": rng.normal(size=(3, 4)), "W2": rng.normal(size=(4, 2))}
    v = rng.normal(size=(3, 4))
    product = np.tensordot(sd.evaluate(hessian, at), v, 2)
    e = 1e-6
    ahead, behind = (sd.evaluate(sd.grad(f, "W1"), at | {"W1": at["W1"] + s * e * v}) for s in (1, -1))
    np.testing.assert_allclose(product, (ahead - behind) / (2 * e), rtol=1e-6, atol=1e-8)


def test_hvp_is_the_hessian_times_v(rng):
    g = sd.Graph()
    X, w, b = g.variable("X", "n 3"), g.variable("w", 3), g.variable("b")
    f = sd.sum(sd.softplus(X @ w + b)) + sd.sum(w**4)
    at = {"X": rng.normal(size=(5, 3)), "w": rng.normal(size=3), "b": 0.2}
    v = rng.normal(size=3)
    close(sd.evaluate(sd.hvp(f, w, v), at), sd.evaluate(sd.hessian(f, w), at) @ v)
    named = sd.hvp(f, "w")
    close(sd.evaluate(named, {**at, "v_w": v}), sd.evaluate(sd.hvp(f, w, v), at))
    parts = sd.hvp(f, {"w": w, "b": b}, {"w": v, "b": 2.0})
    blocks = sd.evaluate([e for row in sd.hessian(f, [w, b]) for e in row], at)
    got = sd.evaluate(parts, at)
    close(got["w"], blocks[0] @ v + 2 * blocks[1])
    close(got["b"], blocks[2] @ v + 2 * blocks[3])


def test_vjp_of_several_outputs_and_jvp_of_several_inputs(rng):
    g = sd.Graph()
    A, x = g.variable("A", "2 3"), g.variable("x", 3)
    y, z = A @ x, sd.sum(sd.sin(A), axis=0)
    at = {"A": rng.normal(size=(2, 3)), "x": rng.normal(size=3)}
    u, w = rng.normal(size=2), rng.normal(size=3)
    got = sd.evaluate(sd.vjp([y, z], [A, x], [u, w]), at)
    close(got[0], np.outer(u, at["x"]) + np.cos(at["A"]) * w)
    close(got[1], at["A"].T @ u)
    dA, dx = rng.normal(size=(2, 3)), rng.normal(size=3)
    pushed = sd.evaluate(sd.jvp({"y": y, "z": z}, {A: dA, "x": dx}), at)
    close(pushed["y"], dA @ at["x"] + at["A"] @ dx)
    close(pushed["z"], (np.cos(at["A"]) * dA).sum(0))


def test_stop_gradient():
    x = sd.Graph().variable("x")
    y = sd.stop_gradient(x**2) * x
    close(sd.evaluate([y, sd.grad(y, x), sd.jvp(y, {x: 1}), sd.hessian(y, x)], {x: 3.0}), [27, 9, 9, 0])


# --- structure ----------------------------------------------------------------------------------------------


def test_unit_tensors_stay_structure():
    """The Hessian of a matrix factorisation is 2*V'V with a unit tensor around it, never an array of four
    axes."""
    g = sd.Graph()
    T, U, V = g.variable("T", "m n"), g.variable("U", "m k"), g.variable("V", "n k")
    h = sd.hessian(sd.norm2(T - U @ V.T) ** 2, U)
    assert h.shape == ("m", "k", "m", "k")
    (wrapped,) = h.inputs
    assert g.params(h.node) == (2,)
    assert g.params(wrapped.node) == (((0, 1),), (2, 0, 2, 1), ((2, "m"),))
    assert wrapped.inputs == (sd.einsum("ij,ik->jk", V, V),)
    x = g.variable("x", "n")
    diagonal = sd.jacobian(sd.exp(x), x)
    assert diagonal.op.name == "contract"
    assert diagonal.inputs == (sd.exp(x),)
    labels, out, free = g.params(diagonal.node)
    assert (labels, out, free) == (((0,),), (0, 0), ())
    assert sd.jacobian(x, x).same_as(sd.eye("n", graph=g))
    assert sd.hessian(x @ x, x).same_as(2 * sd.eye("n", graph=g))


def test_a_mask_of_one_column_on_a_diagonal(rng):
    g = sd.Graph()
    u, y = g.variable("u", ("n", 1)), g.variable("y", "n")
    f = sd.sum(sd.tanh(sd.einsum("ab,aa->b", u, sd.where(u > 0, y, 0) * u)))
    check_grad(f, [u, y], {u: np.array([[0.5], [-0.7], [0.9]]), y: rng.normal(size=3)}, order=2)


def test_sums_of_masks_are_masked_only_inside():
    """A variable's sum of masked terms stays a plain sum; that of an interior node keeps the mask outermost."""
    x = sd.Graph().variable("x")
    leaf = sd.grad(sd.relu(x) + sd.relu(sd.sin(x)), x)
    assert leaf.op.name == "add"
    h = sd.exp(x)
    inside = sd.grad(sd.relu(h) + sd.relu(sd.sin(h)), x)
    assert inside.op.name == "where"


def test_gradients_are_shared_graphs():
    """Node counts of repeated differentiation, pinned: a derivative may not duplicate what is there."""
    x = sd.Graph().variable("x")
    y = sd.exp(sd.sin(x) * x)
    counts = [slice_size(y)]
    for _ in range(3):
        y = sd.grad(y, x)
        counts.append(slice_size(y))
    assert counts == [4, 9, 16, 24]


def test_equal_gradients_are_one_node():
    x, y = sd.Graph().variables("x y")
    f = sd.sin(x * y)
    before = sd.grad(f, [x, y])
    size = len(x.graph)
    assert sd.grad(f, [x, y]) == before
    assert len(x.graph) == size


def test_a_doubling_chain_differentiates_three_times():
    """z = sin(z)*z, 60 times: the tree has 2**60 leaves, the graph 121 nodes; three derivatives stay
    linear."""
    x = sd.Graph().variable("x")
    z = x
    for _ in range(60):
        z = sd.sin(z) * z
    assert slice_size(z) == 121
    counts = []
    for _ in range(3):
        z = sd.grad(z, x)
        counts.append(slice_size(z))
    assert counts[0] <= 500
    assert counts[1] <= 2500
    assert counts[2] <= 12000
    assert np.isfinite(sd.evaluate(z, {x: 0.7}))


def test_a_long_chain_needs_no_recursion():
    x = sd.Graph().variable("x")
    y = x
    for _ in range(20_000):
        y = sd.sin(y) * 0.9 + x
    gradient = sd.grad(y, x)
    assert len(x.graph) < 20_000 * 8
    v = 1.3
    value, slope = v, 1.0
    for _ in range(20_000):
        value, slope = np.sin(value) * 0.9 + v, np.cos(value) * 0.9 * slope + 1
    close(sd.evaluate(gradient, {x: v}), slope, 1e-9)


def test_cost_of_a_gradient_is_a_constant_per_edge():
    def appended(n):
        g = sd.Graph()
        x, w = g.variable("x"), g.variable("w")
        y = x
        for _ in range(n):
            y = sd.tanh(w * y + x)
        before = len(g)
        sd.grad(y, [x, w])
        return len(g) - before

    assert appended(400) - appended(200) == appended(600) - appended(400)


# --- higher orders against sympy ----------------------------------------------------------------------------

SYMPY = [
    "x*exp(-x**2)",
    "sin(x)/x",
    "log(1 + x**2)*cos(x)",
    "tanh(x)**3",
    "sqrt(1 + x)",
    "x**x",
    "atan(x)",
    "(1 + x)**Rational(1,3)",
]


@pytest.mark.parametrize("text", SYMPY)
def test_nth_derivatives_against_sympy(text):
    s = sympy.Symbol("x")
    expression = sympy.sympify(text)
    x = sd.Graph().variable("x")
    names = {
        "exp": sd.exp,
        "sin": sd.sin,
        "cos": sd.cos,
        "log": sd.log,
        "tanh": sd.tanh,
        "sqrt": sd.sqrt,
        "atan": sd.atan,
    }
    y = sympy.lambdify(s, expression, modules=[names, {"Rational": lambda a, b: sympy.Rational(a, b)}])(x)
    for n in range(5):
        wanted = float(expression.diff(s, n).subs(s, 0.8))
        close(sd.evaluate(y.diff(x, n), {x: 0.8}), wanted, 1e-10)


def test_mixed_partials_commute(rng):
    x, y, z = sd.Graph().variables("x y z")
    f = sd.sin(x * y) * sd.exp(z * x) / (1 + y**2)
    at = dict(zip((x, y, z), rng.normal(size=3), strict=True))
    wanted = None
    for order in itertools.permutations((x, y, z)):
        e = f
        for v in order:
            e = sd.grad(e, v)
        got = sd.evaluate(e, at)
        wanted = got if wanted is None else wanted
        close(got, wanted)


def test_third_order_of_a_vector_function(rng):
    g = sd.Graph()
    A, x = g.variable("A", "m n"), g.variable("x", "n")
    f = sd.sum(sd.exp(A @ x))
    at = {"A": rng.normal(size=(4, 3)), "x": rng.normal(size=3)}
    t = sd.jacobian(sd.hessian(f, x), x)
    assert t.shape == ("n", "n", "n")
    a = at["A"]
    close(sd.evaluate(t, at), np.einsum("m,mi,mj,mk->ijk", np.exp(a @ at["x"]), a, a, a))


# --- JAX as oracle ------------------------------------------------------------------------------------------


def test_a_network_against_jax(rng):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    jax.config.update("jax_enable_x64", True)
    shapes = {"X": (5, 3), "W": (3, 4), "b": (4,), "V": (4, 2), "Y": (5, 2)}

    def network(xp, log_softmax, q):
        hidden = xp.maximum(q["X"] @ q["W"] + q["b"], 0)
        return -xp.sum(q["Y"] * log_softmax(hidden @ q["V"])) / 5 + 0.1 * xp.sum(q["W"] ** 2)

    g = sd.Graph()
    at = {k: rng.normal(size=s) for k, s in shapes.items()}
    f = network(sd, sd.log_softmax, {k: g.variable(k, s) for k, s in shapes.items()})
    wrt = ["W", "b", "V"]

    def loss(*ws):
        return network(jnp, jax.nn.log_softmax, {**at, **dict(zip(wrt, ws, strict=True))})

    slopes = jax.jit(jax.grad(loss, (0, 1, 2)))  # op by op it would be compiled op by op
    point = [at[k] for k in wrt]
    for got, wanted in zip(sd.evaluate(sd.grad(f, wrt), at), slopes(*point), strict=True):
        close(got, wanted, 1e-10)
    directions = [rng.normal(size=shapes[k]) for k in wrt]
    wanted = jax.jit(lambda point, ts: jax.jvp(slopes, point, ts)[1])(point, directions)
    for got, expected in zip(sd.evaluate(sd.hvp(f, wrt, directions), at), wanted, strict=True):
        close(got, expected, 1e-9)


# --- custom ops ---------------------------------------------------------------------------------------------


def test_custom_op_by_partials(register, rng):
    mix = register("mix", lambda x, y: x * np.sin(y), [lambda x, y: sd.sin(y), lambda x, y: x * sd.cos(y)])
    g = sd.Graph()
    x, y = g.variable("x", "n 1"), g.variable("y", "m")
    at = {x: rng.normal(size=(3, 1)), y: rng.normal(size=2)}
    assert sd.mix(x, y).same_as(mix(x, y))
    check_grad(mix(x, y), [x, y], at, order=3)
    step = register("step_of", lambda x: np.floor(x), [None])
    assert sd.evaluate(sd.grad(sd.sum(step(y)), y), at).tolist() == [0, 0]


def matvec_vjp(ct, y, A, x):
    return sd.outer(ct, x), A.T @ ct


def matvec_jvp(tangents, y, A, x):
    dA, dx = tangents
    return sum([] + ([dA @ x] if dA is not None else []) + ([A @ dx] if dx is not None else []), start=0 * y)


@pytest.mark.parametrize(
    "rules", [{"vjp": matvec_vjp}, {"jvp": matvec_jvp}, {"vjp": matvec_vjp, "jvp": matvec_jvp}], ids=" ".join
)
def test_custom_op_by_one_sweep_has_both(register, rng, rules):
    matvec = register("matvec_of", lambda A, x: A @ x, shape=lambda a, x: (a[0],), **rules)
    g = sd.Graph()
    A, x = g.variable("A", "m n"), g.variable("x", "n")
    at = {A: rng.normal(size=(2, 3)), x: rng.normal(size=3)}
    y, same = sd.sin(matvec(A, sd.exp(x))), sd.sin(A @ sd.exp(x))
    check_grad(y, [A, x], at, order=2)
    for wrt, mode in itertools.product((A, x), ("reverse", "forward")):
        close(*sd.evaluate([sd.jacobian(e, wrt, mode=mode) for e in (y, same)], at))
    close(*sd.evaluate([sd.hessian(sd.sum(e), x) for e in (y, same)], at))


@pytest.mark.parametrize(
    ("evaluate", "message"),
    [
        (lambda x: np.zeros(7), r"op 'wrong': evaluate gave float64\[7\], expected \[3\]"),
        (lambda x: x[:, None], r"float64\[3, 1\], expected \[3\]"),
        (lambda x: x + 0j, r"complex128\[3\]"),
        (lambda x: [str(k) for k in x], r"<U"),
    ],
)
def test_a_custom_op_that_gives_something_else(register, evaluate, message):
    x = sd.Graph().variable("x", "n")
    y = register("wrong", evaluate, lambda x: x)(x)
    for value in (lambda at: sd.evaluate(y, {x: at}), sd.function(x, y), sd.function(x, y, backend="tape")):
        with pytest.raises(ShapeError, match=message if value.__class__.__name__ != "Function" else "op 'wrong'"):
            value(np.ones(3))


@pytest.mark.parametrize(
    ("name", "evaluate", "options", "message"),
    [
        ("lambda", np.sin, {}, "not a name"),
        ("a b", np.sin, {}, "not a name"),
        (3, np.sin, {}, "a name is a text"),
        ("sin", np.sin, {}, "the name is taken"),
        ("numeric", 5, {}, "evaluate is a function, not int"),
        ("formula", np.sin, {"partials": ["cos(x)"]}, "partial 0 is a function, not str"),
        ("backward", np.sin, {"vjp": 1}, "vjp is a function, not int"),
        ("wide", np.sin, {"partials": np.cos, "arity": 2}, "1 partial"),
        ("number", np.sin, {"partials": 3}, "a function or a list of them, not int"),
        ("alias", np.sin, {"aliases": ["own", "cos"]}, "can't be called 'cos'"),
        ("alias", np.sin, {"aliases": "alias"}, "can't be called 'alias'"),
        ("alias", np.sin, {"aliases": ["a b"]}, "'a b' is not a name"),
    ],
)
def test_ops_that_can_not_be_registered(register, name, evaluate, options, message):
    with pytest.raises(InputError, match=message):
        register(name, evaluate, **options)


def test_partials_that_are_not_known():
    """An error where they are needed, never a silent zero; integers need none."""
    g = sd.Graph()
    x, y, k = g.variable("x"), g.variable("y"), g.variable("k", dtype="int64")
    for f in (sd.special.jv, sd.special.kv, sd.special.polygamma):
        with pytest.raises(GradientError, match=f"order of {f.name}"):
            sd.grad(f(x, y), x)
        assert str(sd.grad(f(k, y), y)) == str(sd.grad(f(x, y), y)).replace("x", "k")
        assert sd.evaluate(sd.grad(f(sd.astype(sd.floor(x), "int64"), y), x), {x: 1.5, y: 2.0}) == 0


def test_custom_ops_that_are_wrongly_made(register):
    x = sd.Graph().variable("x", 2)
    bare = register("bare_op", np.sin)
    with pytest.raises(GradientError, match="bare_op"):
        sd.grad(sd.sum(bare(x)), x)
    short = register("short_op", lambda x, y: x + y, vjp=lambda ct, y, *xs: (ct,))
    with pytest.raises(GradientError, match="short_op returned 1 cotangent"):
        sd.grad(sd.sum(short(x, x)), x)
    wide = register("wide_op", lambda x: x, vjp=lambda ct, y, x: sd.outer(ct, ct))
    with pytest.raises(GradientError, match="wide_op returned shape"):
        sd.grad(sd.sum(wide(x)), x)
    narrow = register("narrow_op", lambda x: x, jvp=lambda ts, y, x: sd.sum(ts[0]))
    with pytest.raises(GradientError, match="narrow_op returned shape"):
        sd.jvp(narrow(x), {x: [1.0, 2.0]})
    with pytest.raises(InputError, match="can't be called 'bare_op'"):
        register("bare_op", np.sin)
    with pytest.raises(InputError, match="1 partial"):
        register("one_of_two", np.sin, [lambda x: x], arity=2)


# --- errors -------------------------------------------------------------------------------------------------


TYPED = [  # (scalar, text of its gradient): derivatives are floats of the variable's type, whatever they are made of
    ("sum(x*b)", "where(b, 1, 0)"),
    ("sum(x*k)", "k"),
    ("sum(x*(x > 0))", "where(x > 0, 1, 0)"),
    ("sum(relu(x))", "where(x > 0, 1, 0)"),
    ("sum(x)", "ones(n)"),
    ("x[0]", "eye(n)[0]"),
    ("sum(d*x)", "d"),
    ("2.5", "zeros(n)"),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("text", "gradient"), TYPED)
def test_derivatives_have_the_type_of_the_variable(text, gradient, dtype):
    g = sd.Graph()
    x, b, k = g.variable("x", "n", dtype), g.variable("b", "n", "bool"), g.variable("k", "n", "int64")
    d = g.variable("d", "n")
    f = sd.parse(text, graph=g)
    at = {x: np.ones(3, dtype), b: [True, False, True], k: [1, 2, 3], d: [1.0, 2.0, 3.0]}
    grad = sd.grad(f, x)
    assert (str(grad), grad.dtype) == (gradient, dtype)
    assert sd.evaluate(grad, at).dtype == sd.function([x, b, k, d], grad)(*at.values()).dtype == dtype
    assert sd.HessianOperator(f, x, at=at).gradient.dtype == dtype
    assert sd.vjp(f, x, 1.0).dtype == dtype
    assert sd.jvp(f, {x: x}).dtype == f.dtype
    assert sd.jacobian(x * b, x).dtype == dtype


@pytest.mark.parametrize("name", ["prod", "cumulative_prod", "cumulative_sum", "sort", "flip", "logsumexp", "norm2"])
def test_derivatives_along_axes_without_entries(name):
    x = sd.Graph().variable("x", (0, 3))
    f = sd.sum(sd.sin(F[name](x, axis=0)))
    assert sd.evaluate(sd.grad(f, x), {x: np.zeros((0, 3))}).shape == (0, 3)
    assert sd.evaluate(sd.hessian(f, x), {x: np.zeros((0, 3))}).shape == (0, 3, 0, 3)


def test_a_unit_tensor_stays_visible_in_single_precision():
    x = sd.Graph().variable("x", "n", "float32")
    assert sd.hessian(x @ x, x).structure is not None
    assert str(sd.hessian(x @ x, x) @ x) == "2*x"


def test_what_is_refused_leaves_the_graph_as_it_was():
    g = sd.Graph()
    x, s = g.variable("x", "n"), g.variable("s")
    f = sd.sum(x**3)
    before = len(g), g.variable_names()
    for call in (
        lambda: sd.hvp(f, x, np.ones((2, 2))),
        lambda: sd.hvp(f, [x, s], {"x": "v"}),
        lambda: sd.jvp(f, {x: "t", s: np.ones(3)}),
        lambda: sd.vjp([f, x], x, ["c", np.ones(2)]),
    ):
        with pytest.raises(sd.SymdiffError):
            call()
        assert (len(g), g.variable_names()) == before


def test_errors_name_what_is_wrong():
    g = sd.Graph()
    x, k, c = g.variable("x", "n"), g.variable("k", dtype="int64"), g.variable("c", dtype="bool")
    s = g.variable("s")
    other = sd.Graph().variable("x", "n")
    with pytest.raises(GradientError, match="int64"):
        sd.grad(s * k, k)
    with pytest.raises(GradientError, match="bool"):
        sd.grad(sd.where(c, s, 0), c)
    with pytest.raises(GradientError, match="bool"):
        sd.grad(s > 0, s)
    with pytest.raises(InputError, match="no variable 'nobody'"):
        sd.grad(s, "nobody")
    with pytest.raises(InputError, match="another graph"):
        sd.grad(s, other)
    with pytest.raises(GraphError, match="another graph"):
        sd.vjp(x, x, other)
    with pytest.raises(InputError, match="expected an expression"):
        sd.grad(3.0, s)
    with pytest.raises(InputError, match="wrt"):
        sd.grad(s, 3)
    with pytest.raises(ShapeError, match="hvp"):
        sd.hvp(x, x)
    with pytest.raises(InputError, match=r"1 value\(s\) are needed, got 2"):
        sd.hvp(s**2, [s], [1, 2])
    with pytest.raises(InputError, match="no vector for s"):
        sd.hvp(s**2, [s], {})
    with pytest.raises(InputError, match="more vectors"):
        sd.hvp(x @ x * s, s, {s: 1, x: x})
    with pytest.raises(InputError, match="keys"):
        sd.hvp(s**2, {"s": s}, {"t": 1})
    with pytest.raises(InputError, match="dict"):
        sd.jvp(s**2, "s")
    with pytest.raises(ShapeError, match="tangent"):
        sd.jvp(x, {x: s})
    with pytest.raises(InputError, match="mode"):
        sd.jacobian(x, x, mode="sideways")
    with pytest.raises(InputError, match="order"):
        s.diff(s, -1)


def test_named_terms_go_by_their_name():
    g = sd.Graph()
    x, w = g.variables("x w")
    z = sd.name(w * x, "z")
    d = sd.exp(z).diff(w)
    assert str(d) == "x*exp(z)"
    assert sd.parse(str(d), graph=g).same_as(sd.simplify(d))
    assert g.variable_names() == ("x", "w")
    assert sd.grad(d, "z").same_as(sd.grad(d, z))
    assert sd.evaluate(d, {"x": 2.0, "z": 0.0}) == 2.0
    assert sd.name(z, "z").same_as(z)


@pytest.mark.parametrize(
    ("term", "label", "message"),
    [("x + w", "z", "another term"), ("x + w", "x", "a variable"), ("x", "w", "a variable")],
)
def test_a_name_stands_for_one_term(term, label, message):
    g = sd.Graph()
    x, w = g.variables("x w")
    sd.name(w * x, "z")
    with pytest.raises(sd.InputError, match=message):
        sd.name(sd.parse(term, graph=g), label)
    with pytest.raises(sd.GraphError, match="name of a term"):
        g.variable("z")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: sd.name("f", "h"), "name: expected an expression, got str"),
        (lambda f: sd.evaluate(f, [1, 2]), "the values are a dictionary"),
        (lambda f: sd.evaluate(f, {"x": 1, f.graph.variable("x"): 2, "y": 3}), "'x' is given twice"),
        (lambda f: sd.check_grad(f, "x", None), "at= is a dictionary"),
        (lambda f: sd.check_domain(f, None), "at= is a dictionary"),
        (lambda f: sd.function(None, f), "inputs are names or expressions, got NoneType"),
        (sd.function, "the outputs are missing"),
    ],
)
def test_arguments_of_the_wrong_kind(call, message):
    f = sd.parse("x*y")
    size = len(f.graph)
    with pytest.raises(sd.InputError, match=message):
        call(f)
    assert len(f.graph) == size


def test_jacobians_by_several_inputs_are_one_sweep_per_output(monkeypatch):
    sweeps = []
    sweep = calculus.reverse_sweep
    monkeypatch.setattr(calculus, "reverse_sweep", lambda *a: sweeps.append(a) or sweep(*a))
    x, y, z = sd.Graph().variables("x y z")
    outputs = [x * y, sd.sin(z) * x]
    rows = sd.jacobian(outputs, [x, y, z])
    assert len(sweeps) == len(outputs)
    assert [[str(e) for e in row] for row in rows] == [["y", "x", "0"], ["sin(z)", "0", "x*cos(z)"]]


def test_jacobians_of_more_outputs_than_inputs_go_forward(monkeypatch):
    x, y = sd.Graph().variables("x y")
    outputs = [x * y, sd.where(x > y, x, sd.sin(y)), 3 * x - y / x, x**2 * y * sd.exp(x), sd.stop_gradient(x) + 1]
    by_row = sd.jacobian(outputs, [x, y], mode="reverse")
    monkeypatch.setattr(calculus, "reverse_sweep", None)
    rows = sd.jacobian(outputs, [x, y])
    for at in ({"x": 0.7, "y": 0.4}, {"x": 0.3, "y": 1.4}):
        assert np.array(sd.evaluate(rows, at)) == pytest.approx(np.array(sd.evaluate(by_row, at)))
    assert [str(e) for e in sd.jacobian([x**2 * y, x + y, sd.sin(x)], [y, "x"])[0]] == ["x**2", "2*x*y"]


ENTRYWISE = [  # (scalars by an x of four entries, the text of their Jacobian)
    (lambda x: [x[0] * x[1], sd.sin(x[2]) * x[0]], "stack([[x[1], x[0], 0, 0], [sin(x[2]), 0, cos(x[2])*x[0], 0]])"),
    (lambda x: [x[0] ** 2, 3 * x[1], 5], None),
    (lambda x: [x[3] / x[0], x[0] + x[1], -sd.exp(x[1]), x[2], sd.where(x[0] > 0.5, x[0], x[1] ** 2)], None),
    (lambda x: [sd.stop_gradient(x[0]) * x[1], sd.hypot(x[1], x[2])], None),
    (lambda x: [x[0] * sd.sum(x), x[1]], None),
    (lambda x: [2 * x[0], x[1]], None),
]


@pytest.mark.parametrize(("parts", "text"), ENTRYWISE)
def test_jacobians_of_scalars_put_together(parts, text, rng):
    x = sd.Graph().variable("x", 4)
    y = sd.stack(parts(x))
    jacobian = sd.jacobian(y, x)
    assert (jacobian.shape, jacobian.dtype) == ((*y.shape, 4), "float64")
    assert text is None or str(jacobian) == text
    for at in rng.uniform(0.2, 1.5, (3, 4)):
        expected = sd.evaluate(sd.jacobian(y, x, mode="reverse"), {"x": at})
        assert sd.evaluate(jacobian, {"x": at}) == pytest.approx(expected)
        assert sd.function([x], jacobian)(at) == pytest.approx(expected)


def test_jacobians_of_scalars_put_together_are_scalars():
    x = sd.Graph().variable("x", 30)
    y = sd.stack([x[k] * sd.sin(x[k + 1]) for k in range(29)])
    program = sd.function([x], sd.jacobian(y, x)).program
    arrays = {i.op.name for i in program.instructions if program.graph._shape[i.node]}
    assert arrays <= {"concat", "contract"}


@pytest.mark.parametrize("choose", [sd.maximum, sd.minimum])
def test_the_largest_of_many_one_by_one(choose):
    """Two thousand choices within one another: a unit vector, and ties share."""
    xs = sd.Graph().variables([f"x{k}" for k in range(2000)])
    y = xs[0]
    for x in xs[1:]:
        y = choose(y, x)
    fn = sd.function(xs, sd.grad(y, list(xs)))
    sign = 1.0 if choose is sd.maximum else -1.0
    values = sign * np.random.default_rng(0).permutation(2000).astype(float)
    wanted = np.zeros(2000)
    wanted[np.argmax(sign * values)] = 1
    close(fn(*values), wanted)
    values[-1] = values[0] = sign * 5000
    wanted[:] = 0
    wanted[[0, -1]] = 0.5
    close(fn(*values), wanted)


def test_masks_within_masks_hold_back_what_is_not_taken():
    """Slopes behind a mask are inf or nan, at any depth; the derivative is exactly 0."""
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(8)])
    y = g.constant(1.0)
    for k, x in enumerate(xs):
        y = sd.where(x > 0, y * sd.sqrt(x), 0) if k % 2 else sd.where(x <= 0, 0, sd.log(x) + y)
    fn = sd.function(xs, [y, *sd.grad(y, list(xs))])
    point = np.linspace(0.5, 2, 8)
    for f, x in zip(fn(*point)[1:], xs, strict=True):
        assert check_grad(y, x, dict(zip(xs, point, strict=True)), order=1) < 1e-5
        assert f != 0
    for masked in range(8):
        point = np.linspace(0.5, 2, 8)
        point[masked] = 0.0
        assert np.all(np.array(fn(*point)[1 : masked + 2]) == 0)
        assert np.all(np.isfinite(fn(*point)))
