"""Derivatives of AC optimal power flow: Jacobian of the constraints and Hessian of the Lagrangian, against CasADi."""

import operator
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

import symdiff as sd

from ..peers import casadi
from ..record import Benchmark, Side, Target
from ..sides import Call, at_first

CASES = Path(__file__).parents[3] / "shared" / "opf"  # PGLib-OPF's files, where they are at hand
NAMES = {5: "pglib_opf_case5_pjm", 14: "pglib_opf_case14_ieee", 118: "pglib_opf_case118_ieee"}
BASE = 100.0


class Network(NamedTuple):
    """Tables of a MATPOWER file, positions of branches' ends and of generators among the buses, a point, multipliers,
    and a vector that matrices are compared by."""

    tables: dict[str, np.ndarray]
    ends: tuple[np.ndarray, np.ndarray]
    at_bus: np.ndarray
    x: np.ndarray
    m: np.ndarray
    v: np.ndarray

    @property
    def sizes(self) -> tuple[int, ...]:
        n, k = len(self.tables["bus"]), len(self.tables["gen"])
        return n, n, k, k


def network(buses: int) -> Network:
    """A case of PGLib; where its file is not at hand, a ring of that many buses with a generator at every third."""
    rng = np.random.default_rng(0)
    path = CASES / f"{NAMES.get(buses, '')}.m"
    tables = read(path.read_text(encoding="utf-8")) if path.is_file() else ring(buses, rng)
    f, t = (np.searchsorted(tables["bus"][:, 0], tables["branch"][:, k]) for k in (0, 1))
    at_bus = np.searchsorted(tables["bus"][:, 0], tables["gen"][:, 0])
    n, k = len(tables["bus"]), len(at_bus)
    x = np.concatenate([0.1*rng.normal(size=n), rng.uniform(0.9, 1.1, n), rng.normal(size=2*k)])
    return Network(tables, (f, t), at_bus, x, rng.normal(size=2*n + 3*len(f)), rng.normal(size=x.size))


def read(text: str) -> dict[str, np.ndarray]:
    found = re.findall(r"mpc\.(bus|gen|gencost|branch)\s*=\s*\[(.*?)\];", re.sub(r"%.*", "", text), re.DOTALL)
    return {name: np.array([row.split() for row in body.split(";") if row.strip()], float) for name, body in found}


