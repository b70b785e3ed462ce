"""Conditions as forms: what is known of them is a number, 0 or 1, and no operator of conditions is left beside it."""

from .. import constants
from ..graph import CONSTANT
from ..ops.piecewise import logical_and, logical_not, logical_or, logical_xor, not_equal
from .forms import Form, truth
from .normalize import LOWER, Lowered, lowers


def _condition(low: Lowered, n: int, form: Form) -> Form:
    """The form of a node as a condition: numbers are true where they are not 0."""
    g = low.graph
    if g._op[n] is CONSTANT and not form.shape:
        return low.normal.number(int(bool(constants.evaluate(*g._params[n]))))
    if g._dtype[n] == "bool":
        return form
    return low.function("not_equal", [form, low.normal.number(0, form.shape)], (), form.shape)


@lowers(not_equal)
def _not_equal(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """``c != 0`` of a condition is c."""
    shape = low.graph._shape[n]
    if not args[1].terms and _is_condition(args[0]):
        return low.normal.broadcast(args[0], shape)
    return low.function("not_equal", args, params, shape)


def _is_condition(form: Form) -> bool:
    """Every entry is 0 or 1, as a product of conditions."""
    for m, c in form.terms.items():
        holds = not m.sums and all(a.reduced is truth and e == 1 for a, _, e in m.factors)
        return holds and c == 1 == len(form.terms)
    return False


@lowers(logical_and, logical_or, logical_xor)
def _connected(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """``c & True`` is c, ``c | True`` is 1, ``c ^ True`` is ~c."""
    g, op = low.graph, low.graph._op[n]
    args = [_condition(low, i, a) for i, a in zip(g._inputs[n], args, strict=True)]
    known = [a for a in args if a.number is not None]
    if args[0] is args[1]:
        return low.normal.number(0, g._shape[n]) if op is logical_xor else args[0]
    if not known:
        return low.function(op.name, args, (), g._shape[n])
    other = args[1] if known[0] is args[0] else args[0]
    if op is logical_xor:
        result = LOWER[logical_not](low, n, [other], ()) if known[0].number else other
    else:
        result = other if bool(known[0].number) == (op is logical_and) else known[0]
    return low.normal.broadcast(result, g._shape[n])
