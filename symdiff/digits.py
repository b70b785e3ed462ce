"""Lists of natural numbers as JSON, ``[4,0,12]`` and ``[[0,1],[],[2]]``: arrays -> text and back, in one loop."""

import json
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import machine
from .kernels import Bytes, Ints, Longs, kernel

OPEN, CLOSE, COMMA, ZERO, NINE = b"[],09"
LONGEST = 9  # digits of a number that is read


class Rows(NamedTuple):
    """Rows of numbers, one after the other: row k is ``numbers[starts[k]:starts[k + 1]]``."""

    starts: np.ndarray
    numbers: np.ndarray

    def lists(self) -> list[list[int]]:
        numbers = self.numbers.tolist()
        return [numbers[a:b] for a, b in pairwise(self.starts.tolist())]


def written(numbers: np.ndarray) -> str:
    """A list of numbers, int32.

    >>> written(np.array([4, 0, 12], np.int32))
    '[4,0,12]'
    """
    return _written(Rows(np.array([0, numbers.size]), numbers))


def rows_written(rows: Rows) -> str:
    """A list of lists of numbers.

    >>> rows_written(Rows(np.array([0, 2, 2, 3]), np.array([0, 1, 2], np.int32)))
    '[[0,1],[],[2]]'
    """
    return f"[{_written(rows)}]"


def _written(rows: Rows) -> str:
    starts, numbers = np.ascontiguousarray(rows.starts, np.int64), np.ascontiguousarray(rows.numbers, np.int32)
    if machine.unavailable():
        return json.dumps(Rows(starts, numbers).lists(), separators=(",", ":"))[1:-1]
    longest = len(str(numbers.max(initial=0)))
    text = np.empty((longest + 1) * numbers.size + 3 * starts.size, np.uint8)
    length = _write(starts.size - 1, starts, numbers, text)
    return text[: max(length - 1, 0)].tobytes().decode()  # without the last comma


def read(text: bytes) -> np.ndarray | None:
    """int32: the numbers of a list without spaces; None of anything else, and where there is no machine code."""
    rows = _read_rows(text)
    return None if rows is None or rows.starts.size != 2 else rows.numbers


def rows_read(text: bytes) -> Rows | None:
    """The numbers of a list of lists without spaces; None as `read` gives it."""
    return _read_rows(text[1:-1]) if text[:1] == b"[" and text[-1:] == b"]" else None


def _read_rows(text: bytes) -> Rows | None:
    if machine.unavailable():
        return None
    starts, numbers = np.zeros(text.count(b"[") + 1, np.int64), np.empty(text.count(b",") + 1, np.int32)
    rows = _read(len(text), np.frombuffer(text, np.uint8), starts, numbers)
    return None if rows < 0 else Rows(starts, numbers[: starts[rows]])


@kernel()
def _write(rows: int, starts: Longs, numbers: Ints, text: Bytes) -> int:
    """Each row with a comma behind it; returns how long the text is."""
    k = 0
    for i in range(rows):
        text[k] = OPEN
        k += 1
        for j in range(starts[i], starts[i + 1]):
            x, above = numbers[j], 10
            end = k + 1
            while above <= x:
                above *= 10
                end += 1
            for d in range(end - k):
                text[end - 1 - d] = ZERO + x % 10
                x = x // 10
            text[end] = COMMA
            k = end + 1
        if starts[i + 1] > starts[i]:
            k -= 1
        text[k], text[k + 1] = CLOSE, COMMA
        k += 2
    return k


@kernel()
def _read(length: int, text: Bytes, starts: Longs, numbers: Ints) -> int:
    """Rows with commas between; returns how many, or -1."""
    k = rows = count = 0
    while k < length:
        if rows > 0:
            if text[k] != COMMA:
                return -1
            k += 1
        if k + 1 >= length or text[k] != OPEN:
            return -1
        k += 1
        last = text[k]
        if last == CLOSE:
            k += 1
        while last != CLOSE:
            first, x = k, 0
            while k < length and ZERO <= text[k] <= NINE:
                x = 10 * x + text[k] - ZERO
                k += 1
                if k - first > LONGEST:
                    return -1
            if k in (first, length) or (text[first] == ZERO and k > first + 1):
                return -1
            last = text[k]
            if last != CLOSE and last != COMMA:
                return -1
            numbers[count] = x
            count += 1
            k += 1
        rows += 1
        starts[rows] = count
    return rows
