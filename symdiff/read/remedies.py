"""What to write instead where foreign code asks an expression for its numbers."""

import sys
from collections.abc import Mapping
from types import FrameType, FunctionType
from typing import Any

from ..errors import GradientError, GraphError, MissingError
from ..expr import Expr
from ..op import FUNCTIONS, method
from ..shapes import as_shape

INSTEAD = {  # why a function is not offered, and what does the same
    "changes an array in place: `x.at[index].set(value)`": "copyto fill_diagonal place put put_along_axis putmask",
    "the size of the result depends on values: `np.where(c, x, y)`, or `sd.trace(fn, at={...})`": (
        "unique_all unique_counts unique_inverse unique_values"
    ),
    "complex numbers; of a symmetric matrix np.linalg.eigh and eigvalsh": "eig eigvals",
    "complex numbers": "iscomplex roots sort_complex emath",
    "polynomials have no quotient with a fixed number of coefficients": "polydiv poly1d",
    "calls Python for every entry: the function itself, on whole arrays": "frompyfunc fromfunction",
    "a function of sizes and numbers, numpy's own": (
        "bartlett blackman broadcast_shapes diag_indices einsum_path hamming hanning indices ix_ kaiser mask_indices "
        "ravel_multi_index tri tril_indices triu_indices"
    ),
    "inside `sd.trace` it takes expressions": "asanyarray ascontiguousarray asfortranarray empty",
    "the binary form of a number": "format_float_positional format_float_scientific",
    "of other types than numbers": "asmatrix isnat isscalar",
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


def not_offered(name: str) -> str:
    """Why a function of numpy's is not offered, and what does the same; nothing where it is none of them."""
    return next((f": {why}" for why, names in INSTEAD.items() if name in names.split()), "")


@method("function_refused")
def function_refused(shown: str) -> GradientError:
    """The error for a function of numpy's that is not offered: why, and what does the same."""
    name = shown.rpartition(".")[2]
    if shown.startswith("np.fft"):
        return GradientError(f"{shown} is not offered for expressions: complex numbers; F @ x with the real matrices "
                             "np.fft.fft(np.eye(n)).real and .imag gives both parts")  # fmt: skip
    if shown.startswith("np.") and not_offered(name):
        return GradientError(f"{shown} is not offered for expressions{not_offered(name)}")
    return GradientError(f"{shown} is not known to symdiff; `symdiff ops` lists what is, sd.register_op adds an op")


_METHODS = {  # numpy's methods that change an array, and what gives a changed one
    "sort": "np.sort(x)", "partition": "np.partition(x, k)", "resize": "np.resize(x, shape)", "view": "x.astype(t)",
    "fill": "np.full_like(x, v)", **dict.fromkeys(("put", "itemset", "setfield"), "x.at[index].set(v)"),
}  # fmt: skip


@method("attribute_refused")
def attribute_refused(name: str) -> MissingError:
    """The error for an attribute that expressions have not."""
    if name in _METHODS:
        return MissingError(f"an expression has no {name!r}, as it never changes: {_METHODS[name]} gives a new one")
    return MissingError(f"an expression has no memory and so no {name!r}: sd.evaluate(e, {{...}}) gives an array")


_OWN = __name__.partition(".")[0]


@method("array_refused")
def array_refused(e: Expr) -> GraphError:
    """The error for ``np.asarray(e)``: who asked, and what does the same with expressions."""
    asked = _asking(sys._getframe(1))
    if asked is None:
        remedy = (
            "sd.evaluate(e, {name: value}) gives its value, np.stack([...]) and sd.asarray([...]) make one expression "
            "of several; inside sd.trace np.asarray(e) is e"
        )
    elif asked.startswith("scipy.stats"):
        remedy = f"{asked} reads numbers; inside sd.trace scipy's distributions take expressions"
    elif asked.startswith("scipy.sparse") and "solve" in asked:
        remedy = f"{asked} reads numbers; sd.solve(A.toarray(), b) does the same with expressions"
    elif asked.startswith("scipy.sparse"):
        remedy = "of a sparse matrix or LinearOperator A sd.matmul(A, x) is the product; a dense one is A.toarray()"
    else:
        remedy = _of_numbers(asked)
    return GraphError(f"{e!r} is symbolic and no array: {remedy}")


def _of_numbers(asked: str) -> str:
    """What does the same as a function of scipy."""
    name = asked.rpartition(".")[2]
    known = next((k for k in (name, "linalg." + name, "special." + name) if k in FUNCTIONS), None)
    ours = f"sd.{known} does the same with expressions" if known else "sd.register_op makes an op of a function"
    return f"{asked} reads numbers; {ours}"


def library_refused(error: Exception) -> str | None:
    """What to do where a library asks for what only an array has; None where it was the user's own code."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    asked = _asking(traceback.tb_frame) if traceback is not None else None
    return None if asked is None else _of_numbers(asked)


def _asking(frame: FrameType | None) -> str | None:
    """The function of scipy that led here, as it is called; None where the user's own code did."""
    found = None
    while frame is not None:
        module, name = _called(frame)
        package = module.partition(".")[0]
        if package == "scipy":
            public = ".".join(part for part in module.split(".")[:2] if not part.startswith("_"))
            if found is None or not name.startswith(("_", "<", "wrap")):
                found = f"{public}.{name}"
        elif package not in (_OWN, "numpy", "functools"):
            break
        frame = frame.f_back
    return found


def _called(frame: FrameType) -> tuple[str, str]:
    """(module, name) of what was called: of what a decorator wraps, of a callable object its public name."""
    module, name, known = frame.f_globals.get("__name__", ""), frame.f_code.co_name, frame.f_locals
    if module.startswith("scipy.") and name == "wrapper":
        wrapped = next((v for v in known.values() if isinstance(v, FunctionType)), None)
        return (module, name) if wrapped is None else (wrapped.__module__, wrapped.__name__)
    if module.startswith("scipy.special") and name == "__call__":
        return module, next((k for k, v in vars(sys.modules["scipy.special"]).items() if v is known["self"]), name)
    return module, name


_OF_TEXTS = ("'str'", "StrDType", "not str", "string to float", "invalid literal", "input types")


def is_of_a_named_size(error: Exception, shapes: Mapping[str, Any]) -> bool:
    """Python or numpy asked a named size, which is a text, for a number."""
    named = any(isinstance(s, str) for shape in shapes.values() for s in as_shape(shape))
    return named and any(words in str(error) for words in _OF_TEXTS)


def named_size_refused(size: Any) -> str:
    """What to do where a named size is used as a number."""
    return (
        f"a named size is no number to count with ({size}): declare the axis by a number (x=3), write the loop as "
        "operations on arrays, or use sd.zeros, sd.ones and sd.arange; x.sum()/x.shape[0] is known"
    )
