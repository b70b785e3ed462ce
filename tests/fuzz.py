"""``python -m tests.fuzz SECONDS [SEED]``: random programs, texts and documents, and what must hold of each of them.

A finding is printed with the seed that makes it again: ``python -m tests.fuzz program 123``.
"""

import contextlib
import copy
import hashlib
import json
import math
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.containers import leaves
from symdiff.documents import FIELDS
from symdiff.op import Results
from symdiff.shapes import names_of

from .programs import Program, program

TOLERANCE = {"float64": 1e-8, "float32": 2e-3}


def alike(found: Any, wanted: Any, tolerance: float = 1e-8) -> None:
    """The same shape and numbers; only where both are finite is anything said."""
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    assert found.shape == wanted.shape, f"shape {found.shape}, not {wanted.shape}"
    known = np.isfinite(found) & np.isfinite(wanted)
    scale = max(1.0, float(np.max(np.abs(wanted[known]), initial=0)))
    worst = float(np.max(np.abs(found - wanted)[known], initial=0))
    assert worst <= tolerance * scale, f"{worst} apart, of {scale}"


def _tolerance(p: Program) -> float:
    return TOLERANCE["float32"] if any(v.dtype == "float32" for v in p.at.values()) or "float32" in p.moves else 1e-8


# --- what must hold of a program ------------------------------------------------------------------------------


def value(p: Program) -> None:
    """Evaluation is numpy's."""
    found = sd.evaluate(p.e, p.given)
    alike(found, p.value, _tolerance(p))
    assert found.dtype.name == p.e.dtype, f"type {found.dtype}, declared {p.e.dtype}"


def backends(p: Program) -> None:
    """Backends agree with evaluation; inputs may be read-only and of any layout, and are left as they were."""
    wanted = sd.evaluate(p.e, p.given)
    rarely = ("jax",) if p.seed % 50 == 0 and find_spec("jax") else ()  # it compiles for long
    for backend in ("numpy", "tape", "auto", *rarely):
        try:
            f = sd.function(list(p.given), p.e, backend=backend)
        except sd.SymdiffError:
            assert backend == "tape"
            continue
        arrays = [np.array(v, order="F") for v in p.given.values()]
        for a in arrays:
            a.setflags(write=False)
        try:
            found = f(*arrays)
        except sd.SymdiffError:
            if backend != "tape":
                raise
            continue
        alike(found, wanted, _tolerance(p))
        if backend == "jax":
            continue
        out = np.zeros(np.shape(wanted), np.asarray(wanted).dtype)
        f(*arrays, out=out)
        alike(out, wanted, _tolerance(p))
        for a, v in zip(arrays, p.given.values(), strict=True):
            assert np.array_equal(a, v), "an input was changed"


def derivatives(p: Program) -> None:
    """The reverse and the forward sweep agree with each other, and with differences where the program is smooth."""
    wrt = [v for v in p.given if p.at[v].dtype == "float64" and p.at[v].size]
    if p.e.dtype != "float64" or not wrt:
        return
    rng, g = np.random.default_rng(p.seed), p.e.graph
    u, cotangent = rng.normal(size=np.shape(p.value)), g.variable("cotangent", p.e.shape)
    for x in wrt:
        t, tangent = rng.normal(size=p.at[x].shape), g.variable("tangent_" + x, g.shape(g._variables[x]))
        try:
            back, forth = sd.vjp(p.e, x, cotangent), sd.jvp(p.e, {x: tangent})
        except sd.GradientError:
            return
        at = p.at | {"cotangent": u, "tangent_" + x: t}
        if not (bound(back) and bound(forth)):
            continue
        b, f = (sd.evaluate(d, {v: at[v] for v in d.variables}) for d in (back, forth))
        assert b.shape == p.at[x].shape
        left, right = float(np.sum(b * t)), float(np.sum(u * f))
        scale = max(1.0, float(np.sum(np.abs(b * t))), float(np.sum(np.abs(u * f))))
        if math.isfinite(left) and math.isfinite(right):
            assert abs(left - right) <= max(1e-7, _tolerance(p)) * scale, f"<u, J t> = {right}, <J' u, t> = {left}"
            free = not p.e.graph._params[p.e.graph._variables[x]][3]
            if p.smooth and free:
                h = 1e-6
                around = [sd.evaluate(p.e, p.given | {x: p.at[x] + s * h * t}) for s in (1, -1)]
                slope = float(np.sum(u * (around[0] - around[1]))) / (2 * h)
                assert abs(slope - right) <= 1e-4 * max(1.0, scale), f"{right} by {x}, {slope} by differences"


