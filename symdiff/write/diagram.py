"""Graph -> boxes and arrows: what a picture shows of a node, which are derivatives, what collapses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from .. import shapes
from ..calculus import build_grad, vjp
from ..columns import numbered, numbered_integers
from ..constants import Array
from ..errors import InputError
from ..expr import Expr
from ..graph import CONSTANT, SIZE, VARIABLE, Graph
from ..kernels import Ints, Longs, kernel
from ..op import Results, is_float
from ..ops.control import project_op, stop_gradient
from ..ops.elementwise import divide_op, pow_op, sqrt
from ..ops.layout import cast_op, getitem_op
from ..ops.order import norm2_op
from ..ops.piecewise import abs as absolute
from ..ops.piecewise import logical_not
from ..ops.products import ADD, CONTRACT, einsum_text
from ..ops.scan import cumsum_op
from ..program import evaluate

SHOWN = 12  # variables that are shown one by one in a collapsed picture
SIGNS = {
    divide_op: "÷", pow_op: "^", sqrt: "√", absolute: "|·|", norm2_op: "‖·‖", logical_not: "¬", cast_op: "as",
    stop_gradient: "stop", cumsum_op: "cumsum",
}  # fmt: skip
LETTERS = {
    r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\wedge": "∧", r"\vee": "∨", r"\prod": "Π", r"\sigma": "σ",
    r"\Gamma": "Γ", r"\log\Gamma": "ln Γ", r"\psi": "ψ", r"\Phi": "Φ", r"\log\Phi": "ln Φ",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("0123456789-./", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·ᐟ")


@dataclass
class Box:
    """A node, or a group of nodes, as it is shown."""

    kind: str  # "variable", "constant", "op" or "group"
    lines: list[str]  # the text inside
    derivative: bool = False
    name: str = ""  # a given name, shown above
    value: str = ""
    gradient: str = ""
    output: str | None = None  # the caption of an output
    title: str = ""  # what a pointer sees


@dataclass
class Arrow:
    """From a box to a consumer of its node; `label` is a coefficient."""

    source: int
    target: int
    label: str = ""


@dataclass
class Diagram:
    """Boxes and arrows; those of a target are in the order of its operands, which matters for `ordered`."""

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    ordered: set[int] = field(default_factory=set)
    valued: bool = False  # values stand on the wires, not shapes
    nodes: dict[int, int] = field(
        default_factory=dict
    )  # node -> its box, for nodes that have one of their own


def diagram(
    outputs: Mapping[str, Expr],
    values: Mapping[Any, Any] | None = None,
    gradients: bool = False,
    max_nodes: int = 300,
) -> Diagram:
    """The diagram of expressions (caption -> Expr) of one graph; what the first needs not is derivative."""
    first = next(iter(outputs.values()))
    if gradients and first.shape:
        raise InputError(
            f"draw: gradients need a scalar, the first expression has shape {shapes.text(first.shape)}"
        )
    nodes = first.graph.ancestors([e.node for e in outputs.values()])
    if len(nodes) > max_nodes and not gradients:  # nothing is appended, and no value shown
        return _collapsed(first.graph, np.array(nodes), _primal(first, len(outputs) > 1), outputs, max_nodes)
    g, node = _copied(first.graph, nodes)
    shown = {caption: Expr(g, node[e.node]) for caption, e in outputs.items()}
    y = Expr(g, node[first.node])
    primal = _primal(y, len(outputs) > 1 or gradients)
    if gradients and values is None:
        floats = [n for n in np.flatnonzero(primal).tolist() if g._op[n] is VARIABLE and is_float(g._dtype[n])]
        for x in floats:
            shown[f"∂/∂{g._params[x][0]}"] = build_grad(g, y, Expr(g, x))
        primal = np.concatenate([primal, np.zeros(len(g) - primal.size, bool)])
    nodes = g.ancestors([e.node for e in shown.values()])
    if len(nodes) > max_nodes:
        return _collapsed(g, np.array(nodes), primal, shown, max_nodes)
    result = _full(g, nodes, primal, shown)
    if values is not None:
        keys = {node.get(k.node, -1) if isinstance(k, Expr) else k: v for k, v in values.items()}
        _annotate(
            result,
            g,
            nodes,
            y,
            {Expr(g, k) if type(k) is int and k >= 0 else k: v for k, v in keys.items()},
            gradients,
        )
    return result


def _primal(y: Expr, has_others: bool) -> np.ndarray:
    """Which nodes of the graph are no derivatives of y."""
    primal = np.full(len(y.graph), not has_others)
    primal[y.graph.ancestors([y.node])] = True
    return primal


def _copied(g: Graph, nodes: Sequence[int]) -> tuple[Graph, dict[int, int]]:
    """A graph of these nodes, so that a picture appends nothing to the user's; old node -> new."""
    h = Graph()
    node: dict[int, int] = {}
    for n in nodes:
        node[n] = h.append(g._op[n], tuple([node[i] for i in g._inputs[n]]), g._params[n])
        if g._op[n] is VARIABLE:
            h._variables[g._params[n][0]] = node[n]
        if n in g.names:
            h.give_name(node[n], g.names[n])
    h.graph["origin"] = {m: n for n, m in node.items()}
    return h, node


