"""`function`: expressions -> a callable on arrays. Each backend is a module with ``compile(program,
**options)``.

What `compile` returns takes the list of input arrays and gives the list of results; its attribute `source` is
text.
"""

import inspect
import math
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from mmap import mmap
from typing import Any

import numpy as np

from .. import machine, shapes
from ..containers import matched, mirroring
from ..errors import InputError, UndefinedError
from ..expr import Expr
from ..lazy import module
from ..op import FOREIGN, method, provided
from ..ops.layout import cast_op, place_op
from ..ops.piecewise import where_op
from ..ops.products import ADD, CONTRACT
from ..ops.sparse import is_sparse
from ..program import (
    ENTRIES,
    Program,
    as_array,
    build_program,
    engine_of,
    expressions,
    interpret,
    label,
    node_of,
    split,
    told,
)
from ..sparse import dense, stores
from ..splitting import Split, split_rows
from ..undefined import first_nan, is_nan
from . import points
from .branches import Branches
from .bulk import wide

BACKENDS = ("numpy", "compiled", "tape", "jax", "torch")
MACHINE_CODE = {"tape": "the tape", "compiled": "compiled loops"}  # backends that need it
MANY = 200  # instructions from which an interpreter pays for arrays too
COUNTING = frozenset((where_op, ADD, CONTRACT))  # what truth values are counted by
_EXACT = frozenset(("float64", "float", "int", "bool"))  # types whose numbers the tape has as numpy has them
EACH = 1000  # products of numbers a node, on the average, up to which the interpreter runs them
FEW = 200  # entries that are copied without a question
MOVED = 0.25  # what another number of an array counts, and each factor of a product of a matrix and a vector
WIDEST = 1 << 15  # entries of an array that is not small
CALL_OPTIONS = ("out", "progress")  # keywords of a call that are no inputs


