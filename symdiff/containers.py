"""Lists, tuples and dicts of values, nested or not: their leaves, and results in their form."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from .errors import InputError


def leaves(structure: Any) -> list[Any]:
    """The entries of lists, tuples and dicts, in order; anything else is the one entry."""
    if isinstance(structure, Mapping):
        return [leaf for item in structure.values() for leaf in leaves(item)]
    if isinstance(structure, (list, tuple)):
        return [leaf for item in structure for leaf in leaves(item)]
    return [structure]


Form = Callable[[list[Any]], Any]  # leaves -> what has them


def mirrored(structure: Any, results: Sequence[Any]) -> Any:
    """Results in the form of `structure`: the inverse of `leaves`."""
    return mirroring(structure)([*results])


def mirroring(structure: Any) -> Form:
    """`mirrored` for one structure and lists of results again and again."""
    return _form(structure, 0)[0]


def _form(structure: Any, start: int) -> tuple[Form, int]:
    """(what takes its leaves, from `start` on, out of all of them; where the next one's begin)"""
    if isinstance(structure, Mapping):
        keys, (values, stop) = list(structure), _items(list(structure.values()), start)
        return (lambda results: dict(zip(keys, values(results), strict=True))), stop
    if not isinstance(structure, (list, tuple)):
        return itemgetter(start), start + 1
    items, stop = _items(structure, start)
    if isinstance(structure, list):
        return items, stop
    made = type(structure)
    return (lambda results: made(*items(results)) if hasattr(made, "_fields") else tuple(items(results))), stop


def _items(structure: Sequence[Any], start: int) -> tuple[Form, int]:
    """A list of the items; leaves that stand together are taken at once."""
    if not any(isinstance(item, (list, tuple, Mapping)) for item in structure):
        stop = start + len(structure)
        return itemgetter(slice(start, stop)), stop
    forms, stop = [], start
    for item in structure:
        form, stop = _form(item, stop)
        forms.append(form)
    return (lambda results: [form(results) for form in forms]), stop


def matched(structure: Any, values: Any, what: str) -> list[Any]:
    """The values for the leaves of `structure`: one of any kind for a leaf, the same keys for a dict, as many for
    a list or tuple. InputError where the forms differ; `what` names the values."""
    if isinstance(structure, Mapping):
        if not isinstance(values, Mapping) or set(values) != set(structure):
            got = list(values) if isinstance(values, Mapping) else type(values).__name__
            raise InputError(f"{what}: a dict with the keys {list(structure)} is needed, got {got}")
        return [leaf for key, item in structure.items() for leaf in matched(item, values[key], what)]
    if isinstance(structure, (list, tuple)):
        if isinstance(values, (Mapping, str)) or not hasattr(values, "__len__") or len(values) != len(structure):
            got = f"{len(values)}" if isinstance(values, (list, tuple)) else type(values).__name__
            raise InputError(f"{what}: {len(structure)} value(s) are needed, got {got}")
        pairs = zip(structure, values, strict=True)
        return [leaf for item, value in pairs for leaf in matched(item, value, what)]
    return [values]