def second(p: Program) -> None:
    """Hessians are symmetric."""
    wrt = [v for v in p.given if p.at[v].dtype == "float64" and 0 < p.at[v].size <= 4]
    if p.e.dtype != "float64" or not wrt or len(p.moves) > 5:
        return
    y = sd.sum(sd.tanh(p.e)) if p.e.ndim else p.e
    try:
        H = sd.hessian(y, wrt[0])
    except sd.GradientError:
        return
    size = p.at[wrt[0]].size
    given = {v: p.at[v] for v in H.variables}
    if not bound(H):
        return
    try:
        M = sd.evaluate(H, given).reshape(size, size)
    except sd.InputError as error:  # running products leave out an entry, and there is none
        if "do not lie in an axis" in str(error):
            return
        raise
    alike(M, M.T, 1e-7)


def text(p: Program) -> None:
    """What is printed is read again, in the same value; simplify keeps value and type."""
    written = str(p.e)
    wanted = sd.evaluate(p.e, p.given)
    simple = sd.simplify(p.e)
    assert simple.dtype == p.e.dtype or (simple.dtype, p.e.dtype) == ("int64", "float64"), f"type {simple.dtype}"
    again = [simple] if "..." in written or written.startswith("<") else [simple, sd.parse(written, graph=p.e.graph)]
    for e in again:
        given = {v: p.at[v] for v in e.variables}
        if e.shape == p.e.shape and bound(e) and set(e.variables) == set(p.e.variables):
            alike(sd.evaluate(e, given), wanted, max(_tolerance(p), 1e-6))


def bound(e: Any) -> bool:
    """Its named sizes are those of its variables: it has not lost the one that knows them."""
    g = e.graph
    known = {size for v in e.variables for size in g.shape(g._variables[v])}
    used = [*g.ancestors([e.node])]
    sizes = [size for n in used for size in _plain(g.shape(n))]
    sizes += [g.params(n)[0] for n in used if g.operation(n) == "size"]  # counted, of an operand that is gone
    return known >= {s for size in sizes for s in names_of(size)}


def _plain(shape: Any) -> Any:
    return [s for part in shape for s in part] if isinstance(shape, Results) else shape


def notation(p: Program) -> None:
    """LaTeX, index notation and pictures can be made; braces match."""
    assert "digraph" in sd.to_dot(p.e)
    with contextlib.suppress(sd.GraphError):  # what has no notation of indices
        assert p.e.index_notation()
        shown = p.e.latex()
        assert shown.count("{") - shown.count(r"\{") == shown.count("}") - shown.count(r"\}")


def python(p: Program) -> None:
    """The source that is written computes the same."""
    try:
        source = p.e.to_python("made")
    except sd.GraphError as error:
        if "has no numpy function" in str(error):  # polylog and its kind, by series of our own
            return
        raise
    space: dict[str, Any] = {}
    exec(compile(source, f"<seed {p.seed}>", "exec"), space)  # our own text, in a test
    with np.errstate(all="ignore"):
        found = space["made"](*[p.given[v] for v in _parameters(source)])
    alike(found, sd.evaluate(p.e, p.given), max(_tolerance(p), 1e-6))


def _parameters(source: str) -> list[str]:
    head = next(line for line in source.splitlines() if line.startswith("def made("))
    inside = head[len("def made(") : head.rindex(")")]
    return [name.split("=")[0].strip() for name in inside.split(",") if name.strip() and "=" not in name]