class Function:
    """Positional arrays in the order of its inputs -> results that mirror its outputs. Made by `function`.

    names    of the inputs, in calling order
    program  the instructions it runs; printable
    backend  the name of the backend
    """

    def __init__(
        self, program: Program, outputs: Any, backend: str, options: Mapping[str, Any], run: Any,
        fixed: Sequence[Any] = (),
    ):  # fmt: skip
        self.program, self.backend, self.options = program, backend, dict(options)
        g = program.graph
        self._free = program.inputs[: len(program.inputs) - len(fixed)]
        self.names = tuple(label(g, n) for n in self._free)
        self._outputs, self._run, self._fixed = outputs, run, list(fixed)
        self._prepared: dict[Any, Any] = {}  # what the backend makes of the fixed arrays, once
        self._convert = getattr(_module(backend), "as_array", as_array)
        self._dense = backend != "numpy" and stores(program.graph, program.inputs)  # sparse matrices are arrays there
        self._mirror = mirroring(outputs)
        self._keywords = getattr(run, "keywords", ())  # options that a run takes
        self._checked = self.options.get("check") == "nan"
        has_direct = hasattr(run, "direct") and not self._checked
        self._direct = run.direct(self._fixed, self._mirror) if has_direct else None

    def __repr__(self) -> str:
        names, count = ", ".join(self.names) or "nothing", len(self.program.nodes)
        return f"<function of {names}: {count} instructions, {self.backend}>"

    def __reduce__(self) -> tuple:
        """For pickle and other processes: compiled again where it is loaded."""
        inputs = [Expr(self.program.graph, n) for n in self.program.inputs]
        return _compiled, (inputs, self._outputs, self.backend, self.options, self._fixed, dict(self.program.known))

    def __call__(self, *arrays: Any, **named: Any) -> Any:
        if not named and self._direct is not None:
            found = self._direct(arrays)
            if found is not None:
                return found
        if any(type(a) is not np.ndarray and engine_of(a) for a in (*arrays, *named.values())):
            return self._elsewhere(arrays, named)
        out, options = None, {}
        if named:
            options = {k: named.pop(k) for k in CALL_OPTIONS if k in named and k not in self.names}
            out = options.pop("out", None)
            options = {k: v for k, v in options.items() if k in self._keywords}
        values = self._arguments(arrays, named)
        if self._fixed:
            values += self._fixed
            if "prepared" in self._keywords:
                options["prepared"] = self._prepared
        if out is None:
            return self._mirror(self._scalars(self._results(values, options)))
        given = [a.view(np.ndarray) if isinstance(a, np.memmap) else a for a in matched(self._outputs, out, "out")]
        self._check_out(given)
        if "out" in self._keywords and not _overlap(given, values):
            options["out"] = given
        results = self._results(values, options)
        for target, result in zip(given, results, strict=True):
            if result is not target:
                self._check_fits(target, result)
                target[...] = result
        return out

    def into(self, arrays: Sequence[Any], out: Sequence[np.ndarray | None]) -> list[Any]:
        """The results of arrays of the declared types, where `out` has arrays in these, which overlap with nothing."""
        results = list(self._results([*arrays, *self._fixed], {"prepared": self._prepared, "out": out}))
        for k, target in enumerate(out):
            if target is not None and results[k] is not target:
                target[...] = results[k]
        return results

    def _elsewhere(self, arrays: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """The results where some arrays lie in chunks elsewhere; those with rows stay there."""
        if self.backend in ("jax", "torch"):
            return self._mirror(self._scalars(self._results(self._arguments(arrays, named) + self._fixed, {})))
        if self._checked or any(k in named and k not in self.names for k in CALL_OPTIONS):
            raise InputError("check='nan' and out= are for arrays of this process: rows elsewhere stay there")
        given = [*(self._completed(arrays, named) if named else arrays), *self._fixed]
        self._check_count(given[: len(given) - len(self._fixed)])
        return self._mirror(self._scalars(provided("elsewhere")(self.program, given, self._prepared)))

    def _results(self, values: list, options: Mapping[str, Any]) -> Any:
        """What the backend computes; what fails in it is named by the interpreter."""
        try:
            found = self._run(values, **options)
        except FOREIGN as error:
            told(self.program, values, error)
        if self._checked and any(is_nan(r).any() for r in found):
            g, given = self.program.graph, dict(zip(self.program.inputs, values, strict=True))
            raise UndefinedError(first_nan(g, given, self.program.outputs))
        return found

    @staticmethod
    def _scalars(results: Sequence[Any]) -> list[Any]:
        return [r[()] if type(r) is np.ndarray and not r.shape else r for r in results]

    def _check_out(self, given: Sequence[Any]) -> None:
        g, outputs = self.program.graph, self.program.outputs
        for k, (array, n) in enumerate(zip(given, outputs, strict=True)):
            dtype = {"int": "float64", "float": "float64"}.get(g._dtype[n], g._dtype[n])
            if type(array) is not np.ndarray or array.dtype != dtype or array.ndim != len(g._shape[n]):
                form = (
                    f"{array.dtype}{list(array.shape)}"
                    if isinstance(array, np.ndarray)
                    else type(array).__name__
                )
                raise InputError(
                    f"out: output {k} is an array {dtype} of shape {shapes.text(g._shape[n])}, not {form}"
                )
            if not array.flags.writeable:
                raise InputError(f"out: the array for output {k} is read-only")
            for j in range(k):
                if np.may_share_memory(array, given[j]):
                    raise InputError(f"out: the arrays for the outputs {j} and {k} overlap")

    def _check_fits(self, target: np.ndarray, result: Any) -> None:
        if target.shape != np.shape(result):
            raise InputError(
                f"out: an array of shape {target.shape} for a result of shape {np.shape(result)}"
            )

    def _arguments(self, arrays: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """The arrays of the inputs, checked and of their declared types."""
        if named:
            arrays = self._completed(arrays, named)
        self._check_count(arrays)
        g, convert = self.program.graph, self._convert
        given = [convert(a, g, n) for a, n in zip(arrays, self._free, strict=True)]
        return [dense(a, self.backend) for a in given] if self._dense else given

    def _check_count(self, arrays: Sequence[Any]) -> None:
        if len(arrays) != len(self.names):
            few = len(arrays) < len(self.names)
            raise InputError(
                f"the function takes {len(self.names)} input(s) ({', '.join(self.names)}), "
                f"{len(arrays)} given" + (f": {', '.join(self.names[len(arrays) :])} missing" if few else "")
            )

    def _completed(self, arrays: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        rest = self.names[len(arrays) :]
        unknown = [k for k in named if k not in rest]
        if unknown:
            given = [k for k in unknown if k in self.names]
            reason = f"{given[0]!r} is given twice" if given else f"there is no input {unknown[0]!r}"
            raise InputError(f"{reason}; the inputs are {', '.join(self.names)}")
        missing = [k for k in rest if k not in named]
        if missing:
            raise InputError(f"missing input(s): {', '.join(missing)}")
        return [*arrays, *(named[k] for k in rest)]

    @property
    def source(self) -> str:
        """What runs, as readable text."""
        return self._run.source

    @property
    def pure(self) -> Any:
        """The function of the library's own arrays (jax, torch), one positional argument per input, to the
        list of results: for transformations, devices and shardings of your own. InputError on the others."""
        if not hasattr(self._run, "pure"):
            raise InputError(f"the {self.backend} backend has no pure function: use backend='jax' or 'torch'")
        return self._run.pure

    def split(self, axis: str) -> Split:
        """How the function is computed in chunks of the rows of a named axis: what runs on each chunk, what is summed,
        what each side keeps; ``stream=`` goes by it. InputError names the node that needs all rows at once.

        >>> import symdiff as sd
        >>> sd.function(["X", "w"], sd.parse("sum(sin(X @ w))", X="n d", w="d")).split("n")
        along n: the rows of X (n, d) stay with the chunks
        with w (d,)
          on each chunk  t2 = contract('ab,b->a', X, w)
          on each chunk  t3 = sin(t2)
          on each chunk  t4 = contract('a->', t3)
          summed         t4 ()
        returns t4 ()
        """
        return split_rows(self.program, axis)

    def map(self, *arrays: Any, threads: int | None = None, **named: Any) -> Any:
        """The results at many points, with an axis of points in front. Arrays with one axis more than
        declared, in front, run over the points; the others are the same at all. InputError on backends other
        than the tape.

        >>> import symdiff as sd
        >>> f = sd.parse("x*sin(y)")
        >>> sd.function(["x", "y"], f, backend="tape").map([1.0, 2.0, 3.0], 0.0)
        array([0., 0., 0.])
        """
        if not hasattr(self._run, "map"):
            raise InputError(
                f"map: the backend {self.backend!r} has no map; make the function with backend='tape'"
            )
        return self._mirror(self._run.map(self._arguments(arrays, named) + self._fixed, threads))

    @property
    def planned_peak(self) -> int | None:
        """With ``memory_limit=``: bytes of intermediate results alive at once, as planned for the last call's
        sizes."""
        return getattr(self._run, "planned_peak", None)

    def profile(self, *arrays: Any, **named: Any) -> Any:
        """Time, operations and bytes of each line of the source, in a run on one thread: a table."""
        if not hasattr(self._run, "profile"):
            raise InputError(f"the {self.backend} backend has no profile: use backend='numpy'")
        return self._run.profile(self._arguments(arrays, named) + self._fixed, self._prepared)

    def partial(self, **fixed: Any) -> "Function":
        """The function of the other inputs: every node that depends on the fixed ones alone is evaluated now,
        once. Arrays are used where they lie: after a change in place results are undefined. With ``copy=True`` they are
        copied, unless they are files (`numpy.memmap`).

        >>> import symdiff as sd
        >>> f = sd.parse("sum(exp(X) @ w)", X="n d", w="d")
        >>> fn = sd.function(["X", "w"], f).partial(X=[[0.0, 0.0], [0.0, 0.0]])
        >>> float(fn([1.0, 2.0]))
        6.0
        """
        copy = "copy" not in self.names and fixed.pop("copy", False)
        unknown = [k for k in fixed if k not in self.names]
        if unknown:
            raise InputError(
                f"partial: there is no input {unknown[0]!r}; the inputs are {', '.join(self.names)}"
            )
        g = self.program.graph
        given = {n: as_array(fixed[k], g, n) for n, k in zip(self._free, self.names, strict=True) if k in fixed}
        if copy:
            given = {n: kept(a) for n, a in given.items()}
        given |= dict(zip(self.program.inputs[len(self._free) :], self._fixed, strict=True))
        return self.linearised(given)

    def linearised(self, given: Mapping[int, Any]) -> "Function":
        """`partial` for arrays by node, of their declared types, that nobody changes."""
        return Linearisation(self.program, list(given), self.backend, self.options).at(given, self._outputs)


class Linearisation:
    """A program split at inputs that stay fixed while the others move; compiled once, evaluated at many
    points, whose arrays nobody changes.

    frontier  the nodes that depend on the fixed inputs alone and that the rest reads; some may be fixed inputs
    head      computes the others
    also      further nodes of the head whose values are wanted
    """

    def __init__(
        self, program: Program, fixed: Sequence[int], backend: str = "numpy",
        options: Mapping[str, Any] | None = None,
        also: Sequence[int] = (),
    ):  # fmt: skip
        head, self.tail = split(program, fixed)
        self.frontier = head.outputs
        self.also = tuple(also)
        computed = [n for n in head.outputs if n not in head.inputs]
        head = replace(build_program(program.graph, head.inputs, [*also, *computed]), known=head.known)
        self.head, self.backend, self.options = head, backend, dict(options or {})
        self._run = _module("numpy").compile(head, loops=bool(self.options.get("loops")))
        self._tails: dict[tuple, tuple[Program, Any]] = {}

    def evaluate(self, given: Mapping[int, Any]) -> tuple[list[Any], list[Any]]:
        """(values of `also`, values of the frontier) at a point."""
        arrays = [given[n] for n in self.head.inputs]
        try:
            values = iter(self._run(arrays))
        except FOREIGN as error:
            told(self.head, arrays, error)
        also = [next(values) for _ in self.also]
        return also, [given[n] if n in self.head.inputs else next(values) for n in self.frontier]

    def at(self, given: Mapping[int, Any], outputs: Any, values: Sequence[Any] | None = None) -> Function:
        """The function of the moving inputs at a point; `values` of the frontier where they are known."""
        known = self.head.bind([given[n] for n in self.head.inputs])
        key = tuple(known.items())
        if key not in self._tails:
            tail = replace(self.tail, known=known)
            self._tails[key] = tail, _run(tail, self.backend, self.options, len(self.frontier))
        tail, run = self._tails[key]
        frontier = self.evaluate(given)[1] if values is None else values
        return Function(tail, outputs, self.backend, self.options, run, frontier)


def kept(array: np.ndarray) -> np.ndarray:
    """The array as it is now: a copy, since its owner may change it. A file is read where it is."""
    base: Any = array
    if type(array) is np.ndarray and array.size <= FEW:
        return array.copy("K")
    if is_sparse(array):
        return array.copy()
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    return array if isinstance(base, (np.memmap, mmap)) else array.copy(order="K")


def _overlap(targets: Sequence[np.ndarray], values: Sequence[Any]) -> bool:
    """Some target shares memory with an input or with another target."""
    arrays = [v for v in values if isinstance(v, np.ndarray)]
    return any(
        np.may_share_memory(t, other) for k, t in enumerate(targets) for other in (*arrays, *targets[:k])
    )  # fmt: skip


def is_small(program: Program, each: float = EACH, positions: Collection[int] = ()) -> bool:
    """Instructions on scalars and small arrays, or many of them at every row: numpy's time per call, or its
    passes over memory, would be most of it.

    each       how much work a node is on average where it is small
    positions  inputs that are read as positions alone
    """
    if stores(program.graph, program.inputs):
        return False
    if len(program.nodes) < MANY:
        nodes = np.array([*program.inputs, *program.constants, *program.nodes])
        exact = is_exact(program.graph, [n for n in nodes.tolist() if n not in positions])
        few = exact and _work(program, nodes) < each * len(program.nodes)
        return few and not module("symdiff.backends.lowering").calls_numpy(program)
    rows = points.of_rows(program)
    program = program if rows is None else rows.program
    return _work(program, program.nodes) < each * len(program.nodes)


def is_exact(g: Any, nodes: Iterable[int]) -> bool:
    """The tape has the numbers of these nodes as numpy has them: integers where they count truth values."""
    return all(g._dtype[n] in _EXACT or (g._dtype[n].startswith("int") and _counts(g, n)) for n in nodes)


def _counts(g: Any, n: int) -> bool:
    return g._op[n] in COUNTING or (g._op[n] is cast_op and g._dtype[g._inputs[n][0]] == "bool")


def _work(program: Program, nodes: np.ndarray) -> float:
    """How many numbers the nodes multiply and move, of what is placed among zeros those that are placed: a sum takes no
    others; inf where an array is large or its size has a name."""
    g, arrays = program.graph, wide(program.graph, nodes)
    total: float = len(nodes) - len(arrays)
    for n in arrays:
        shape = g._shape[g._inputs[n][0] if g._op[n] is place_op else n]
        count = shapes.count(shape) if type(shape) is tuple else WIDEST
        if not isinstance(count, int) or count >= WIDEST:
            return math.inf
        total += _multiplied(g, n, count) if g._op[n] is CONTRACT else MOVED * count
    return total


def _multiplied(g: Any, n: int, count: int) -> float:
    """How many products of numbers a product is: those of matrices count, where each factor is used several times."""
    sizes: dict[Any, Any] = {}
    shapes_of = [g._shape[i] for i in g._inputs[n]]
    for labels, shape in zip(g._params[n][0], shapes_of, strict=True):
        sizes.update(zip(labels, shape, strict=True))
    if not all(isinstance(s, int) for s in sizes.values()):
        return math.inf
    times, most = math.prod(sizes.values()), max([count, *map(math.prod, shapes_of)])
    return times if times > most else MOVED * times


def _module(backend: str) -> Any:
    return module(f"symdiff.backends.{backend}")


def function(
    inputs: Any, outputs: Any = None, backend: str = "auto", *, check: str | None = None, at: Any = None,
    guards: str = "error", **options: Any,
) -> Any:  # fmt: skip
    """A callable that computes `outputs` from arrays.

    inputs   Exprs or names, a list or one: the positional arguments, in this order; interior Exprs may be
             inputs too
    outputs  an Expr, or a list, tuple or dict of them, nested or not; the results mirror it
    backend  "numpy", "compiled" (numpy's, with loops compiled where arrays would be passed over several times), "tape"
             (scalars and small arrays), "jax", "torch", or "auto", which chooses between the tape and numpy with
             ``loops=True``. Where no
             machine code can run, or ``SYMDIFF_NO_LLVM=1`` is set, numpy takes the place of the two and a warning
             says so once. Code that was made is kept in the user's cache, or the folder ``SYMDIFF_CACHE``
    at       a point {name: value}, where `inputs` is a Python function: it is traced there (see `trace`), and `outputs`
             is None or a function of what it gives, ``lambda e: [e, sd.grad(e, "x")]``
    guards   "error": where a condition of the trace does not hold, an InputError; "retrace": the function is traced for
             the branch taken there, which is kept beside the others
    check    "nan": a result that is nan raises UndefinedError, which names the first term of the formula that is nan
             though its operands are none, and their values
    options  the backend's own; numpy: ``threads=``, ``stream="n"`` (read a named axis in blocks, once),
             ``memory_limit=bytes`` (recompute intermediate results instead of keeping them), ``loops=True`` (compile
             loops beside the calls, once those took some time, and run what is faster: the last digits may change then)

    Arrays may be given by name too. Results are new arrays, scalars are numpy scalars; ``out=`` takes arrays,
    mirroring `outputs`, that are written instead. Arrays of jax's, or torch's tensors, given to their backend give
    results of their kind, on their device. The callable may be called from several threads at once.
    Raises InputError for inputs that are missing, extra, misshapen, complex, or that can't take their
    declared type unchanged.

    >>> import symdiff as sd
    >>> f = sd.parse("sum(sin(x)*y)", x="n", y="n")
    >>> fn = sd.function(["x", "y"], [f, sd.grad(f, "x")])
    >>> value, slope = fn([0.0, 0.0], [1.0, 2.0])
    >>> float(value), slope
    (0.0, array([1., 2.]))
    """
    if callable(inputs) and not isinstance(inputs, (str, Expr)):
        compiled = lambda names, found: function(names, found, backend, check=check, **options)  # noqa: E731
        return Branches(inputs, outputs, at, guards, compiled)
    if outputs is None:
        raise InputError('function: the outputs are missing: sd.function(["x"], e) computes e from x')
    wanted = expressions(outputs, "function")
    if not wanted:
        raise InputError("function: there are no outputs")
    g = wanted[0].graph
    if not isinstance(inputs, (str, Expr, Iterable)):
        raise InputError(f"function: the inputs are names or expressions, got {type(inputs).__name__}")
    nodes = [node_of(g, key, "function") for key in ([inputs] if isinstance(inputs, (str, Expr)) else inputs)]
    for n, times in Counter(nodes).items():
        if times > 1:
            raise InputError(f"function: the input {label(g, n)!r} is given twice")
    program = build_program(g, nodes, [e.node for e in wanted])
    check_backend("function", backend, options)
    if check not in (None, "nan"):
        raise InputError(f"function: check is 'nan' or None, not {check!r}")
    backend, options = resolved(backend, options, program)
    checked = options | {"check": check} if check else options
    return Function(program, outputs, backend, checked, _run(program, backend, options))


@method("run")
def run(program: Program, arrays: Sequence[Any]) -> list[Any]:
    """The results of one run: by the backend that `function` would choose, where making it takes less time than it
    saves; by the reference interpreter for arrays of moderate size, and for types that the tape has not exactly."""
    g = program.graph
    if any(a.size > ENTRIES for a in arrays):
        found = _module("numpy").compile(program)(arrays)
        return [r if is_sparse(r) else np.asarray(r) for r in found]
    nodes = np.concatenate([[*program.inputs, *program.constants], program.nodes]).astype(np.int64)
    if is_exact(g, wide(g, nodes)) and not machine.unavailable() and is_small(program):
        return list(map(np.asarray, _module("tape").compile(program)(arrays)))
    return interpret(program, arrays)


def check_backend(what: str, backend: str, options: Mapping[str, Any]) -> None:
    """InputError where there is no such backend, or it has no such option; "auto" is numpy with its options."""
    backend = "numpy" if backend == "auto" else backend
    if backend not in BACKENDS:
        raise InputError(f"{what}: there is no backend {backend!r}; use one of {', '.join(BACKENDS)}")
    taken = inspect.signature(_module(backend).compile).parameters if options else ()
    known = [p for p in taken if p not in ("program", "fixed")]
    for option in options:
        if option not in known:
            raise InputError(
                f"{what}: the {backend} backend has no option {option!r}; it has {', '.join(known) or 'none'}"
            )


def resolved(backend: str, options: Mapping[str, Any], program: Program) -> tuple[str, dict[str, Any]]:
    """The backend that runs a program, and its options: "auto" is the tape for small programs, else numpy, with loops
    that are compiled beside its calls."""
    options = dict(options)
    if backend != "auto":
        return at_hand(backend), options
    if not options and is_small(program):
        return at_hand("tape"), options
    if not machine.unavailable() and not {"stream", "memory_limit"} & set(options):
        options.setdefault("loops", True)
    return "numpy", options


def at_hand(backend: str) -> str:
    """The backend, or numpy's in place of those that need machine code where there is none."""
    if backend not in MACHINE_CODE or not machine.unavailable():
        return backend
    _say_once(f"numpy evaluates what {MACHINE_CODE[backend]} would: {machine.unavailable()}")
    return "numpy"


@cache
def _say_once(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=4)


def _run(program: Program, backend: str, options: Mapping[str, Any], fixed: int = 0) -> Any:
    """What a backend makes of a program of which the last inputs, so many, stay the same for many calls."""
    hint = {"fixed": fixed} if fixed and backend in ("numpy", "compiled", "tape") else {}
    own = {k: v for k, v in options.items() if k != "check"}
    return _module(backend).compile(program, **own, **hint)


def _compiled(
    inputs: Sequence[Expr], outputs: Any, backend: str, options: Mapping[str, Any], fixed: Sequence[Any],
    known: Mapping[str, int],
) -> Function:  # fmt: skip
    wanted = expressions(outputs, "function")
    program = build_program(wanted[0].graph, [e.node for e in inputs], [e.node for e in wanted])
    program, backend = replace(program, known=known), at_hand(backend)
    return Function(program, outputs, backend, options, _run(program, backend, options, len(fixed)), fixed)
