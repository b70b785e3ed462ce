"""Lists, tuples and dicts of values, nested or not: their leaves, and results in their form."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
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


def mirrored(structure: Any, results: Sequence[Any]) -> Any:
    """Results in the form of `structure`: the inverse of `leaves`."""
    return _filled(structure, iter(results))


def mirroring(structure: Any) -> Callable[[Sequence[Any]], Any]:
    """`mirrored` for one structure and results again and again: a list of leaves is the list of results."""
    if isinstance(structure, (list, tuple, Mapping)):
        nested = any(isinstance(item, (list, tuple, Mapping)) for item in structure)
        return partial(mirrored, structure) if nested or type(structure) not in (list, tuple) else type(structure)
    return itemgetter(0)


def _filled(structure: Any, results: Iterator[Any]) -> Any:
    if isinstance(structure, Mapping):
        return {key: _filled(item, results) for key, item in structure.items()}
    if isinstance(structure, (list, tuple)):
        items = [_filled(item, results) for item in structure]
        if isinstance(structure, list):
            return items
        return type(structure)(*items) if hasattr(structure, "_fields") else tuple(items)
    return next(results)


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