def kept(p: Program) -> None:
    """What is saved is loaded again, and evaluates the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        sd.save(p.e, path)
        again = sd.load(path)
    assert len(again.graph) <= len(p.e.graph) or len(again.graph) == len(p.e.graph)
    found, wanted = sd.evaluate(again, p.given), sd.evaluate(copy.deepcopy(p.e), p.given)  # of graphs as fresh
    alike(found, sd.evaluate(p.e, p.given), TOLERANCE.get(p.e.dtype, 1e-8))
    assert np.array_equal(found, wanted, equal_nan=np.asarray(wanted).dtype.kind == "f")


CHECKS: tuple[Callable[[Program], None], ...] = (
    value, backends, derivatives, second, text, notation, python, kept,
)  # fmt: skip


# --- texts and documents ----------------------------------------------------------------------------------------

PIECES = [
    "(", ")", "[", "]", ",", "**", "@", "*", "/", "+", "-", ".", ":", "==", "<", "|", "&", "^", "~", "0", "1", "10**9",
    "x", "y", "n", "sum", "exp", ".T", "[0]", "[::-1]", "None", "...", "axis=", "axis=0", "'ij->i'", "where", "1e400",
    "nan", "\n", " ", "=", "\\", '"', "é", "\0", "lambda", "diff", "split", "reshape", "einsum", "eye(10**9)",
    "ones((10**5, 10**5))", "astype", "vander", "kron", "stack", "'", "#",
]  # fmt: skip


def damaged_text(seed: int) -> str:
    rng = random.Random(seed)
    words = list(str(program(seed).e)[:300])
    for _ in range(rng.randint(1, 6)):
        k = rng.randrange(len(words) + 1)
        words[k : k + rng.choice([0, 0, 1, 3])] = [rng.choice(PIECES)]
    return "".join(words)


def texts(seed: int) -> None:
    """A damaged text is refused by an error that points, or read; and what is read can be written and evaluated."""
    with contextlib.suppress(sd.SymdiffError):
        for e in leaves(sd.parse(damaged_text(seed), x="n", y="n n")):  # several with commas between them
            for call in (str, sd.Expr.latex, sd.simplify):
                with contextlib.suppress(sd.SymdiffError):
                    call(e)


ANYTHING = [
    None, True, -1, 0, 1, 2, 3, 10**6, "", "n", "n - 1", "x", "float64", [], [0], [[0]], [0, 1], {}, {"expr": 0},
    {"float": "nan"}, {"array": 0}, {"int": str(2**70)}, [[0, 1, 1]], [None],
]  # fmt: skip


def places(content: Any, path: tuple = ()) -> Iterator[tuple]:
    yield path
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for k, item in inside:
        yield from places(item, (*path, k))


def documents(seed: int) -> None:
    """A damaged or forged document is refused, or gives a graph that can be written, evaluated and saved."""
    rng = random.Random(seed)
    p = program(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.json"
        sd.save(p.e, path)
        data = path.read_bytes()
        if rng.random() < 0.2:
            k = rng.randrange(len(data))
            path.write_bytes(data[:k] + bytes([rng.randrange(256)]) + data[k + rng.choice([0, 1, 5]) :])
        else:
            content = json.loads(data)
            for _ in range(rng.choice([1, 1, 2])):
                *outer, last = rng.choice([q for q in places(content) if q])
                target = content
                for key in outer:
                    target = target[key]
                target[last] = copy.deepcopy(rng.choice(ANYTHING))
            _sign(content)
            path.write_text(json.dumps(content))
        with contextlib.suppress(sd.SymdiffError):
            found = sd.load(path)
            if isinstance(found, sd.Expr):
                given = {v: p.at[v] for v in found.variables if v in p.at}
                for call in (str, sd.Expr.latex, lambda e: sd.evaluate(e, given), lambda e: sd.save(e, path)):
                    with contextlib.suppress(sd.SymdiffError):
                        call(found)


def _sign(content: dict) -> None:
    """The digest made again, so that the other checks are reached."""
    digest = hashlib.sha256()
    for f in FIELDS:
        if f in content:
            digest.update(json.dumps(content[f], separators=(",", ":")).encode())
    content["digest"] = digest.hexdigest()


# --- runs ---------------------------------------------------------------------------------------------------------


def findings(kind: str, seed: int) -> Iterator[str]:
    """What does not hold at a seed."""
    made = program(seed) if kind == "program" else seed
    if isinstance(made, Program) and not bound(made.e):
        return
    for check in CHECKS if kind == "program" else (texts,) if kind == "text" else (documents,):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                check(made)  # type: ignore[arg-type]
        except Exception as error:
            yield f"{check.__name__}: {type(error).__name__}: {str(error)[:300]}"


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("program", "text", "document"):
        for found in findings(arguments[0], int(arguments[1])):
            print(found)
        return 0
    seconds, seed = float(arguments[0]), int(arguments[1]) if len(arguments) > 1 else random.randrange(10**6)
    print(f"seed {seed}")
    count: Counter[str] = Counter()
    end, k = time.monotonic() + seconds, seed
    while time.monotonic() < end:
        for kind in ("program", "text", "document"):
            count[kind] += 1
            for found in findings(kind, k):
                count["findings"] += 1
                print(f"{kind} {k}: {found}", flush=True)
        k += 1
    print(", ".join(f"{n} {kind}" for kind, n in count.items()))
    return int(count["findings"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
