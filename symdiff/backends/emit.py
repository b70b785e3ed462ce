"""Steps and loops of a plan -> Python source with planned memory.

Large results are written into buffers that are reused when their values are dead; an elementwise call takes the memory of
an operand that dies with it. Loops over rows become functions of a range of rows, so that threads can share them.
"""

import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..program import Instruction
from .calls import Lowering, Prim
from .plan import STRONG, Plan, Shape, Uniform
from .rows import Loop, row_axis

BUFFERED = 1 << 14  # bytes from which a result is written into a buffer
INDENT = "    "
RESERVED = ("np", "loop", "work", "results", "tick", "lo", "hi", "i", "j", "m", "run")
NUMBERED = re.compile(r"[bwrs]\d+|rows_\d+")  # names of buffers, results, sums and loops


class Line(NamedTuple):
    """A statement that was timed: for the profile."""

    text: str
    flops: int
    nbytes: int


@dataclass
class Source:
    """What `write` makes: the text, the names it needs, and the memory it wants.

    buffers  of the whole run: (shape, type) of ``work[0]``; then those of each loop, of one block
    results  {position among the outputs: (shape, type)} of results that are written in place
    """

    text: str
    names: dict[str, Any]
    buffers: list[list[tuple[Shape, str]]]
    results: dict[int, tuple[Shape, str]]
    lines: list[Line] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)


class _Buffers:
    """Buffers by shape and type, given out and taken back."""

    def __init__(self, prefix: str):
        self.prefix, self.made = prefix, []  # type: ignore[var-annotated]
        self._free: dict[tuple, list[str]] = {}

    def take(self, shape: Shape, dtype: str) -> str:
        free = self._free.get((shape, dtype))
        if free:
            return free.pop()
        self.made.append((shape, dtype))
        return f"{self.prefix}{len(self.made) - 1}"

    def give(self, name: str) -> None:
        self._free.setdefault(self.made[int(name[len(self.prefix) :])], []).append(name)


class _Segment:
    """Prims in a row, with who dies where."""

    def __init__(self, plan: Plan, names: dict[str, Any], rows: int | None):
        self.lowering = Lowering(plan, names, rows)


