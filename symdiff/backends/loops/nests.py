"""Steps of a plan -> nests of loops: which values are stored, which are made where they are read, in which loops.

A *root* is a value that a nest stores or sums; every other value is made again at each entry that wants it. A nest has
rows, taken in any order by any thread, and one inner loop over each row, several times where a sum over the row must be
whole before its entries are used: its *stages*. Roots with the same loops share a nest unless one reads of another what
another row makes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import product
from math import inf, prod
from typing import Any, NamedTuple

from ...program import Instruction
from ..plan import Plan, Shape, Uniform
from .entries import (
    ORIGIN,
    UNROLLED,
    Index,
    Place,
    columns,
    fuses,
    is_fold,
    is_low,
    is_reduction,
    is_thin,
    labels_of,
    needs,
    sizes_of,
    summed,
    terms,
    weight,
    widest_of,
)  # fmt: skip
from .primitives import decomposed, laid_out

Space = tuple[tuple[int, ...], int]  # sizes of the rows, entries of a row

AGAIN = 24  # additions that are made again rather than an array is stored
AGAIN_IN_ROW = 12  # and rather than a row is kept
AGAIN_EACH, MANY_ROWS = 6, 8  # and for each of so many rows
HEAVIEST = 400  # additions that an entry of a root may cost: code of so many takes LLVM 0.1 s
FULL = 800  # additions of the roots of a nest
WRITTEN = 4  # times those that code may have where parts of values are written out
LONG = 64  # entries of the loop beside a last axis that is written out
KEPT = 4096  # entries of a row that is kept beside the loops
LEAST = 512  # entries from which loops pay
FEW = 4000  # additions of nests that are compiled beside calls: those take LLVM a second
GAIN = 1 << 15  # bytes of memory traffic that a nest must save


class Root(NamedTuple):
    """A value, or a part of it along a short axis, that a nest makes.

    kind   "map": each entry of a row; "row": a sum or extreme over a row; "sum": over rows
    place  where it is in the value           at  the position of each label of a reduction
    """

    node: int
    kind: str
    place: Place
    at: dict[int, Index]


@dataclass
class Nest:
    """Loops over rows and entries that make values together.

    stages   roots by the pass over the row in which they are made
    sources  values that it reads from memory        stored  values that it writes there
    kept     values of a row that later stages read and nothing else
    written  how many entries of a value at most are written out for each number of the loops
    """

    plan: Plan
    rows: tuple[int, ...]
    inner: int
    stages: list[list[Root]]
    steps: Mapping[int, Instruction]
    virtual: frozenset[int]
    sources: list[int] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    written: int = 1

    @property
    def roots(self) -> list[Root]:
        return [root for stage in self.stages for root in stage]

    @property
    def entries(self) -> int:
        return prod(self.rows) * self.inner * self.written

    @property
    def flops(self) -> int:
        """In additions."""
        own = self.virtual | {root.node for root in self.roots}
        return self.entries * sum(weight(self.steps[n]) for n in own)


def choose(plan: Plan, most: float = inf) -> list[Instruction | Nest]:
    """The plan as nests where they save memory traffic, and the other steps, in order; no nests where an entry of each
    costs more than `most` additions in all."""
    plan.steps = decomposed(plan)
    exact: set[int] = set()
    fusable = {
        s.node for s in plan.steps if fuses(plan, s, exact) and (is_reduction(plan, s) or prod(plan.shape[s.node]) > 1)
    }
    fusable -= laid_out(plan, [s for s in plan.steps if s.node in fusable and (is_thin(plan, s) or is_low(plan, s))])
    while True:
        grouping = Grouping(plan, fusable)
        poor = [nest for nest in grouping.nests if not _pays(nest)]
        if not poor:
            total = sum(grouping.weight(grouping.made_by(nest)) for nest in grouping.nests)
            return grouping.ordered() if total <= most else list(plan.steps)
        made = {n for nest in poor for n in grouping.made_by(nest)}
        fusable -= made


def _pays(nest: Nest) -> bool:
    """It saves traffic: values that are never in memory, and sources that several steps read."""
    if nest.entries < LEAST:
        return False
    plan, made = nest.plan, nest.virtual | {root.node for root in nest.roots}
    own = [nest.steps[n] for n in made]
    if any(is_thin(plan, s) for s in own):
        return True
    if sum(weight(s) > 0 for s in own) < 2:
        return False
    moved = sum(plan.nbytes(i) for s in own for i in dict.fromkeys((s.node, *s.inputs)) if i not in plan.constants)
    return moved - sum(map(plan.nbytes, (*nest.sources, *nest.stored))) >= GAIN


class Grouping:
    """Which steps are roots of which nests, when these steps can be in nests."""

    def __init__(self, plan: Plan, fusable: set[int]):
        self.plan, self.fusable = plan, fusable
        self.steps = {s.node: s for s in plan.steps}
        self.position = {s.node: k for k, s in enumerate(plan.steps)}
        self.folded = folded_rows(plan, [s for s in plan.steps if s.node in fusable])
        self.parts = {s.node: _parts(plan.shape[s.node], self.folded) for s in plan.steps}
        self.stored = self._wanted()
        self._group()
        again = self._made_again()
        if again:
            self.stored |= again
            self._group()

    def _wanted(self) -> set[int]:
        """Values that must be in memory, or are reductions, or would have too many steps."""
        plan = self.plan
        stored = set(plan.outputs)
        for s in plan.steps:
            if s.node not in self.fusable:
                stored.update(s.inputs)
            elif is_reduction(plan, s):
                stored.add(s.node)
                if is_thin(plan, s):
                    stored.add(small_of(plan, s))
        above: dict[int, frozenset[int]] = {}
        for s in plan.steps:
            own = frozenset((s.node,)).union(*(above.get(i, ()) for i in s.inputs))
            if self.weight(own) > HEAVIEST:
                stored.add(s.node)
            above[s.node] = frozenset() if s.node in stored or s.node not in self.fusable else own
        return stored

    def is_virtual(self, n: int) -> bool:
        return n in self.fusable and n not in self.stored

    # --- nests ----------------------------------------------------------------------------------------------

    def _group(self) -> None:
        plan, level, place_of = self.plan, dict[int, int](), dict[int, tuple[tuple[Space, int], set[Place]]]()
        self.reads: dict[int, set[tuple[int, Place]]] = {}  # of a root: what it reads from memory
        self.inside: dict[int, set[tuple[int, Place]]] = {}  # and what it makes on the way
        self.level = level
        stage: dict[int, int] = {}
        kind: dict[int, str] = {}
        groups: dict[tuple[Space, int], list[list[Root]]] = defaultdict(list)
        for s in plan.steps:
            n = s.node
            if n not in self.fusable:
                level[n] = max([level.get(i, -1) for i in s.inputs], default=-1)
                continue
            if n not in self.stored:
                continue
            space, roots = roots_of(plan, s, self.folded)
            read, self.inside[n] = self._traced(roots)
            self.reads[n] = read
            at, first = 0, 0
            for u, place in read:
                if u not in self.steps:
                    continue
                home, places = place_of.get(u, (None, set()))
                same_row = home is not None and home[0] == space and place in places and kind[u] != "sum"
                at = max(at, level[u] if same_row else level[u] + 1)
            for u, _ in read:
                if u in place_of and place_of[u][0] == (space, at) and level[u] == at:
                    first = max(first, stage[u] + (kind[u] == "row"))
            level[n], stage[n], kind[n] = at, first, roots[0].kind
            place_of[n] = (space, at), {root.place for root in roots}
            groups[space, at].append(roots)
        self.nests = []
        self.order: list[tuple[int, Nest]] = []
        for (space, at), members in groups.items():
            for part in self._parted(members):
                nest = self._nest(space, part, stage)
                self.nests.append(nest)
                self.order.append((at, nest))
        self._store()

    def weight(self, own: Iterable[int]) -> int:
        """What an entry of so many steps costs, in additions; each step takes some code, for each part that is written
        out."""
        costs = [(1 + weight(self.steps[n]), self.parts[n]) for n in own]
        return max(sum(cost for cost, _ in costs), sum(cost * parts for cost, parts in costs) // WRITTEN)

    def _parted(self, members: Sequence[list[Root]]) -> list[list[list[Root]]]:
        """Roots for one nest after the other, none with too many steps."""
        parts: list[list[list[Root]]] = []
        own: set[int] = set()
        for roots in members:
            more = {n for n, _ in self.inside[roots[0].node]} | {roots[0].node}
            if not parts or self.weight(own | more) > FULL:
                parts.append([])
                own = set()
            parts[-1].append(roots)
            own |= more
        return parts

    def _nest(self, space: Space, members: Sequence[Sequence[Root]], stage: Mapping[int, int]) -> Nest:
        stages: list[list[Root]] = []
        for roots in members:
            while len(stages) <= stage[roots[0].node]:
                stages.append([])
            stages[stage[roots[0].node]] += roots
        stages = [part for part in stages if part]
        virtual = {n for roots in members for n, _ in self.inside[roots[0].node]}
        written = max(self.parts[n] for n in virtual.union(roots[0].node for roots in members))
        return Nest(self.plan, *space, stages, self.steps, frozenset(virtual), written=written)

    def _store(self) -> None:
        """What nests read from memory and write there: a value of one nest alone need not be written."""
        plan = self.plan
        readers: dict[int, set[int]] = defaultdict(set)
        for k, nest in enumerate(self.nests):
            for root in nest.roots:
                for u, _ in self.reads[root.node]:
                    readers[u].add(k)
        outside = set(plan.outputs).union(*(s.inputs for s in plan.steps if s.node not in self.fusable))
        for k, nest in enumerate(self.nests):
            own = dict.fromkeys(root.node for root in nest.roots)
            kinds = {root.node: root.kind for root in nest.roots}
            read = dict.fromkeys(u for root in nest.roots for u, _ in sorted(self.reads[root.node]) if u not in own)
            nest.sources = [u for u in read if is_array(plan, u)]
            for n in own:
                local = n not in outside and readers[n] <= {k} and kinds[n] != "sum"
                if not local or (kinds[n] == "map" and nest.inner > KEPT and nest.rows):
                    nest.stored.append(n)
                elif kinds[n] == "map":
                    nest.kept.append(n)

    def _traced(self, roots: Iterable[Root]) -> tuple[set[tuple[int, Place]], set[tuple[int, Place]]]:
        """(entries that roots read from memory, entries that they make on the way)"""
        read, made = set(), set()
        heap: list[tuple[int, int, Place]] = []

        def want(n: int, place: Place) -> None:
            if not self.is_virtual(n):
                read.add((n, place))
            elif (n, place) not in made:
                made.add((n, place))
                heappush(heap, (-self.position[n], n, place))

        for root in roots:
            for need in needs_of(self.plan, self.steps[root.node], root):
                want(need.value, need.place)
        while heap:
            _, n, place = heappop(heap)
            for need in needs(self.plan, self.steps[n], place):
                want(need.value, need.place)
        return read, made

    # --- what is made more than once ------------------------------------------------------------------------

    def _made_again(self) -> set[int]:
        """Values made in several loops, at several places in one, or for each of many rows, whose making is more than
        storing them."""
        times: dict[int, dict[tuple[int, int], set[Place]]] = defaultdict(lambda: defaultdict(set))
        for k, nest in enumerate(self.nests):
            for j, stage in enumerate(nest.stages):
                for root in stage:
                    for n, place in self.inside[root.node]:
                        if any(i.loop == len(nest.rows) for i in place):
                            times[n][k, j].add(place)
        cost: dict[int, int] = {}
        for s in self.plan.steps:
            if s.node in times:
                cost[s.node] = min(1 << 20, weight(s) + sum(cost.get(i, 0) for i in s.inputs))
        parts = {n: self._parts_of(n, {place for places in found.values() for place in places})
                 for n, found in times.items()}  # fmt: skip
        count = {n: {key: -(-len(places) // parts[n]) for key, places in found.items()} for n, found in times.items()}
        consumers: dict[int, list[int]] = defaultdict(list)
        for s in self.plan.steps:
            for i in s.inputs:
                consumers[i].append(s.node)
        each = {n for n in times if cost[n] >= AGAIN_EACH and self._is_made_for_each_row(times[n])}
        found = {n for n in each if not each.issuperset(consumers[n])}
        for n, places in count.items():
            total, nests = sum(places.values()), {k for k, _ in places}
            limit = AGAIN_IN_ROW if len(nests) == 1 and all(c == 1 for c in places.values()) else AGAIN
            top = all(count.get(c) != places for c in consumers[n])
            if top and (total - 1) * cost[n] > limit:
                found.add(n)
        return found

    def _is_made_for_each_row(self, times: Mapping[tuple[int, int], Iterable[Place]]) -> bool:
        """Some nest makes its entries anew for each of many rows."""
        for (k, _), places in times.items():
            rows = self.nests[k].rows
            used = {i.loop for place in places for i in place}
            if prod(size for at, size in enumerate(rows) if at not in used) >= MANY_ROWS:
                return True
        return False

    def _parts_of(self, n: int, places: Iterable[Place]) -> int:
        """How many entries of a value each number of the loops has: those along axes that are written out."""
        axes = zip(self.plan.shape[n], *places, strict=True)
        return prod(size for size, *at in axes if all(i.loop < 0 for i in at))

    def made_by(self, nest: Nest) -> set[int]:
        return {root.node for root in nest.roots} | set(nest.virtual)

    def ordered(self) -> list[Instruction | Nest]:
        """Nests of a level, then the steps that wait for them."""
        calls = [s for s in self.plan.steps if s.node not in self.fusable]
        top = max([at for at, _ in self.order], default=-1)
        top = max([top, *(self.level[s.node] for s in calls)])
        items: list[Instruction | Nest] = []
        for at in range(-1, top + 1):
            items += [nest for k, nest in self.order if k == at]
            items += [s for s in calls if self.level[s.node] == at]
        return items


def small_of(plan: Plan, step: Instruction) -> int:
    """The operand of a thin product that each row reads at all columns: it is not made again for each."""
    labels, _ = labels_of(plan, step)
    return step.inputs[labels[0] == widest_of(labels, sizes_of(plan, step))]


def is_array(plan: Plan, n: int) -> bool:
    """It is read from memory: not a number that is known."""
    constant = plan.constants.get(n)
    return constant is None or not (isinstance(constant, Uniform) or getattr(constant, "ndim", 0) == 0)


# --- roots ------------------------------------------------------------------------------------------------------------


def roots_of(plan: Plan, step: Instruction, folded: frozenset[Shape]) -> tuple[Space, list[Root]]:
    """The loops that make a value, and it in parts: a last axis that is short beside others is written out."""
    shape = plan.shape[step.node]
    if is_reduction(plan, step):
        labels, out = labels_of(plan, step)
        sizes = sizes_of(plan, step)
        widest = widest_of(labels, sizes)
    else:
        out = widest = tuple(range(len(shape)))
        sizes = dict(enumerate(shape))
    axes = [i for i in widest if sizes[i] > 1]
    parts: list[Mapping[int, Index]] = [{}]
    few = [i for i in columns(plan, step) if i != axes[-1]] if is_reduction(plan, step) else []
    if _is_short(tuple([sizes[i] for i in axes]), folded, prod(sizes[i] for i in few)):
        last = axes.pop()
        if last in out:
            parts = [{last: Index(k)} for k in range(sizes[last])]
        short = {last}
    else:
        short = set()
    if not axes:
        axes = [next(iter(widest))]
    if is_reduction(plan, step):
        numbers = product(*[range(sizes[i]) for i in few])
        parts = [{**part, **dict(zip(few, map(Index, ks), strict=True))} for ks in numbers for part in parts]
        short.update(few)
    at = {i: Index(0, k, 1) for k, i in enumerate(axes)}
    at |= {i: ORIGIN for i in sizes if i not in at and i not in short}
    kind = "map"
    if is_reduction(plan, step):
        kept = set(axes) & set(out)
        kind = "row" if axes[-1] not in kept and kept == set(axes[:-1]) and kept else "sum"
    found = []
    for part in parts:
        where = {**at, **part}
        found.append(Root(step.node, kind, tuple([where[i] for i in out]), where))
    return (tuple([sizes[i] for i in axes[:-1]]), sizes[axes[-1]]), found


def folded_rows(plan: Plan, steps: Iterable[Instruction]) -> frozenset[Shape]:
    """Shapes (less axes of size 1) with a short last axis over which a step folds: rows that are worth writing out."""
    found = set()
    for step in steps:
        if is_fold(step):
            gone = summed(plan, step)
            for n, ls in zip(step.inputs, labels_of(plan, step)[0], strict=True):
                axes = [(size, i) for size, i in zip(plan.shape[n], ls, strict=True) if size > 1]
                sizes = tuple([size for size, _ in axes])
                if len(axes) > 1 and sizes[0] >= LONG and sizes[-1] <= UNROLLED:
                    is_row = axes[-1][1] in gone and axes[0][1] not in gone
                    found.update([sizes] if is_row else [])
    return frozenset(found)


def _is_short(sizes: Shape, folded: frozenset[Shape], times: int = 1) -> bool:
    """The last axis is written out, so many times: the one before makes the longer loop."""
    is_row = sizes in folded or (len(sizes) > 2 and sizes[-1] <= UNROLLED // 2)
    return len(sizes) > 1 and is_row and sizes[-1] * times <= UNROLLED


def _parts(shape: Any, folded: frozenset[Shape]) -> int:
    """How many entries of a value are written out for each number of the loops."""
    sizes = tuple([size for size in shape if size != 1]) if type(shape) is tuple else ()
    return sizes[-1] if _is_short(sizes, folded) else 1


def needs_of(plan: Plan, step: Instruction, root: Root) -> list:
    """What one entry of a root's loops needs."""
    if root.kind == "map":
        return needs(plan, step, root.place)
    return [need for term in terms(plan, step, root.at) for need in term]
