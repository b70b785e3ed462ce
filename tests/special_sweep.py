"""Calls of scipy.special's functions as texts, generated: each real ufunc in each form in which operands come, and the
functions that are no ufuncs with their own arguments. The arrays are those of `numpy_sweep`.
"""

import itertools
import warnings

import numpy as np
from scipy import special

from .numpy_sweep import ARRAYS

REAL = set("dlpif")
SPHEROIDAL = ("obl_", "pro_")  # scipy's own do not come to an end at some arguments of single precision
KINDS = ("y", "x", "2", "z")  # what an operand may be: larger numbers, fractions, whole numbers, both signs
NUMBERS = {"x": "0.4", "y": "1.3", "z": "-0.6", "2": "2"}
LISTS = {"x": "[0.2,0.4]", "y": "[1.2,1.4]", "z": "[-0.3,0.3]"}
FORMS = {  # operands of these kinds as they are written, by their place
    "vectors": lambda c, k: {"2": "j"}.get(c, c),
    "numbers first": lambda c, k: c if k else NUMBERS[c],
    "numbers last": lambda c, k: NUMBERS[c] if k else c,
    "scalars": lambda c, k: {"x": "s", "y": "r", "z": "-s", "2": "3"}[c],
    "matrices": lambda c, k: {"x": "A", "y": "D", "z": "-A", "2": "2"}[c],
    "rows and columns": lambda c, k: c if not k or c == "2" else f"{c}[:,None]",
    "broadcast": lambda c, k: {"x": "A", "y": "D", "z": "-A"}.get(c, c) if k == 0 else c,
    "lists": lambda c, k: LISTS[c] if k else "2" if c == "2" else f"{c}[:2]",
    "one entry": lambda c, k: {"x": "u", "y": "u+1", "z": "-u", "2": "[2]"}[c],
    "no entry": lambda c, k: "e" if c != "2" else c,
    "single precision": lambda c, k: {"x": "f", "y": "f+1", "z": "-f"}.get(c, c),
    "single beside double": lambda c, k: {"x": "f", "y": "f+1", "z": "-f"}.get(c, c) if k == 0 else c,
    "whole numbers": lambda c, k: {"x": "h", "y": "j", "z": "i"}.get(c, c),
    "products": lambda c, k: f"{c}*r/2" if c in "xyz" else c,
    "keywords": lambda c, k: c,
}  # fmt: skip

OTHERS = {  # functions that are no ufuncs: the arguments of their calls, separated by semicolons
    "assoc_laguerre": "x,2;x,2,1.5;A,3;0.4,2",
    "comb": "y,x;4,x;y,2;5,2,exact=True;j,2;A,x;5,[1,2,3];y,2,repetition=True;j+5,j;y,x,exact=False",
    "diric": "x,3;A,4;s,5;z,3;[0.3,0.4],3",
    "factorial": "j;4;4,exact=True;j,exact=False;0;[1,2,3];h",
    "factorial2": "j;5;j,exact=False",
    "perm": "5,2;y,2;5,x;j,2;5,2,exact=True;[4,5],2",
    "polygamma": "1,x;2,A;0,y;j,x;1,[0.3,0.4];1,s;3,f",
    "multigammaln": "y+3,2;s+3,3;5.0,2;A+3,2",
    "zeta": "y;y,x;2,x;y,2;r;y+1,A;3.0;2,[0.3,0.4];i-9;2",
    "lambertw": "0.4;2",
    "jvp yvp ivp kvp": "1.5,y;1.5,y,2;2,A;0,x,0;s,x;1,r,3;j,x;1,[0.3,0.4]",
    "spherical_jn spherical_yn spherical_in spherical_kn":
        "1,x;2,A;0,y;1,x,True;2,r,derivative=True;j,y;[0,1],0.4;1,u",
    "softmax": "x;A;A,axis=1;A,axis=0;x,0;A,axis=-1;T,axis=1;A,axis=(0,1);T,(0,2);f;[0.1,0.2];s;i",
    "log_softmax": "x;A;A,axis=1;A,axis=0;x,0;A,axis=-1;T,axis=1;A,axis=(0,1);f;[0.1,0.2];s;i",
    "logsumexp":
        "x;A;A,axis=1;A,axis=0;x,0;A,axis=-1,keepdims=True;T,axis=(0,2);x,b=y;A,axis=1,b=D;A,b=x;x,b=2.0;"
        "x,b=z,return_sign=True;A,0,D,True;f;i;[0.1,0.2];s;x,b=[1,0,1,1];A,keepdims=True;x,return_sign=True",
    "sinc": "x;A;s;0;[0.0,0.5];f;i",
    "softplus": "x;z;A;f;s;[0.1,0.2];i;e",
    "legendre_p": "2,x;3,A;[1,2],0.3;2,x,diff_n=1;j,0.3",
    "assoc_legendre_p": "2,1,x;3,2,A",
    "legendre chebyt chebyu chebyc chebys laguerre hermite hermitenorm sh_legendre sh_chebyt sh_chebyu": "{}(x)3",
    "genlaguerre gegenbauer": "{}(x)3,0.5",
    "jacobi sh_jacobi": "{}(x)3,1.5,0.5",
}  # fmt: skip


def ufuncs() -> list[str]:
    """The real ones."""
    found = []
    for name in special.__all__:
        ufunc = getattr(special, name)
        types = [t.partition("->") for t in ufunc.types] if isinstance(ufunc, np.ufunc) else []
        real = any(set(before) <= REAL and set(after) <= REAL and "d" in after for before, _, after in types)
        if real and not name.startswith(SPHEROIDAL):
            found.append(name)
    return sorted(found)


def kinds(name: str, count: int) -> list[tuple[str, ...]]:
    """Of what kinds the operands may be, where the function has values that are no extremes."""
    ufunc, found = getattr(special, name), []
    for choice in itertools.product(KINDS, repeat=ufunc.nin):
        with np.errstate(all="ignore"), warnings.catch_warnings(record=True) as truncated:
            warnings.simplefilter("always")
            try:
                values = np.array(ufunc(*[2 if c == "2" else ARRAYS[c] for c in choice]), dtype=float)
            except TypeError:
                continue
        if not truncated and np.all(np.isfinite(values)) and np.all(np.abs(values) < 1e6):
            found.append(choice)
        if len(found) == count:
            break
    return found


def cases() -> list[str]:
    """Every call, once."""
    found = []
    for name in ufuncs():
        for chosen in kinds(name, 2):
            for write in FORMS.values():
                try:
                    operands = [write(c, k) for k, c in enumerate(chosen)]
                except KeyError:
                    continue
                found.append(f"special.{name}({', '.join(operands)})")
    for names, forms in OTHERS.items():
        for name, form in itertools.product(names.split(), forms.split(";")):
            shown = form.removeprefix("{}(x)")
            found.append(f"special.{name}({shown})" + ("(x)" if shown != form else ""))
    return list(dict.fromkeys(found))
