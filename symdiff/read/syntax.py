"""A text -> the statements of Python's syntax tree, or a ParseError that points at what is wrong.

Characters and brackets are looked at before Python's parser sees the text.
"""

import ast
import keyword
import re
import textwrap
import unicodedata
import warnings
from typing import Any

from ..budget import limit, within
from ..errors import BudgetError, InputError, ParseBudgetError, ParseError
from ..graph import check_name
from .chains import parse_long
from .names import TYPED

_KEYWORDS = frozenset({"and", "or", "not", "if", "else", "True", "False", "None", "in", "is"})

_MEANT = {  # what Python's parser says, and what a writer of formulas has meant
    "unterminated string literal": "this quote has no end: a transpose is written A.T, a derivative by sd.grad",
    "invalid decimal literal": "a number and a name can't stand together: a product needs *",
}

# what is no part of the language, as messages call it
REFUSED = {
    ast.ListComp: "a comprehension", ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension", ast.GeneratorExp: "a comprehension", ast.JoinedStr: "an f-string",
    ast.NamedExpr: "an assignment inside an expression (:=)", ast.Await: "await", ast.Yield: "yield",
    ast.YieldFrom: "yield", ast.Dict: "a dictionary", ast.Set: "a set", ast.Starred: "an unpacked argument (*)",
    ast.Import: "import", ast.ImportFrom: "import", ast.FunctionDef: "def", ast.ClassDef: "class", ast.For: "for",
    ast.While: "while", ast.If: "an if statement (use where(condition, a, b))", ast.With: "with",
    ast.AugAssign: "an in-place assignment", ast.AnnAssign: "an annotation (:)", ast.Delete: "del",
    ast.Global: "global", ast.Nonlocal: "nonlocal", ast.Assert: "assert", ast.Raise: "raise", ast.Try: "try",
    ast.Return: "return", ast.Pass: "pass", ast.Match: "match", ast.AsyncFunctionDef: "async",
}  # fmt: skip

_DOUBTFUL = re.compile(r"\\|\d[^\W\d]")  # what Python's parser may warn of: escapes, a word at a number
_TOKENS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*|[^\W\d]\w*|.", re.DOTALL)


def with_conditions(text: str) -> str:
    """A text whose last line says where it is valid, with a call of guard in place of the last two lines.

    >>> with_conditions("y = x**2\\nsqrt(y)\\nvalid where x > 0, x < 2")
    'y = x**2\\nguard(sqrt(y), x > 0, x < 2)'
    """
    body, marked, conditions = text.rstrip().rpartition("\nvalid where ")
    if not marked or "\n" in conditions:
        return text
    lines, newline, last = body.rpartition("\n")
    return f"{lines}{newline}guard({last}, {conditions})"


def checked_text(text: Any) -> str:
    """The text without its common indentation, refused where its characters or brackets can't be right."""
    if not isinstance(text, str):
        raise ParseError(f"parse: expected a text, got {type(text).__name__}")
    if len(text) > limit("characters"):
        try:
            within("characters", len(text), f"a text of {len(text)} characters")
        except BudgetError as error:
            raise ParseBudgetError(str(error)) from None
    source = textwrap.dedent(text.replace("\r\n", "\n").replace("\r", "\n")) if not text.isprintable() else text
    source = source.strip("\n ")
    if not source.strip():
        raise ParseError("the text is empty: an expression such as 'sin(x)*y' is expected")
    most = limit("brackets")
    if source.isascii() and source.isprintable() and sum(map(source.count, "([{")) <= most:
        return source
    depth = 0
    for token in _TOKENS.finditer(source):
        piece = token[0]
        if piece in "([{":
            depth += 1
            if depth > most:
                message = f"brackets are nested more than {most} deep; sd.budgets(brackets=...) raises it"
                raise ParseBudgetError(message, source, token.start())
        elif piece in ")]}":
            depth -= 1
        elif piece.isascii():
            if len(piece) == 1 and ord(piece) < 32 and piece not in "\n\t":
                raise ParseError(f"the control character {piece!r} is not allowed", source, token.start())
        elif not piece.startswith("#"):
            _check_characters(source, token.start(), piece)
    return source


def _check_characters(source: str, start: int, piece: str) -> None:
    for k, ch in enumerate(piece):
        if ch in TYPED:
            raise ParseError(
                f"{ch!r} ({unicodedata.name(ch)}) is not read: write {TYPED[ch]}", source, start + k
            )
        if not ch.isascii():
            try:
                check_name("a" + ch)
            except InputError:
                name = unicodedata.name(ch, "unnamed")
                message = f"the character {ch!r} ({name}) is not allowed: use ASCII or plain Greek letters"
                raise ParseError(message, source, start + k) from None


def syntax_tree(source: str) -> tuple[list[ast.stmt], dict[str, ast.expr]]:
    """The statements of the text; only the last may be, and must be, an expression."""
    pieces: dict[str, ast.expr] = {}
    try:
        try:
            statements = _parsed(source).body
        except RecursionError:
            tree, pieces = parse_long(source)
            statements = tree.body
    except SyntaxError as error:
        lines = source.split("\n")
        line = min(max(error.lineno or 1, 1), len(lines))
        position = sum(len(s) + 1 for s in lines[: line - 1]) + min(
            max((error.offset or 1) - 1, 0), len(lines[line - 1])
        )
        raise ParseError(_plain(error.msg, source), source, position) from None
    except (RecursionError, MemoryError):
        raise ParseError(
            "the text is nested too deep: name parts of it on lines 'name = expression' before"
        ) from None
    except ValueError as error:
        raise ParseError(f"not an expression: {error}") from None
    if not statements:
        raise ParseError("the text is empty: an expression such as 'sin(x)*y' is expected")
    return statements, pieces


def _parsed(source: str) -> ast.Module:
    if not _DOUBTFUL.search(source):
        return ast.parse(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _plain(message: str, source: str) -> str:
    """Python's message about a text that is no program, for one who writes formulas."""
    if "Exceeds the limit" in message:
        return "the number has too many digits"
    if message.startswith("invalid syntax"):
        words = [t[0] for t in _TOKENS.finditer(source) if keyword.iskeyword(t[0]) and t[0] not in _KEYWORDS]
        if words:
            return f"{words[0]!r} is a word of Python and can't be used here: choose another name"
        if message == "invalid syntax":
            return "this is not an expression: a product needs *, a call parentheses, a power **"
        return "this is not an expression" + message.removeprefix("invalid syntax").replace(
            ". Perhaps", "; perhaps"
        )
    for python, ours in _MEANT.items():
        if message.startswith(python):
            return ours
    return message[:1].lower() + message[1:200]


def names_in(*trees: ast.AST) -> set[str]:
    """The names that occur."""
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
