"""Sums within longer sums, and products of matrices within longer ones, written as they stand elsewhere, so that both
are one shared term: beside ``norm2(x - y)`` the sum ``x - y + z`` is ``(x - y) + z``."""

from collections import Counter
from collections.abc import Callable
from itertools import chain

from . import tree
from .tree import Tree, merged, postorder

MAX_ARGS = 12  # of sums and products that are looked through
MAX_GROUPED = 16  # parts that one formula is grouped by


def grouped(body: Tree, pays: Callable[[Tree, int], bool]) -> Tree:
    """The tree, in which equal parts are one object, with shorter sums and products where longer ones hold them and a
    name for that many uses `pays`."""
    for _ in range(MAX_GROUPED):
        found = _held(body, pays)
        if found is None:
            break
        body = merged(_regrouped(body, *found))
    return body


def _held(body: Tree, pays: Callable[[Tree, int], bool]) -> tuple[Tree, set[int]] | None:
    """(a sum or product, the ids of the longer ones that hold it), the longest that is worth a name."""
    every = list(postorder(body))
    nodes = [t for t in every if t.kind in ("add", "matmul") and len(t.args) <= MAX_ARGS]
    if len(nodes) < 2:
        return None
    uses = Counter(id(a) for t in every for a in (*t.args, *t.below))
    for part in sorted(nodes, key=lambda t: -len(t.args)):
        longer = [t for t in nodes if t.kind == part.kind and len(t.args) > len(part.args)]
        held = [t for t in longer if _place(part, t) is not None]
        if held and pays(part, uses[id(part)] + sum(uses[id(t)] or 1 for t in held)):
            return part, {id(t) for t in held}
    return None


def _regrouped(body: Tree, part: Tree, inside: set[int]) -> Tree:
    """The tree with the part as one operand of these."""
    made: dict[int, Tree] = {}
    for t in chain(postorder(part), postorder(body)):
        new = t.over([made[id(a)] for a in t.args], [made[id(b)] for b in t.below])
        made[id(t)] = _with_part(t, new, made[id(part)], part) if id(t) in inside else new
    return made[id(body)]


def _with_part(t: Tree, new: Tree, made: Tree, part: Tree) -> Tree:
    sign, places = _place(part, t)  # type: ignore[misc]
    at, rest = min(places), [k for k in range(len(t.args)) if k not in places]
    if t.kind == "matmul":
        args = [*new.args[:at], made, *new.args[at + len(places) :]]
        whole = Tree("matmul", t.value, args, options=t.options)
    else:
        terms = [(k, t.value[k], new.args[k]) for k in rest] + [(at, sign, made)]
        whole = tree.add([(s, a) for _, s, a in sorted(terms, key=lambda item: item[0])])
    whole.rank = t.rank
    return whole


def _place(part: Tree, t: Tree) -> tuple[int, list[int]] | None:
    """(sign, positions in t) of the part, whose terms t has with one sign, or whose factors in a row."""
    if t is part:
        return None
    own = [id(a) for a in t.args]
    wanted = [id(a) for a in part.args]
    if t.kind == "matmul":
        for k in range(len(own) - len(wanted) + 1):
            if own[k : k + len(wanted)] == wanted:
                return 1, list(range(k, k + len(wanted)))
        return None
    if len(set(own)) < len(own) or not set(wanted) <= set(own):
        return None
    places = [own.index(i) for i in wanted]
    signs = {t.value[k] * s for k, s in zip(places, part.value, strict=True)}
    return (signs.pop(), places) if len(signs) == 1 else None