class Writer:
    """Writes the source of one plan."""

    def __init__(self, plan: Plan, items: Sequence[Instruction | Loop], labels: Mapping[int, str], profile: bool = False):
        self.plan, self.items, self.profile = plan, items, profile
        self.names: dict[str, Any] = {"np": np}
        self.text_of: dict[int, str] = {}
        self.taken: set[str] = {*RESERVED, *keyword.kwlist}
        self.lines: list[str] = []
        self.timed: list[Line] = []
        self.root: dict[int, int] = {}
        self.buffer_of: dict[int, str] = {}  # root value -> its buffer
        self.results: dict[int, tuple[Shape, str]] = {}
        self.result_of: dict[int, int] = {}  # value -> the output position it is written to
        self.loops = [item for item in items if isinstance(item, Loop)]
        self.labels = labels

    # --- names ----------------------------------------------------------------------------------------------------

    def name(self, n: int, stem: str) -> str:
        while stem in self.taken or stem in self.names or NUMBERED.fullmatch(stem):
            stem += "_"
        self.taken.add(stem)
        self.text_of[n] = stem
        return stem

    def strong(self, n: int) -> str:
        return STRONG.get(self.plan.dtype[n], self.plan.dtype[n])

    # --- the whole ------------------------------------------------------------------------------------------------

    def write(self) -> Source:
        plan = self.plan
        arguments = [self.name(n, self.labels.get(n, f"x{n}")) for n in plan.inputs]
        for n, value in plan.constants.items():
            if isinstance(value, np.ndarray):
                name = self.name(n, f"c{n}")
                self.names[name] = value
        segments = self._lowered()
        read_at = self._reads(segments)
        self._choose_results(segments, read_at)
        buffers = _Buffers("b")
        all_buffers: list[list[tuple[Shape, str]]] = [buffers.made]
        at = 0
        for item, prims in segments:
            if item is None:
                for prim in prims:
                    self._statement(prim, 1, buffers, read_at, at, None)
                    at += 1
            else:
                all_buffers.append(self._loop(item, prims, buffers, read_at, at, len(all_buffers)))
                at += 1
        body = self.lines
        returned = self._returned(body)
        head = [f"def run({', '.join([*arguments, 'results', 'work'])}):"]
        if buffers.made:
            head.append(f"{INDENT}{', '.join(f'b{k}' for k in range(len(buffers.made)))}, = work")
        if self.results:
            head.append(f"{INDENT}{', '.join(f'r{k}' for k in self.results)}, = results")
        text = "\n".join([*head, *body, f"{INDENT}return [{', '.join(returned)}]"]) + "\n"
        return Source(text, self.names, all_buffers, self.results, self.timed, self.loops)

    def _lowered(self) -> list[tuple[Loop | None, list[Prim]]]:
        """Segments of prims; those between loops share one lowering, so that equal calls are made once."""
        outer = Lowering(self.plan, self.names)
        segments: list[tuple[Loop | None, list[Prim]]] = []
        done = 0
        for item in self.items:
            if isinstance(item, Loop):
                segments.append((None, outer.prims[done:]))
                done = len(outer.prims)
                inner = Lowering(self.plan, self.names, item.size)
                for step in item.steps:
                    inner.step(step)
                segments.append((item, inner.prims))
            else:
                outer.step(item)
        segments.append((None, outer.prims[done:]))
        for _, prims in segments:
            for prim in prims:
                first = prim.args[0].value if prim.view and prim.args else None
                self.root[prim.out] = prim.out if first is None else self.root.get(first, first)
        return segments

    def _choose_results(self, segments: Sequence[tuple[Loop | None, list[Prim]]], read_at: Mapping[int, int]) -> None:
        """Large outputs are written where the caller wants them."""
        plan = self.plan
        writable = set()
        made: dict[int, tuple[int, Prim]] = {}
        at = 0
        for loop, prims in segments:
            for prim in prims if loop is None else ():
                made[prim.out] = at, prim
                at += 1
            at += loop is not None
        for loop, prims in segments:
            if loop is None:
                writable.update(p.out for p in prims if p.into is not None)
            else:
                writable.update([*loop.reduced, *loop.stored])
        for k, n in enumerate(plan.outputs):
            if plan.nbytes(n) >= BUFFERED and plan.shape[n]:
                self.results[k] = plan.shape[n], self.strong(n)
                if n in writable and n not in self.result_of:
                    self.result_of[n] = k
                    self.text_of[n] = f"r{k}"
                    self._reach_back(n, f"r{k}", made, read_at)

    def _reach_back(self, n: int, name: str, made: Mapping[int, tuple[int, Prim]], last: Mapping[int, int]) -> None:
        """What a result is computed from, entry by entry, may live in the result's memory from the start."""
        plan = self.plan
        while n in made and made[n][1].local:
            at, prim = made[n]
            for a in prim.args:
                m = a.value
                if (
                    m in made and a.text == "{}" and last.get(m) == at and self.root[m] == m and m not in self.text_of
                    and made[m][1].into is not None and plan.shape[m] == plan.shape[n] and self.strong(m) == self.strong(n)
                ):  # fmt: skip
                    self.text_of[m] = name
                    n = m
                    break
            else:
                return

    def _reads(self, segments: Sequence[tuple[Loop | None, list[Prim]]]) -> dict[int, int]:
        """{root value: the last position that reads it}; a loop is one position."""
        last: dict[int, int] = {}
        at = 0
        for loop, prims in segments:
            for prim in prims:
                for arg in prim.args:
                    if arg.value is not None:
                        last[self.root.get(arg.value, arg.value)] = at
                if loop is None:
                    at += 1
            if loop is not None:
                for n in loop.sources:
                    last[self.root.get(n, n)] = at
                at += 1
        for n in self.plan.outputs:
            last[self.root.get(n, n)] = at + 1
        return last

    # --- statements -------------------------------------------------------------------------------------------------

    def _operands(self, prim: Prim) -> list[str]:
        return [a.text if a.value is None else a.text.replace("{}", self.text_of[a.value]) for a in prim.args]

    def _emit(self, depth: int, text: str, prim: Prim | None = None) -> None:
        self.lines.append(INDENT * depth + text)
        if self.profile and prim is not None:
            read = sum(self.plan.nbytes(a.value) for a in prim.args if a.value is not None and type(self.plan.shape[a.value]) is tuple)
            made = self.plan.nbytes(prim.out) if type(self.plan.shape[prim.out]) is tuple and not prim.view else 0
            self.timed.append(Line(text, prim.flops, 0 if prim.view else read + made))
            self.lines.append(INDENT * depth + f"tick({len(self.timed) - 1})")

    def _statement(
        self, prim: Prim, depth: int, buffers: _Buffers, last: Mapping[int, int], at: int, rows: Loop | None
    ) -> None:  # fmt: skip
        """One prim as a line; its operands that die give their buffers back."""
        plan, n = self.plan, prim.out
        operands = self._operands(prim)
        fixed = self.text_of.get(n)  # a result, or a block of a stored value
        if fixed is not None and not prim.view and prim.into is not None:
            self._emit(depth, prim.into.format(*operands, out=fixed), prim)
        elif fixed is not None:
            self._emit(depth, f"{fixed}[...] = {prim.plain.format(*operands)}", prim)
        elif self._buffered(prim, rows):
            shape = self._block_shape(plan.shape[n], rows)
            name = self._inherited(prim, shape, last, at) or buffers.take(shape, self.strong(n))
            self.buffer_of[n] = name
            self.text_of[n] = name
            assert prim.into is not None
            self._emit(depth, prim.into.format(*operands, out=name), prim)
        else:
            plain = prim.plain.format(*operands)
            if prim.view and plain == operands[0]:
                self.text_of[n] = plain
            else:
                self._emit(depth, f"{self.name(n, f't{n}')} = {plain}", prim)
        for a in prim.args:
            if a.value is not None:
                root = self.root.get(a.value, a.value)
                if last.get(root) == at and root in self.buffer_of:
                    self._release(root, buffers)
        if n not in last and self.root.get(n) == n and n in self.buffer_of:
            self._release(n, buffers)

    def _release(self, root: int, buffers: _Buffers) -> None:
        name = self.buffer_of.pop(root)
        if name.startswith(buffers.prefix):
            buffers.give(name)

    def _buffered(self, prim: Prim, rows: Loop | None) -> bool:
        if prim.into is None or prim.view or not self.plan.shape[prim.out]:
            return False
        if rows is not None and row_axis(self.plan.shape[prim.out], rows.size) is not None:
            return True
        return self.plan.nbytes(prim.out) >= BUFFERED

    def _block_shape(self, shape: Shape, rows: Loop | None) -> Shape:
        if rows is None or row_axis(shape, rows.size) is None:
            return shape
        return tuple(rows.block if s == rows.size else s for s in shape)

    def _inherited(self, prim: Prim, shape: Shape, last: Mapping[int, int], at: int) -> str | None:
        """The buffer of an operand that dies here and has this very form."""
        if not prim.local:
            return None
        dtype = self.strong(prim.out)
        for a in prim.args:
            if a.value is None or a.text != "{}" or self.root.get(a.value, a.value) != a.value:
                continue
            name = self.buffer_of.get(a.value)
            if (
                name is not None and last.get(a.value) == at and self.plan.shape[a.value] == self.plan.shape[prim.out]
                and self.strong(a.value) == dtype
                and all(b.text == "{}" or self.root.get(b.value, b.value) != a.value for b in prim.args if b.value is not None)
                and all(b.value == a.value or self.root.get(b.value, b.value) != a.value for b in prim.args if b.value is not None)
            ):  # fmt: skip
                del self.buffer_of[a.value]
                return name
        return None

    # --- loops ------------------------------------------------------------------------------------------------------

    def _loop(
        self, loop: Loop, prims: list[Prim], outer: _Buffers, last: Mapping[int, int], at: int, index: int
    ) -> list[tuple[Shape, str]]:  # fmt: skip
        plan, size = self.plan, loop.size
        for n in loop.stored:  # where the whole value is kept
            if n not in self.result_of:
                name = outer.take(plan.shape[n], self.strong(n))
                self.buffer_of[n] = name
                self.text_of[n] = name
        keep, self.lines = self.lines, []
        whole = dict(self.text_of)
        inner = _Buffers("w")
        inside_last: dict[int, int] = {}
        for k, prim in enumerate(prims):
            for a in prim.args:
                if a.value is not None:
                    inside_last[self.root.get(a.value, a.value)] = k
        blocks: dict[int, str] = {}
        for n in [*loop.sources, *loop.stored]:
            axis = row_axis(plan.shape[n], size)
            text = whole[n] if n in whole else self.text_of[n]
            cut = f"{text}[{':, ' * axis}i:j]"  # type: ignore[operator]
            self._emit(3, f"{self.name(n, self._stem(text))} = {cut}")
            blocks[n] = self.text_of[n]
        saved_buffers, self.buffer_of = self.buffer_of, {}
        sums: dict[int, str] = {}
        for n in loop.reduced:
            self.text_of.pop(n, None)
            sums[n] = f"s{n}"
        kept_results = {n: self.result_of[n] for n in loop.reduced if n in self.result_of}
        for k, prim in enumerate(prims):
            if prim.out in sums:
                inside_last.setdefault(self.root.get(prim.out, prim.out), k)
            self._statement(prim, 3, inner, inside_last, k, loop)
            if prim.out in sums:
                self._emit(3, f"{sums[prim.out]} += {self.text_of[prim.out]}")
        body, self.lines = self.lines, keep
        self.buffer_of = saved_buffers
        self._emit(1, f"def rows_{index}(lo, hi, work):  # {size} rows, {loop.block} at a time")
        if inner.made:
            self._emit(2, f"{', '.join(f'w{k}' for k in range(len(inner.made)))}, = work")
        for n, name in sums.items():
            shape = plan.shape[n]
            zero = f"np.zeros({shape}, np.{self.strong(n)})" if shape else f"np.{self.strong(n)}(0)"
            self._emit(2, f"{name} = {zero}")
        self._emit(2, f"for i in range(lo, hi, {loop.block}):")
        self._emit(3, f"j = min(i + {loop.block}, hi)")
        cuts = []
        for k, (shape, _) in enumerate(inner.made):
            if loop.block in shape:
                axis = shape.index(loop.block)
                cuts.append(f"w{k} = w{k}[{':, ' * axis}:m]")
        used_m = bool(cuts) or any("m" in line for line in body)
        if used_m:
            self._emit(3, "m = j - i")
        if cuts:
            self._emit(3, f"if m < {loop.block}:  # the last block")
            for text in cuts:
                self._emit(4, text)
        self.lines += body
        self._emit(2, f"return [{', '.join(sums.values())}]")
        for n in loop.stored:
            self.text_of[n] = whole[n]
        for n in loop.sources:
            self.text_of[n] = whole[n]
        finals = []
        for n in loop.reduced:
            finals.append(self.name(n, f"t{n}"))
        call = f"loop(rows_{index}, {size}, {loop.block}, {index})"
        self._emit(1, f"{', '.join(finals)}, = {call}" if finals else call)
        for n, k in kept_results.items():
            self._emit(1, f"r{k}[...] = {self.text_of[n]}")
            self.text_of[n] = f"r{k}"
        for n in [*loop.sources, *{a.value for p in prims for a in p.args if a.value is not None}]:
            root = self.root.get(n, n)
            if last.get(root) == at and root in self.buffer_of:
                self._release(root, outer)
        return inner.made

    def _stem(self, text: str) -> str:
        return f"{text}_" if text.isidentifier() else "x_"

    def _returned(self, body: list[str]) -> list[str]:
        """The expressions of the outputs: new memory each."""
        plan, texts = self.plan, []
        owned: set[int] = set()
        for k, n in enumerate(plan.outputs):
            constant = plan.constants.get(n)
            if self.result_of.get(n) == k:
                texts.append(f"r{k}")
                continue
            if isinstance(constant, Uniform) or (constant is not None and np.ndim(constant) == 0):
                lowering = Lowering(plan, self.names)
                text = lowering.tensor(n, plan.dtype[n]).text
            else:
                text = self.text_of[n]
            if k in self.results:
                body.append(f"{INDENT}r{k}[...] = {text}")
                texts.append(f"r{k}")
                continue
            root = self.root.get(n, n)
            mine = constant is None and root not in plan.inputs and root not in self.buffer_of and root not in owned
            owned.add(root)
            texts.append(text if mine and root == n or not plan.shape[n] else f"np.array({text})")
        return texts


def write(
    plan: Plan, items: Sequence[Instruction | Loop], labels: Mapping[int, str], profile: bool = False
) -> Source:  # fmt: skip
    """The source that runs the items of a plan."""
    return Writer(plan, items, labels, profile).write()


def load(source: Source, **names: Any) -> Callable[..., list]:
    """The function `run` of a source."""
    scope = {**source.names, **names}
    exec(compile(source.text, "<symdiff>", "exec"), scope)
    return scope["run"]


def allocate(specs: Iterable[tuple[Shape, str]]) -> list[np.ndarray]:
    return [np.empty(shape, dtype) for shape, dtype in specs]


def size_of(specs: Iterable[tuple[Shape, str]]) -> int:
    """Bytes."""
    return sum(prod(shape) * np.dtype(dtype).itemsize for shape, dtype in specs)
