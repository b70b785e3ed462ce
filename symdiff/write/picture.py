"""Pictures of expressions: `draw` (SVG, DOT) and `to_dot`. Nothing is appended to the graph that is drawn."""

import os
from collections.abc import Mapping
from typing import Any

from ..containers import leaves
from ..errors import InputError
from ..expr import Expr
from ..files import path_text, write_atomically
from ..op import method
from .diagram import Diagram, diagram
from .dot import dot_text
from .svg import svg_text

MAX_NODES = 300


class Picture:
    """A drawn expression: notebooks show it; `svg` and `dot` are its texts, `save` writes one to a file."""

    def __init__(self, content: Diagram):
        self.diagram = content

    @property
    def svg(self) -> str:
        """The SVG text."""
        return svg_text(self.diagram)

    @property
    def dot(self) -> str:
        """The DOT text."""
        return dot_text(self.diagram)

    def save(self, path: Any) -> None:
        """Write the picture to a file whose name ends in .svg or .dot."""
        write_atomically(path, [self.dot if _ending(path) == ".dot" else self.svg])

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<picture: {len(self.diagram.boxes)} boxes, {len(self.diagram.arrows)} wires>"


def draw(
    e: Any,
    path: Any = None,
    values: Mapping[Any, Any] | None = None,
    gradients: bool = False,
    max_nodes: int = MAX_NODES,
) -> Picture:
    """A picture of the graph of an expression, inputs on the left, as a circuit.

    e          an Expr, or a list, tuple or dict (caption -> Expr) of them; nodes that only later ones need
               are shown as derivatives of the first
    path       where to write it: a name that ends in .svg or .dot
    values     {name or Expr: value}: the value of every node stands above its wire (of an array, its shape)
    gradients  with values: the gradient of e by every node stands below its wire; without: the
               nodes of the gradient by every variable are drawn too
    max_nodes  above so many nodes, those of one kind are one box with their number; values are left out

    Returns a `Picture`, which notebooks show. Raises InputError for missing values, for another ending, and
    for gradients of what is no scalar.

    >>> import symdiff as sd
    >>> x, y, z = sd.Graph().variables("x y z")
    >>> sd.draw((x + y)*z, values={"x": -2, "y": 5, "z": -4}, gradients=True)
    <picture: 5 boxes, 4 wires>
    """
    if path is not None:
        _ending(path)
    if not isinstance(max_nodes, int) or max_nodes < 1:
        raise InputError(f"draw: max_nodes is a positive integer, not {max_nodes!r}")
    if values is not None and not isinstance(values, Mapping):
        raise InputError(f"draw: the values are a dictionary {{name: value}}, not {type(values).__name__}")
    picture = Picture(diagram(_outputs(e, "draw"), values, gradients, max_nodes))
    if path is not None:
        picture.save(path)
    return picture


def to_dot(e: Any, max_nodes: int = MAX_NODES) -> str:
    """The DOT text of the graph of an expression, for Graphviz: see `draw`.

    >>> import symdiff as sd
    >>> print(to_dot(sd.exp(sd.Graph().variable("x"))).splitlines()[-4])
      n0 -> n1;
    """
    return dot_text(diagram(_outputs(e, "to_dot"), max_nodes=max_nodes))


def _outputs(e: Any, what: str) -> dict[str, Expr]:
    if isinstance(e, Mapping):
        outputs = {str(caption): item for caption, item in e.items()}
    elif isinstance(e, (list, tuple)):
        outputs = {" " * k: item for k, item in enumerate(leaves(e))}
    else:
        outputs = {"": e}
    if not outputs:
        raise InputError(f"{what}: there is no expression to draw")
    for item in outputs.values():
        if not isinstance(item, Expr):
            raise InputError(f"{what}: expected an expression, got {type(item).__name__}")
        if item.graph is not next(iter(outputs.values())).graph:
            raise InputError(f"{what}: the expressions belong to different graphs; draw each graph by itself")
    return outputs


def _ending(path: Any) -> str:
    ending = os.path.splitext(path_text(path))[1].lower()
    if ending not in (".svg", ".dot"):
        raise InputError(f"draw: {path_text(path)!r} must end in .svg or .dot")
    return ending


@method("repr_svg")
def repr_svg(e: Expr) -> str | None:
    """What a notebook shows of an expression besides its formula: nothing, a picture is drawn on request."""
    return None
