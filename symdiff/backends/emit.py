"""Steps and loops of a plan -> Python source with planned memory.

Large results are written into buffers that are reused when their values are dead; an elementwise call takes
the memory of an operand that dies with it. Loops over rows become functions of a range of rows, so that
threads can share them.
"""

import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..facets import fold_of
from ..program import Instruction
from .blas import rowdots
from .calls import Calls
from .loops.nests import Nest
from .loops.text import described
from .plan import STRONG, Plan, Shape, Uniform
from .prims import MATMUL, Prim
from .rows import Loop, row_axis

SHARED = 20_000_000  # operations from which a product of two matrices is shared among threads
LONG = 64  # entries from which a row is worth a call of its own
BUFFERED = 1 << 14  # bytes from which a result is written into a buffer
INDENT = "    "
RESERVED = (
    "np", "loop", "work", "results", "tick", "matmul", "rowdots", "gram", "taken", "untaken", "lo", "hi", "i", "j", "m",
    "run",
)  # fmt: skip
NUMBERED = re.compile(r"[bwrs]\d+|(rows|nest)_\d+")  # names of buffers, results, sums and loops


class Form(NamedTuple):
    """The form of an array; in a block of rows, also the axis that holds the rows and its entries per row."""

    shape: Shape
    dtype: str
    rows: tuple[int, int] | None = None


class Line(NamedTuple):
    """A statement of the source with its operations and the bytes it reads and writes: for the profile."""

    text: str
    flops: int
    nbytes: int


@dataclass
class Source:
    """What `write` makes: the text, the names it needs, and the memory it wants.

    buffers  of the whole run, then those of one block of each loop
    results  {position among the outputs: form} of results that are written in place
    nests    compiled loops, called ``nest_0``, ``nest_1``, ...
    """

    text: str
    names: dict[str, Any]
    buffers: list[list[Form]]
    results: dict[int, Form]
    lines: list[Line]
    nests: list[Nest]


class Segment(NamedTuple):
    """Prims that follow each other: those of a loop, or those between two; a nest has none."""

    loop: Loop | Nest | None
    prims: list[Prim]


class Buffers:
    """Buffers by form, given out and taken back."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.made: list[Form] = []
        self._free: dict[Form, list[str]] = {}

    def take(self, form: Form) -> str:
        free = self._free.get(form)
        if free:
            return free.pop()
        self.made.append(form)
        return f"{self.prefix}{len(self.made) - 1}"

    def give(self, name: str) -> None:
        self._free.setdefault(self.made[int(name[len(self.prefix) :])], []).append(name)

    def unpacked(self) -> str:
        return f"{', '.join(f'{self.prefix}{k}' for k in range(len(self.made)))}, = work"


@dataclass
class Scope:
    """Where statements go: depth, buffers, when each value is read last; inside a loop's body, the loop."""

    depth: int
    buffers: Buffers
    last: Mapping[int, int]
    loop: Loop | None = None
    buffer_of: dict[int, str] = field(default_factory=dict)  # value -> the buffer it is in
    rowdots: set[int] = field(default_factory=set)  # products of rows that come from memory and a vector


