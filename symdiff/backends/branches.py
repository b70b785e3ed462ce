"""A Python function compiled branch by branch: traced anew where the conditions of all branches so far fail."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..containers import leaves
from ..errors import GuardError, InputError
from ..expr import Expr
from ..read.traced import trace

MODES = ("error", "retrace")


class Branches:
    """Positional arrays in the order of a Python function's parameters -> its results. Made by `function`.

    names     of the parameters, in calling order
    branches  what was traced so far: the conditions of each branch, the one used last in front
    """

    def __init__(
        self, fn: Callable[..., Any], outputs: Callable[[Any], Any] | None, at: Mapping[str, Any], guards: str,
        compiled: Callable[[Sequence[str], Any], Callable[..., Any]],
    ):  # fmt: skip
        if guards not in MODES:
            raise InputError(f"function: guards is one of {', '.join(map(repr, MODES))}, not {guards!r}")
        if not isinstance(at, Mapping) or not at:
            raise InputError("function: a Python function is traced at a point: function(fn, at={name: value})")
        parameters = inspect.signature(fn).parameters
        self.names = tuple([n for n in parameters if n in at] + [n for n in at if n not in parameters])
        self._fn, self._outputs, self._compiled, self._retraces = fn, outputs, compiled, guards == "retrace"
        self._kept: dict[tuple, list[tuple[tuple[Expr, ...], Callable[..., Any]]]] = {}
        self._add([at[n] for n in self.names])

    @property
    def branches(self) -> list[tuple[Expr, ...]]:
        """The conditions of each branch that was traced."""
        return [conditions for kept in self._kept.values() for conditions, _ in kept]

    def __call__(self, *arrays: Any, **named: Any) -> Any:
        """The results, by the branch whose conditions hold."""
        if len(arrays) + len(named) != len(self.names) or set(named) - set(self.names[len(arrays) :]):
            raise InputError(f"function: the arguments are {', '.join(self.names)}")
        values = [*arrays, *(named[n] for n in self.names[len(arrays) :])]
        kept = self._kept.get(_shapes(values), [])
        for k, (_, run) in enumerate(kept):
            try:
                result = run(*values)
            except GuardError:
                if not self._retraces:
                    raise
                continue
            kept.insert(0, kept.pop(k))
            return result
        return self._add(values)(*values)

    def _add(self, values: Sequence[Any]) -> Callable[..., Any]:
        """The branch that is taken at a point."""
        result = trace(self._fn, at=dict(zip(self.names, values, strict=True)))
        outputs = result if self._outputs is None else self._outputs(result)
        conditions = {c for e in leaves(outputs) if isinstance(e, Expr) for c in e.guards}
        run = self._compiled(self.names, outputs)
        self._kept.setdefault(_shapes(values), []).insert(0, (tuple(conditions), run))
        return run


def _shapes(values: Sequence[Any]) -> tuple:
    return tuple([np.shape(v) for v in values])
