"""Sizes and shapes: pure arithmetic on tuples, no nodes and no arrays.

A size is an `int` or a canonical text of a polynomial in named sizes: ``"n"``, ``"n - 1"``, ``"m*n"``.
Equal texts are equal sizes, so shapes are plain tuples that hash, compare, print and save as they are.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from numbers import Integral

from .budget import within
from .errors import InputError, ShapeError

Size = int | str
Shape = tuple[Size, ...]
Polynomial = dict[tuple[str, ...], int]

NAME = re.compile(r"[^\W\d]\w*\Z")
_MINIMUM = re.compile(r"min\((\w+), (\w+)\)\Z")  # the one function of sizes: an atom like a name
_OPERATOR = re.compile(r"\s*([-+*])\s*")
_TERM = re.compile(r"\s*([+-]?)\s*([^+\-]+)")
_SUM = re.compile(r"-?[^+\-]+([+-][^+\-]+)*\Z")


@lru_cache(maxsize=4096)
def _polynomial(size: Size) -> tuple[tuple[tuple[str, ...], int], ...]:
    """{names of a monomial: coefficient} of a size, as items."""
    if isinstance(size, int):
        return (((), size),) if size else ()
    poly: Polynomial = {}
    if not _SUM.match(size):
        raise ShapeError(f"{size!r} is not a size: use an integer >= 0 or a name such as 'n'")
    for sign, term in _TERM.findall(size):
        coefficient, names = -1 if sign == "-" else 1, []
        for factor in term.strip().split("*"):
            factor = factor.strip()
            if factor.isdecimal():
                coefficient *= int(factor)
            elif NAME.match(factor) or _MINIMUM.match(factor):
                names.append(factor)
            else:
                raise ShapeError(f"{size!r} is not a size: use an integer >= 0 or a name such as 'n'")
        key = tuple(sorted(names))
        poly[key] = poly.get(key, 0) + coefficient
    return tuple(poly.items())


def _canonical(poly: Mapping[tuple[str, ...], int]) -> Size:
    items = sorted(((k, c) for k, c in poly.items() if c), key=lambda kc: (-len(kc[0]), kc[0]))
    if not items:
        return 0
    within("factors", len(items[0][0]), "a size")
    if items[0][0] == () and len(items) == 1:
        return items[0][1]
    text = ""
    for names, c in items:
        factors = ([str(abs(c))] if abs(c) != 1 or not names else []) + list(names)
        text += (" - " if c < 0 else " + ") + "*".join(factors)
    return text[3:] if text.startswith(" + ") else "-" + text[3:]


def add(a: Size, b: Size) -> Size:
    """
    >>> add("n", -1), add("n - 1", 1), add(2, 3)
    ('n - 1', 'n', 5)
    """
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    poly = dict(_polynomial(a))
    for key, c in _polynomial(b):
        poly[key] = poly.get(key, 0) + c
    return _canonical(poly)


def multiply(a: Size, b: Size) -> Size:
    """
    >>> multiply("m", "n"), multiply("n - 1", 2)
    ('m*n', '2*n - 2')
    """
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    poly: Polynomial = {}
    for key_a, c in _polynomial(a):
        for key_b, d in _polynomial(b):
            key = tuple(sorted(key_a + key_b))
            poly[key] = poly.get(key, 0) + c * d
    return _canonical(poly)


def terms(size: Size) -> list[tuple[tuple[str, ...], int]]:
    """The monomials of a size, in the order of its text: ``[(names, coefficient), ...]``."""
    return sorted(_polynomial(size), key=lambda kc: (-len(kc[0]), kc[0]))


def subtract(a: Size, b: Size) -> Size:
    return add(a, multiply(b, -1))


def minimum(a: Size, b: Size) -> Size:
    """The smaller size, by its two names where that is not known.

    >>> minimum("m", "n"), minimum("n", "n"), minimum(2, 3)
    ('min(m, n)', 'n', 2)
    """
    if a == b:
        return a
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    if not all(isinstance(s, int) or NAME.match(s) for s in (a, b)):
        raise ShapeError(f"the smaller of the sizes {a} and {b} is not known: give the axes names of their own")
    return f"min({a}, {b})"


def divide(total: Size, part: Size) -> Size:
    """total/part where it is a size again.

    >>> divide("m*n", "n"), divide("6*n", 3)
    ('m', '2*n')
    """
    if part == 1:
        return total
    if total == part:
        return 1
    divisor = _polynomial(part)
    if len(divisor) == 1:
        names, d = divisor[0]
        poly: Polynomial = {}
        for key, c in _polynomial(total):
            rest = list(key)
            for name in names:
                if name not in rest:
                    break
                rest.remove(name)
            else:
                if c % d == 0:
                    poly[tuple(rest)] = c // d
                    continue
            break
        else:
            return _canonical(poly)
    raise ShapeError(f"reshape: {part} does not divide {total}")


def resolve_all(params: tuple, known: Mapping[str, int]) -> tuple:
    """Parameters with every size in them made a number."""
    return tuple(
        resolve_all(p, known) if isinstance(p, tuple) else resolve(p, known) if isinstance(p, str) else p
        for p in params
    )


def count(shape: Iterable[Size]) -> Size:
    """Number of elements."""
    total: Size = 1
    for size in shape:
        total = multiply(total, size)
    return total


def names_of(size: Size) -> tuple[str, ...]:
    """The named sizes a size is made of."""
    if isinstance(size, int):
        return ()
    atoms = {n for key, _ in _polynomial(size) for n in key}
    return tuple(sorted({n for atom in atoms for n in _names_of_atom(atom)}))


def _names_of_atom(atom: str) -> list[str]:
    smaller = _MINIMUM.match(atom)
    return [n for n in smaller.groups() if not n.isdecimal()] if smaller else [atom]


def resolve(size: Size, known: Mapping[str, int]) -> int:
    """The number a size stands for when its names have these values."""
    if isinstance(size, int):
        return size
    total = 0
    for key, c in _polynomial(size):
        for name in key:
            smaller = _MINIMUM.match(name)
            if smaller:
                c *= min(resolve(int(s) if s.isdecimal() else s, known) for s in smaller.groups())
            elif name in known:
                c *= known[name]
            else:
                raise InputError(f"the size {name!r} is not known: no input has it as an axis")
        total += c
    return total


def _index(value: object) -> int | None:
    try:
        return value.__index__()  # type: ignore[attr-defined]
    except TypeError:  # an array
        return None


def as_size(value: object) -> Size:
    """A size from what a user wrote, canonical; ShapeError when it is none."""
    if isinstance(value, str) and len(value) <= 200 and value.strip().lower() not in ("nan", "inf"):
        size = _canonical(dict(_polynomial(value.strip())))
        if isinstance(size, str) or size >= 0:
            return size
    if hasattr(value, "__index__") and not isinstance(value, bool):
        number = _index(value)
        if number is not None and number >= 0:
            return number
    if getattr(value, "dtype", None) is not None or isinstance(value, float):
        raise ShapeError("a value is no size: declare a shape, or give the values as at={name: value}")
    raise ShapeError(f"{str(value)[:40]!r} is not a size: use an integer >= 0 or a name such as 'n'")


def as_shape(spec: object) -> Shape:
    """A shape from a user's spelling: ``"n d"``, ``("n", 3)``, ``5``, ``()``.

    >>> as_shape("n d"), as_shape("n + 1, 3"), as_shape(("n", 3)), as_shape(5), as_shape(())
    (('n', 'd'), ('n + 1', 3), ('n', 3), (5,), ())
    """
    if isinstance(spec, str):
        if len(spec) > 1000:
            raise ShapeError("a shape's text is at most 1000 characters")
        words = _OPERATOR.sub(r"\1", spec).replace(",", " ").split()
        return tuple(as_size(int(t) if t.isdecimal() else t) for t in words)
    if isinstance(spec, (tuple, list)):
        return tuple(as_size(s) for s in spec)
    return (as_size(spec),)


def text(shape: Iterable[Size]) -> str:
    """A shape for messages: ``(n, 3)``."""
    sizes = [str(s) for s in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def broadcast(*shapes: Shape, op: str = "broadcast") -> Shape:
    """The numpy broadcast of shapes; sizes match when equal or 1.

    >>> broadcast(("n", 1), (3,))
    ('n', 3)
    """
    first = shapes[0]
    if all(s == first for s in shapes[1:]):
        return first
    result: list[Size] = []
    for k in range(-max(map(len, shapes)), 0):
        sizes = {s[k] for s in shapes if len(s) >= -k} - {1}
        if len(sizes) > 1:
            raise ShapeError(f"{op}: shapes {' and '.join(map(text, shapes))} do not fit together")
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def stretched_labels(y: Shape, x: Shape) -> tuple[int, ...]:
    """The axis of y that each axis of x is under broadcasting; one of size 1 that is stretched has a label of its own.

    >>> stretched_labels(("m", "n"), (1, "n")), stretched_labels(("m", "n"), ("n",))
    ((-1, 1), (1,))
    """
    shift = len(y) - len(x)
    return tuple([k + shift if s == y[k + shift] else -1 - k for k, s in enumerate(x)])


def axis(k: int, ndim: int, op: str) -> int:
    """A numpy axis number made non-negative."""
    if not isinstance(k, Integral) or isinstance(k, bool) or not -ndim <= k < ndim:
        raise ShapeError(f"{op}: axis {k!r} is out of range for {ndim} dimension(s)")
    return int(k) % ndim


def axes(spec: object, ndim: int, op: str) -> tuple[int, ...]:
    """Axis numbers from numpy's ``axis=`` argument: None (all), an int or a tuple."""
    if spec is None:
        return tuple(range(ndim))
    items = spec if isinstance(spec, (tuple, list)) else (spec,)
    result = tuple(axis(k, ndim, op) for k in items)
    if len(set(result)) < len(result):
        raise ShapeError(f"{op}: duplicate value in axis {spec!r}")
    return result


