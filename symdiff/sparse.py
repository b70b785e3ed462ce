"""What ops do with matrices of scipy.sparse: labelled products, sums, linear systems; others of them are dense.

A value that is sparse stays so as long as its zeros do: under products, scalings, sums of sparse ones, and functions
that are 0 at 0.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from math import prod
from typing import Any

import numpy as np

from .errors import InputError
from .graph import VARIABLE, Graph
from .lazy import module, resolve
from .ops.products import CONTRACT
from .ops.sparse import is_sparse

DENSE = 1 << 27  # entries of a dense array that a sparse matrix may become
KEPT = 4  # factorisations

Factor = tuple[Any, tuple]  # (array or sparse matrix, its labels)


def stores(g: Graph, inputs: Sequence[int]) -> bool:
    """Some of the inputs may be sparse: variables that are declared so, or made of such."""
    variables = inputs if all(g._op[n] is VARIABLE for n in inputs) else g._variables.values()
    return any("sparse" in g._params[n][3] for n in variables)


def canonical(value: Any) -> Any:
    """A csr array with each entry once, in order; the given one where it is so already."""
    matrix = module("scipy.sparse").csr_array(value)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    return matrix


def with_data(matrix: Any, data: np.ndarray) -> Any:
    """A matrix with other values at the entries of one."""
    return type(matrix)((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def dense(value: Any, what: str) -> Any:
    """The array of a sparse matrix; InputError where it would be too large."""
    if not is_sparse(value):
        return value
    if prod(value.shape) > DENSE:
        raise InputError(
            f"{what} makes a sparse matrix of shape {value.shape} dense: {prod(value.shape):.1e} entries; "
            "multiply it by vectors first"
        )
    return value.toarray()


def applied(op: Any, values: Sequence[Any], params: tuple) -> Any:
    """The value of an op some of whose operands are sparse."""
    if not any(map(is_sparse, values)):
        return op.meaning()(*values, *params)
    if op.sparse is not None:
        found = resolve(op.sparse)(values, params)
        if found is not None:
            return found
    elif op.elementwise and not params:
        found = _entry_by_entry(op.meaning(), values)
        if found is not None:
            return found
    return op.meaning()(*[dense(v, op.name) for v in values], *params)


def _entry_by_entry(f: Callable[..., Any], values: Sequence[Any]) -> Any:
    """A function of one sparse matrix and numbers that is 0 where the matrix is."""
    (first, *others) = [v for v in values if is_sparse(v)]
    if others or any(np.ndim(v) for v in values if v is not first):
        return None
    at = lambda x: f(*[x if v is first else v for v in values])  # noqa: E731
    if not np.array_equal(at(np.zeros(1)), [0]):
        return None
    return with_data(first, at(first.data))


def added(values: Sequence[Any], coefficients: Sequence[Any]) -> Any:
    """The sum of sparse matrices of one shape; None for others."""
    if not all(is_sparse(v) for v in values):
        return None
    terms = [float(c) * v for c, v in zip(coefficients, values, strict=True)]
    return sum(terms[1:], terms[0])


# --- linear systems ------------------------------------------------------------------------------------------------


_factored: list[tuple[Any, Any]] = []  # (a matrix as it was, its factors), the last used at the end


def solved(values: Sequence[Any], params: tuple) -> Any:
    """The solution of a sparse system by LU factors, which are kept for the same matrix and its transpose."""
    A, b = values
    if not is_sparse(A):
        return None
    b = dense(b, "solve")
    transposed = A.format == "csc"  # K.T of a csr array K
    matrix = A.T if transposed else A
    right = b if b.ndim < 2 else np.ascontiguousarray(b)
    if b.ndim > 2:
        return None
    # SuperLU factors columns: those of the transpose are the rows of a csr array
    return _factors(matrix).solve(np.asarray(right, float), "N" if transposed else "T").astype(A.dtype, copy=False)


def _factors(matrix: Any) -> Any:
    """The LU factors of the transpose of a csr array."""
    for k, (known, factors) in enumerate(_factored):
        same = known.shape == matrix.shape and all(
            np.array_equal(getattr(known, part), getattr(matrix, part)) for part in ("indptr", "indices", "data")
        )
        if same:
            _factored.append(_factored.pop(k))
            return factors
    try:
        factors = module("scipy.sparse.linalg").splu(matrix.T.tocsc().astype(float))
    except RuntimeError as error:
        raise np.linalg.LinAlgError(f"solve: {error}") from None
    _factored.append((matrix.copy(), factors))
    del _factored[:-KEPT]
    return factors


# --- labelled products ---------------------------------------------------------------------------------------------


def product(values: Sequence[Any], params: tuple) -> Any:
    """The contraction of factors of which some are sparse: two at a time, least entries first."""
    labels, out, free = params
    factors = [_reduced(v, ls) for v, ls in zip(values, labels, strict=True)]
    while True:
        factors = [_summed(f, _needed(factors, [j], out)) for j, f in enumerate(factors)]
        pairs = [pair for pair in permutations(range(len(factors)), 2) if is_sparse(factors[pair[0]][0])]
        if not pairs:
            break
        costs = [_entries(factors[j], factors[k], _needed(factors, [j, k], out)) for j, k in pairs]
        best = pairs[costs.index(min(costs))]
        made = _pair(factors[best[0]], factors[best[1]], _needed(factors, best, out))
        factors = [f for k, f in enumerate(factors) if k not in best] + [made]
    if len(factors) == 1 and is_sparse(factors[0][0]) and sorted(out) == sorted(factors[0][1]):
        (matrix, ls), *_ = factors
        return matrix if ls == out else matrix.T
    arrays = [dense(v, "a product") for v, _ in factors]
    return CONTRACT.meaning()(*arrays, tuple([ls for _, ls in factors]), out, free)


def _needed(factors: Sequence[Factor], without: Sequence[int], out: tuple) -> set:
    """The labels that the result or another factor reads."""
    return {*out}.union(*(ls for k, (_, ls) in enumerate(factors) if k not in without))


def _reduced(value: Any, labels: tuple) -> Factor:
    """A factor whose labels differ: of a sparse matrix with one label twice, the diagonal."""
    repeated = is_sparse(value) and labels[0] == labels[1]
    return (value.diagonal(), labels[:1]) if repeated else (value, labels)


def _summed(factor: Factor, needed: Iterable) -> Factor:
    """A sparse factor without the labels that nothing else reads."""
    value, labels = factor
    gone = [k for k, i in enumerate(labels) if i not in needed]
    if not is_sparse(value) or not gone:
        return factor
    if len(gone) == 2:
        return value.sum(), ()
    return np.asarray(value.sum(axis=gone[0])).ravel(), (labels[1 - gone[0]],)


def _entries(first: Factor, second: Factor, needed: set) -> float:
    """How many entries the product of two factors has, about."""
    (S, ls), (other, ms) = first, second
    sizes = dict(zip(ls, S.shape, strict=True)) | dict(zip(ms, np.shape(other), strict=True))
    if not {*ms} <= {*ls} and not _summed_between(ls, ms, needed):
        return np.inf
    if {*ms} <= {*ls} and {*ls} <= needed:
        return S.nnz
    if is_sparse(other):
        return S.nnz + other.nnz if {*ms} == {*ls} else 8.0 * (S.nnz + other.nnz)
    return prod(sizes[i] for i in {*ls, *ms} if i in needed)


def _summed_between(ls: tuple, ms: tuple, needed: set) -> list:
    """The labels that two factors share and that nothing else reads."""
    return [i for i in ls if i in ms and i not in needed]


def _pair(first: Factor, second: Factor, needed: set) -> Factor:
    """The product of a sparse factor and another."""
    (S, ls), (other, ms) = first, second
    shared, gone = [i for i in ls if i in ms], _summed_between(ls, ms, needed)
    if not ms:
        return S * float(other), ls
    if len(shared) == 1 and gone == shared and len({*ms}) == len(ms):  # a matrix product along one label
        (i,) = gone
        matrix, row = (S, ls[0]) if ls[1] == i else (S.T, ls[1])
        if is_sparse(other):
            return matrix @ (other if ms[0] == i else other.T), (row, ms[1] if ms[0] == i else ms[0])
        columns = np.moveaxis(np.asarray(other), ms.index(i), 0)
        rest = tuple([m for m in ms if m != i])
        found = matrix @ (columns if columns.ndim < 3 else columns.reshape(len(columns), -1))
        return found.reshape(found.shape[0], *columns.shape[1:]), (row, *rest)
    if {*ms} <= {*ls} and len({*ms}) == len(ms):  # entry by entry, along rows, along columns
        if len(ms) == 1:
            return S.multiply(other[:, None] if ms[0] == ls[0] else other[None, :]).tocsr(), ls
        return S.multiply(other if ms == ls else other.T).tocsr(), ls
    array = dense(S, "a product")
    kept = tuple([i for i in dict.fromkeys((*ls, *ms)) if i in needed])
    return CONTRACT.meaning()(array, dense(other, "a product"), (ls, ms), kept, ()), kept
