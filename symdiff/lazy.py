"""The one mechanism of late imports: heavy and optional packages load when first used."""

from functools import cache
from importlib import import_module
from typing import Any

from .errors import SymdiffError


class MissingPackage(SymdiffError, ImportError):
    """An optional package is not installed; the message says which extra brings it."""


@cache
def module(name: str, extra: str = "") -> Any:
    """Import a module by name, once."""
    try:
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