def bind(shape: Shape, actual: tuple[int, ...], known: dict[str, int], what: str) -> None:
    """Match a declared shape with an array's; named sizes are recorded in `known` or compared with it."""
    if len(shape) != len(actual):
        raise InputError(f"{what} has shape {actual}, expected {text(shape)}")
    for size, number in zip(shape, actual, strict=True):
        if isinstance(size, str) and NAME.match(size):
            if known.setdefault(size, number) != number:
                raise InputError(f"{what} has shape {actual}, expected {text(shape)} with {size} = {known[size]}")
        elif isinstance(size, int) and size != number:
            raise InputError(f"{what} has shape {actual}, expected {text(shape)}")


def solve(size: Size, number: int, known: dict[str, int]) -> bool:
    """Record the one name of a size that is not known, where the number tells it; whether it did.

    >>> known = {"k": 3}
    >>> solve("2*m*k - k", 9, known), known
    (True, {'k': 3, 'm': 2})
    """
    if isinstance(size, int) or len(unknown := [name for name in names_of(size) if name not in known]) != 1:
        return False
    (name,), slope, rest = unknown, 0, 0
    for key, c in _polynomial(size):
        if key.count(name) > 1 or any(_MINIMUM.match(atom) for atom in key):
            return False
        part = resolve(multiply("*".join(n for n in key if n != name) or 1, c), known)
        slope, rest = (slope + part, rest) if name in key else (slope, rest + part)
    if not slope or (number - rest) % slope or (number - rest) // slope < 0:
        return False
    known[name] = (number - rest) // slope
    return True


