"""Products as networks of atoms, and what their symmetry says: transposes, congruences ``B.T @ S @ B``.

A product of products is unfolded into one list of labelled factors; whether it is symmetric, or one product
is the transpose of another, is a matching of equal factors that carries labels to labels.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .graph import Graph
from .ops.products import CONTRACT
from .unfolding import Unfolding

Known = Mapping[int, frozenset[str]]  # node -> its facts
Matching = tuple[list[int], dict[int, int]]  # (factor for each factor, label for each label)

MAX_FACTORS = 10


class Network(NamedTuple):
    """A product of atoms: factors (node, labels), output labels."""

    factors: list[tuple[int, tuple]]
    out: tuple


def network(g: Graph, n: int) -> Network:
    """The node as one product of atoms: products inside products are unfolded while there are few factors."""
    out = tuple(range(len(g._shape[n])))
    factors, within, k = [(n, out)], Unfolding.after(out), 0
    while k < len(factors):
        m, outer = factors[k]
        if g._op[m] is not CONTRACT or len(factors) + len(g._inputs[m]) - 1 > MAX_FACTORS:
            k += 1
            continue
        labels, inner, _ = g._params[m]
        at = within.inside(inner, outer)
        factors[k : k + 1] = [(j, tuple([at[i] for i in ls])) for j, ls in zip(g._inputs[m], labels, strict=True)]
    return Network([(m, within.roots(ls)) for m, ls in factors], within.roots(out))


def swapped(out: tuple) -> tuple:
    return (*out[:-2], out[-1], out[-2])


def matching(known: Known, a: Network, b: Network, out: tuple) -> Matching | None:
    """(factor of b for each factor of a, label of b for each label of a) that make a the product b with the
    outputs `out`.

    Equal nodes are matched, symmetric ones also with their last two labels exchanged, in at most 400 steps.
    """
    if len(a.factors) != len(b.factors):
        return None
    start: dict[int, int] = {}
    if not _bind(start, a.out, out):
        return None
    stack: list[Matching] = [([], start)]
    steps = 0
    while stack:
        taken, at = stack.pop()
        k = len(taken)
        if k == len(a.factors):
            return taken, at
        steps += 1
        if steps > 400:
            return None
        n, labels = a.factors[k]
        for j in reversed(range(len(b.factors))):
            m, others = b.factors[j]
            if m != n or j in taken:
                continue
            turned = [swapped(others)] if len(set(others[-2:])) == 2 and "symmetric" in known[n] else []
            for target in (*turned, others):
                extended = dict(at)
                if _bind(extended, labels, target):
                    stack.append(([*taken, j], extended))
    return None


def _bind(at: dict, labels: tuple, target: tuple) -> bool:
    """Extend a one-to-one map of labels; False where it does not fit."""
    values = set(at.values())
    for i, j in zip(labels, target, strict=True):
        if i in at:
            if at[i] != j:
                return False
        elif j in values:
            return False
        else:
            at[i] = j
            values.add(j)
    return True


def transposes(g: Graph, known: Known, n: int, m: int) -> bool:
    """n is the matrix transpose of m."""
    a, b = network(g, n), network(g, m)
    return len(a.out) == len(b.out) >= 2 and matching(known, a, b, swapped(b.out)) is not None


def is_semidefinite(known: Known, a: Network, found: Matching) -> bool:
    """The network is B' C B: the matching exchanges its halves, what it leaves in place is psd or >= 0."""
    taken, at = found
    if any(taken[taken[k]] != k for k in range(len(taken))) or any(at.get(at[i]) != i for i in at):
        return False
    halves: dict[int, int] = {}  # label -> side
    matrix = len(a.out) >= 2
    if matrix:
        if a.out[-1] == a.out[-2]:
            halves[a.out[-1]] = 0
        else:
            halves[a.out[-2]], halves[a.out[-1]] = 1, -1
    pending = []
    for k, (n, labels) in enumerate(a.factors):
        moved = [i for i in labels if at[i] != i]
        if taken[k] == k:
            if moved and not (len(labels) >= 2 and "psd" in known[n] and set(moved) == set(labels[-2:])):
                return False
            if not moved and "nonnegative" not in known[n]:
                return False
        elif moved:
            pending.append(moved)
    while pending:  # spread the sides; a part that is not yet connected takes either
        ready = next((ls for ls in pending if any(i in halves for i in ls)), pending[0])
        pending.remove(ready)
        side = next((halves[i] for i in ready if i in halves), 1)
        for i in ready:
            if halves.setdefault(i, side) != side or halves.setdefault(at[i], -side) != -side:
                return False
    return True


def symmetries(known: Known, a: Network) -> list[str]:
    """Which of symmetric, psd, invertible, spd the product is by its form; its output is a square matrix."""
    found = []
    exchange = matching(known, a, a, swapped(a.out))
    if exchange is not None:
        found.append("symmetric")
        if is_semidefinite(known, a, exchange):
            found.append("psd")
    if is_invertible_chain(known, a):
        found.append("spd" if "psd" in found else "invertible")
    return found


def is_invertible_chain(known: Known, a: Network) -> bool:
    """A chain of invertible matrices, every summed label joining two of them; times positive scalars."""
    count: dict[int, int] = {}
    chain = [(n, labels) for n, labels in a.factors if len(labels) == 2 and "invertible" in known[n]]
    for _, labels in chain:
        for i in labels:
            count[i] = count.get(i, 0) + 1
    for n, labels in a.factors:
        if (n, labels) not in chain and not ("positive" in known[n] and count.keys().isdisjoint(labels)):
            return False
    summed = [i for i in count if i not in a.out]
    return (
        len(a.out) == 2 and len(summed) == len(chain) - 1
        and all(count[i] == 2 for i in summed) and all(count.get(i) == 1 for i in a.out)
    )  # fmt: skip


def is_definite_form(known: Known, a: Network) -> bool:
    """A scalar such as ``x @ S @ x`` or ``(X @ x) @ (X @ x)``: the trace of a psd matrix around a cut."""
    cuts = []
    for k, (n, labels) in enumerate(a.factors):
        if len(labels) == 2 and labels[0] != labels[1] and "psd" in known[n]:
            cuts.append(Network(a.factors[:k] + a.factors[k + 1 :], labels))
    for i in {i for _, labels in a.factors for i in labels}:
        at = [k for k, (_, labels) in enumerate(a.factors) if i in labels]
        if len(at) == 2:
            n, labels = a.factors[at[1]]
            opened = (n, tuple(-1 if j == i else j for j in labels))
            cuts.append(Network([*a.factors[: at[1]], opened, *a.factors[at[1] + 1 :]], (i, -1)))
    for cut in cuts:
        exchange = matching(known, cut, cut, swapped(cut.out))
        if exchange is not None and is_semidefinite(known, cut, exchange):
            return True
    return False


def components(factors: Sequence[Any]) -> list[list[Any]]:
    """Factors ``(what, labels, ...)`` joined where they share a label."""
    groups: list[tuple[set, list[Any]]] = []
    for factor in factors:
        labels, members, rest = set(factor[1]), [factor], []
        for group in groups:
            if labels.isdisjoint(group[0]):
                rest.append(group)
            else:
                labels |= group[0]
                members = group[1] + members
        groups = [*rest, (labels, members)]
    return [members for _, members in groups]
