"""The benchmarks, one small file each: a module's `BENCHMARKS` are its records."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..record import Benchmark


@cache
def benchmarks() -> dict[str, Benchmark]:
    """Every record by its name."""
    found: dict[str, Benchmark] = {}
    for module in iter_modules(__path__):
        for record in import_module(f"{__name__}.{module.name}").BENCHMARKS:
            if record.name in found:
                raise ValueError(f"two benchmarks are called {record.name!r}")
            found[record.name] = record
    return found
