"""``python -m tests.hostile [KIND ...]``: texts of at most 1000 characters that ask for much, and every public call on
each of them, within 2 seconds of processor time and 500 MB.

Each text runs in a child process; what takes longer, needs more memory or ends in a foreign exception is printed.
``--table`` prints a line for each kind, the slowest call of it, and the rows of printing. ``--calls=hvp,draw`` makes
these calls only, ``--part=2/8`` takes every eighth kind from the second on, ``--single`` the kinds of one text.
"""

import gc
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd

from .hostile_texts import TEXTS

CHARACTERS, SECONDS, MEGABYTES = 1000, 2.0, 500
SHAPES = {"A": "n n", "B": "n n", "X": "n m", "v": "n", "w": "n", "T": "n n n", "S": (3, 3), "r": 6}
SIZES = {"n": 3, "m": 2}
UNARY = [
    "sin", "exp", "log", "tanh", "sqrt", "abs", "sigmoid", "softplus", "relu", "gamma", "lgamma", "erf", "atan",
    "cosh", "log1p", "expm1", "sinc", "cbrt", "sign", "floor", "square", "arcsin", "digamma", "erfc", "j0", "i0",
    "lambertw", "logit",
]  # fmt: skip
ALONG = ["softmax", "log_softmax", "cumsum", "cumprod", "sort", "flip"]
SQUARE = ["inv", "expm", "logm", "sqrtm", "cholesky", "pinv", "tril", "triu", "matrix_transpose"]


def nested(left: str, inner: str, right: str) -> Callable[[int], str]:
    return lambda k: left * k + inner + right * k


def repeated(part: str, sign: str, start: str = "") -> Callable[[int], str]:
    """``part`` with %d counted, joined by the sign."""
    return lambda k: start + sign.join(part.replace("%d", str(i + 1)) for i in range(k))


def statements(first: str, line: str, last: str = "{a}") -> Callable[[int], str]:
    """Lines that each speak of the one before, {a}, as {b}."""

    def text(k: int) -> str:
        lines = [f"a0 = {first}"]
        lines += [line.replace("{b}", f"a{i}").replace("{a}", f"a{i - 1}") for i in range(1, k)]
        return "\n".join([*lines, last.replace("{a}", f"a{k - 1}")])

    return text


def _letter(i: int) -> str:
    return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 52]


def einsum(array: str, labels: list[str], out: str = "") -> str:
    return f"einsum('{','.join(labels)}->{out}', {', '.join([array] * len(labels))})"


