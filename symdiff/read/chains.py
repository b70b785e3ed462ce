"""Long sums in a text: Python's parser nests ``a + b + c`` to the left and gives up on some thousands of
terms.

Such chains are cut into pieces of a few hundred terms, which are parsed on their own; a placeholder of the
same length stands for each, so that positions stay true.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

TERMS = 300  # of one piece
_TOKEN = re.compile(
    r"(?P<space>\s+|\\\n|#[^\n]*)|(?P<text>\"[^\"\n]*\"|'[^'\n]*')|(?P<number>(\d[\w.]*|\.\d\w*)(?:(?<=[eE])[+-]\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<mark>.)"
)
_PLACED = (ast.expr, ast.keyword, ast.stmt)  # what has a position
_BEFORE_UNARY = frozenset(["and", "or", "not", "if", "else", "in", "is", "lambda", "for"])


def parse_long(source: str) -> tuple[ast.Module, dict[str, ast.expr]]:
    """The tree of a text whose long sums are replaced by names, and what the names stand for (which may hold
    others).

    Raises what `ast.parse` raises.
    """
    letters = list(source)
    lines = [_bytes(line) for line in source.split("\n")]
    pieces: dict[str, ast.expr] = {}
    places: dict[
        str, tuple[str, int, int]
    ] = {}  # the text of each piece, and its line and column in the source
    levels: list[list[int]] = [[]]  # for each open bracket, where the binary + and - of the running sum are
    starts: list[int] = [0]  # and where that sum begins
    after_operand = False
    for token in _TOKEN.finditer(source):
        kind, word, at = token.lastgroup, token[0], token.start()
        if kind == "space":
            if "\n" in word and len(levels) == 1:
                _cut(source, letters, levels[0], at, pieces, places)
                starts[0], after_operand = token.end(), False
            continue
        if kind in ("text", "number"):
            after_operand = True
        elif kind == "name":
            after_operand = word not in _BEFORE_UNARY
            if not after_operand:
                _cut(source, letters, levels[-1], at, pieces, places)
                starts[-1] = token.end()
        elif word in "([{":
            levels.append([])
            starts.append(token.end())
            after_operand = False
        elif word in ")]}":
            _cut(source, letters, levels[-1], at, pieces, places)
            if len(levels) > 1:
                levels.pop()
                starts.pop()
            after_operand = True
        elif word in "+-" and after_operand:
            if not levels[-1]:
                levels[-1].append(starts[-1])
            levels[-1].append(at)
            after_operand = False
        elif word in ",:;=<>!&|^~":
            _cut(source, letters, levels[-1], at, pieces, places)
            starts[-1], after_operand = token.end(), False
        else:
            after_operand = word == "."
    _cut(source, letters, levels[0], len(source), pieces, places)
    text = "".join(letters)
    tree = ast.parse(text)
    for root, of, line, column in (*((pieces[k], *places[k]) for k in pieces), (tree, text, 0, 0)):
        _place(root, of.split("\n"), line, column, lines)
    return tree, pieces


def _cut(
    source: str,
    letters: list[str],
    signs: list[int],
    end: int,
    pieces: dict[str, ast.expr],
    places: dict[str, tuple[str, int, int]],
) -> None:
    """Replace a sum that ends here, if it is long; `signs` are the places of its first term and of its +
    and -.
    """
    if len(signs) > 2 * TERMS:
        bounds = [*signs[::TERMS], end]
        for start, stop in pairwise(bounds):
            text = "".join(letters[start:stop])
            name = f"__{len(pieces)}"
            pieces[name] = ast.parse(f"({text}\n)", mode="eval").body
            line = source.count("\n", 0, start)
            places[name] = (f"({text}\n)", line, start - (source.rfind("\n", 0, start) + 1) - 1)
            first = start + len(text) - len(text.lstrip())
            keep = "" if start == bounds[0] else "+"
            shown = keep + name
            for k in range(first, stop):
                if letters[k] != "\n":
                    letters[k] = " "
            letters[first : first + len(shown)] = shown
    signs.clear()


def _place(root: ast.AST, lines: list[str], line: int, column: int, source: list[Sequence[int]]) -> None:
    """Make the positions of a tree, which count the bytes of `lines`, count those of the source."""
    ends = [] if all(map(str.isascii, lines)) else [_bytes(text) for text in lines]
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, _PLACED):
            character = bisect_left(ends[node.lineno - 1], node.col_offset) if ends else node.col_offset
            if node.lineno == 1:
                character += column
            node.lineno += line
            node.col_offset = source[node.lineno - 1][character]
        for name in node._fields:
            part = getattr(node, name)
            if isinstance(part, _PLACED):
                stack.append(part)
            elif type(part) is list:
                stack += [item for item in part if isinstance(item, ast.AST)]


def _bytes(text: str) -> Sequence[int]:
    """Where each character of a line begins, in bytes, and where the line ends."""
    if text.isascii():
        return range(len(text) + 1)
    return [0, *accumulate(len(ch.encode()) for ch in text)]
