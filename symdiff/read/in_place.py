"""Entries of expressions that a traced function assigns: ``y = np.exp(x); y[x < 0] = 0``."""

from typing import Any

from ..errors import GraphError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, OPS, method
from ..ops.products import CONTRACT, is_wrapper
from .redirected import changed_nodes, plain, tracing


@method("assigned")
def assigned(e: Expr, index: Any, value: Any) -> int:
    """The node that an expression is from now on. Other names of the same object see the change, as numpy's do; where
    another array shares entries with this one, that would be wrong, and is an error.
    """
    g = e.graph
    if tracing() is not g:
        raise GraphError("an expression can't be changed in place: y = x.at[index].set(value) gives the changed one")
    if (is_view(g, e.node) and e.node not in changed_nodes()) or any(is_view(g, n) for n in g.consumers(e.node)):
        raise GraphError(
            f"{e!r} shares its entries with another array, which an assignment would change too: "
            "y = x.at[index].set(value) gives a changed one"
        )
    new = e.at[plain(index)].set(FUNCTIONS["stack"](plain(value)) if isinstance(value, (list, tuple)) else plain(value))
    new = new if new.dtype == e.dtype else FUNCTIONS["astype"](new, e.dtype)
    changed_nodes().add(new.node)
    return new.node


def is_view(g: Graph, n: int) -> bool:
    """A node that numpy would compute as a view of its operand."""
    op = g._op[n]
    relabelled = op is CONTRACT and len(g._inputs[n]) == 1 and is_wrapper(g._params[n])
    return bool(g._shape[n]) and (relabelled or op in (OPS["getitem"], OPS["reshape"]))
