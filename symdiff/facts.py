"""What is known of a node's value: symmetric, positive definite, positive, nonzero.

Facts come from the assumptions on variables and pass through the ops: the inverse of an spd matrix is spd,
``A + A.T`` and ``B.T @ S @ B`` are symmetric, exp is positive. They are sufficient, not necessary: a fact
that is missing is unknown. Elementwise facts (positive, nonnegative, nonzero) are of every entry;
matrix facts are of the last two axes.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from .facets import ELEMENTWISE, Facts, Rule, always, closed, definiteness, from_values
from .graph import CONSTANT, SIZE, VARIABLE, Graph
from .networks import Network, is_definite_form, network, symmetries, transposes
from .op import Op
from .ops.products import ADD, CONTRACT

NONE: Facts = frozenset()

_MATRIX = frozenset({"symmetric", "psd", "spd", "invertible", "orthogonal"})
_POSITIVE: Facts = frozenset({"positive", "nonnegative", "nonzero"})

def facts(g: Graph, node: int) -> Facts:
    """What is known of a node.

    >>> import symdiff as sd
    >>> g = sd.Graph(); S = g.variable("S", "n n", assume="spd"); B = g.variable("B", "n n")
    >>> e = sd.inv(S + B.T @ S @ B)
    >>> sorted(facts(g, e.node))
    ['invertible', 'psd', 'spd', 'symmetric']
    """
    known = g.cache("facts")
    if node not in known:
        stack = [node]
        while stack:
            n = stack[-1]
            missing = [i for i in g._inputs[n] if i not in known]
            if missing:
                stack += missing
            else:
                stack.pop()
                if n not in known:
                    known[n] = _facts_of(g, n, [known[i] for i in g._inputs[n]])
    return known[node]


def is_symmetric(g: Graph, node: int) -> bool:
    """The value equals its matrix transpose."""
    return "symmetric" in facts(g, node)


def is_positive(g: Graph, node: int) -> bool:
    """Every entry is > 0."""
    return "positive" in facts(g, node)


def is_nonnegative(g: Graph, node: int) -> bool:
    """Every entry is >= 0."""
    return "nonnegative" in facts(g, node)


def is_nonzero(g: Graph, node: int) -> bool:
    """No entry is 0."""
    return "nonzero" in facts(g, node)


# --- what the records say -----------------------------------------------------------------------------------


def _facts_of(g: Graph, n: int, of: Sequence[Facts]) -> Facts:
    op = g._op[n]
    has, keeps = from_values(op)
    found = set(has | (of[0] & keeps)) if keeps else set(has)
    rule = op.facts or PILLARS.get(op)
    if rule is not None:
        found.update(rule(g, n, of))
    if (
        op.elementwise
        and _square(g, n)
        and all("symmetric" in f or not g._shape[i] for f, i in zip(of, g._inputs[n], strict=True))
    ):
        found.add("symmetric")
    return closed(found) if found else NONE


def _square(g: Graph, n: int) -> bool:
    shape = g._shape[n]
    return len(shape) >= 2 and shape[-1] == shape[-2]


def _variable(g: Graph, n: int, of: Sequence[Facts]) -> Iterable[str]:
    return closed(g._params[n][3])


def _constant(g: Graph, n: int, of: Sequence[Facts]) -> Iterable[str]:
    kind, value = g._params[n]
    x = np.asarray(value.value if kind == "array" else value)
    found = []
    if x.size and x.size <= 1 << 16:
        low = x.min()
        found = ["positive"] if low > 0 else ["nonnegative"] if low >= 0 else []
        found += ["nonzero"] if np.all(x != 0) else []
        if x.ndim >= 2 and x.shape[-1] == x.shape[-2] and np.array_equal(x, np.swapaxes(x, -1, -2)):
            found.append("symmetric")
    return found


def _sum(g: Graph, n: int, of: Sequence[Facts]) -> Iterable[str]:
    inputs, coefficients = g._inputs[n], g._params[n]
    found = []
    if len(inputs) == 1:  # c*x
        if coefficients[0] > 0:
            return of[0]
        return of[0] & {"nonzero", "symmetric", "invertible"}
    if all(c > 0 for c in coefficients):
        if all("nonnegative" in f for f in of):
            found.append("positive" if any("positive" in f for f in of) else "nonnegative")
        if all("psd" in f and g._shape[i] == g._shape[n] for f, i in zip(of, inputs, strict=True)):
            found.append("spd" if any("spd" in f for f in of) else "psd")
    if _square(g, n):
        rest = [
            (c, i)
            for c, i, f in zip(coefficients, inputs, of, strict=True)
            if not ("symmetric" in f or not g._shape[i])
        ]
        if _all_pair(g, rest):
            found.append("symmetric")
    return found


def _all_pair(g: Graph, rest: list[tuple[object, int]]) -> bool:
    """Each term has its transpose among the others, with the same coefficient."""
    if len(rest) % 2 or len(rest) > 8:
        return False
    while rest:
        c, n = rest.pop()
        partner = next(
            (k for k, (d, m) in enumerate(rest) if c == d and transposes(g, g.cache("facts"), n, m)), None
        )
        if partner is None:
            return False
        rest.pop(partner)
    return True




def _product(g: Graph, n: int, of: Sequence[Facts]) -> Iterable[str]:
    labels, out, _ = g._params[n]
    inputs = g._inputs[n]
    factors = list(zip(inputs, labels, strict=True))
    known = {}
    for (i, ls), f in zip(factors, of, strict=True):  # the diagonal of a definite matrix is positive
        on_diagonal = len(ls) >= 2 and ls[-1] == ls[-2]
        known[i, ls] = (
            f | (_POSITIVE if "spd" in f else {"nonnegative"} if "psd" in f else NONE) if on_diagonal else f
        )
    found = _signs(factors, known, out)
    if len(inputs) == 1 and _is_transpose(labels[0], out):
        found += of[0] & _MATRIX
    if _square(g, n):
        found += _of_matrix(g, network(g, n))
    elif not out and any(labels) and is_definite_form(g.cache("facts"), network(g, n)):
        found.append("nonnegative")
    return found


def _signs(factors: Sequence[tuple[int, tuple]], known: Mapping, out: tuple) -> list[str]:
    """Elementwise facts of a product: a factor that occurs twice is a square."""
    common = ELEMENTWISE.intersection(*known.values()) if known else _POSITIVE
    whole = len(set(out)) == len(out)  # no unit tensor
    summed = {i for _, ls in factors for i in ls} - set(out)
    found = ["nonzero"] if whole and not summed and "nonzero" in common else []
    odd = [known[factor] for factor, k in _counted(factors).items() if k % 2]
    if all("nonnegative" in f for f in odd):
        found.append("positive" if whole and "nonzero" in common else "nonnegative")
    return found


def _is_transpose(labels: tuple, out: tuple) -> bool:
    return len(out) >= 2 and sorted(labels) == sorted(out) and set(labels[-2:]) == set(out[-2:])


def _of_matrix(g: Graph, whole: Network) -> list[str]:
    """Matrix facts of a product."""
    known = g.cache("facts")
    if whole.out[-1] != whole.out[-2]:
        return symmetries(known, whole)
    core = tuple(dict.fromkeys(whole.out))
    signs = _signs(whole.factors, {(n, ls): known[n] for n, ls in whole.factors}, core)
    return ["symmetric", *definiteness(signs)]


def _counted(factors: Iterable[tuple[int, tuple]]) -> dict[tuple[int, tuple], int]:
    count: dict[tuple[int, tuple], int] = {}
    for factor in factors:
        count[factor] = count.get(factor, 0) + 1
    return count


# leaves, and the two ops whose facts are those of a whole network: these need what this file knows of graphs
PILLARS: dict[Op, Rule] = {
    VARIABLE: _variable, CONSTANT: _constant, SIZE: always("nonnegative"), ADD: _sum, CONTRACT: _product,
}  # fmt: skip
