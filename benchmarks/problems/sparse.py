"""Sparse derivatives of array code: patterns, preparation and refilling, against CasADi, asdex and JAX."""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

import symdiff as sd

from ..peers import asdex, backpack, casadi, jax, torch
from ..record import Benchmark, Side, Target
from ..sides import Call, at_first


class Data(NamedTuple):
    """A point, and a vector that matrices are compared by."""

    x: np.ndarray
    v: np.ndarray
    rest: Any = ()


def applied(p: Data, result: Any) -> np.ndarray:
    """What a sparse matrix of any of the systems does with the vector."""
    matrix = result.sparse() if hasattr(result, "sparse") else result
    return np.asarray(matrix @ p.v[: matrix.shape[1]])


# --- chained Rosenbrock ----------------------------------------------------------------------------


def rosenbrock(n: int) -> Data:
    rng = np.random.default_rng(0)
    return Data(rng.uniform(-1, 1, n), rng.normal(size=n))


def rosenbrock_of(x: Any, total: Any) -> Any:
    return total(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)


def symdiff_rosenbrock(p: Data) -> Call:
    x = sd.Graph().variable("x", "n")
    H = sd.SparseHessian(rosenbrock_of(x, sd.sum), x, at={x: p.x})
    return lambda: H.at({x: p.x}).tocsr()


def casadi_rosenbrock(p: Data) -> Call:
    x = casadi.SX.sym("x", len(p.x))
    H, _ = casadi.hessian(rosenbrock_of(x, casadi.sum1), x)
    f = casadi.Function("H", [x], [H])
    return lambda: f(p.x)


def asdex_rosenbrock(p: Data) -> Call:
    given = jax.numpy.asarray(p.x)
    f = jax.jit(asdex.hessian(lambda x: rosenbrock_of(x, jax.numpy.sum), given))
    return lambda: jax.block_until_ready(f(given))


# --- Luksan-Vlcek ----------------------------------------------------------------------------------


def luksan_of(xp: Any, x: Any) -> tuple[Any, Any]:
    """Problem 5.1 of Luksan and Vlcek (1998): objective by term, constraints."""
    a, b, c = x[:-2], x[1:-1], x[2:]
    terms = 100*(x[:-1]**2 - x[1:])**2 + (x[:-1] - 1)**2
    return terms, 3*b**3 + 2*c - 5 + xp.sin(b - c)*xp.sin(b + c) + 4*b - a*xp.exp(a - b) - 3


def luksan(n: int) -> Data:
    rng = np.random.default_rng(0)
    return Data(np.where(np.arange(n) % 2, 1.0, -1.2), rng.normal(size=n), rng.normal(size=n - 2))


def symdiff_luksan(p: Data) -> Call:
    g = sd.Graph()
    x, m = g.variable("x", "n"), g.variable("m", "n - 2")
    terms, c = luksan_of(sd, x)
    H = sd.SparseHessian(sd.sum(terms) + m @ c, x, at={x: p.x, m: p.rest})
    return lambda: H.at({x: p.x, m: p.rest}).tocsr()


def casadi_luksan(p: Data) -> Call:
    x, m = casadi.SX.sym("x", len(p.x)), casadi.SX.sym("m", len(p.rest))
    terms, c = luksan_of(casadi, x)
    H, _ = casadi.hessian(casadi.sum1(terms) + casadi.dot(m, c), x)
    f = casadi.Function("H", [x, m], [H])
    return lambda: f(p.x, p.rest)


# --- Bratu -----------------------------------------------------------------------------------------


def bratu(m: int) -> Data:
    rng = np.random.default_rng(0)
    return Data(rng.normal(size=(m, m)), rng.normal(size=m*m))


def symdiff_bratu(p: Data) -> Call:
    m = len(p.x)
    u = sd.Graph().variable("u", (m, m))
    w = sd.pad(u, 1)
    r = (m + 1)**2*(4*u - w[:-2, 1:-1] - w[2:, 1:-1] - w[1:-1, :-2] - w[1:-1, 2:]) - 5*sd.exp(u)
    J = sd.SparseJacobian(r, u, at={u: p.x})
    return lambda: J.at({u: p.x}).tocsr()


def casadi_bratu(p: Data) -> Call:
    m = len(p.x)
    u = casadi.SX.sym("u", m, m)
    w = casadi.SX(m + 2, m + 2)
    w[1:-1, 1:-1] = u
    r = (m + 1)**2*(4*u - w[:-2, 1:-1] - w[2:, 1:-1] - w[1:-1, :-2] - w[1:-1, 2:]) - 5*casadi.exp(u)
    f = casadi.Function("J", [u], [casadi.jacobian(casadi.vec(r.T), casadi.vec(u.T))])
    return lambda: f(p.x)


