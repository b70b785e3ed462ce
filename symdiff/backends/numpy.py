"""The numpy backend: straight-line Python source per program and sizes, blocks of rows over threads."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from math import inf
from operator import add
from typing import Any

import numpy as np

from ..errors import InputError
from ..lazy import module
from ..ops.sparse import is_sparse
from ..program import Program, interpret, label
from ..sparse import stores
from . import emit, remat, rows, workers
from .factors import factor
from .loops import nests
from .loops.running import Runner
from .plan import STRONG, Plan, build_plan, hoist
from .profile import Clock, Profile
from .tiers import Tiers

MAX_KERNELS = 32  # sizes whose source is kept
MAX_LINES = 50_000  # instructions above which a program is interpreted
MAX_KEPT = 1 << 28  # bytes of buffers that are kept between calls


class Kernel:
    """A program at given sizes: its source, and memory that calls share out among themselves."""

    def __init__(self, program: Program, known: dict[str, int], options: dict[str, Any]):
        fixed = program.inputs[len(program.inputs) - options["fixed"] :]
        self.plan = plan = build_plan(program, known, fixed)
        factor(plan, set(fixed))
        labels = {n: label(program.graph, n) for n in plan.inputs}
        self.labels = {n: s if s.isidentifier() else f"x{n}" for n, s in labels.items()}
        self.options = options
        self.once = (
            Kernel._of(hoist(plan, fixed), self.labels, {**options, "stream": None}) if fixed else None
        )
        limit = options["memory_limit"]
        self.peak: int | None = None
        if limit is not None:
            self.peak = remat.fit(plan, limit)
            self._build(list(plan.steps))
        elif options["stream"] is not None:
            self._build(rows.stream(plan, known[options["stream"]]))
        else:
            self._build(self._chosen(plan))

    @classmethod
    def _of(cls, plan: Plan, labels: dict[int, str], options: dict[str, Any]) -> "Kernel | None":
        if not plan.outputs:
            return None
        kernel = cls.__new__(cls)
        kernel.plan, kernel.labels, kernel.options, kernel.once = plan, labels, options, None
        kernel._build(kernel._chosen(plan))
        return kernel

    def _chosen(self, plan: Plan) -> list[Any]:
        """The plan in compiled loops, or in blocks of rows where that pays."""
        most = {"compiled": inf, "few": nests.FEW}.get(self.options["loops"])
        return rows.choose(plan) if most is None else nests.choose(plan, most)

    def _build(self, items: Sequence[Any], clock: type[Clock] | None = None) -> None:
        plan, self.items = self.plan, items
        buffered = emit.BUFFERED if self.options["memory_limit"] is None else 64
        self.source = emit.write(plan, items, self.labels, clock is not None, buffered)
        self.clock = Clock(len(self.source.lines))
        self.threads = self.options["threads"]
        self.types = [
            (np.dtype("float64" if plan.dtype[n] in STRONG else plan.dtype[n]), plan.shape[n] == ())
            for n in plan.outputs
        ]
        compiled = {f"nest_{k}": Runner(nest, self.threads) for k, nest in enumerate(self.source.nests)}
        self._run = emit.load(self.source, loop=self._loop, tick=self.clock, matmul=self._matmul, **compiled)
        self._bars = threading.local()  # the progress bar of the call that runs on this thread
        self._pools: list[list[list[np.ndarray]]] = [[] for _ in self.source.buffers]
        self._sizes = [emit.size_of(forms) for forms in self.source.buffers]

    def __call__(
        self, arrays: Sequence[Any], out: Sequence[np.ndarray] | None = None, bar: Any = None,
        prepared: dict | None = None,
    ) -> list[Any]:  # fmt: skip
        source = self.source
        if self.once is not None:
            arrays = [*arrays, *self._prepared(arrays, {} if prepared is None else prepared)]
        self.clock.start()
        results = [
            np.empty(form.shape, form.dtype) if out is None or out[k] is None else self._target(out[k], form.shape)
            for k, form in source.results.items()
        ]
        work = self._take(0)
        self._bars.bar = bar
        with np.errstate(all="ignore"):
            values = self._run(*arrays, results, work)
        values = [
            np.asarray(v, t)[()]
            if scalar
            else v
            if type(v) is np.ndarray and v.dtype is t
            else np.asarray(v, t)
            for v, (t, scalar) in zip(values, self.types, strict=True)
        ]
        self._give(0, work)
        return values

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def has_loops(self) -> bool:
        """Some steps are compiled loops."""
        return bool(self.source.nests) or (self.once is not None and self.once.has_loops)

    def profile(self, arrays: Sequence[Any], prepared: dict | None = None) -> Profile:
        """A run on one thread with the time of each line."""
        timed = Kernel.__new__(Kernel)
        timed.plan, timed.labels, timed.once, timed.items = self.plan, self.labels, self.once, self.items
        timed.options = {**self.options, "threads": 1}
        timed._build(self.items, Clock)
        timed(arrays, prepared=prepared)  # buffers are made, caches are filled
        timed.clock.seconds[:] = [0.0] * len(timed.source.lines)
        timed(arrays, prepared=prepared)
        return Profile(tuple(timed.source.lines), tuple(timed.clock.seconds))

    def _prepared(self, arrays: Sequence[Any], prepared: dict) -> list[Any]:
        """What depends on the fixed arrays alone, from the first run with them."""
        if self not in prepared:
            prepared[self] = self.once(arrays[len(arrays) - self.options["fixed"] :])  # type: ignore[misc]
        return prepared[self]

    @staticmethod
    def _target(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        if array.shape != shape:
            raise InputError(f"out: an array of shape {array.shape} for a result of shape {shape}")
        return array

    def _take(self, k: int) -> list[np.ndarray]:
        """Buffers that nobody uses now."""
        try:
            return self._pools[k].pop()
        except IndexError:
            return emit.allocate(self.source.buffers[k])

    def _matmul(self, a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
        """``out = a @ b``, the longer side of the result shared among threads that run BLAS on their own.

        BLAS's threads wait by spinning: beside another busy program a product then takes many time slices.
        """
        rows, columns = out.shape
        count = min(self.threads, max(rows, columns) // 32)
        if count < 2 or workers.is_worker():
            np.matmul(a, b, out=out)
            return

        def share(t: int) -> None:
            if rows >= columns:
                part = slice(rows * t // count, rows * (t + 1) // count)
                np.matmul(a[part], b, out=out[part])
            else:
                part = slice(columns * t // count, columns * (t + 1) // count)
                np.matmul(a, b[:, part], out=out[:, part])

        with workers.one_blas_thread():
            others = [workers.pool().submit(share, t) for t in range(1, count)]
            share(0)
            for other in others:
                other.result()

    def _give(self, k: int, work: list[np.ndarray]) -> None:
        """Keep buffers for the next run, unless they are very large."""
        if self._sizes[k] <= MAX_KEPT:
            self._pools[k].append(work)

    def _loop(
        self, body: Callable[..., list], size: int, block: int, k: int, folds: Sequence[Callable] = ()
    ) -> list[Any]:
        """A loop over rows: shares of whole blocks for the threads, put together in order (added by default)."""
        count = max(1, min(self.threads, size // (2 * block)))
        bounds = [size * t // (count * block) * block for t in range(count)] + [size]
        bar = self._bars.bar
        if bar is not None:
            bar.reset(size)

        def share(t: int) -> list[Any]:
            lo, hi = bounds[t], bounds[t + 1]
            work = self._take(k)
            with np.errstate(all="ignore"):
                if bar is None:
                    totals = body(lo, hi, work)
                else:
                    totals = _folded(_watched(body, range(lo, hi, 16 * block), hi, work, bar), folds)
            self._give(k, work)
            return totals

        if count == 1 or workers.is_worker():  # a worker must not wait for workers
            return _folded(map(share, range(count)), folds)
        with workers.one_blas_thread():
            others = [workers.pool().submit(share, t) for t in range(1, count)]
            first = share(0)  # here: a thread that only waited would leave its core to be found by another
            return _folded([first, *(other.result() for other in others)], folds)


def _watched(body: Callable[..., list], starts: range, stop: int, work: list, bar: Any) -> Iterator[list]:
    """A share in pieces, each reported to the progress bar."""
    for lo in starts:
        hi = min(lo + starts.step, stop)
        yield body(lo, hi, work)
        bar.update(hi - lo)


def _folded(parts: Iterable[list], folds: Sequence[Callable]) -> list[Any]:
    """What the shares give, put together one after the other, so that threads don't change the result."""
    total: list[Any] | None = None
    for part in parts:
        by = folds or repeat(add)
        total = part if total is None else [f(a, b) for f, a, b in zip(by, total, part, strict=False)]
    return total or []