# --- node by node -------------------------------------------------------------------------------------------


def _full(g: Graph, nodes: Sequence[int], primal: np.ndarray, shown: Mapping[str, Expr]) -> Diagram:
    result = Diagram()
    captions = {e.node: caption for caption, e in shown.items()}
    at = result.nodes

    def add(n: int) -> int:
        box = _box(g, n, primal)
        box.output = shortened(captions[n], 40) if n in captions else None
        shape = g._shape[n]
        box.value = shapes.text(shape) if shape and type(shape) is not Results else ""
        result.boxes.append(box)
        return len(result.boxes) - 1

    used = {i for n in nodes for i in g._inputs[n]}
    for n in nodes:
        if not (_repeated(g, n) and n in used and n not in captions):
            at[n] = add(n)
        operands = _operands(g, n)
        for i, label in operands:
            source = at[i] if i in at else add(i)  # a number stands beside each of its consumers
            result.arrows.append(Arrow(source, at[n], label))
        if len(operands) > 1 and not _commutes(g, n):
            result.ordered.add(at[n])
    return result


def _box(g: Graph, n: int, primal: np.ndarray) -> Box:
    kind, lines = _face(g, n)
    derivative = kind == "op" and not primal[n]
    return Box(kind, lines, derivative, name=g.names.get(n, ""), title=_title(g, n))


def _repeated(g: Graph, n: int) -> bool:
    return g._op[n] is SIZE or (g._op[n] is CONSTANT and not g._shape[n])


def _operands(g: Graph, n: int) -> list[tuple[int, str]]:
    """The operands that are drawn, with their coefficients."""
    op, inputs, params = g._op[n], g._inputs[n], g._params[n]
    if op is ADD and len(inputs) > 1:
        if sorted(params) == [-1, 1]:  # a - b
            return [(i, "") for _, i in sorted(zip(params, inputs, strict=True), key=lambda pair: -pair[0])]
        return [
            (i, "" if c == 1 else "−" if c == -1 else number_text(c))
            for c, i in zip(params, inputs, strict=True)
        ]
    if op is pow_op and _repeated(g, inputs[1]):
        return [(inputs[0], "")]
    if op is divide_op and _repeated(g, inputs[0]):
        return [(inputs[1], "")]
    return [(i, "") for i in inputs]


def _commutes(g: Graph, n: int) -> bool:
    if g._op[n] is ADD:
        return sorted(g._params[n]) != [-1, 1] or len(g._params[n]) != 2
    if g._op[n] is CONTRACT:  # which axes meet is said by labels, not by the order of factors
        return True
    return g._op[n].commutes


def _face(g: Graph, n: int) -> tuple[str, list[str]]:
    op, params = g._op[n], g._params[n]
    if op is VARIABLE:
        return "variable", [shortened(params[0], 24)]
    if op is SIZE:
        return "constant", [shortened(params[0], 24)]
    if op is CONSTANT:
        return "constant", ["const" if params[0] == "array" and g._shape[n] else constant_text(*params)]
    return "op", [label_of(g, n)]


def _title(g: Graph, n: int) -> str:
    op, params = g._op[n], g._params[n]
    origin = g.graph.get("origin")  # of a copy
    text = op.name if origin and n not in origin else f"node {origin[n] if origin else n}: {op.name}"
    if op is CONTRACT:
        text += f" {einsum_text(params)}" if sum(map(len, params[0])) < 40 else ""
    elif op is ADD:
        text += " of " + ", ".join(map(str, params[:8]))
    elif op not in (VARIABLE, CONSTANT) and params:
        text += f" {shortened(repr(params), 60)}"
    shape = g._shape[n]
    return text if type(shape) is Results else f"{text}, shape {shapes.text(shape)}, {g._dtype[n]}"