def numpy_bratu(p: Data) -> Call:
    """A hand-written fill: the diagonal of a matrix that is prepared."""
    J = symdiff_bratu(p)()
    rows = np.repeat(np.arange(J.shape[0]), np.diff(J.indptr))
    diagonal, constant = np.flatnonzero(rows == J.indices), J.data.copy()
    constant[diagonal] = 4*(len(p.x) + 1)**2

    def fill() -> Any:
        np.copyto(J.data, constant)
        J.data[diagonal] -= 5*np.exp(p.x.ravel())
        return J

    return fill


# --- bundle adjustment -----------------------------------------------------------------------------


def bundle(cameras: int, points: int, observations: int) -> Data:
    """Observations of random points by random cameras; x holds all cameras, then all points."""
    rng = np.random.default_rng(0)
    C = np.hstack([0.2*rng.normal(size=(cameras, 3)), 0.3*rng.normal(size=(cameras, 3)) + [0, 0, 5],
                   1 + 0.1*rng.random((cameras, 1))])  # fmt: skip
    P = rng.normal(size=(points, 3))
    which = rng.integers(0, cameras, observations), rng.integers(0, points, observations)
    return Data(np.concatenate([C.ravel(), P.ravel()]), rng.normal(size=C.size + P.size), (C, P, which))


def projected(xp: Any, cameras: Any, points: Any) -> Any:
    """Where cameras see points: Rodrigues' formula, then perspective."""
    r, t, focal = cameras[:, :3], cameras[:, 3:6], cameras[:, 6]
    angle = xp.sqrt(xp.sum(r*r, axis=1) + 1e-12)[:, None]
    axis, c, s = r/angle, xp.cos(angle), xp.sin(angle)
    x, a = [points[:, k] for k in range(3)], [axis[:, k] for k in range(3)]
    cross = xp.stack([a[1]*x[2] - a[2]*x[1], a[2]*x[0] - a[0]*x[2], a[0]*x[1] - a[1]*x[0]], axis=1)
    q = points*c + cross*s + axis*xp.sum(axis*points, axis=1)[:, None]*(1 - c) + t
    return q[:, :2]/q[:, 2:]*focal[:, None]


def symdiff_bundle(p: Data) -> Call:
    C, P, (camera, point) = p.rest
    g = sd.Graph()
    c, q = g.variable("C", C.shape), g.variable("P", P.shape)
    J = sd.SparseJacobian(projected(sd, c[camera], q[point]), [c, q], at={c: C, q: P})
    return lambda: J.at({c: C, q: P}).tocsr()


def jax_bundle(p: Data) -> Call:
    """Blocks of one observation each by jacfwd and vmap, put into a csr matrix whose pattern is prepared."""
    C, P, (camera, point) = p.rest
    one = jax.jacfwd(lambda c, q: projected(jax.numpy, c[None], q[None])[0], argnums=(0, 1))
    blocks = jax.jit(lambda c, q: jax.numpy.concatenate(jax.vmap(one)(c[camera], q[point]), axis=2))
    width = C.shape[1] + 3
    columns = np.concatenate([camera[:, None]*C.shape[1] + np.arange(C.shape[1]),
                              C.size + point[:, None]*3 + np.arange(3)], axis=1)  # fmt: skip
    indices = np.repeat(columns, 2, axis=0).ravel()
    indptr = np.arange(0, indices.size + 1, width)
    shape = (2*len(camera), p.x.size)
    return lambda: csr_array((np.asarray(blocks(C, P)).ravel(), indices, indptr), shape=shape)


# --- many products, diagonals ----------------------------------------------------------------------


def logistic(n: int, d: int) -> Any:
    rng = np.random.default_rng(0)
    f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + lam/2*(w @ w)", X="n d", y="n", w="d")
    at = {"X": rng.normal(size=(n, d)), "y": np.sign(rng.normal(size=n)), "w": np.zeros(d), "lam": 1.0}
    return sd.HessianOperator(f, "w", at), rng.normal(size=(d, 16))


class Network(NamedTuple):
    """A curvature operator, the gradient's call, and the arrays: X, targets, weights."""

    curvature: Any
    gradient: Call
    arrays: list[np.ndarray]


def network(batch: int) -> Network:
    rng = np.random.default_rng(0)
    g = sd.Graph()
    X, t = g.variable("X", "b i"), g.variable("t", "b o")
    W, V = g.variable("W", "i h"), g.variable("V", "h o")
    z = sd.tanh(X @ W) @ V
    loss = sd.sum(sd.logsumexp(z, axis=1)) - sd.sum(t*z)
    at = {
        X: rng.normal(size=(batch, 784)), t: np.eye(10)[rng.integers(0, 10, batch)],
        W: rng.normal(size=(784, 256))/28, V: rng.normal(size=(256, 10))/16,
    }  # fmt: skip
    gradient = sd.function(list(at), sd.grad(loss, [W, V]))
    curvature = sd.GaussNewtonOperator(loss, of=z, wrt=[W, V], at=at)
    return Network(curvature, lambda: gradient(*at.values()), list(at.values()))


