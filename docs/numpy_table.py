"""Writes docs/numpy.md: what every public function of numpy and numpy.linalg means of an expression.

    python -m docs.numpy_table
"""

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.op import FUNCTIONS, is_float
from tests.numpy_calls import ARRAYS, CALLS

TARGET = Path(__file__).with_name("numpy.md")
AT_A_POINT = {"argwhere", "flatnonzero", "nonzero"}
INSTEAD = {  # why a function is not offered, and what does the same
    "changes an array in place: `x.at[index].set(value)`": "copyto fill_diagonal place put put_along_axis putmask",
    "the size of the result depends on values: `np.where(c, x, y)`, or `sd.trace(fn, at={...})`": (
        "trim_zeros unique unique_all unique_counts unique_inverse unique_values union1d "
        "intersect1d setdiff1d setxor1d isin histogram_bin_edges histogram2d histogramdd"
    ),
    "complex numbers": "eig eigvals iscomplex roots sort_complex emath",
    "polynomials have no quotient with a fixed number of coefficients": "polydiv poly1d",
    "calls Python for every entry: the function itself, on whole arrays": (
        "apply_along_axis apply_over_axes vectorize frompyfunc fromfunction"
    ),
    "a function of sizes and numbers, numpy's own": (
        "bartlett blackman broadcast_shapes diag_indices diag_indices_from einsum_path hamming hanning indices ix_ "
        "kaiser mask_indices ravel_multi_index tri tril_indices tril_indices_from triu_indices "
        "triu_indices_from unravel_index"
    ),
    "inside `sd.trace` it takes expressions": "asanyarray ascontiguousarray asfortranarray empty",
    "the binary form of a number": "format_float_positional format_float_scientific frexp nextafter spacing",
    "of other types than numbers": "asmatrix isnat isscalar lexsort",
    "a parameter of numpy's own, no function of values": (
        "array2string array_repr array_str asarray_chkfinite base_repr binary_repr block bmat busday_count "
        "busday_offset is_busday can_cast common_type datetime_as_string datetime_data from_dlpack frombuffer "
        "fromfile fromiter frompyfunc fromregex fromstring genfromtxt get_include get_printoptions getbufsize "
        "geterr geterrcall info isdtype isfortran issubdtype iterable load loadtxt may_share_memory "
        "min_scalar_type mintypecode nested_iters printoptions promote_types require result_type save savetxt "
        "savez savez_compressed set_printoptions setbufsize seterr seterrcall shares_memory show_config "
        "show_runtime test typename packbits unpackbits"
    ),
}


source = functools.cache(inspect.getsource)


def uses(name: str) -> list[Callable[..., Any]]:
    """The tested calls that use a function of numpy's."""
    found = []
    for label, call in CALLS.items():
        plain = label.partition(": ")[2].partition(" ")[0].removeprefix("linalg.")
        if plain == name or f"np.{name}(" in source(call):
            found.append(call)
    return found


def derivative(name: str, path: str) -> str:
    """gradient, zero, or why there is none."""
    known = any(key in FUNCTIONS for key in (f"numpy.{path}", path, f"numpy.{name}", name))
    if not known:
        return next((f"not offered: {why}" for why, names in INSTEAD.items() if name in names.split()), "not offered")
    if name in AT_A_POINT:
        return "zero: positions, decided at the point of `sd.trace(fn, at={...})`"
    for call in uses(name):
        parameters = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty]
        g = sd.Graph()
        try:
            e = call(*[g.variable(k, ARRAYS[k].shape, dtype=ARRAYS[k].dtype) for k in parameters])
        except sd.SymdiffError:
            continue
        if isinstance(e, sd.Expr) and parameters:
            return "gradient" if is_float(e.dtype) else "zero: its values are whole numbers or truth values"
    op = FUNCTIONS.get(name)
    return "zero" if type(getattr(op, "derivative", None)).__name__ == "Zero" else "gradient"


def table() -> str:
    rows = []
    for prefix, module in (("", np), ("linalg.", np.linalg)):
        for name in sorted(module.__all__):
            function = getattr(module, name, None)
            if callable(function) and not inspect.isclass(function) and not name.startswith("_"):
                rows.append(f"| `np.{prefix}{name}` | {derivative(name, prefix + name)} |")
    head = (
        "# numpy's functions of expressions\n\nMade by `python -m docs.numpy_table` from numpy's own list of public "
        "functions and from the calls that the tests compare.\nThe names of the array API standard are among them. "
        "*Gradient*: differentiable to any order; *zero*: piecewise constant.\n\n| function | derivative |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table())
    sys.stdout.write(f"{TARGET}\n")
