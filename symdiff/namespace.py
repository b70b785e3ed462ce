"""symdiff as an array namespace: constants, types, `asarray`, and the parts `sd.linalg` and `sd.special`.

With these, code written over ``xp`` (the array API standard) runs with ``xp=symdiff``. No function is defined
here that the registry has.
"""

import math
from typing import Any

import numpy as np

from . import shapes
from .constants import DTYPES
from .errors import GraphError
from .expr import Expr
from .op import FUNCTIONS

CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
TYPES = {name: np.dtype(name) for name in DTYPES}  # equal to their names, which is what `Expr.dtype` gives

_LINALG = """
    cholesky cond cross det diagonal eigh eigvalsh expm inv kron logdet logm lstsq matmul matrix_norm
    matrix_power matrix_rank matrix_transpose multi_dot norm outer pinv qr slogdet solve solve_triangular
    sqrtm sinm cosm svd svdvals tensordot trace vecdot vector_norm
"""
_SPECIAL = """
    agm airy airye assoc_laguerre bdtr bdtrc bdtri bdtrik bdtrin bei beip ber berp besselpoly beta betainc
    betaincc betainccinv betaincinv betaln binom boxcox boxcox1p btdtria btdtrib cbrt chdtr chdtrc chdtri
    chdtriv chndtr chndtridf chndtrinc chndtrix comb cosdg cosm1 cotdg dawsn digamma diric ellipe ellipeinc
    ellipj ellipk ellipkinc ellipkm1 elliprc elliprd elliprf elliprg elliprj entr erf erfc erfcinv erfcx erfi
    erfinv eval_chebyc eval_chebys eval_chebyt eval_chebyu eval_gegenbauer eval_genlaguerre eval_hermite
    eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt eval_sh_chebyu eval_sh_jacobi
    eval_sh_legendre exp1 exp10 exp2 expi expit expm1 expn exprel factorial factorial2 fdtr fdtrc fdtri
    fdtridfd fresnel gamma gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn gdtr gdtrc gdtria
    gdtrib gdtrix huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e inv_boxcox inv_boxcox1p it2i0k0 it2j0y0
    it2struve0 itairy iti0k0 itj0y0 itmodstruve0 itstruve0 iv ive ivp j0 j1 jn jv jve jvp k0 k0e k1 k1e kei
    keip ker kerp kl_div kn kolmogi kolmogorov kv kve kvp lambertw log1p log_expit log_ndtr log_softmax
    log_wright_bessel loggamma logit logsumexp lpmv mathieu_a mathieu_b mathieu_cem mathieu_modcem1
    mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem modstruve multigammaln nbdtr nbdtrc nbdtri
    nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit ndtr
    ndtri ndtri_exp nrdtrimn nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv
    owens_t pbdv pbvv pbwa pdtr pdtrc pdtri pdtrik perm poch polygamma powm1 pro_ang1 pro_ang1_cv pro_cv
    pro_rad1 pro_rad1_cv pro_rad2 pro_rad2_cv pseudo_huber psi radian rel_entr rgamma round shichi sici sinc
    sindg smirnov smirnovi softmax softplus spence spherical_in spherical_jn spherical_kn spherical_yn stdtr
    stdtridf stdtrit struve tandg tklmbda voigt_profile wright_bessel wrightomega xlog1py xlogy y0 y1 yn yv
    yve yvp zeta zetac
"""


class Namespace:
    """A part of the namespace: the registry's functions of a theme."""

    def __init__(self, name: str, names: str):
        self._name = name
        self._names = frozenset(names.split())

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_") or attribute not in self._names:
            raise AttributeError(f"symdiff.{self._name} has no function {attribute!r}")
        return FUNCTIONS.get(f"{self._name}.{attribute}") or FUNCTIONS[attribute]

    def __dir__(self) -> list[str]:
        return sorted(self._names)

    def __repr__(self) -> str:
        return f"<symdiff.{self._name}: {', '.join(sorted(self._names))}>"


linalg, special = Namespace("linalg", _LINALG), Namespace("special", _SPECIAL)


def asarray(obj: Any, /, *, dtype: Any = None, device: Any = None, copy: Any = None) -> Any:
    """An expression as it is, nested lists that hold expressions as one, anything else as a numpy array.

    >>> import symdiff as sd
    >>> x, y = sd.Graph().variables("x y")
    >>> sd.asarray([[x, y], [y, 1]]).shape
    (2, 2)
    """
    array = FUNCTIONS["stack"](obj)
    return array if dtype is None else FUNCTIONS["astype"](array, dtype)


def empty(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros; an expression can't be filled in place: see `sd.stack` and `sd.where`."""
    return FUNCTIONS["zeros"](shape, dtype=dtype)


def isdtype(dtype: Any, kind: Any) -> bool:
    """Whether a type is of a kind: "bool", "integral", "real floating", "numeric", or a type."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return any(
        np.isdtype(np.dtype(dtype), k if isinstance(k, str) and k not in TYPES else np.dtype(k))
        for k in kinds
    )


def result_type(*values: Any) -> str:
    """The type of a result of these expressions, arrays and types."""
    found = [v.dtype if isinstance(v, Expr) else v for v in values]
    return np.result_type(*found).name


def finfo(dtype: Any) -> Any:
    """numpy's description of a floating type (of an expression or array: of its type)."""
    return np.finfo(result_type(dtype))


def iinfo(dtype: Any) -> Any:
    """numpy's description of an integer type."""
    return np.iinfo(result_type(dtype))


def broadcast_shapes(*given: Any) -> tuple:
    """The shape to which tensors of these shapes are stretched together."""
    return shapes.broadcast(*[shapes.as_shape(shape) for shape in given], op="broadcast_shapes")


def can_cast(from_: Any, to: Any, /) -> bool:
    """Whether a type (or the type of an expression or array) is held by another without loss."""
    return np.can_cast(result_type(from_), np.dtype(to))


def unstack(x: Any, /, *, axis: int = 0) -> tuple:
    """The entries along an axis, as a tuple."""
    n = x.shape[axis]
    if not isinstance(n, int):
        raise GraphError(f"unstack: the axis has the symbolic size {n!r}")
    first = FUNCTIONS["moveaxis"](x, axis, 0)
    return tuple(first[k] for k in range(n))


def broadcast_arrays(*arrays: Any) -> list:
    """The arrays stretched to their common shape."""
    total = arrays[0]
    for x in arrays[1:]:
        total = total + x
    return [FUNCTIONS["broadcast_to"](x, total.shape) for x in arrays]