def backpack_diagonal(p: Network) -> Call:
    """BackPACK's exact diagonal, with one backward pass."""
    X, t, W, V = map(torch.tensor, p.arrays)
    layers = [torch.nn.Linear(*M.shape, bias=False, dtype=M.dtype) for M in (W, V)]
    for layer, M in zip(layers, (W, V), strict=True):
        layer.weight.data = M.T.contiguous()
    model = backpack.extend(torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1]))
    loss = backpack.extend(torch.nn.CrossEntropyLoss(reduction="sum"))
    X.requires_grad_()  # its hooks need one

    def run() -> Any:
        value = loss(model(X), t.argmax(1))
        with backpack.backpack(backpack.extensions.DiagGGNExact()):
            value.backward()
        return torch.cat([layer.weight.diag_ggn_exact.T.ravel() for layer in layers])

    return run


FIRST, EACH = "first sparse Hessian", "sparse Hessian"
BENCHMARKS = [
    Benchmark(
        "sparse_rosenbrock", "sparse Hessian of the chained Rosenbrock function", rosenbrock, {"n": 50},
        [{"n": 100_000}],
        [
            Side("symdiff", FIRST, at_first(symdiff_rosenbrock), values=applied, repeats=3),
            Side("casadi", FIRST, at_first(casadi_rosenbrock), values=applied, repeats=1),
            Side("symdiff", EACH, symdiff_rosenbrock, values=applied),
            Side("casadi", EACH, casadi_rosenbrock, values=applied),
            Side("asdex", EACH, asdex_rosenbrock, values=applied),
        ],
        [
            Target(f"symdiff: {FIRST}", 1 / 20, f"casadi: {FIRST}"),
            Target(f"symdiff: {EACH}", 0.25, f"casadi: {EACH}"),
            Target(f"symdiff: {EACH}", 0.2, f"asdex: {EACH}"),
        ],
    ),
    Benchmark(
        "sparse_luksan", "Hessian of the Lagrangian of Luksan and Vlcek's problem", luksan, {"n": 50},
        [{"n": 10_000}, {"n": 100_000}, {"n": 1_000_000}],
        [
            Side("symdiff", FIRST, at_first(symdiff_luksan), values=applied, repeats=3),
            Side("symdiff", EACH, symdiff_luksan, values=applied),
            Side("casadi", EACH, casadi_luksan, values=applied, only=lambda size: size["n"] <= 100_000),
        ],
        [
            Target(f"symdiff: {FIRST}", 2),
            Target(f"symdiff: {EACH}", 0.5, f"casadi: {EACH}", only=lambda size: size["n"] <= 100_000),
        ],
        plot="n",
    ),
    Benchmark(
        "sparse_bratu", "Jacobian of the Bratu problem, refilled", bratu, {"m": 5}, [{"m": 300}],
        [
            Side("symdiff", "sparse Jacobian", symdiff_bratu, values=applied),
            Side("casadi", "sparse Jacobian", casadi_bratu, values=applied),
            Side("numpy", "fill by hand", numpy_bratu, values=applied),
        ],
        [
            Target("symdiff: sparse Jacobian", 0.3, "casadi: sparse Jacobian"),
            Target("symdiff: sparse Jacobian", 3, "numpy: fill by hand"),
        ],
    ),
    Benchmark(
        "sparse_bundle", "Jacobian of bundle adjustment", bundle, {"cameras": 3, "points": 9, "observations": 20},
        [{"cameras": 49, "points": 7776, "observations": 31843}],
        [
            Side("symdiff", "sparse Jacobian", symdiff_bundle, values=applied),
            Side("jax", "sparse Jacobian", jax_bundle, values=applied),
        ],
        [Target("symdiff: sparse Jacobian", 0.5, "jax: sparse Jacobian")],
    ),
    Benchmark(
        "many_columns", "16 Hessian-vector products at once", logistic, {"n": 50, "d": 20},
        [{"n": 200_000, "d": 200}],
        [
            Side("symdiff", "16 columns", lambda p: lambda: p[0] @ p[1]),
            Side("symdiff", "16 products", lambda p: lambda: np.stack([p[0] @ v for v in p[1].T], axis=1)),
        ],
        [Target("symdiff: 16 columns", 0.4, "symdiff: 16 products")],
    ),
    Benchmark(
        "gauss_newton_diagonal", "exact Gauss-Newton diagonal of a 784-256-10 network", network, {"batch": 2},
        [{"batch": 128}],
        [
            Side("symdiff", "diagonal", lambda p: p.curvature.diagonal),
            Side("symdiff", "gradient", lambda p: p.gradient, compared=False),
            Side("backpack", "diagonal", backpack_diagonal),
        ],
        [
            Target("symdiff: diagonal", 5, "symdiff: gradient"),
            Target("symdiff: diagonal", 0.5, "backpack: diagonal"),
        ],
    ),
]  # fmt: skip