# --- how nodes are called -----------------------------------------------------------------------------------


def label_of(g: Graph, n: int) -> str:
    """A short mathematical label of an op: ``+``, ``×``, ``@``, ``Σ``, ``exp``, ``(·)²``."""
    op, params, inputs = g._op[n], g._params[n], g._inputs[n]
    if op is ADD:
        return _sum_label(params)
    if op is CONTRACT:
        return product_label(params)
    if op is pow_op and _repeated(g, inputs[1]):
        return _power_label(g, inputs[1])
    if op is divide_op and _repeated(g, inputs[0]):
        return f"{_leaf_text(g, inputs[0])}/(·)"
    if op is getitem_op:
        return shortened("[" + ", ".join(map(_index_text, params[0])) + "]", 16)
    if op is project_op:
        names = g._op[inputs[0]].results
        return shortened(names[params[0]], 16) if params[0] < len(names) else f"({params[0]})"
    sign = SIGNS.get(op) or LETTERS.get(op.latex, op.symbol)
    return shortened(sign or op.name.rpartition(".")[2], 18)


def _sum_label(coefficients: tuple) -> str:
    if len(coefficients) > 1:
        return "−" if sorted(coefficients) == [-1, 1] else "+"
    c = coefficients[0]
    if c == -1:
        return "−"
    inverse = 1 / c if not isinstance(c, float) and c else 0
    return (
        f"÷{c.denominator}" if c != 1 and inverse == getattr(c, "denominator", None) else f"×{number_text(c)}"
    )


def _leaf_text(g: Graph, n: int) -> str:
    return constant_text(*g._params[n]) if g._op[n] is CONSTANT else shortened(g._params[n][0], 12)


def _power_label(g: Graph, exponent: int) -> str:
    text = _leaf_text(g, exponent)
    if text in ("1/2", "0.5"):
        return "√"
    if text == "-1":
        return "1/(·)"
    return (
        f"(·){text.translate(_SUPERSCRIPTS)}"
        if len(text) <= 4 and set(text) <= set("0123456789-")
        else f"(·)^{text}"
    )


@lru_cache(maxsize=1024)
def product_label(params: tuple) -> str:
    """What a contraction is: a product, a sum, a transpose, ... or its index pattern."""
    factors, out, _ = params
    carried = {i for labels in factors for i in labels}
    if not factors:
        return "I" if len(set(out)) < len(out) else "1"
    if all(not labels for labels in factors) and len(factors) > 1:
        return "×"
    if len(factors) == 1:
        (labels,) = factors
        if len(set(labels)) < len(labels):
            return "diagonal" if set(labels) & set(out) else "tr"
        if len(set(out)) < len(out):
            return "diag"
        if carried - set(out):
            return "Σ"
        if set(out) - carried:
            return "spread"
        return "T" if len(out) == 2 else "permute"
    if len(factors) == 2:
        a, b = map(set, factors)
        summed, shared = carried - set(out), a & b
        if not summed and (a <= b or b <= a):
            return "⊙" if a and b else "×"
        if not summed and not shared:
            return "⊗"
        if summed == shared and not out:
            return "·"
        if summed == shared and len(shared) == 1 and max(map(len, factors)) <= 2:
            return "@"
    text = einsum_text(params).replace("->", "→") if sum(map(len, factors)) <= 40 else "einsum"
    return text if len(text) <= 16 else "einsum"


def _index_text(item: Any) -> str:
    if item is None:
        return ":"
    if isinstance(item, tuple):
        start, stop, step = item
        return f"{start or ''}:{stop}" + (f":{step}" if step != 1 else "")
    return str(item)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def constant_text(kind: str, value: Any) -> str:
    if kind == "array":
        return value_text(value.value) if isinstance(value, Array) else ""
    return str(value) if kind == "bool" else number_text(value)


