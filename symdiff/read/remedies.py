"""What to write instead where foreign code asks an expression for its numbers."""

import sys
from types import FrameType
from typing import Any

from ..errors import GraphError
from ..expr import Expr
from ..op import FUNCTIONS, method

_OWN = __name__.partition(".")[0]


@method("array_refused")
def array_refused(e: Expr) -> GraphError:
    """The error for ``np.asarray(e)``: who asked, and what does the same with expressions."""
    asked = _asking(sys._getframe(1))
    if asked is None:
        remedy = (
            "sd.evaluate(e, {name: value}) gives its value, np.stack([...]) and sd.asarray([...]) make one expression "
            "of several; inside sd.trace np.asarray(e) is e"
        )
    elif asked.startswith("scipy.sparse"):
        remedy = "of a sparse matrix or LinearOperator A sd.matmul(A, x) is the product; a dense one is A.toarray()"
    else:
        name = asked.rpartition(".")[2]
        known = next((k for k in (name, "linalg." + name) if k in FUNCTIONS), None)
        ours = f"sd.{known} does the same with expressions" if known else "sd.register_op makes an op of a function"
        remedy = f"{asked} reads numbers; {ours}"
    return GraphError(f"{e!r} is symbolic and no array: {remedy}")


def _asking(frame: FrameType | None) -> str | None:
    """The function of scipy that led here, as it is called; None where the user's own code did."""
    found = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        package = module.partition(".")[0]
        if package == "scipy":
            public = ".".join(part for part in module.split(".")[:2] if not part.startswith("_"))
            name = frame.f_code.co_name
            if found is None or not name.startswith(("_", "<", "wrap")):
                found = f"{public}.{name}"
        elif package not in (_OWN, "numpy", "functools"):
            break
        frame = frame.f_back
    return found


def named_size_refused(size: Any) -> str:
    """What to do where a named size is used as a number."""
    return (
        f"a named size is no number to count with ({size}): declare the axis by a number (x=3), write the loop as "
        "operations on arrays, or use sd.zeros, sd.ones and sd.arange"
    )