class Interpreted:
    """A program too long for a source: compiling it would take longer than many runs."""

    def __init__(self, program: Program):
        self.program = program

    def __call__(
        self, arrays: Sequence[Any], out: Any = None, bar: Any = None, prepared: dict | None = None
    ) -> list[Any]:
        return [r if is_sparse(r) else np.array(r) if r.ndim else r[()] for r in interpret(self.program, arrays)]

    def profile(self, arrays: Sequence[Any], prepared: dict | None = None) -> Profile:
        raise InputError(
            f"a program of {len(self.program.nodes)} instructions is interpreted: it has no profile"
        )

    @property
    def text(self) -> str:
        return f"interpreted: {len(self.program.nodes)} instructions are more than are worth compiling"


class Compiled:
    """A program as a callable on a list of arrays; sources are made per sizes and kept."""

    keywords = ("out", "progress", "prepared")

    def __init__(self, program: Program, options: dict[str, Any]):
        self.program, self.options = program, options
        self._stored = stores(program.graph, program.inputs)  # some arrays may be sparse matrices
        self._kernels: dict[tuple, Kernel | Interpreted | Tiers] = {}
        self._last: Kernel | Interpreted | Tiers | None = None

    def kernel(self, arrays: Sequence[Any]) -> Kernel | Interpreted | Tiers:
        key = tuple([a.shape if type(a) is np.ndarray else () for a in arrays])
        kernel = self._kernels.get(key)
        if kernel is None:
            known = self.program.bind(arrays)
            kernel = self._made(known)
            if len(self._kernels) >= MAX_KERNELS:
                self._kernels.pop(next(iter(self._kernels)), None)
            self._kernels[key] = kernel
        self._last = kernel
        return kernel

    def _made(self, known: dict[str, int]) -> Kernel | Interpreted | Tiers:
        program, options = self.program, self.options
        free = options["stream"] is None and options["memory_limit"] is None
        if free and len(program.nodes) > MAX_LINES:
            return Interpreted(program)
        kernel = Kernel(program, known, options)
        return Tiers(kernel, partial(_with_loops, program, known, options)) if options["loops"] == "beside" else kernel

    def __call__(
        self, arrays: Sequence[Any], out: Any = None, progress: bool = False, prepared: dict | None = None
    ) -> list[Any]:  # fmt: skip
        """`prepared` keeps, from call to call with the same fixed arrays, what depends on them alone."""
        arrays = [a[()] if type(a) is np.ndarray and not a.shape else a for a in arrays]
        sparse = self._stored and any(map(is_sparse, arrays))
        kernel = Interpreted(self.program) if sparse else self.kernel(arrays)
        if not progress:
            return kernel(arrays, out, None, prepared)
        with module("tqdm").tqdm(unit="row", unit_scale=True, desc="symdiff") as bar:
            return kernel(arrays, out, bar, prepared)

    def profile(self, arrays: Sequence[Any], prepared: dict | None = None) -> Profile:
        """A run on one thread with the time of each line."""
        arrays = [a[()] if type(a) is np.ndarray and not a.shape else a for a in arrays]
        return self.kernel(arrays).profile(arrays, prepared)

    @property
    def planned_peak(self) -> int | None:
        """Bytes of intermediate results alive at once, as planned for the last call's sizes under a memory
        limit."""
        return getattr(self._last, "peak", None)

    @property
    def source(self) -> str:
        """The source of the last call's sizes; before a call, of the sizes that inputs are declared with."""
        if self._last is None:
            g, inputs = self.program.graph, self.program.inputs
            if any(isinstance(size, str) for n in inputs for size in g._shape[n]):
                raise InputError("the source depends on the sizes of the arrays: call the function first")
            self.kernel([np.broadcast_to(0.0, g._shape[n]) for n in inputs])  # type: ignore[arg-type]
        return self._last.text  # type: ignore[union-attr]


