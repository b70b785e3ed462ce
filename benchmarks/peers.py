"""The peers: modules that load when first used, what is installed, their functions in one namespace."""

from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

import numpy as np


class Late:
    """A module that is imported when first used, and those of its own modules that it does not import."""

    def __init__(self, name: str, *others: str):
        self._name, self._others = name, others

    def __getattr__(self, attribute: str) -> Any:
        for other in self._others:
            import_module(other)
        return getattr(import_module(self._name), attribute)


jax, jnp, torch, casadi, sympy = map(Late, ("jax", "jax.numpy", "torch", "casadi", "sympy"))
asdex, backpack = Late("asdex"), Late("backpack", "backpack.extensions")
sklearn = Late("sklearn", "sklearn.linear_model")
pytensor, tensor = Late("pytensor"), Late("pytensor.tensor")

PACKAGES = {  # peer -> the package that must be installed
    "symdiff": "numpy",
    "symdiff on jax": "jax",
    "symdiff limited": "numpy",
    "numpy": "numpy",
    "sympy": "sympy",
    "casadi": "casadi",
    "pytensor": "pytensor",
    "asdex": "asdex",
    "sklearn": "sklearn",
    "backpack": "backpack",
    "jax": "jax",
    "torch": "torch",
}


def installed(peer: str) -> bool:
    """Whether a peer can be measured here."""
    return find_spec(PACKAGES[peer]) is not None


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


class Namespace:
    """The functions of several modules under one name, looked up in order: the `xp` of a model."""

    def __init__(self, *modules: str, **functions: Any):
        self._modules = modules
        self.__dict__.update(functions)

    def __getattr__(self, name: str) -> Any:
        for module in map(import_module, self._modules):
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"none of {', '.join(self._modules)} has {name!r}")


@cache
def namespace(peer: str) -> Any:
    """The array namespace of a peer."""
    if peer in ("symdiff", "symdiff on jax"):
        return import_module("symdiff")
    if peer == "numpy":
        return Namespace(
            "numpy",
            "scipy.special",
            sigmoid=import_module("scipy.special").expit,
            relu=lambda x: np.maximum(x, 0.0),
            softplus=lambda x: np.logaddexp(x, 0.0),
        )
    if peer == "jax":
        return Namespace("jax.numpy", "jax.nn", "jax.scipy.special")
    return Namespace(
        "torch",
        "torch.special",
        "torch.nn.functional",
        take=lambda x, index, axis: x[(slice(None),) * axis + (index,)],
        softplus=lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    )