def number_text(value: Any) -> str:
    """A number in a few characters: three digits, small integers and fractions in full."""
    text = str(value)
    if not isinstance(value, float) and len(text) <= 7:
        return text
    value = float(value) if abs(value) < 1e300 else value
    if value != value or value in (float("inf"), float("-inf")):
        return str(value).replace("inf", "∞")
    if isinstance(value, int):
        return f"{text[:4]}…"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def value_text(value: Any) -> str:
    """A value on a wire: a number, a short vector, or the shape of an array."""
    array = np.asarray(value)
    if array.dtype == bool:
        array = array.astype(object)
    if array.ndim == 0:
        item = array.item()
        return str(item) if isinstance(item, bool) else number_text(item)
    if array.ndim == 1 and array.size <= 3:
        return "[" + ", ".join(value_text(v) for v in array) + "]"
    return shapes.text(array.shape)


# --- values and gradients -----------------------------------------------------------------------------------


def _annotate(
    result: Diagram, g: Graph, nodes: Sequence[int], y: Expr, values: Mapping[Any, Any], gradients: bool
) -> None:
    """Write the value of each node, and the gradient of y by it, on its box."""
    boxes, result.valued = result.nodes, True
    for box in result.boxes:
        box.value = ""
    wanted = [
        n for n in nodes if n in boxes and type(g._shape[n]) is not Results and g._op[n] is not CONSTANT
    ]
    slopes: dict[int, Expr] = {}
    if gradients:
        inner = [
            n
            for n in g.ancestors([y.node])
            if n in boxes and is_float(g._dtype[n]) and g._op[n] is not CONSTANT
        ]
        inner = [n for n in inner if type(g._shape[n]) is not Results]
        slopes = dict(zip(inner, vjp(y, [Expr(g, n) for n in inner], 1), strict=True))
    found = evaluate([*(Expr(g, n) for n in wanted), *slopes.values()], values)
    for n, value in zip(wanted, found, strict=False):
        result.boxes[boxes[n]].value = value_text(value)
    for n, value in zip(slopes, found[len(wanted) :], strict=True):
        result.boxes[boxes[n]].gradient = value_text(value)


# --- collapsed ----------------------------------------------------------------------------------------------


def _collapsed(g: Graph, nodes: np.ndarray, primal: np.ndarray, shown: Mapping[str, Expr], max_nodes: int) -> Diagram:
    """Nodes of one op and generation are one box; when that is too much, the middle generations are.

    Both keep the picture acyclic: nodes of one generation are not joined, and wires run from earlier to later
    generations. Numbers are left out.
    """
    columns = g.columns()
    kinds, firsts = _kinds(g, nodes)
    left_out = np.array([_repeated(g, n) for n in firsts], bool)[kinds]
    nodes, kinds = nodes[~left_out], kinds[~left_out]
    starts, operands = columns.operands_of(nodes)
    generations = np.full(len(g), -1, np.int32)
    _rank(nodes.size, nodes, starts, operands, generations)
    generation, derivative = generations[nodes], ~primal[nodes]
    captions = {e.node: caption for caption, e in shown.items()}
    variables = [n for n in firsts if g._op[n] is VARIABLE]
    single = np.isin(nodes, [*captions, *(variables if len(variables) <= SHOWN else ())])
    families = _numbers_of([_family(g, n) for n in firsts])
    keys = (generation.astype(np.int64) * 2 + derivative) * len(firsts) + families[kinds]
    keys[single] = -1 - nodes[single]
    first, box = numbered_integers(keys)
    if first.size > max_nodes:
        start, stop = _middle(Counter(generation[first].tolist()), max_nodes)
        middle = (start <= generation) & (generation <= stop) & ~single
        keys[middle] = keys.max() + 1 + derivative[middle]
        first, box = numbered_integers(keys)
    result = Diagram(boxes=_groups(g, nodes, box, first, kinds, firsts, primal))
    for n, caption in captions.items():
        result.boxes[box[np.searchsorted(nodes, n)]].output = shortened(caption, 40)
    box_of = np.full(len(g), -1, np.int64)
    box_of[nodes] = box
    wires = np.unique(box_of[operands] << 32 | np.repeat(box, np.diff(starts)))
    result.arrows = [Arrow(a, b) for a, b in zip((wires >> 32).tolist(), (wires & (2**32 - 1)).tolist(), strict=True)]
    result.arrows = [arrow for arrow in result.arrows if 0 <= arrow.source != arrow.target]
    return result


