"""Exception types. Every message names what was wrong and where; nothing else lives here."""

from numpy.linalg import LinAlgError


class SymdiffError(Exception):
    """Base of all errors raised by symdiff."""


class ParseError(SymdiffError, ValueError):
    """Text that is not an expression of the grammar; points at the position.

    >>> print(ParseError("unknown function 'foo'", "1 + foo(x)", 4))
    unknown function 'foo' (line 1, column 5)
        1 + foo(x)
            ^
    """

    def __init__(self, message: str, text: str = "", position: int | None = None):
        self.message, self.text, self.position = message, text, position
        super().__init__(message)

    def __str__(self) -> str:
        if self.position is None:
            return self.message
        before = self.text[: self.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        source = self.text.split("\n")[line - 1]
        start = max(0, column - 60)
        shown = source[start : start + 100]
        window = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in shown)
        return (
            f"{self.message} (line {line}, column {column})\n"
            f"    {window}\n    {' ' * (column - 1 - start)}^"
        )

    def __reduce__(self):
        return type(self), (self.message, self.text, self.position)


class ShapeError(SymdiffError, ValueError):
    """Shapes that do not fit; names the op and both operands."""


class ParseShapeError(ParseError, ShapeError):
    """Shapes in a text that do not fit: names the op and the shapes, and points at the position."""


class InputError(SymdiffError, ValueError):
    """Values or files that do not fit: missing, extra or misshapen inputs, damaged documents."""


class ArgumentError(InputError, TypeError):
    """An argument of a kind that a function can't take; names the function, and is raised from what went wrong."""


class GuardError(InputError):
    """A condition under which a traced function was taken apart does not hold; names the condition and its line."""


class MatrixError(InputError, LinAlgError):
    """A matrix that is singular, or not positive definite, where it must be; names the op. It is numpy's error too."""


class BudgetError(InputError):
    """A short text or argument that asks for more than one call may make; names the budget and how to raise it."""


class ParseBudgetError(ParseError, BudgetError):
    """A text that asks for more than one call may make: names the budget, and points at the position."""


class GraphError(SymdiffError, TypeError):
    """Misuse of a graph: mixing two graphs, mutating one, a truth value of a symbolic comparison."""


class MissingError(SymdiffError, AttributeError):
    """An attribute of arrays that expressions have not; names what to write instead."""


class GradientError(SymdiffError, TypeError):
    """A derivative that is not defined or not known; names the op, the node and the way out."""


class EngineError(SymdiffError, RuntimeError):
    """An engine that computes elsewhere can't go on: no worker, no scheduler, a worker without symdiff."""


class StageError(SymdiffError, AssertionError):
    """A stage inside the library has broken what its result is to satisfy: a bug, never the caller's."""


class UndefinedError(SymdiffError, ArithmeticError):
    """A result that is no number; names the first term that is none."""


class CheckError(SymdiffError, AssertionError):
    """A derivative that disagrees with differences of the values; names the worst entry."""
