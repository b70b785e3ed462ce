"""symdiff: symbolic differentiation on networkx graphs.

Expressions become nodes of an append-only `Graph`; `grad` and its relatives append derivative nodes to the same graph.
"""

import importlib
from types import FunctionType
from typing import Any

from . import ops
from .budget import budgets
from .errors import (
    BudgetError,
    CheckError,
    EngineError,
    GradientError,
    GraphError,
    InputError,
    ParseError,
    ShapeError,
    SymdiffError,
    UndefinedError,
)  # fmt: skip
from .expr import Expr
from .graph import Graph
from .namespace import CONSTANTS, TYPES, linalg, special
from .op import FUNCTIONS, public
from .ops.control import register_op
from .ops.linear_maps import register_linear_op

__version__ = "0.1.0"

# what loads when it is first used: public name -> module
_LATE = {
    "grad": ".calculus", "value_and_grad": ".calculus", "jacobian": ".calculus", "hessian": ".calculus",
    "hvp": ".calculus", "vjp": ".calculus", "jvp": ".calculus", "name": ".calculus", "evaluate": ".program",
    "parse": ".read.text", "from_sympy": ".read.sympy", "trace": ".read.traced",
    "simplify": ".rebuild", "save": ".storage", "load": ".storage",
    "draw": ".write.picture", "to_dot": ".write.picture",
    "function": ".backends", "check_grad": ".check", "check_domain": ".domains",
    "HessianOperator": ".solvers.krylov", "JacobianOperator": ".solvers.krylov", "to_scipy": ".solvers.problems",
    "GaussNewtonOperator": ".solvers.curvature", "FisherOperator": ".solvers.curvature",
    "structure": ".solvers.structured", "sparsity": ".solvers.sparsity",
    "to_root": ".solvers.systems", "to_ode": ".solvers.systems", "to_least_squares": ".solvers.systems",
    "SparseJacobian": ".solvers.sparse", "SparseHessian": ".solvers.sparse",
    "asarray": ".namespace", "empty": ".namespace", "isdtype": ".namespace", "result_type": ".namespace",
    "finfo": ".namespace", "iinfo": ".namespace", "unstack": ".namespace", "broadcast_arrays": ".namespace",
    "broadcast_shapes": ".namespace", "can_cast": ".namespace",
}  # fmt: skip

__all__ = [
    "BudgetError", "CheckError", "EngineError", "Expr", "GradientError", "Graph", "GraphError", "InputError",
    "ParseError", "ShapeError", "SymdiffError", "UndefinedError", "budgets", "linalg", "ops", "register_linear_op",
    "register_op", "special",
    *_LATE,
]  # fmt: skip


def __getattr__(attribute: str) -> Any:
    """Ops by name (``sd.sin``), constants and types of an array namespace, and the parts that load late."""
    if attribute in _LATE:
        value = getattr(importlib.import_module(_LATE[attribute], __name__), attribute)
        value = globals()[attribute] = public(attribute, value) if isinstance(value, FunctionType) else value
        return value
    if attribute in FUNCTIONS:
        return FUNCTIONS[attribute]
    for table in (CONSTANTS, TYPES):
        if attribute in table:
            return table[attribute]
    raise AttributeError(f"module 'symdiff' has no attribute {attribute!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *CONSTANTS, *TYPES, *(k for k in FUNCTIONS if k.isidentifier())})