class Writer:
    """Writes the source of one plan."""

    def __init__(
        self,
        plan: Plan,
        items: Sequence[Instruction | Loop | Nest],
        labels: Mapping[int, str],
        profile: bool,
        buffered: int,
    ):
        self.plan, self.items, self.labels, self.profile, self.least = plan, items, labels, profile, buffered
        self.names: dict[str, Any] = {"np": np}
        self.text_of: dict[int, str] = {}  # value -> how it is called in the source
        self.taken: set[str] = {*RESERVED, *keyword.kwlist}
        self.lines: list[str] = []
        self.timed: list[Line] = []
        self.root: dict[int, int] = {}  # value -> the value whose memory it sees
        self.views: dict[int, list[str]] = {}  # value made by a plain call -> the names that hold its memory
        self.results: dict[int, Form] = {}
        self.nests: list[Nest] = []
        self.result_of: dict[int, int] = {}  # value -> the output position it is written to

    # --- the whole ------------------------------------------------------------------------------------------

    def write(self) -> Source:
        plan = self.plan
        arguments = [self._name(n, self.labels.get(n, f"x{n}")) for n in plan.inputs]
        for n, value in plan.constants.items():
            if isinstance(value, np.ndarray):
                self.names[self._name(n, f"c{n}")] = value
        segments = self._segments()
        last = self._last_reads(segments)
        self._place_results(segments, last)
        scope = Scope(1, Buffers("b"), last)
        buffers = [scope.buffers.made]
        at = 0
        for segment in segments:
            if segment.loop is not None:
                if isinstance(segment.loop, Nest):
                    self._nest(segment.loop, scope, at)
                else:
                    buffers.append(self._loop(segment.loop, segment.prims, scope, at, len(buffers)))
                at += 1
                continue
            for prim in segment.prims:
                self._statement(prim, scope, at)
                at += 1
        returned = self._returned(scope)
        head = [f"def run({', '.join([*arguments, 'results', 'work'])}):"]
        if scope.buffers.made:
            head.append(INDENT + scope.buffers.unpacked())
        if self.results:
            head.append(f"{INDENT}{', '.join(f'r{k}' for k in self.results)}, = results")
        text = "\n".join([*head, *self.lines, f"{INDENT}return [{', '.join(returned)}]"]) + "\n"
        return Source(text, self.names, buffers, self.results, self.timed, self.nests)

    def _segments(self) -> list[Segment]:
        """The prims of all items; between loops equal calls are made once."""
        outer, done = Calls(self.plan, self.names), 0
        segments: list[Segment] = []
        for item in self.items:
            if isinstance(item, Instruction):
                outer.step(item)
                continue
            segments.append(Segment(None, outer.prims[done:]))
            done = len(outer.prims)
            if isinstance(item, Nest):
                segments.append(Segment(item, []))
            else:
                inner = Calls(self.plan, self.names, item.size)
                for step in item.steps:
                    inner.step(step)
                segments.append(Segment(item, inner.prims))
        segments.append(Segment(None, outer.prims[done:]))
        for segment in segments:
            for prim in segment.prims:
                seen = prim.args[0].value if prim.view and prim.args else None
                self.root[prim.out] = prim.out if seen is None else self._root(seen)
        return segments

    def _root(self, n: int) -> int:
        return self.root.get(n, n)

    def _operand_roots(self, prim: Prim) -> list[int]:
        return [self._root(a.value) for a in prim.args if a.value is not None]

    def _last_reads(self, segments: Sequence[Segment]) -> dict[int, int]:
        """{root: the last position that reads it}; a loop is one position."""
        last: dict[int, int] = {}
        at = 0
        for loop, prims in segments:
            for prim in prims:
                last.update(dict.fromkeys(self._operand_roots(prim), at))
                at += loop is None
            if loop is not None:
                last.update({self._root(n): at for n in loop.sources})
                at += 1
        last.update({self._root(n): at + 1 for n in self.plan.outputs})
        return last

    # --- results --------------------------------------------------------------------------------------------

    def _place_results(self, segments: Sequence[Segment], last: Mapping[int, int]) -> None:
        """Large outputs are written where the caller wants them, and so is what they are computed from in
        place."""
        plan = self.plan
        made: dict[int, tuple[int, Prim]] = {}
        writable: set[int] = set()
        at = 0
        for loop, prims in segments:
            if loop is not None:
                writable.update(loop.stored if isinstance(loop, Nest) else [*loop.folds, *loop.stored])
                at += 1
                continue
            for prim in prims:
                made[prim.out] = at, prim
                at += 1
                if prim.into is not None:
                    writable.add(prim.out)
        for k, n in enumerate(plan.outputs):
            if plan.shape[n] and plan.nbytes(n) >= BUFFERED:
                self.results[k] = self._form(n)
                if n in writable and n not in self.result_of:
                    self.result_of[n] = k
                    self.text_of[n] = f"r{k}"
                    self._reach_back(n, f"r{k}", made, last)

    def _reach_back(
        self, n: int, name: str, made: Mapping[int, tuple[int, Prim]], last: Mapping[int, int]
    ) -> None:
        """What a result is computed from, entry by entry, may live in the result's memory from the start."""
        while n in made and made[n][1].local:
            at, prim = made[n]
            operands = (a.value for a in prim.args if a.value in made and a.text == "{}")
            for m in operands:
                assert m is not None
                free = last.get(m) == at and self.root[m] == m and m not in self.text_of
                if free and made[m][1].into is not None and self._form(m) == self._form(n):
                    self.text_of[m] = name
                    n = m
                    break
            else:
                return

    def _returned(self, scope: Scope) -> list[str]:
        """The expressions of the outputs: new memory each."""
        plan = self.plan
        texts: list[str] = []
        given: set[int] = set()
        for k, n in enumerate(plan.outputs):
            constant, root = plan.constants.get(n), self._root(n)
            if self.result_of.get(n) == k:
                texts.append(f"r{k}")
                continue
            number = isinstance(constant, Uniform) or (constant is not None and np.ndim(constant) == 0)
            text = Calls(plan, self.names).tensor(n, plan.dtype[n]).text if number else self.text_of[n]
            if k in self.results:
                self._emit(1, f"r{k}[...] = {text}")
                text = f"r{k}"
            elif plan.shape[n]:
                foreign = (
                    constant is not None or root in plan.inputs or root in scope.buffer_of or root in given
                )
                text = f"np.array({text})" if foreign or root != n else text
            given.add(root)
            texts.append(text)
        return texts

    # --- statements -----------------------------------------------------------------------------------------

    def _name(self, n: int, stem: str) -> str:
        """A name for a value that nothing else has."""
        while stem in self.taken or stem in self.names or NUMBERED.fullmatch(stem):
            stem += "_"
        self.taken.add(stem)
        self.text_of[n] = stem
        return stem

    def _form(self, n: int, loop: Loop | None = None) -> Form:
        """The form of a value; inside a loop, of one block of it."""
        shape, dtype, rows = self.plan.shape[n], self.plan.dtype[n], self._rows(n, loop)
        if loop is not None and rows is not None:
            axis, each = rows
            shape = (*shape[:axis], each * loop.block, *shape[axis + 1 :])
        return Form(shape, STRONG.get(dtype, dtype), rows)

    def _rows(self, n: int, loop: Loop | None) -> tuple[int, int] | None:
        """The axis of a value that holds the rows of a loop, and its entries per row."""
        if loop is None:
            return None
        if n in self.plan.merged:
            return self.plan.merged[n]
        axis = row_axis(self.plan.shape[n], loop.size)
        return None if axis is None else (axis, 1)

    def _emit(self, depth: int, text: str, prim: Prim | None = None) -> None:
        self.lines.append(INDENT * depth + text)
        if self.profile and prim is not None:
            plan = self.plan
            touched = (
                [prim.out, *(a.value for a in prim.args if a.value is not None)] if not prim.view else []
            )
            nbytes = sum(plan.nbytes(n) for n in touched)
            self.timed.append(Line(text, prim.flops, nbytes))
            self.lines.append(INDENT * depth + f"tick({len(self.timed) - 1})")

    def _statement(self, prim: Prim, scope: Scope, at: int) -> None:
        """One prim as a line; operands that die here give their memory back."""
        n, depth = prim.out, scope.depth
        operands = [
            a.text if a.value is None else a.text.replace("{}", self.text_of[a.value]) for a in prim.args
        ]
        plain = prim.plain.format(*operands)
        if (
            scope.loop is None
            and prim.flops >= SHARED
            and prim.into == MATMUL
            and len(self.plan.shape[n]) == 2
        ):
            prim = prim._replace(into="matmul({0}, {1}, {out})")
        if n in scope.rowdots:
            prim = prim._replace(into="rowdots({0}, {1}, {out})")
        fixed = self.text_of.get(n)  # a result, or the block of a value that is kept
        if fixed is not None:
            into = prim.into if not prim.view else None
            self._emit(depth, into.format(*operands, out=fixed) if into else f"{fixed}[...] = {plain}", prim)
        elif prim.into is not None and self._is_buffered(prim, scope.loop):
            form = self._form(n, scope.loop)
            name = self._inherited(prim, form, scope, at) or scope.buffers.take(form)
            scope.buffer_of[n] = self.text_of[n] = name
            self._emit(depth, prim.into.format(*operands, out=name), prim)
        elif prim.view and plain == operands[0]:
            self.text_of[n] = plain
        else:
            self._emit(depth, f"{self._name(n, f't{n}')} = {plain}", prim)
            if scope.loop is None and type(self.plan.shape[n]) is tuple:
                self.views.setdefault(self._root(n), []).append(self.text_of[n])
        for root in dict.fromkeys([*self._operand_roots(prim), self._root(n)]):
            if scope.last.get(root, at) <= at:
                self._free(root, scope)

    def _free(self, root: int, scope: Scope) -> None:
        """A value is dead: its buffer is free, and Python frees the memory of a large one that has none."""
        name = scope.buffer_of.pop(root, None)
        if name is not None and name.startswith(scope.buffers.prefix):
            scope.buffers.give(name)
        elif (
            scope.loop is None
            and root in self.views
            and root in self.root
            and self.plan.nbytes(root) >= BUFFERED
        ):
            self._emit(scope.depth, f"del {', '.join(self.views.pop(root))}")

    def _is_buffered(self, prim: Prim, loop: Loop | None) -> bool:
        shape = self.plan.shape[prim.out]
        if prim.view or not shape:
            return False
        return self._rows(prim.out, loop) is not None or self.plan.nbytes(prim.out) >= self.least

    def _inherited(self, prim: Prim, form: Form, scope: Scope, at: int) -> str | None:
        """The buffer of an operand of the same form that dies here and is read entry by entry alone."""
        if not prim.local:
            return None
        for a in prim.args:
            n = a.value
            if (
                n is None
                or n not in scope.buffer_of
                or scope.last.get(n) != at
                or self._form(n, scope.loop) != form
            ):
                continue
            if all(
                b.value == n and b.text == "{}"
                for b in prim.args
                if b.value is not None and self._root(b.value) == n
            ):
                return scope.buffer_of.pop(n)
        return None

    # --- loops ----------------------------------------------------------------------------------------------

    def _nest(self, nest: Nest, scope: Scope, at: int) -> None:
        """The call of compiled loops, below their text."""
        for n in nest.stored:
            if n not in self.result_of:
                scope.buffer_of[n] = self.text_of[n] = scope.buffers.take(self._form(n))
        known = [*nest.sources, *nest.stored]
        text = described(nest, lambda n: self.text_of[n] if n in known else f"v{n}")
        self.lines += [f"{INDENT}# {line}" for line in text.splitlines()]
        call = f"nest_{len(self.nests)}({', '.join(self.text_of[n] for n in known)})"
        self._emit(1, call)
        if self.profile:
            self.timed.append(Line(call, nest.flops, sum(map(self.plan.nbytes, known))))
            self._emit(1, f"tick({len(self.timed) - 1})")
        self.nests.append(nest)
        for root in dict.fromkeys(map(self._root, known)):
            if scope.last.get(root, at) <= at:
                self._free(root, scope)

    def _loop(self, loop: Loop, prims: list[Prim], outer: Scope, at: int, index: int) -> list[Form]:
        """A loop as a function of a range of rows, and its call. The forms of the buffers of a block."""
        for n in loop.stored:  # where the whole value is kept
            if n not in self.result_of:
                outer.buffer_of[n] = self.text_of[n] = outer.buffers.take(self._form(n))
        whole = {n: self.text_of[n] for n in [*loop.sources, *loop.stored]}
        results = {n: self.result_of[n] for n in loop.folds if n in self.result_of}
        for n in results:
            del self.text_of[n]
        body, inner, totals = self._body(loop, prims, whole)
        self._emit(1, f"def rows_{index}(lo, hi, work):  # {loop.size} rows, {loop.block} at a time")
        self._opening(loop, inner, totals, body)
        self.lines += body
        self._emit(2, f"return [{', '.join(totals.values())}]")
        self.text_of.update(whole)
        names = [self._name(n, f"t{n}") for n in loop.folds]
        folds = f", [{', '.join(map(self._fold, loop.folds.values()))}]" if {*loop.folds.values()} - {"add"} else ""
        call = f"loop(rows_{index}, {loop.size}, {loop.block}, {index}{folds})"
        self._emit(1, f"{', '.join(names)}, = {call}" if names else call)
        for n, k in results.items():
            self._emit(1, f"r{k}[...] = {self.text_of[n]}")
            self.text_of[n] = f"r{k}"
        for root in dict.fromkeys(
            [*map(self._root, loop.sources), *(r for p in prims for r in self._operand_roots(p))]
        ):
            if outer.last.get(root) == at:
                self._free(root, outer)
        return inner.made

    def _body(
        self, loop: Loop, prims: list[Prim], whole: Mapping[int, str]
    ) -> tuple[list[str], Buffers, dict[int, str]]:
        """What is done for one block: its lines, its buffers, and the names of what is folded."""
        before, self.lines = self.lines, []
        for n, text in whole.items():
            axis = row_axis(self.plan.shape[n], loop.size)
            assert axis is not None
            self._emit(
                3, f"{self._name(n, f'{text}_' if text.isidentifier() else 'x_')} = {text}[{':, ' * axis}i:j]"
            )
        last: dict[int, int] = {}
        for k, prim in enumerate(prims):
            last.update(dict.fromkeys(self._operand_roots(prim), k))
        totals = {n: f"s{n}" for n in loop.folds}
        scope = Scope(3, Buffers("w"), last, loop, rowdots=self._rowdots(loop, prims))
        for k, prim in enumerate(prims):
            if prim.out in totals:
                last.setdefault(self._root(prim.out), k + 1)
            self._statement(prim, scope, k)
            if prim.out in totals:
                total, part, fold = totals[prim.out], self.text_of[prim.out], loop.folds[prim.out]
                self._emit(3, f"{total} += {part}" if fold == "add"
                           else f"{total} = np.array({part}) if i == lo else {self._fold(fold)}({total}, {part})")
        body, self.lines = self.lines, before
        return body, scope.buffers, totals

    def _fold(self, name: str) -> str:
        """The text of numpy's function, or of one of ours under a name of its own."""
        f = fold_of(name)
        if f is getattr(np, name):
            return f"np.{name}"
        self.names[f"fold_{name}"] = f
        return f"fold_{name}"

    def _rowdots(self, loop: Loop, prims: Sequence[Prim]) -> set[int]:
        """Products of a matrix's rows, long and not yet in the cache, and a vector."""
        shape_of, seen, found = self.plan.shape, set(), set()
        for prim in prims:
            if prim.into == MATMUL and len(shape_of[prim.out]) == 1 and prim.args[0].text == "{}":
                n = prim.args[0].value
                if n in loop.sources and n not in seen and shape_of[n][0] == loop.size and shape_of[n][1] >= LONG:
                    found.add(prim.out)
            seen.update(self._operand_roots(prim))
        return found

    def _opening(self, loop: Loop, inner: Buffers, totals: Mapping[int, str], body: Sequence[str]) -> None:
        """The lines before the body: buffers, sums, the range, the shorter last block."""
        if inner.made:
            self._emit(2, inner.unpacked())
        for n, name in totals.items():
            if loop.folds[n] != "add":
                continue
            shape, dtype, _ = self._form(n)
            self._emit(2, f"{name} = np.zeros({shape}, np.{dtype})" if shape else f"{name} = np.{dtype}(0)")
        self._emit(2, f"for i in range(lo, hi, {loop.block}):")
        self._emit(3, f"j = min(i + {loop.block}, hi)")
        cuts = [
            f"w{k} = w{k}[{':, ' * form.rows[0]}:m{f'*{form.rows[1]}' * (form.rows[1] != 1)}]"
            for k, form in enumerate(inner.made) if form.rows is not None
        ]  # fmt: skip
        if cuts or any(re.search(r"\bm\b", line) for line in body):
            self._emit(3, "m = j - i")
        if cuts:
            self._emit(3, f"if m < {loop.block}:  # the last block")
            for text in cuts:
                self._emit(4, text)


def write(
    plan: Plan, items: Sequence[Instruction | Loop | Nest], labels: Mapping[int, str], profile: bool = False,
    buffered: int = BUFFERED,
) -> Source:  # fmt: skip
    """The source that runs the items of a plan; results of `buffered` bytes and more get buffers."""
    return Writer(plan, items, labels, profile, buffered).write()


def load(source: Source, **names: Any) -> Callable[..., list]:
    """The function `run` of a source."""
    scope = {"rowdots": rowdots, **source.names, **names}
    exec(compile(source.text, "<symdiff>", "exec"), scope)
    return scope["run"]


def allocate(forms: Iterable[Form]) -> list[np.ndarray]:
    return [np.empty(form.shape, form.dtype) for form in forms]


def size_of(forms: Iterable[Form]) -> int:
    """Bytes."""
    return sum(prod(form.shape) * np.dtype(form.dtype).itemsize for form in forms)