def slice_length(size: Size, start: Size | None, stop: Size | None, step: int) -> tuple[Size, Size, Size]:
    """(start, stop, length) of ``axis[start:stop:step]`` on an axis of this size, starts and stops non-negative.

    A negative bound counts from the end. On a named axis bounds that may lie inside it are taken to do so, and the
    length is exact for every size at which they do.

    >>> slice_length("n", -3, None, 1), slice_length("n", 2, "n + 1", 1), slice_length("n", 5, 3, 1)
    (('n - 3', 'n', 3), (2, 'n', 'n - 2'), (5, 5, 0))
    >>> slice_length("n", None, -6, -2)
    ('n - 1', 'n - 6', 3)
    """
    if isinstance(size, int):
        if not all(b is None or isinstance(b, int) for b in (start, stop)):
            raise ShapeError(f"slice: a symbolic bound on an axis of size {size}")
        bounds = range(size)[slice(start, stop, step)]  # type: ignore[arg-type]  # both are integers here
        end: Size = bounds.stop
        return bounds.start, end, len(bounds)
    most = size if step > 0 else add(size, -1)

    def absolute(bound: Size) -> Size:
        below, beyond = add(size, bound), subtract(bound, most)
        if isinstance(bound, int):
            return below if bound < 0 else bound
        if isinstance(below, int):  # -n + 1
            return max(below, 0)
        return most if isinstance(beyond, int) and beyond > 0 else bound

    if step > 0:
        lo, hi = absolute(0 if start is None else start), absolute(size if stop is None else stop)
    else:
        lo, hi = absolute(most if start is None else start), -1 if stop is None else absolute(stop)
    span = subtract(hi, lo)
    if isinstance(span, int):
        length = len(range(0, span, step))
        return (lo, hi, length) if length else (lo, lo, 0)
    if abs(step) != 1:
        raise ShapeError(f"slice: step {step} on the named axis {size!r}: only 1 and -1 have a known length")
    return lo, hi, multiply(step, span)


def index_of_index(first: tuple, second: tuple) -> tuple:
    """The index that reads as `first` and then `second` do.

    >>> index_of_index((None, (4, -1, -1)), (0, (1, 5, 1)))
    (0, (3, -1, -1))
    """
    rest = iter(second)
    merged: list = []
    for i in first:
        if i is not None and not isinstance(i, tuple):
            merged.append(i)
            continue
        j = next(rest)
        if i is None or j is None:
            merged.append(i if j is None else j)
            continue
        start, step = i[0], i[2]
        if isinstance(j, tuple):
            stop = add(start, multiply(step, j[1]))
            stop = max(stop, -1) if isinstance(stop, int) else stop
            merged.append((add(start, multiply(step, j[0])), stop, step * j[2]))
        else:
            merged.append(add(start, multiply(step, j)))
    return tuple(merged)