KINDS: dict[str, Callable[[int], str]] = {
    **{f"nested {f}": nested(f"{f}(", "x", ")") for f in UNARY},
    **{f"nested {f} of arrays": nested(f"{f}(", "v", ")") for f in ALONG},
    **{f"nested {f} of matrices": nested(f"{f}(", "A", ")") for f in SQUARE},
    "nested softmax of matrices": nested("softmax(A @ ", "v", ")"),
    "layers": nested("tanh(A @ ", "v", ")"),
    "layers of softmax with bias": nested("softmax(A @ ", "v", " + w)"),
    "layers summed": lambda k: "sum(" + nested("tanh(A @ ", "v", ")")(k) + "**2)",
    "nested norms": nested("norm(v*", "x", ")"),
    "nested norms of sums": nested("norm(v + ", "v", ")"),
    "nested where": lambda k: "".join(f"where(x > {i}, x**{i + 2}, " for i in range(k)) + "0" + ")" * k,
    "where in where's condition": nested("where(x > ", "0", ", x, y)"),
    "nested max": nested("maximum(x*y, y + ", "x", ")"),
    "max of sums": nested("max(v*", "x", ")"),
    "logsumexp of logsumexp": nested("logsumexp(v + ", "x", ")"),
    "nested hypot": nested("hypot(x, ", "y", ")"),
    "nested pow": nested("(1 + ", "x", ")**x"),
    "towers": nested("x**(", "y", ")"),
    "continued fraction": nested("1/(1 + ", "x", ")"),
    "continued fraction of two": nested("x/(y + ", "x", ")"),
    "Horner": nested("x*(1 + ", "x", ")"),
    "nested sqrt": nested("sqrt(1 + ", "x", ")"),
    "nested var": nested("var(v*", "x", ")"),
    "nested mean": nested("(v - mean(v*", "x", "))"),
    "products of sums": repeated("(x + %d)", "*"),
    "products of sums of two": repeated("(x + %d*y)", "*"),
    "products of sums of many": repeated("(a%d + b%d)", "*"),
    "products of sums of arrays": repeated("(v + %d*w)", "*"),
    "products of sums of products": repeated("(x*y + %d*y + z)", "*"),
    "sums of products": repeated("x**%d*y", " + "),
    "sums of quotients": repeated("1/(x + %d)", " + "),
    "quotients of sums": repeated("(x + %d)", "/"),
    "powers of powers": repeated("x**y", "**"),
    "powers of a sum": lambda k: f"(x + y + z)**{k}",
    "large powers of sums": lambda k: f"(x + y)**{10**(k % 6 + 1)}*(x - y)**{10**(k % 5)}",
    "powers of fractions": repeated("x**(1/%d)", "*"),
    "chain of products": lambda k: " @ ".join(["A"] * k),
    "chain of products with transposes": lambda k: " @ ".join(["A", "B.T"] * (k // 2 + 1)),
    "chain of products on a vector": lambda k: " @ ".join([*["A"] * k, "v"]),
    "quadratic form of a chain": lambda k: "v @ " + " @ ".join([*["A"] * k, "v"]),
    "trace of a chain": lambda k: "trace(" + " @ ".join(["A", "B"] * (k // 2 + 1)) + ")",
    "chain of sums": lambda k: " @ ".join(["(A + B)"] * k),
    "trace of a chain of sums": lambda k: "trace(" + " @ ".join(["(A + B)"] * k) + ")",
    "chain of outer products": repeated("outer(v, w)", " @ "),
    "chain of inverses": repeated("inv(A + %d*B)", " @ "),
    "sum of inverses": repeated("v @ inv(A + %d*B) @ v", " + "),
    "nested solve": nested("solve(A, ", "v", ")"),
    "nested solve in the matrix": nested("solve(A + ", "A", ", B)"),
    "det of products": lambda k: "det(" + " @ ".join(["(A + B)"] * k) + ")",
    "sum of determinants": repeated("logdet(A + %d*B)", " + "),
    "Schur complements": nested("A - B @ inv(", "A", ") @ B.T"),
    "matrix power": lambda k: f"matrix_power(A, {10**(k % 7)})",
    "matrix powers": repeated("matrix_power(A, %d)", " @ "),
    "matrix power of a sum": lambda k: f"matrix_power(A + B, {2**k if k < 16 else 1000})",
    "trace of powers": lambda k: f"trace(matrix_power(A, {10 * k}))",
    "kron": repeated("kron(A, B)", " @ "),
    "nested kron": nested("kron(A, ", "B", ")"),
    "nested kron of numbers": nested("kron(S, ", "S", ")"),
    "kron of vectors": nested("kron(v, ", "w", ")"),
    "nested outer": nested("outer(v, ", "w", ")"),
    "outer of names": repeated("outer(v, w)", "*"),
    "einsum of many": lambda k: einsum("v", [_letter(i % 26) for i in range(k)]),
    "einsum chain": lambda k: einsum("A", [_letter(i) + _letter(i + 1) for i in range(min(k, 50))]),
    "einsum ring": lambda k: einsum("A", [_letter(i) + _letter((i + 1) % min(k, 50)) for i in range(min(k, 50))]),
    "einsum of cubes": lambda k: einsum(
        "T", [_letter(i) + _letter(2 * i % 17) + _letter(3 * i % 23) for i in range(min(k, 40))]
    ),
    "einsum clique": lambda k: einsum(
        "A", [_letter(i) + _letter(j) for i in range(max(2, min(k, 12))) for j in range(i)]
    ),
    "einsum star": lambda k: einsum("A", ["z" + _letter(i) for i in range(min(k, 24))], "z"),
    "nested einsum": nested("einsum('ij,jk->ki', A, ", "B", ")"),
    "powers of entries": repeated("v*w", "*"),
    "indices": lambda k: "v" + "[::-1]" * k,
    "indices of slices": lambda k: "v" + "[1:]" * k,
    "indices of joints": nested("concat([v, ", "v", "])[::-1]"),
    "new axes and squeezes": lambda k: "v" + "[None].T" * min(k, 25),
    "nested stack": nested("stack([x, ", "x", "])"),
    "nested concat": nested("concat([v, ", "v", "])"),
    "nested concat of matrices": nested("block([[A, ", "A", "], [B, B]])"),
    "entries": repeated("r[%d % 6]".replace("%d % 6", "2"), "*"),
    "entries of slices": nested("roll(", "r", ", 1)[::-1]"),
    "nested roll": nested("roll(", "v", ", 1)"),
    "nested reshape": nested("reshape(", "S", ", (3, 3)).T"),
    "nested take": nested("take(r, [0, 2, 4, 1, 3, 5])*", "r", ""),
    "nested cumsum of products": nested("cumsum(v*", "v", ")"),
    "nested cumprod of sums": nested("cumprod(v + ", "v", ")"),
    "nested sort": nested("sort(v*", "v", ")"),
    "nested diff": nested("diff(", "r", ")"),
    "nested convolve": nested("convolve(r, ", "r", ")"),
    "nested polyval": nested("polyval([1, 2, 3], ", "x", ")"),
    "a long polynomial": lambda k: f"polyval([{', '.join(['1'] * k)}], x)",
    "polynomials of polynomials": nested("polyval([x, y, 1], ", "x", ")"),
    "nested interp": nested("interp(", "x", ", [0, 1, 2], [1, 3, 2])"),
    "nested clip": nested("clip(", "x", ", -y, y)"),
    "nested eigvalsh": nested("eigvalsh(A*", "x", ")[0]"),
    "nested svdvals": nested("svdvals(A + ", "x", ")[0]"),
    "nested norms of matrices": nested("norm(A*", "x", ", 'nuc')"),
    "nested eigh": nested("eigh(", "A", ")[1]"),
    "nested qr": nested("qr(", "A", ")[0]"),
    "nested matrix squares": nested("(A + ", "B", ") @ (A - B)"),
    "nested commutators": nested("(A @ ", "B", " - B @ A)"),
    "nested hadamard": nested("A * (B @ ", "A", ")"),
    "nested means": nested("mean(v + ", "x", ")"),
    "conditions": repeated("(x > %d)", " & "),
    "conditions of conditions": nested("((x > 1) ^ ", "(y > 2)", ")"),
    "mixed conditions": lambda k: " | ".join(f"(x > {i}) & (y < {i})" for i in range(k)),
    "sums of where": repeated("where(x > %d, x, y)", " + "),
    "products of where": repeated("where(v > %d, v, w)", "*"),
    "piecewise": lambda k: (
        f"select([{', '.join(f'x > {i}' for i in range(k))}], [{', '.join(f'x**{i}' for i in range(k))}])"
    ),
    "many names": repeated("a%d*b%d", " + "),
    "products of many names": repeated("a%d", "*"),
    "sums of squares of many names": repeated("(a%d - %d)**2", " + "),
    "a chain of Rosenbrocks": lambda k: " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(k)),
    "a norm of many": lambda k: "sqrt(" + " + ".join(f"a{i}**2" for i in range(k)) + ")",
    "a softmax of many": lambda k: "exp(a0)/(" + " + ".join(f"exp(a{i})" for i in range(k)) + ")",
    "a product of norms": lambda k: "*".join(f"norm(v - {i}*w)" for i in range(k)),
    "pairs": lambda k: "sum(" + "*".join(f"(v[:, None] - {i}*w)" for i in range(k)) + ")",
    "signs": lambda k: "-" * k + "x",
    "signs of sums": nested("-(x - ", "y", ")"),
    "large numbers": repeated("10**300*x", "*"),
    "fractions": repeated("x/7919", " + "),
    "large fractions": repeated("(x/3**200)", "*"),
    "large exact sums": repeated("x/(2**%d + 1)", " + "),
    "decimals": repeated("0.%d1*x**0.%d", "*"),
    "squares of squares": statements("A", "{b} = {a} @ {a}"),
    "sums of squares of squares": statements("x", "{b} = {a}*{a} + 1"),
    "sines of doubles": statements("x", "{b} = sin({a} + {a}*{a})"),
    "doubles": statements("x + y", "{b} = {a}*({a} + y)"),
    "Fibonacci": statements("x", "{b} = {a}*sin({a}) + {a}/y"),
    "outer of doubles": statements("v", "{b} = outer({a}, {a}) @ v"),
    "logistic map": statements("x", "{b} = r0*{a}*(1 - {a})"),
    "Newton's iteration": statements("x", "{b} = {a} - ({a}**2 - y)/(2*{a})"),
    "mean of doubles": statements("x", "{b} = ({a} + y/{a})/2"),
    "softmax of doubles": statements("v", "{b} = softmax({a}*{a})"),
    "matrix iteration": statements("A", "{b} = {a} @ (3*eye(n) - {a} @ {a})/2"),
    "inverse of doubles": statements("A", "{b} = inv({a} + {a}.T)"),
    "gradient descent": statements("v", "{b} = {a} - A.T @ (A @ {a} - w)"),
    "concat of doubles": statements("r", "{b} = concat([{a}, {a}])"),
    "kron of doubles": statements("S", "{b} = kron({a}, {a})"),
    "where of doubles": statements("x", "{b} = where({a} > 0, {a}*{a}, -{a})"),
    "norms of doubles": statements("v", "{b} = {a}/norm({a})"),
    "layer norm of doubles": statements("v", "{b} = ({a} - mean({a}))/sqrt(var({a}) + 1)"),
    "attention": statements("X", "{b} = softmax({a} @ {a}.T) @ {a}"),
    "repeat of names": lambda k: "*".join(["x"] * k),
    "big constants": lambda k: f"sum(arange({min(10**(k % 6 + 1), 10**6)})*x)",
    "big eyes": lambda k: f"sum(eye({min(10**(k % 3 + 1), 1000)})*x)",
    "big linspace": lambda k: f"prod(linspace(0, 1, {10**(k % 6)})*x)",
    "big vander": lambda k: f"sum(vander(r, {10 * k}))",
    "big split": lambda k: f"sum(split(ones({10 * k}), {10 * k})[0]*x)",
    "big tile": lambda k: f"sum(tile(r, {10**(k % 6)}))",
    "big repeat": lambda k: f"sum(repeat(r, {10**(k % 6)}))",
    "Jacobian's axes": lambda k: "v" + "[:, None]" * min(k, 20),
    "diag of diag": nested("diag(diag(", "A", "))"),
    "nested trace": nested("trace(A*", "x", ")"),
    "nested tensordot": nested("tensordot(T, ", "v", ", 1)*ones((n, n)) @ v"),
    "nested cross": nested("cross(S[0], ", "S[1]", ")"),
    "special functions of special functions": nested("jv(1.5, ", "x", ")"),
    "gamma of sums": repeated("gamma(x + %d)", "*"),
    "binomials": repeated("binom(x, %d)", "*"),
    "factorials": repeated("factorial(x + %d)", "/"),
    "bessel of bessel": nested("iv(2, ", "x", ")"),
    "incomplete gamma": nested("gammainc(2, ", "x", ")"),
    "modulus": nested("(7*x + ", "y", ") % 3"),
    "floor quotients": nested("(5*x + ", "y", ")//2"),
    "abs of differences": nested("abs(x - ", "y", ")"),
    "angles": nested("atan2(x, ", "y", ")"),
    "logistic losses": repeated("log(1 + exp(-%d*(v @ w)))", " + "),
    "Gaussians": repeated("exp(-(x - %d)**2/2)", " + "),
    "logs of products": lambda k: "log(" + "*".join(f"(x + {i})" for i in range(1, k)) + " + 1)",
    "expectations": repeated("sum(exp(-%d*v)*w)", "/"),
    "products of sums over entries": repeated("sum(v**%d)", "*"),
    "quotients of traces": repeated("trace(A @ B)", "/"),
}  # fmt: skip
KINDS |= {kind: lambda k, text=text: text for kind, text in TEXTS.items()}  # type: ignore[misc]


def texts(kind: str) -> Iterator[str]:
    """The texts of a kind: a few sizes, the largest just within the limit."""
    if kind in TEXTS:
        yield TEXTS[kind]
        return
    make, fits = KINDS[kind], [k for k in range(1, 1001) if k < 2 or len(KINDS[kind](k)) <= CHARACTERS]
    most = max(fits)
    seen = dict.fromkeys(make(k) for k in sorted({3, 6, 9, 14, 22, 35, 60, 88, most}) if k <= most)
    yield from seen


# --- calls ----------------------------------------------------------------------------------------------------------


def parsed(text: str) -> Any:
    shapes = {k: s for k, s in SHAPES.items() if k in text and k.strip()}
    return sd.parse(text, **{k: s for k, s in shapes.items() if _names(text, k)})


def _names(text: str, name: str) -> bool:
    k = text.find(name)
    while k >= 0:
        before, after = text[k - 1 : k], text[k + len(name) : k + len(name) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return True
        k = text.find(name, k + 1)
    return False


def wrt(e: Any) -> Any:
    return next((v for v in ("x", "v", "A", "r", "S", "X", *e.variables) if v in e.variables), None)


def scalar(e: Any) -> Any:
    return sd.sum(e) if e.ndim else e


def gradient(e: Any) -> Any:
    return sd.grad(scalar(e), wrt(e)) if wrt(e) else e


def hessian(e: Any) -> Any:
    return sd.hessian(scalar(e), wrt(e)) if wrt(e) else e


def product(e: Any) -> Any:
    return sd.hvp(scalar(e), wrt(e)) if wrt(e) else e


def at(e: Any) -> dict[str, Any]:
    rng, g = np.random.default_rng(0), e.graph
    shapes = {v: tuple(SIZES.get(s, s) for s in g.shape(g._variables[v])) for v in e.variables}
    return {v: rng.uniform(0.2, 0.8, s if all(isinstance(k, int) for k in s) else 2) for v, s in shapes.items()}


def _small(e: Any) -> bool:
    """The value is not honestly huge."""
    try:
        size = np.prod([float(eval_size(s)) for s in e.shape])
    except (TypeError, KeyError):
        return False
    return bool(size < 1e6)


def eval_size(s: Any) -> int:
    return s if isinstance(s, int) else SIZES[s]


def evaluated(e: Any) -> Any:
    return sd.evaluate(e, at(e)) if _small(e) else None


def compiled(e: Any) -> Any:
    if _small(e):
        given = at(e)
        sd.function(list(given), e)(*given.values())


def saved(e: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        sd.save(e, Path(folder) / "e.json")
        return sd.load(Path(folder) / "e.json")


def drawn(e: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sd.draw(e, Path(folder) / "e.svg")


def _checked(e: Any) -> Any:
    sd.check_domain(e, at(e))


CALLS: dict[str, Callable[[Any], Any]] = {
    "str": str, "repr": repr, "latex": lambda e: e.latex(), "index_notation": lambda e: e.index_notation(),
    "to_python": lambda e: e.to_python(), "to_sympy": lambda e: e.to_sympy(), "html": lambda e: e._repr_latex_(),
    "simplify": sd.simplify, "evaluate": evaluated, "function": compiled,
    "draw": drawn, "to_dot": sd.to_dot,
    "save": saved, "check_domain": _checked,
    "sparsity": lambda e: sd.sparsity(e, wrt(e), sizes=SIZES) if wrt(e) else None,
    "grad": gradient, "str of grad": lambda e: str(gradient(e)), "latex of grad": lambda e: gradient(e).latex(),
    "index of grad": lambda e: gradient(e).index_notation(), "python of grad": lambda e: gradient(e).to_python(),
    "simplify of grad": lambda e: sd.simplify(gradient(e)), "evaluate of grad": lambda e: evaluated(gradient(e)),
    "sympy of grad": lambda e: gradient(e).to_sympy(),
    "hessian": hessian, "str of hessian": lambda e: str(hessian(e)), "latex of hessian": lambda e: hessian(e).latex(),
    "index of hessian": lambda e: hessian(e).index_notation(), "simplify of hessian": lambda e: sd.simplify(hessian(e)),
    "evaluate of hessian": lambda e: evaluated(hessian(e)), "python of hessian": lambda e: hessian(e).to_python(),
    "function of grad": lambda e: compiled(gradient(e)),
    "hvp": product, "str of hvp": lambda e: str(product(e)), "evaluate of hvp": lambda e: evaluated(product(e)),
    "jacobian": lambda e: sd.jacobian(e, wrt(e)) if wrt(e) and e.ndim < 3 else None,
    "str of jacobian": lambda e: str(sd.jacobian(e, wrt(e))) if wrt(e) and e.ndim < 3 else None,
    "structure": lambda e: sd.structure(hessian(e)).kind,
}  # fmt: skip


# --- children -------------------------------------------------------------------------------------------------------


class _TooLong(BaseException):
    pass


def _stop(*_: Any) -> None:
    raise _TooLong


def _memory() -> float:
    """Megabytes of the largest resident size since it was reset."""
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))


def _reset() -> float:
    Path("/proc/self/clear_refs").write_text("5")
    return _memory()


def one(text: str, call: str) -> tuple[float, float, str]:
    """(seconds, megabytes, what went wrong) of a call in this process."""
    gc.collect()
    before, start, wrong = _reset(), time.process_time(), ""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CALLS[call](parsed(text))
    except sd.SymdiffError:
        pass
    except _TooLong:
        wrong = "cut"
    except MemoryError:
        wrong = "memory"
    except Exception as error:
        wrong = f"{type(error).__name__}: {str(error)[:150]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - start, _memory() - before, wrong


def child(text: str, calls: list[str], report: int) -> None:
    """Calls one by one, until one is cut; a line for each into the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
    for call in calls:
        seconds, memory, wrong = one(text, call)
        os.write(report, f"{seconds:.2f}\t{memory:.0f}\t{wrong}\n".replace("\n", " ").encode() + b"\n")
        if wrong in ("cut", "memory"):
            return


def results(text: str, calls: list[str]) -> Iterator[tuple[str, float, float, str]]:
    """(call, seconds, megabytes, what went wrong) of these calls on a text."""
    left = list(calls)
    while left:
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(read)
            try:
                child(text, left, write)
            finally:
                os._exit(0)
        os.close(write)
        done = 0
        with os.fdopen(read) as lines:
            for line in lines:
                seconds, memory, wrong = line.rstrip("\n").split("\t")
                yield left[done], float(seconds), float(memory), wrong.strip()
                done += 1
        _, status = os.waitpid(pid, 0)
        if status or not done:
            yield left[min(done, len(left) - 1)], SECONDS, 0.0, f"died with status {status}"
            done += 1
        left = left[done:]


def main(arguments: list[str]) -> int:
    options = dict(a[2:].partition("=")[::2] for a in arguments if a.startswith("--"))
    table, calls = "table" in options, options["calls"].split(",") if "calls" in options else list(CALLS)
    wanted = [a for a in arguments if not a.startswith("--")]
    kinds = TEXTS if "single" in options else KINDS
    first, of = map(int, options.get("part", "1/1").split("/"))
    chosen = [k for k in kinds if not wanted or any(w in k for w in wanted)][first - 1 :: of]
    one("sin(x)*v", "evaluate of grad"), one("sin(x)", "to_sympy"), one("A @ v", "function")  # what loads once
    for call in CALLS:
        one("sum(A @ v)", call)
    count = bad = 0
    for kind in chosen:
        slowest = ("", 0.0, 0.0)
        for text in texts(kind):
            for call, seconds, memory, wrong in results(text, calls):
                count += 1
                slowest = max(slowest, (call, seconds, memory), key=lambda s: s[1])
                if wrong or seconds > SECONDS or memory > MEGABYTES:
                    bad += 1
                    print(f"{kind} ({len(text)}): {call}: {seconds:.2f} s, {memory:.0f} MB {wrong}", flush=True)
        if table:
            print(f"| {kind} | {slowest[0]} | {slowest[1]:.2f} | {slowest[2]:.0f} |", flush=True)
    print(f"{len(chosen)} kinds, {count} calls, {bad} findings")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