def ring(n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    here, gens = np.arange(1, n + 1), np.arange(1, n + 1, 3)
    columns = lambda width, **given: np.stack(  # noqa: E731
        [np.broadcast_to(given.get(f"c{k}", 0.0), len(given["c0"])) for k in range(width)], axis=1)  # fmt: skip
    return {
        "bus": columns(13, c0=here, c2=rng.uniform(0, 99, n), c3=rng.uniform(0, 30, n)),
        "gen": columns(10, c0=gens), "gencost": columns(7, c0=gens, c4=0.1, c5=20.0),
        "branch": columns(13, c0=here, c1=np.roll(here, -1), c2=0.01, c3=rng.uniform(0.05, 0.2, n), c4=0.02),
    }  # fmt: skip


def model(p: Network, xp: Any, scattered: Any, va: Any, vm: Any, pg: Any, qg: Any) -> tuple[Any, list[Any]]:
    """(cost by generator, constraints): polar form, all per unit."""
    bus, cost, branch, (f, t) = p.tables["bus"], p.tables["gencost"], p.tables["branch"], p.ends
    n, y = len(bus), 1/(branch[:, 2] + 1j*branch[:, 3])
    tap = np.where(branch[:, 8] == 0, 1, branch[:, 8])*np.exp(1j*np.deg2rad(branch[:, 9]))
    volts, real, reactive, flows = vm[f]*vm[t], 0, 0, []
    for own, turn, mutual, far in ((f, va[f] - va[t], -y/np.conj(tap), np.abs(tap)**2), (t, va[t] - va[f], -y/tap, 1)):
        shunt, c, s = (y + 0.5j*branch[:, 4])/far, xp.cos(turn), xp.sin(turn)
        active = shunt.real*vm[own]**2 + volts*(mutual.real*c + mutual.imag*s)
        passive = -shunt.imag*vm[own]**2 + volts*(mutual.real*s - mutual.imag*c)
        real, reactive = real + scattered(active, own, n), reactive + scattered(passive, own, n)
        flows.append(active**2 + passive**2)
    balance = [scattered(pg, p.at_bus, n) - real - bus[:, 2]/BASE - bus[:, 4]/BASE*vm**2,
               scattered(qg, p.at_bus, n) - reactive - bus[:, 3]/BASE + bus[:, 5]/BASE*vm**2]  # fmt: skip
    return cost[:, 4]*(BASE*pg)**2 + cost[:, 5]*BASE*pg, [*balance, *flows, va[f] - va[t]]


def symdiff_side(p: Network) -> Call:
    g = sd.Graph()
    wrt = [g.variable(k, n) for k, n in zip(("va", "vm", "pg", "qg"), p.sizes, strict=True)]
    m = g.variable("m", p.m.size)
    cost, constraints = model(p, sd, sd.scatter_add, *wrt)
    c = sd.concat(*constraints)
    point = dict(zip(wrt, np.split(p.x, np.cumsum(p.sizes)[:-1]), strict=True))
    J = sd.SparseJacobian(c, wrt, at=point)
    H = sd.SparseHessian(sd.sum(cost) + m @ c, wrt, at={**point, m: p.m})
    return lambda: (J.at(point).tocsr(), H.at({**point, m: p.m}).tocsr())


class Column:
    """A column of CasADi's, read at arrays of positions and combined with numpy's arrays."""

    __array_ufunc__ = None

    def __init__(self, of: Any):
        self.of = of

    def __getitem__(self, at: np.ndarray) -> "Column":
        return Column(self.of[at.tolist()])


def combined(name: str) -> Any:
    act = getattr(operator, name.replace("__r", "__"))

    def operation(x: Column, y: Any) -> Column:
        left, right = x.of, y.of if isinstance(y, Column) else casadi.DM(y)
        return Column(act(right, left) if name.startswith("__r") else act(left, right))

    return operation


for _name in ("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__pow__"):
    setattr(Column, _name, combined(_name))


class Functions:
    """numpy's functions on columns."""

    cos = staticmethod(lambda x: Column(casadi.cos(x.of)))
    sin = staticmethod(lambda x: Column(casadi.sin(x.of)))


def casadi_side(p: Network) -> Call:
    x, m = casadi.SX.sym("x", p.x.size), casadi.SX.sym("m", p.m.size)
    parts = [Column(part) for part in casadi.vertsplit(x, [0, *map(int, np.cumsum(p.sizes))])]

    def scattered(value: Column, own: np.ndarray, n: int) -> Column:
        place = sp.csc_matrix((np.ones(own.size), (own, np.arange(own.size))), shape=(n, own.size))
        return Column(casadi.mtimes(casadi.DM(place), value.of))

    cost, constraints = model(p, Functions, scattered, *parts)
    c = casadi.vertcat(*(part.of for part in constraints))
    H, _ = casadi.hessian(casadi.sum1(cost.of) + casadi.dot(m, c), x)
    F = casadi.Function("F", [x, m], [casadi.jacobian(c, x), H])
    return lambda: F(p.x, p.m)


def applied(p: Network, found: Any) -> list[np.ndarray]:
    """What both matrices do with a vector."""
    return [np.asarray((a.sparse() if hasattr(a, "sparse") else a) @ p.v) for a in found]


FIRST, EACH = "first Jacobian and Hessian", "Jacobian and Hessian"
BENCHMARKS = [
    Benchmark(
        "power_flow", "AC optimal power flow", network, {"buses": 6}, [{"buses": 14}, {"buses": 118}],
        [
            Side("symdiff", FIRST, at_first(symdiff_side), values=applied, repeats=3),
            Side("casadi", FIRST, at_first(casadi_side), values=applied, repeats=3),
            Side("symdiff", EACH, symdiff_side, values=applied),
            Side("casadi", EACH, casadi_side, values=applied),
        ],
        [
            Target(f"symdiff: {FIRST}", 0.1, f"casadi: {FIRST}"),
            Target(f"symdiff: {EACH}", 0.7, f"casadi: {EACH}"),
        ],
    ),
]  # fmt: skip