def _kinds(g: Graph, nodes: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """(the kind of each node, the first node of each kind): nodes of a kind are called the same."""
    columns = g.columns()
    ops, params = columns.ops[nodes], numbered([g._params[n] for n in nodes.tolist()])[1]
    starts, operands = columns.operands_of(nodes)
    # a power is called by its exponent, a quotient by its dividend, a projection by the op of which it is a result
    naming = columns.of_ops(lambda op: {divide_op: 1, pow_op: 2, project_op: 3}.get(op, 0))[ops]
    of_name = np.full(nodes.size, -1, np.int64)
    for place, chosen in ((0, naming == 1), (1, naming == 2), (0, naming == 3)):
        of_name[chosen] = operands[starts[:-1][chosen] + place]
    namers = [n for n in np.unique(of_name[of_name >= 0]).tolist() if _repeated(g, n) or g._op[n].results]
    of_name[~np.isin(of_name, namers)] = -1
    kind = numbered_integers(ops.astype(np.int64) << 32 | params)[1]
    first, kinds = numbered_integers(kind.astype(np.int64) << 32 | of_name + 1)
    return kinds, nodes[first].tolist()


def _numbers_of(texts: Sequence[str]) -> np.ndarray:
    """Equal texts have equal numbers."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts], np.int64)


def _groups(
    g: Graph, nodes: np.ndarray, box: np.ndarray, first: np.ndarray, kinds: np.ndarray, firsts: list[int],
    primal: np.ndarray,
) -> list[Box]:  # fmt: skip
    """The boxes of groups of nodes: `box` per node, `first` the place of the first one of each."""
    sizes = np.bincount(box).tolist()
    met, pair = numbered_integers(box.astype(np.int64) << 32 | kinds)
    inside: list[list[tuple[int, int]]] = [[] for _ in sizes]  # kinds and their numbers
    for k, number in zip(met.tolist(), np.bincount(pair).tolist(), strict=True):
        inside[box[k]].append((firsts[kinds[k]], number))
    result = []
    for n, size, parts in zip(nodes[first].tolist(), sizes, inside, strict=True):
        made = _box(g, n, primal)
        if size > 1:
            derivative = made.kind != "variable" and not primal[n]
            made = Box("group", _group_lines(g, size, parts), derivative, title=f"{size} nodes")
        result.append(made)
    return result


@kernel()
def _rank(count: int, nodes: Longs, starts: Longs, operands: Ints, generations: Ints) -> int:
    """The generation of each node: one more than the last of its operands, of those that have one."""
    for k in range(count):
        last = -1
        for j in range(starts[k], starts[k + 1]):
            last = max(last, generations[operands[j]])
        generations[nodes[k]] = last + 1
    return 0


def _middle(sizes: Mapping[int, int], max_nodes: int) -> tuple[int, int]:
    """The generations to merge, so that those before and those after have some 12 boxes each."""
    room = min(12, max(1, max_nodes // 4))
    count, first = 0, 0
    while count + sizes.get(first, 0) <= room:
        count += sizes.get(first, 0)
        first += 1
    count, last = 0, max(sizes)
    while last > first and count + sizes.get(last, 0) <= room:
        count += sizes.get(last, 0)
        last -= 1
    return first, last


def _family(g: Graph, n: int) -> str:
    """The label of an op whatever its numbers are."""
    op = g._op[n]
    if op is VARIABLE or op is CONSTANT:
        return op.name
    if op is ADD:
        return "+" if len(g._inputs[n]) > 1 else "−" if g._params[n] == (-1,) else "×"
    if op in (pow_op, divide_op):
        return SIGNS[op]
    return "[·]" if op is getitem_op else label_of(g, n)


def _group_lines(g: Graph, size: int, parts: Sequence[tuple[int, int]]) -> list[str]:
    """What a group of so many nodes is: nodes of it that are called in different ways, and how many are called so."""
    if g._op[parts[0][0]] is VARIABLE:
        names = ", ".join(g._params[n][0] for n, _ in parts[:2])
        return [_counted(size, "variables"), shortened(f"{names}, …", 24)]
    for called in (lambda n: _face(g, n)[1][0], lambda n: _family(g, n)):
        faces = Counter[str]()
        for n, count in parts:
            faces[called(n)] += count
        if len(faces) == 1:
            return [next(iter(faces)), _counted(size, "nodes")]
    rows = [faces.most_common(5)[:3], faces.most_common(5)[3:]]
    lines = [", ".join(_counted(count, label) for label, count in row) for row in rows if row]
    return [_counted(size, "nodes"), *lines[:-1], lines[-1] + (", …" if len(faces) > 5 else "")]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}".replace(",", " ")  # a thin space between thousands