def compile(
    program: Program, threads: int | None = None, stream: str | None = None, memory_limit: int | None = None,
    loops: bool = False, fixed: int = 0
) -> Compiled:  # fmt: skip
    """The callable of a program.

    memory_limit  bytes of intermediate results that may be alive at once: beyond them values are made a
                  second time. InputError at the first call of sizes for which no plan does
    fixed    so many inputs, the last ones, are the same for many calls
    loops    once calls have taken some time, compile loops beside them, as the backend "compiled" does, and run what
             is faster: the last digits may then change from one call to the next

    threads  for loops over rows; by default one per core
    stream   the named axis whose rows are read in blocks, once, in constant memory; by default an axis is
             chosen where that pays. InputError when the program has no such axis or needs two passes over it.
    """
    if memory_limit is not None and (not isinstance(memory_limit, int) or memory_limit < 0):
        raise InputError(f"memory_limit is a number of bytes, not {memory_limit!r}")
    if memory_limit is not None and stream is not None:
        raise InputError("memory_limit and stream are two ways to save memory: choose one")
    if stream is not None:
        program = rows.streamed(program, stream)
    if loops and (stream is not None or memory_limit is not None):
        raise InputError("loops are not compiled beside a stream or within a memory limit")
    options = {"stream": stream, "memory_limit": memory_limit, "loops": "beside" if loops else "none"}
    return Compiled(program, {"threads": workers.count(threads), "fixed": fixed, **options})


def _with_loops(program: Program, known: dict[str, int], options: dict[str, Any]) -> Kernel | None:
    """The program in compiled loops, where some pay and they don't take long to make."""
    kernel = Kernel(program, known, {**options, "loops": "few"})
    return kernel if kernel.has_loops else None
