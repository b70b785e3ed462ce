"""The one mechanism of late imports, and of what is made when first asked for; none of it is half-made in a fork."""

import functools
import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from .errors import SymdiffError


class MissingPackage(SymdiffError, ImportError):
    """An optional package is not installed; the message says which extra brings it."""


T = TypeVar("T")
LOCK = threading.RLock()  # held while a module loads or machine code is made; a fork waits for it
if hasattr(os, "register_at_fork"):  # not where processes are never forked
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)


class cached_property(functools.cached_property[T]):
    """functools' own, without the lock that it has up to Python 3.11 and that a child would wait for when another
    thread of its parent held it."""

    def __init__(self, method: Callable[[Any], T]) -> None:
        super().__init__(method)
        self.lock = nullcontext()


@cache
def module(name: str, extra: str = "") -> Any:
    """Import a module by name, once."""
    try:
        with LOCK:
            return import_module(name)
    except ImportError as error:
        if name.startswith("symdiff."):  # a fault of our own, not a package to install
            raise
        hint = f": install symdiff[{extra}]" if extra else ""
        raise MissingPackage(f"the package {name.partition('.')[0]!r} is needed here{hint}") from error


@cache
def _attribute(path: str) -> Any:
    name, _, attribute = path.partition(":")
    return getattr(module(name), attribute)


def resolve(target: Any) -> Any:
    """What ``"module:attribute"`` names; anything but a text is returned as it is."""
    return _attribute(target) if isinstance(target, str) else target
