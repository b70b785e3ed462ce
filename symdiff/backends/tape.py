"""Backend "tape": programs of scalars and small arrays on the interpreter of `interpreter.py`; nothing is
compiled per graph.

Values are float64: integers are exact up to 2**53, float32 programs are computed in float64 and rounded at
the end.
"""

import math
import os
import struct
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..containers import Form
from ..errors import InputError
from ..program import Program, label
from . import opcodes, points, registers
from .interpreter import TABLES
from .lanes import take_in, take_out
from .lowering import Columns, External, lower
from .views import View

_LARGEST_EXACT = 2**53
_WEAK = {"int": "float64", "float": "float64"}  # results of no declared type
_LANE_BYTES = 1 << 19  # what a block of lanes should take at most, to stay in a core's cache
_FLOAT64 = np.dtype("float64")
_FEW = 30  # results that are quicker read one by one
MAX_STREAMS = 16  # sizes for which streams are kept


def compile(program: Program, fixed: int = 0) -> "Tape":
    """The program on the interpreter: a callable on the list of input arrays; `map` runs it at many
    points.

    fixed  so many inputs, the last ones, are the same for many calls
    """
    return Tape(program, fixed=fixed)


class Tape:
    """Arrays of the inputs -> list of results. One stream is built for each set of named sizes, when first
    met."""

    def __init__(self, program: Program, names: Sequence[str] | None = None, fixed: int = 0):
        self.program, self._kept = program, fixed
        self._names = [label(program.graph, n) for n in program.inputs] if names is None else names
        self._streams: dict[tuple, _Stream] = {}
        self._calls: dict[tuple, Callable[[Sequence[np.ndarray]], list[Any]]] = {}  # by the shapes of the inputs
        g = program.graph
        self._fixed: tuple[_Stream, list[tuple]] | None = None  # the one stream when all sizes are known
        self._rows = points.of_rows(program)
        self._row: Tape | None = Tape(self._rows.program, self._names) if self._rows is not None else None
        if program.known.keys() >= {k for n in program.inputs for s in g._shape[n] for k in shapes.names_of(s)}:
            known = dict(program.known)
            sizes = [tuple([shapes.resolve(s, known) for s in g._shape[n]]) for n in program.inputs]
            self._fixed = self._stream(known), sizes

    def _stream(self, known: dict[str, int]) -> "_Stream":
        key = tuple(sorted(known.items()))
        stream = self._streams.get(key)
        if stream is None:
            stream = _Stream(self.program, known, self._names, self._kept)
            _forget_first(self._streams)
            self._streams[key] = stream
        return stream

    def __call__(self, arrays: Sequence[Any]) -> list[np.ndarray]:
        arrays = [a if type(a) is np.ndarray else np.asarray(a) for a in arrays]
        key = tuple([a.shape for a in arrays])
        call = self._calls.get(key)
        if call is None:
            call = self._call(self.program.bind(arrays))
            _forget_first(self._calls)
            self._calls[key] = call
        return call(arrays)

    def _call(self, known: dict[str, int]) -> Callable[[Sequence[np.ndarray]], list[Any]]:
        """What runs at these sizes: the rows side by side, or all as one stream."""
        if self._rows is None or self._row is None or self._row.calls_numpy(known):
            return self._stream(known)
        rows, row = self._rows, self._row

        def of_rows(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
            given = [a if k is None else np.moveaxis(a, k, 0) for a, k in zip(arrays, rows.inputs, strict=True)]
            return [np.moveaxis(r, 0, k) for r, k in zip(row.map(given), rows.outputs, strict=True)]

        return of_rows

    def calls_numpy(self, known: Mapping[str, int]) -> bool:
        """At many points some instruction would be a call of numpy for each point."""
        names = {k for n in self.program.inputs for s in self.program.graph._shape[n] for k in shapes.names_of(s)}
        stream = self._stream({k: known[k] for k in sorted(names)})
        return any(not e.op.elementwise for e in stream.columns.externals)

    def direct(self, fixed: Sequence[np.ndarray], mirror: Form) -> Callable[[Sequence[Any]], Any] | None:
        """The call for values that need no conversion, where sizes are known, to results in their form; it gives None
        for others."""
        if self._fixed is None or [a.shape for a in fixed] != self._fixed[1][len(self._fixed[1]) - len(fixed) :]:
            return None
        return self._fixed[0].direct(fixed, mirror)

    def map(self, arrays: Sequence[Any], threads: int | None = None) -> list[np.ndarray]:
        """The results at many points: inputs with one axis more than declared, in front, run over the points;
        the others are the same at all. Results have that axis in front.

        Raises InputError when no input runs over points or their numbers differ.
        """
        arrays = [np.asarray(a) for a in arrays]
        g = self.program.graph
        counts: dict[int, str] = {}
        for n, a in zip(self.program.inputs, arrays, strict=True):
            if a.ndim == len(g._shape[n]) + 1:
                counts.setdefault(a.shape[0], label(g, n))
            elif a.ndim != len(g._shape[n]):
                raise InputError(
                    f"map: the input {label(g, n)!r} has shape {a.shape}; "
                    f"expected {len(g._shape[n])} axes, or one more for the points"
                )
        if len(counts) != 1:
            found = ", ".join(f"{name!r}: {count}" for count, name in counts.items())
            raise InputError(
                f"map: the inputs run over different numbers of points ({found})"
                if counts
                else "map: no input has an axis of points in front"
            )
        batched = [a.ndim == len(g._shape[n]) + 1 for n, a in zip(self.program.inputs, arrays, strict=True)]
        known = self.program.bind([_point(a) if b else a for a, b in zip(arrays, batched, strict=True)])
        return self._stream(known).map(arrays, batched, next(iter(counts)), threads)

    @property
    def source(self) -> str:
        """The streams as text, one instruction a line."""
        if not self._streams and self._row is not None:
            return f"for each row:\n{self._row.source}"
        return "\n\n".join(
            f"sizes {dict(key)}\n{s.text()}" if key else s.text() for key, s in self._streams.items()
        )


def _forget_first(kept: dict[Any, Any]) -> None:
    """So that there is room for one more."""
    while len(kept) >= MAX_STREAMS:
        kept.pop(next(iter(kept)), None)


def _point(a: np.ndarray) -> np.ndarray:
    return a[0] if len(a) else np.empty(a.shape[1:], a.dtype)


class _Stream:
    """One program at known sizes: the stream, and buffers that calls take and give back."""

    def __init__(self, program: Program, known: dict[str, int], names: Sequence[str], fixed: int):
        g = program.graph
        c = self.columns = lower(program, known)
        c.pinned[[x.variable for x in c.inputs[len(c.inputs) - fixed :]]] = 1
        self._rows = registers.flatten(
            c.codes, c.outs, c.starts, c.refs, c.coefficients, c.layouts,
            np.array([v.variable for v in c.outputs], np.int32), c.variable, c.sizes.size,
        )  # fmt: skip
        self.names = names
        self.shapes = [tuple(shapes.resolve(s, known) for s in g._shape[n]) for n in program.outputs]
        self.dtypes = [np.dtype(_WEAK.get(g._dtype[n], g._dtype[n])) for n in program.outputs]
        self._integers = [k for k, n in enumerate(program.inputs) if g._dtype[n] == "int64"]
        self._takes_floats = all(g._dtype[n] == "float64" for n in program.inputs)
        self._are_floats = all(d == np.float64 for d in self.dtypes)
        self._are_arrays = self._are_floats and all(self.shapes)
        self._alone = _Layout(c, self._rows, in_place=True)
        all_numbers = self._are_floats and not any(self.shapes)
        self._places = np.array(self._alone.outputs, np.intp) if all_numbers else None
        self._few = self._alone.outputs if len(self._alone.outputs) <= _FEW else []
        self._same, self._shared = self._without_repeats() if all_numbers and not self._few else ([], None)
        self._beside: _Layout | None = None

    def _without_repeats(self) -> tuple[list[np.float64], Callable[[list], tuple] | None]:
        """(results that are constants, what takes all results from those that differ and these), where a quarter is
        saved: a number of numpy is made in the time in which six are passed on."""
        layout = self._alone
        held = {int(layout.slot[x]): np.float64(v[0]) for x, v in self.columns.constants if v.size == 1}
        differing = dict.fromkeys(k for k in layout.outputs if k not in held)
        if len(differing) > 3 / 4 * len(layout.outputs):
            return [], None
        same = dict.fromkeys(k for k in layout.outputs if k in held)
        place = {k: j for j, k in enumerate((*differing, *same))}
        self._places = np.array(list(differing), np.intp)
        return [held[k] for k in same], itemgetter(*[place[k] for k in layout.outputs])

    def __call__(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        for k in self._integers:
            _check_exact(arrays[k], self.names[k])
        frame = self._alone.take(1)
        for view, a in zip(frame.inputs, arrays, strict=True):
            view[...] = a
        self._alone.run(frame)
        results = self.results(frame)
        self._alone.idle(1).append(frame)
        return results

    def results(self, frame: "Frame") -> list[Any]:
        """Numbers of numpy and new arrays."""
        if self._places is not None:
            v = frame.values
            if self._few:
                return [v[k] for k in self._few]
            found = list(v.take(self._places))
            return found if self._shared is None else list(self._shared(found + self._same))
        if self._are_arrays:
            return [view.copy() for view in frame.outputs]
        if self._are_floats:
            return [view.copy() if view.shape else view[()] for view in frame.outputs]
        made = map(np.ndarray.astype, frame.outputs, self.dtypes)
        return [a if a.shape else a[()] for a in made]

    def direct(self, fixed: Sequence[np.ndarray], mirror: Form) -> Callable[[Sequence[Any]], Any] | None:
        """Values of the inputs that are not fixed -> results in their form; None for values that are no float64s of the
        inputs' shapes. Fixed arrays, the last inputs, are read now and then no more."""
        if not self._takes_floats:
            return None
        layout, results, are_arrays, ndarray = self._alone, self.results, self._are_arrays, np.ndarray
        wanted = [x.shape for x in self.columns.inputs[: len(self.columns.inputs) - len(fixed)]]
        count, places = len(wanted), tuple(enumerate(wanted))
        first, pack = 8 * layout.first_input, struct.Struct(f"{count}d").pack_into
        has_externals, enter = bool(self.columns.externals), layout.interpreter
        idle: list[Frame] = []

        def new() -> Frame:
            frame = layout.frame(1)
            for view, a in zip(frame.inputs[count:], fixed, strict=True):
                view[...] = a
            return frame

        def of_numbers(values: Sequence[Any]) -> Any:
            if len(values) != count:
                return None
            for x in values:
                if type(x) is not float and type(x) is not np.float64:
                    return None
            try:
                frame = idle.pop()
            except IndexError:
                frame = new()
            pack(frame.memory, first, *values)
            if has_externals:
                layout.run(frame)
            else:
                enter(frame.address)
            found = results(frame)
            idle.append(frame)
            return mirror(found)

        def of_arrays(values: Sequence[Any]) -> Any:
            if len(values) != count:
                return None
            try:
                frame = idle.pop()
            except IndexError:
                frame = new()
            _, _, _, address, inputs, outputs = frame
            for k, shape in places:
                x = values[k]
                if type(x) is ndarray:
                    if x.dtype is not _FLOAT64 or x.shape != shape:
                        idle.append(frame)
                        return None
                elif shape or (type(x) is not float and type(x) is not np.float64):
                    idle.append(frame)
                    return None
                inputs[k][...] = x
            if has_externals:
                layout.run(frame)
            else:
                enter(address)
            found = [view.copy() for view in outputs] if are_arrays else results(frame)
            idle.append(frame)
            return mirror(found)

        return of_arrays if any(wanted) else of_numbers

    def map(
        self, arrays: Sequence[np.ndarray], batched: Sequence[bool], count: int, threads: int | None
    ) -> list[np.ndarray]:
        layout = self._beside
        if layout is None:
            layout = self._beside = _Layout(self.columns, self._rows, in_place=False)
        for k in self._integers:
            _check_exact(arrays[k], self.names[k])
        lanes = 16
        while lanes < 256 and 2 * lanes * layout.length * 8 <= _LANE_BYTES:
            lanes *= 2
        flat = [
            np.ascontiguousarray(a, np.float64).reshape((count, math.prod(a.shape[1:])) if b else (1, a.size))
            for a, b in zip(arrays, batched, strict=True)
        ]
        tables = [np.empty((count, math.prod(s))) for s in self.shapes]
        ins = np.array(
            [(a.ctypes.data, a.shape[1], a.shape[1] * b, slot)
             for a, b, (slot, _) in zip(flat, batched, layout.inputs, strict=True)], np.int64,
        )  # fmt: skip
        places = [layout.entries(x) for x in self.columns.outputs]
        begins = np.cumsum([0, *(p.size for p in places)])
        outs = np.array([(t.ctypes.data, t.shape[1], k) for t, k in zip(tables, begins, strict=False)], np.int64)
        slots = np.concatenate(places).astype(np.int64)
        blocks = -(-count // lanes)
        workers = max(1, min(threads or os.cpu_count() or 1, blocks // 2))
        bounds = [min(blocks * k // workers * lanes, count) for k in range(workers + 1)]

        def work(worker: int) -> None:
            frame = layout.take(lanes)
            for start in range(bounds[worker], bounds[worker + 1], lanes):
                filled = min(lanes, count - start)
                take_in(frame.values, lanes, ins, len(flat), start, filled)
                layout.run(frame, lanes, filled)
                take_out(frame.values, lanes, outs, len(tables), slots, start, filled)
            layout.idle(lanes).append(frame)

        if workers == 1:
            work(0)
        else:
            with ThreadPoolExecutor(workers - 1) as pool:
                others = [pool.submit(work, k) for k in range(1, workers)]
                work(0)
                for other in others:
                    other.result()
        return [
            t.reshape((count, *s)).astype(d, copy=False)
            for t, s, d in zip(tables, self.shapes, self.dtypes, strict=True)
        ]

    def text(self) -> str:
        return self._alone.text()


def _check_exact(a: np.ndarray, name: str) -> None:
    if a.dtype.kind in "iu" and a.size and (a.max() > _LARGEST_EXACT or a.min() < -_LARGEST_EXACT):
        raise InputError(
            f"the input {name!r} has integers beyond 2**53, which the tape backend can't hold: "
            "use backend='numpy'"
        )


class Frame(NamedTuple):
    """The numbers of a run.

    arguments        of the interpreter, and their address
    inputs, outputs  views of the numbers, for one point
    """

    values: np.ndarray
    memory: memoryview
    arguments: np.ndarray
    address: int
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]


class _Layout:
    """A stream with the slots of its variables."""

    def __init__(self, columns: Columns, rows: registers.Rows, in_place: bool):
        ascending = np.sort(columns.sizes)
        different = ascending[np.flatnonzero(np.diff(ascending, append=-1))]
        kinds = np.searchsorted(different, columns.sizes)
        self.slot, self.code, self.length = registers.assign(
            rows,
            columns.variable,
            columns.offset,
            columns.sizes,
            kinds,
            different.size,
            columns.pinned,
            columns.given,
            in_place,
        )
        self.columns, self.on_lanes = columns, not in_place
        used = np.flatnonzero(np.bincount(rows.ops, minlength=opcodes.COUNT)).tolist()
        maps = (rows.ops >= opcodes.FIRST_SPAN) & (rows.ops < opcodes.OPCODE["contract"])
        loops = set(columns.layout[rows.layouts[maps]].tolist())
        TABLES.need([k for k in used if opcodes.WORDS[k]] + [opcodes.END], self.on_lanes, loops)
        self.interpreter, self._table = TABLES.run(), TABLES.addresses[self.on_lanes]
        self._stream = self.code.ctypes.data
        self.first_input = int(self.slot[columns.inputs[0].variable]) if columns.inputs else 0
        self.inputs = [
            (int(self.slot[x.variable]), int(self.slot[x.variable] + columns.sizes[x.variable]))
            for x in columns.inputs
        ]
        self.outputs = [int(self.slot[x.variable] + x.offset) for x in columns.outputs]
        self._free: dict[int, list[Frame]] = {}

    def entries(self, x: View) -> np.ndarray:
        """Where the entries of a view are, in the order of an array's."""
        places = np.full((), self.slot[x.variable] + x.offset)
        for n, step in zip(x.shape, x.strides, strict=True):
            places = places[..., None] + step * np.arange(n)
        return places.ravel()

    def idle(self, lanes: int) -> list[Frame]:
        """The frames that nobody uses."""
        return self._free.setdefault(lanes, [])

    def take(self, lanes: int) -> Frame:
        """A frame that nobody uses, its constants in place."""
        try:
            return self.idle(lanes).pop()
        except IndexError:
            return self.frame(lanes)

    def frame(self, lanes: int) -> Frame:
        """A new frame."""
        table = np.zeros((self.length, lanes))
        for x, value in self.columns.constants:
            table[self.slot[x] : self.slot[x] + value.size] = value[:, None]
        v = table.reshape(-1)
        arguments = np.array([self._stream, v.ctypes.data, self.columns.layout.ctypes.data, lanes, self._table])
        ends = (self.columns.inputs, self.columns.outputs) if lanes == 1 else ((), ())
        inputs, outputs = ([self.array(v, x) for x in views] for views in ends)
        return Frame(v, v.data.cast("B"), arguments, arguments.ctypes.data, inputs, outputs)

    def enter(self, frame: Frame) -> int:
        """Run a stream without external instructions."""
        return self.interpreter(frame.address)

    def run(self, frame: Frame, lanes: int = 1, filled: int = 1) -> None:
        """Run the stream on a frame of which the first lanes are filled."""
        stop = self.enter(frame)
        for _ in self.columns.externals:
            at = (stop - self._stream) // 4
            self.evaluate(self.columns.externals[self.code[at + 1]], frame.values, lanes, filled)
            frame.arguments[0] = stop + 8
            stop = self.enter(frame)
        if self.columns.externals:
            frame.arguments[0] = self._stream

    def array(self, v: np.ndarray, x: View, lanes: int = 1) -> np.ndarray:
        """A view's entries in a buffer; with lanes in the last axis."""
        start = 8 * lanes * int(self.slot[x.variable] + x.offset)
        shape, strides = x.shape, tuple([8 * lanes * s for s in x.strides])
        if lanes > 1:
            shape, strides = (*shape, lanes), (*strides, 8)
        if start >= v.nbytes:  # an empty array at the end
            return np.empty(shape)
        return np.ndarray(shape, np.float64, v.data, start, strides)

    def evaluate(self, e: External, v: np.ndarray, lanes: int, filled: int) -> None:
        """Run an external instruction."""
        operands = [self.array(v, x, lanes) for x in e.operands]
        operands = [
            a if d in ("float64", "float") else _typed(a, d) for a, d in zip(operands, e.dtypes, strict=True)
        ]
        results = [self.array(v, x, lanes) for x in e.results]
        with np.errstate(all="ignore"):
            if lanes == 1 or e.op.elementwise:
                values = e.op.meaning()(*operands, *e.params)
                for to, value in zip(results, values if len(results) > 1 else (values,), strict=True):
                    to[...] = value
                return
            for lane in range(filled):
                values = e.op.meaning()(*[a[..., lane] for a in operands], *e.params)
                for to, value in zip(results, values if len(results) > 1 else (values,), strict=True):
                    to[..., lane] = value

    def text(self) -> str:
        lines, at, words = [], 0, opcodes.WORDS
        while True:
            op = self.code[at]
            lines.append(" ".join([opcodes.NAMES[op], *map(str, self.code[at + 1 : at + words[op]])]))
            at += words[op]
            if op == opcodes.END:
                return "\n".join(lines)


def _typed(a: np.ndarray, dtype: str) -> np.ndarray:
    return a.astype("int64" if dtype == "int" else dtype)
