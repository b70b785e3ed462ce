"""A nest as a function of LLVM: ``nest(first row, row after the last, table of addresses)``.

A row has its own numbers (sums over it, factors of all its entries), the entries come as vectors. Where what is placed
or joined begins and ends, the loop over a row is split, so that each part is without conditions. The last entries of a
part are computed with some of those before them, in a whole vector: they are the same numbers again, and sums leave
them out.
"""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from ..ir import Value, where
from .arithmetic import Arithmetic
from .entries import Index, Need, Place, needs, neutral
from .memory import Key, Span
from .nests import Root, is_array, needs_of

CHUNK = 2048  # entries that a loop without rows takes at a time: their sums are added to the total


class Writer(Arithmetic):
    """Writes the function of one nest."""

    # --- the function ---------------------------------------------------------------------------------------

    def write(self) -> Any:
        nest, build = self.nest, self.build
        lo, hi, table = self.function.args
        for k, n in enumerate((*nest.sources, *nest.stored)):
            address = build.load(build.gep(table, [self.number(k)]))
            self.base[n] = build.inttoptr(address, self.memory(n).as_pointer())
        later = {n for k, stage in enumerate(nest.stages) for n in self._reads_of(stage) if self.stage_of.get(n, k) < k}
        for n in nest.kept:
            if n in later:
                parts = len({root.place for root in nest.roots if root.node == n})
                self.base[n] = build.alloca(self.memory(n), self.number(parts * nest.inner))
        self.buffered = {n for n in nest.kept if n in self.base}
        self.loop(lo, hi, 1 if nest.rows else CHUNK, [], self._row_of(hi), whole=False)
        build.ret_void()
        return self.module

    def _reads_of(self, stage: Sequence[Root]) -> set[int]:
        return {n for n, _ in self._entries(stage, None)[1]}

    def _row_of(self, hi: Any) -> Callable[[Any, list], list]:
        def row(number: Any, _: list) -> list:
            build, nest = self.build, self.nest
            self.loops = {}
            if nest.rows:
                self.start, self.stop = self.number(0), self.number(nest.inner)
                rest = number
                for k in reversed(range(1, len(nest.rows))):
                    size = self.number(nest.rows[k])
                    self.loops[k], rest = build.urem(rest, size), build.udiv(rest, size)
                self.loops[0] = rest
            else:
                self.start = number
                after = build.add(number, self.number(CHUNK))
                self.stop = build.select(build.icmp_signed("<", after, hi), after, hi)
            self.scalars: dict[Key, Value] = {}  # values of the row
            self.clamped: dict[tuple[Index, int], int] = {}
            self.splats: dict[Key, Value] = {}
            for stage in nest.stages:
                self._stage(stage)
            return []

        return row

    def loop(
        self,
        start: Any,
        stop: Any,
        step: int,
        carried: list[Any],
        inside: Callable[[Any, list], list],
        whole: bool = True,
    ) -> tuple[Any, list[Any]]:
        """Steps from start on that end before stop, or, unless `whole`, that begin before it: where the next would
        begin, and what is carried on."""
        build, body = self.build, self.row[64]
        reach = self.number(step if whole else 1)
        loop, after, before = body.block(), body.block(), build.block
        build.cbranch(build.icmp_signed("<=", build.add(start, reach), stop), loop, after)
        build.position_at_end(loop)
        at = build.phi(self.long)
        at.add_incoming(start, before)
        phis = [build.phi(value.type) for value in carried]
        for phi, value in zip(phis, carried, strict=True):
            phi.add_incoming(value, before)
        results = inside(at, list(phis))
        following, end = build.add(at, self.number(step)), build.block
        at.add_incoming(following, end)
        for phi, value in zip(phis, results, strict=True):
            phi.add_incoming(value, end)
        build.cbranch(build.icmp_signed("<=", build.add(following, reach), stop), loop, after)
        build.position_at_end(after)
        joined = []
        for first, last in zip((start, *carried), (following, *results), strict=True):
            phi = build.phi(first.type)
            phi.add_incoming(first, before)
            phi.add_incoming(last, end)
            joined.append(phi)
        return joined[0], joined[1:]

    # --- what a stage makes -------------------------------------------------------------------------------------

    def _entries(self, stage: Sequence[Root], part: tuple[int, int] | None) -> tuple[dict[Key, list[Need]], set[Key]]:
        """Entries that a stage makes in a part of the inner loop, with what they need, and those that it reads."""
        k = self.nest.stages.index(list(stage))
        made: dict[Key, list[Need]] = {}
        loads: set[Key] = set()
        heap: list[tuple[int, int, Place]] = []

        def want(n: int, place: Place) -> None:
            own = n in self.nest.virtual or (self.stage_of.get(n) == k and self.kind[n] == "map")
            if not own:
                loads.add((n, place))
            elif (n, place) not in made:
                made[n, place] = []
                heappush(heap, (-self.position[n], n, place))

        for root in stage:
            if root.kind == "map":
                want(root.node, root.place)
            else:
                for need in needs_of(self.plan, self.nest.steps[root.node], root):
                    want(need.value, need.place)
        while heap:
            _, n, place = heappop(heap)
            found = [need for need in needs(self.plan, self.nest.steps[n], place) if self._reached(need, part)]
            made[n, place] = found if part is None else [self._within(need) for need in found]
            for need in made[n, place]:
                want(need.value, need.place)
        return {key: made[key] for key in sorted(made, key=lambda key: self.position[key[0]])}, loads

    def _reached(self, need: Need, part: tuple[int, int] | None) -> bool:
        """Some entry of this part needs it."""
        if part is None:
            return True
        for at, size in need.inside:
            if at.loop < 0 and not 0 <= at.offset < size:
                return False
            if at.loop == self.inner and not 0 <= at.offset + at.step * part[0] < size:
                return False
        return True

    def _within(self, need: Need) -> Need:
        """Conditions on the row are left; the positions that they are about stay within their axes."""
        inside = tuple([(at, size) for at, size in need.inside if at.loop >= 0 and at.loop != self.inner])
        if not inside:
            return need._replace(inside=())
        limited = {at: Index(0, self._clamped(at, size), 1) for at, size in inside}
        return need._replace(place=tuple([limited.get(at, at) for at in need.place]), inside=inside)

    def _clamped(self, at: Index, size: int) -> int:
        """The number of a loop variable that is a position limited to an axis."""
        found = self.clamped.get((at, size))
        if found is None:
            found = self.clamped[at, size] = self.inner + 1 + len(self.clamped)
            build, value = self.build, self.position_of(at)
            zero, last = self.number(0), self.number(size - 1)
            value = build.select(build.icmp_signed("<", value, zero), zero, value)
            self.loops[found] = build.select(build.icmp_signed(">", value, last), last, value)
        return found

    def _parts(self, stage: Sequence[Root]) -> list[tuple[int, int]]:
        """The inner loop split where something begins or ends."""
        entries, _ = self._entries(stage, None)
        cuts = {0, self.nest.inner}
        for found in entries.values():
            for need in found:
                for at, size in need.inside:
                    if at.loop == self.inner:
                        ends = (-at.offset, size - at.offset) if at.step > 0 else (at.offset + 1, at.offset + 1 - size)
                        cuts.update(-(-end // abs(at.step)) for end in ends)
        ordered = sorted(cut for cut in cuts if 0 <= cut <= self.nest.inner)
        return list(pairwise(ordered))

    def _stage(self, stage: Sequence[Root]) -> None:
        totals = [root for root in stage if root.kind != "map" and not self._is_along(root)]
        carried = [self._identity(root).at for root in totals]
        for part in self._parts(stage):
            carried = self._part(stage, totals, part, carried)
        for root, total in zip(totals, carried, strict=True):
            value = self._across(root, total)
            if root.kind == "row":
                self.scalars[root.node, root.place] = value
                if root.node in self.base:
                    self._store(root.node, root.place, value, None)
            else:
                old = self._load(root.node, root.place, None)
                self._store(root.node, root.place, self._combined(root, old, value), None)

    def _is_along(self, root: Root) -> bool:
        """Each entry of the row has a sum of its own, in memory."""
        return any(at.loop == self.inner for at in root.place)

    def _part(self, stage: Sequence[Root], totals: list[Root], part: tuple[int, int], carried: list) -> list:
        """One part of the inner loop."""
        entries, loads = self._entries(stage, part)
        self._prepare(entries, loads)
        build = self.build
        start, stop = (self.number(end) for end in part)
        low = start
        if not self.nest.rows:
            start = build.select(build.icmp_signed(">", self.start, start), self.start, start)
            stop = build.select(build.icmp_signed("<", self.stop, stop), self.stop, stop)

        def body(span: Span, values: list) -> list:
            return self._body(stage, entries, loads, totals, span, values)

        def last(at: Any, values: list) -> list:
            """The vector at an entry, or the last whole one, where entries before are not new."""
            first = build.sub(stop, self.number(self.lanes))
            first = build.select(build.icmp_signed("<", at, first), at, first)
            first = build.select(build.icmp_signed(">", first, low), first, low)
            return body(Span(first, self._new(first, at, stop)), values)

        size, work = part[1] - part[0], len(entries) + len(totals)
        if size >= self.lanes:
            return self._vectors(body, last, totals, start, stop, size, work, carried)
        span = Span(low, self._new(low, start, stop), self.number(part[1] - 1))
        return self._under(build.icmp_signed("<", start, stop), carried, lambda values: body(span, values))

    def _vectors(
        self, body: Callable[[Span, list], list], last: Callable[[Any, list], list], totals: list[Root], start: Any,
        stop: Any, size: int, work: int, carried: list,
    ) -> list:  # fmt: skip
        """Vectors from start to stop, several at a time where they are short work, then those that are left."""
        lanes, build = self.lanes, self.build
        times = 4 if work <= 8 else 2 if work <= 24 else 1
        even = bool(self.nest.rows) and size % lanes == 0
        if times == 1 and not even:  # long work is written once
            return self.loop(start, stop, lanes, carried, last, whole=False)[1]

        def several(count: int) -> Callable[[Any, list], list]:
            def inside(at: Any, values: list) -> list:
                for k in range(count):
                    values[k::count] = body(Span(build.add(at, self.number(k * lanes))), values[k::count])
                return values

            return inside

        if times > 1 and size >= times * lanes:
            copies = [
                value if k == 0 else self._identity(root).at
                for root, value in zip(totals, carried, strict=True) for k in range(times)
            ]  # fmt: skip
            start, copies = self.loop(start, stop, times * lanes, copies, several(times))
            carried = [
                self._merged(root, copies[k * times : (k + 1) * times]) for k, root in enumerate(totals)
            ]  # fmt: skip
            if not even:
                return self.loop(start, stop, lanes, carried, last, whole=False)[1]
            if size % (times * lanes) == 0:
                return carried
        start, carried = self.loop(start, stop, lanes, carried, several(1))
        if even:
            return carried
        return self._under(build.icmp_signed("<", start, stop), carried, lambda values: last(start, values))

    def _new(self, first: Any, start: Any, stop: Any) -> Any:
        """Which lanes from `first` on are of the entries from start to stop."""
        ir, build = self.ir, self.build
        kind = ir.VectorType(self.long, self.lanes)
        lanes = build.add(self._spread(first, kind), ir.Constant(kind, list(range(self.lanes))))
        return build.and_(
            build.icmp_signed(">=", lanes, self._spread(start, kind)),
            build.icmp_signed("<", lanes, self._spread(stop, kind)),
        )

    def _under(self, condition: Any, carried: list, inside: Callable[[list], list]) -> list:
        """What is carried on, after `inside` where the condition holds."""
        build, body = self.build, self.row[64]
        then, after, before = body.block(), body.block(), build.block
        build.cbranch(condition, then, after)
        build.position_at_end(then)
        results, end = inside(list(carried)), build.block
        build.branch(after)
        build.position_at_end(after)
        joined = []
        for first, last in zip(carried, results, strict=True):
            phi = build.phi(first.type)
            phi.add_incoming(first, before)
            phi.add_incoming(last, end)
            joined.append(phi)
        return joined

    # --- one vector of entries ------------------------------------------------------------------------------------

    def _prepare(self, entries: dict[Key, list[Need]], loads: set[Key]) -> None:
        """The numbers of the row that a part needs, before its loop."""
        for n, place in sorted(loads):
            if not self._is_wide(place) and is_array(self.plan, n) and (n, place) not in self.scalars:
                self.scalars[n, place] = self._load(n, place, None)
        for (n, place), found in entries.items():
            if not self._is_wide(place) and (n, place) not in self.scalars:
                step = self.nest.steps[n]
                values = [self._operand(need, self.row[64], None) for need in found]
                self.scalars[n, place] = self._applied(step, found, values, self.row)

    def _body(
        self, stage: Sequence[Root], entries: dict[Key, list[Need]], loads: set[Key], totals: list[Root], span: Span,
        carried: list
    ) -> list:  # fmt: skip
        values: dict[Key, Value] = {}
        self.splats = {}
        for n, place in sorted(loads):
            if self._is_wide(place) and is_array(self.plan, n):
                values[n, place] = self._load(n, place, span)
        for (n, place), found in entries.items():
            if self._is_wide(place):
                operands = [self._operand(need, self.wide[64], values) for need in found]
                values[n, place] = self._applied(self.nest.steps[n], found, operands, self.wide)
        results = list(carried)
        for root in stage:
            if root.kind == "map":
                if root.node in self.base:
                    self._store(root.node, root.place, values[root.node, root.place], span)
                continue
            term = self._term(root, values)
            if span.new is not None:
                term = where(Value(term.body, span.new), term, neutral(self.nest.steps[root.node].op))
            if root in totals:
                k = totals.index(root)
                results[k] = self._combined(root, Value(term.body, results[k]), term).at
            else:
                old = self._load(root.node, root.place, span)
                self._store(root.node, root.place, self._combined(root, old, term), span)
        return results
