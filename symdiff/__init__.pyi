"""Written by `python -m tests.stub` from the registries: not to be edited."""
# ruff: noqa
# pyright: reportOverlappingOverload=false, reportInconsistentOverload=false

import builtins
import collections.abc
import typing
from typing import Any, overload

import numpy

import scipy.sparse._csr
import symdiff.domains
import symdiff.op
import symdiff.ops.factorisation
import symdiff.ops.linalg
import symdiff.ops.singular
import symdiff.ops.spectral
import symdiff.ops.updates
import symdiff.solvers.problems
import symdiff.solvers.structured
import symdiff.solvers.systems
import symdiff.write.picture
from . import ops as ops
from .errors import BudgetError as BudgetError
from .errors import CheckError as CheckError
from .errors import EngineError as EngineError
from .expr import Expr as Expr
from .solvers.curvature import FisherOperator as FisherOperator
from .solvers.curvature import GaussNewtonOperator as GaussNewtonOperator
from .errors import GradientError as GradientError
from .graph import Graph as Graph
from .errors import GraphError as GraphError
from .solvers.krylov import HessianOperator as HessianOperator
from .errors import InputError as InputError
from .solvers.krylov import JacobianOperator as JacobianOperator
from .errors import ParseError as ParseError
from .errors import ShapeError as ShapeError
from .solvers.sparse import SparseHessian as SparseHessian
from .solvers.sparse import SparseJacobian as SparseJacobian
from .errors import SymdiffError as SymdiffError
from .errors import UndefinedError as UndefinedError

__version__: builtins.str

def broadcast_arrays(*arrays: Any) -> list[Expr]:
    """The arrays stretched to their common shape."""
def broadcast_shapes(*given: Any) -> tuple[Expr, ...]:
    """The shape to which tensors of these shapes are stretched together."""
def budgets(**figures: builtins.int) -> collections.abc.Iterator[None]:
    """Other budgets for the calls within: ``nodes``, ``axes``, ``factors``, ``entries``, ``bits``, ``characters``, ``brackets``, ``exponent``, ``listed`` and ``search``."""
def can_cast(from_: Any, to: Any, /) -> builtins.bool:
    """Whether a type (or the type of an expression or array) is held by another without loss."""
def check_domain(expr: Expr, at: collections.abc.Mapping[Any, Any]) -> symdiff.domains.DomainReport:
    """The nodes of an expression that have no derivative at a point, in the order of evaluation: on a kink or a jump, outside their domain or at its end with an infinite slope, matrices that are singular or have equal eigenvalues."""
def check_grad(expr: Expr, wrt: Any, at: collections.abc.Mapping[Any, Any], order: builtins.int = 2, *, tolerance: builtins.float | None = None, seed: builtins.int = 0) -> builtins.float:
    """Compare the reverse and the forward derivatives of an expression with differences of its values."""
def draw(e: Any, path: Any = None, values: collections.abc.Mapping[Any, Any] | None = None, gradients: builtins.bool = False, max_nodes: builtins.int = 300) -> symdiff.write.picture.Picture:
    """A picture of the graph of an expression, inputs on the left, as a circuit."""
def empty(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros; an expression can't be filled in place: see `sd.stack` and `sd.where`."""
def evaluate(outputs: Any, values: collections.abc.Mapping[Any, Any] = ...) -> Any:
    """The numpy values of expressions at given inputs."""
def finfo(dtype: Any) -> Any:
    """Numpy's description of a floating type (of an expression or array: of its type)."""
def from_sympy(expr: Any, graph: Graph | None = None, assume: collections.abc.Mapping[builtins.str, Any] | None = None) -> Any:
    """The expression of the same meaning as a sympy expression or matrix (or a list, tuple or dict of them)."""
def function(inputs: Any, outputs: Any = None, backend: builtins.str = 'auto', *, check: builtins.str | None = None, at: Any = None, guards: builtins.str = 'error', **options: Any) -> Any:
    """A callable that computes `outputs` from arrays."""
@overload
def grad(y: Expr, wrt: Expr | str) -> Expr:
    """The gradient of y by `wrt`, as nodes appended to the graph of y."""
@overload
def grad(y: Expr, wrt: Any) -> Any: ...
@overload
def hessian(y: Expr, wrt: Expr | str) -> Expr:
    """The second derivative: ``hessian.shape == y.shape + x.shape + x.shape``; for several wrt, blocks as in JAX."""
@overload
def hessian(y: Expr, wrt: Any) -> Any: ...
@overload
def hvp(y: Expr, wrt: Expr | str, v: Any = None) -> Expr:
    """The Hessian of a scalar y times v, by a forward sweep over the gradient; nothing of size n x n is made."""
@overload
def hvp(y: Expr, wrt: Any, v: Any = None) -> Any: ...
def iinfo(dtype: Any) -> Any:
    """Numpy's description of an integer type."""
def isdtype(dtype: Any, kind: Any) -> builtins.bool:
    """Whether a type is of a kind: "bool", "integral", "real floating", "numeric", or a type."""
@overload
def jacobian(y: Any, wrt: Expr | str, mode: builtins.str = 'auto') -> Expr:
    """Dy/dx of any shapes: ``jacobian.shape == y.shape + x.shape``, by one sweep, no loop over rows."""
@overload
def jacobian(y: Any, wrt: Any, mode: builtins.str = 'auto') -> Any: ...
def jvp(y: Any, tangents: collections.abc.Mapping[Any, Any]) -> Any:
    """The tangent of y (an Expr, or a list, tuple or dict) for tangents ``{variable or name: tangent}``: ``dy/dx t``."""
def load(path: Any, *, max_bytes: builtins.int = 1073741824, max_nodes: builtins.int = 10000000) -> Any:
    """Read what `save` wrote: the same Expr, Graph, list, tuple or dict, on a graph equal node for node."""
def name(e: Expr, label: builtins.str) -> Expr:
    """Give a term a name: formulas of other expressions stop at it. Returns e."""
def parse(text: builtins.str, /, graph: Graph | None = None, assume: collections.abc.Mapping[builtins.str, Any] | None = None, **shapes: Any) -> Expr:
    """The expression a text in numpy's syntax stands for: ``A @ x``, ``X.T``, ``x[1:]``, ``where(x > 0, x, 0)``; a tuple of them for a text of several, ``x*y, x + y`` or ``eigh(A)``."""
def register_linear_op(name: builtins.str, matvec: Any, rmatvec: collections.abc.Callable[[numpy.ndarray], Any] | None = None, *, shape: Any = None, matmat: collections.abc.Callable[[numpy.ndarray], Any] | None = None, rmatmat: collections.abc.Callable[[numpy.ndarray], Any] | None = None) -> symdiff.op.Op:
    """Register a linear map of vectors as an op: derivatives of any order, its transpose is the op ``name_T``."""
def register_op(name: builtins.str, evaluate: collections.abc.Callable[..., Any], partials: collections.abc.Sequence[collections.abc.Callable[..., Any] | None] | collections.abc.Callable[..., Any] | None = None, *, vjp: collections.abc.Callable[..., Any] | None = None, jvp: collections.abc.Callable[..., Any] | None = None, shape: collections.abc.Callable[..., Any] | None = None, arity: builtins.int | None = None, aliases: collections.abc.Sequence[builtins.str] = ..., doc: builtins.str = '', **facets: Any) -> symdiff.op.Op:
    """Register an op of your own: differentiable to any order, printable, parsable and evaluable at once, on every backend (jax and torch call `evaluate` back unless a name or a composition says what it is there)."""
def result_type(*values: Any) -> builtins.str:
    """The type of a result of these expressions, arrays and types."""
def save(obj: Any, path: Any) -> None:
    """Write expressions with their whole graph to a JSON document without code."""
def simplify(e: Expr) -> Expr:
    """The expression of the print form: like terms collected, rules applied, common factors taken out."""
def sparsity(y: Any, wrt: Any, sizes: collections.abc.Mapping[builtins.str, builtins.int] | None = None, local: collections.abc.Mapping[Any, Any] | None = None) -> scipy.sparse._csr.csr_array:
    """The entries of dy/dwrt that can be nonzero: a boolean csr matrix, rows the entries of y, columns those of wrt."""
def structure(e: Expr, rows: builtins.int | None = None) -> symdiff.solvers.structured.Structure:
    """What a Jacobian or Hessian keeps: diagonal, Kronecker product, outer product, dense, or a sum of such terms."""
def to_dot(e: Any, max_nodes: builtins.int = 300) -> builtins.str:
    """The DOT text of the graph of an expression, for Graphviz: see `draw`."""
def to_least_squares(residuals: Any, wrt: Any, at: collections.abc.Mapping[Any, Any], *, weights: collections.abc.Sequence[Any] | None = None, bounds: Any = None, jacobian: builtins.str = 'auto') -> symdiff.solvers.systems.LeastSquaresProblem:
    """The functions that `scipy.optimize.least_squares` wants of residuals."""
def to_ode(rhs: Any, t: Any, y: Any, at: collections.abc.Mapping[Any, Any], *, jacobian: builtins.str = 'auto') -> symdiff.solvers.systems.OdeProblem:
    """The functions that `scipy.integrate.solve_ivp` wants of ``y' = rhs(t, y)``."""
def to_root(F: Any, z: Any, at: collections.abc.Mapping[Any, Any], *, jacobian: builtins.str = 'auto') -> symdiff.solvers.systems.RootProblem:
    """The functions that `scipy.optimize.root` wants of equations ``F(z) = 0``."""
def to_scipy(f: Expr, wrt: Any, at: collections.abc.Mapping[Any, Any], *, constraints: collections.abc.Sequence[builtins.tuple[Expr, Any, Any]] = ..., bounds: Any = None, copy: builtins.bool = False, backend: builtins.str = 'auto', threads: builtins.int | None = None) -> symdiff.solvers.problems.ScipyProblem:
    """The functions `scipy.optimize.minimize` wants of a scalar expression."""
def unstack(x: Any, /, *, axis: builtins.int = 0) -> tuple[Expr, ...]:
    """The entries along an axis, as a tuple."""
def value_and_grad(y: Expr, wrt: Any) -> builtins.tuple[Expr, Any]:
    """(y, grad(y, wrt)): both share their nodes, so evaluating both costs little more than one."""
@overload
def vjp(y: Any, wrt: Expr | str, cotangent: Any) -> Expr:
    """The cotangents at `wrt` for a cotangent of y: ``ct' dy/dx``, of the shape of each `wrt`."""
@overload
def vjp(y: Any, wrt: Any, cotangent: Any) -> Any: ...
Abs = abs
Adjugate = adj
And = logical_and
@overload
def Chi(x: Expr, /) -> Expr:
    """Hyperbolic cosine integral, even in x"""
@overload
def Chi(x: Any, /) -> Any: ...
@overload
def Ci(x: Expr, /) -> Expr:
    """Cosine integral, even in x"""
@overload
def Ci(x: Any, /) -> Any: ...
Det = det
Determinant = det
Diag = diag
E1 = exp1
Ei = expi
Eq = equal
Exp = exp
@overload
def FallingFactorial(x: Expr, y: Any) -> Expr:
    """Gamma(x + 1)/gamma(x - y + 1): x*(x - 1)*...*(x - y + 1) for a whole number y."""
@overload
def FallingFactorial(x: Any, y: Expr) -> Expr: ...
@overload
def FallingFactorial(x: Any, y: Any) -> Any: ...
Ge = greater_equal
Gt = greater
Heaviside = heaviside
Identity = eye
Inverse = inv
LambertW = lambertw
Le = less_equal
Lt = less
Max = maximum
Min = minimum
Mod = remainder
Ne = not_equal
Not = logical_not
Or = logical_or
Piecewise = piecewise
Pow = pow
Relu = relu
RisingFactorial = poch
@overload
def Shi(x: Expr, /) -> Expr:
    """Integral of sinh(t)/t from 0 to x"""
@overload
def Shi(x: Any, /) -> Any: ...
@overload
def Si(x: Expr, /) -> Expr:
    """Integral of sin(t)/t from 0 to x"""
@overload
def Si(x: Any, /) -> Any: ...
Tr = trace
Trace = trace
Xor = logical_xor
@overload
def abs(x: Expr, /) -> Expr:
    """Absolute value"""
@overload
def abs(x: Any, /) -> Any: ...
absolute = abs
@overload
def acos(x: Expr, /) -> Expr:
    """Inverse cosine, from 0 to pi"""
@overload
def acos(x: Any, /) -> Any: ...
@overload
def acosh(x: Expr, /) -> Expr:
    """Inverse hyperbolic cosine, not negative"""
@overload
def acosh(x: Any, /) -> Any: ...
@overload
def acot(x: Expr, /) -> Expr:
    """Inverse cotangent, atan(1/x)"""
@overload
def acot(x: Any, /) -> Any: ...
@overload
def acoth(x: Expr, /) -> Expr:
    """Inverse hyperbolic cotangent, atanh(1/x)"""
@overload
def acoth(x: Any, /) -> Any: ...
@overload
def acsc(x: Expr, /) -> Expr:
    """Inverse cosecant, asin(1/x)"""
@overload
def acsc(x: Any, /) -> Any: ...
@overload
def acsch(x: Expr, /) -> Expr:
    """Inverse hyperbolic cosecant, asinh(1/x)"""
@overload
def acsch(x: Any, /) -> Any: ...
@overload
def add(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """x0 + x1 + ... with numpy broadcasting."""
@overload
def add(*xs: Any) -> Any: ...
@overload
def adj(x: Expr) -> Expr:
    """The adjugate, ``det(X)*inv(X)``; of a singular matrix its limit."""
@overload
def adj(x: Any) -> Any: ...
adjugate = adj
@overload
def agm(a: Expr, b: Any) -> Expr:
    """The arithmetic-geometric mean of two positive numbers: pi/4*(a + b)/ellipk(((a - b)/(a + b))**2)."""
@overload
def agm(a: Any, b: Expr) -> Expr: ...
@overload
def agm(a: Any, b: Any) -> Any: ...
def airy(x: Any) -> tuple[Expr, ...]:
    """(Ai, Ai', Bi, Bi')."""
@overload
def airyai(x: Expr, /) -> Expr:
    """Airy's function Ai"""
@overload
def airyai(x: Any, /) -> Any: ...
@overload
def airyaiprime(x: Expr, /) -> Expr:
    """The derivative of Ai"""
@overload
def airyaiprime(x: Any, /) -> Any: ...
@overload
def airybi(x: Expr, /) -> Expr:
    """Airy's function Bi"""
@overload
def airybi(x: Any, /) -> Any: ...
@overload
def airybiprime(x: Expr, /) -> Expr:
    """The derivative of Bi"""
@overload
def airybiprime(x: Any, /) -> Any: ...
def airye(x: Any) -> tuple[Expr, ...]:
    """The 4 results of scipy.special.airye."""
@overload
def all(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """True where all entries are."""
@overload
def all(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def allclose(a: Expr, b: Any, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Expr:
    """Whether all entries are close."""
@overload
def allclose(a: Any, b: Expr, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Expr: ...
@overload
def allclose(a: Any, b: Any, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Any: ...
amax = max
amin = min
@overload
def angle(z: Expr, deg: builtins.bool = False) -> Expr:
    """0 of numbers >= 0, pi (or 180 degrees) of negative ones."""
@overload
def angle(z: Any, deg: builtins.bool = False) -> Any: ...
@overload
def any(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """True where an entry is."""
@overload
def any(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def append(arr: Expr, values: Any, axis: builtins.int | None = None) -> Expr:
    """Entries joined at the end; flattened without an axis."""
@overload
def append(arr: Any, values: Expr, axis: builtins.int | None = None) -> Expr: ...
@overload
def append(arr: Any, values: Any, axis: builtins.int | None = None) -> Any: ...
@overload
def apply_along_axis(func1d: collections.abc.Callable[..., Any], axis: builtins.int, arr: Expr, *args: Any, **kwargs: Any) -> Expr:
    """A function of vectors, applied to each line along an axis; its results stand along that axis."""
@overload
def apply_along_axis(func1d: collections.abc.Callable[..., Any], axis: builtins.int, arr: Any, *args: Expr | collections.abc.Sequence[Expr], **kwargs: Any) -> Expr: ...
@overload
def apply_along_axis(func1d: collections.abc.Callable[..., Any], axis: builtins.int, arr: Any, *args: Any, **kwargs: Any) -> Any: ...
@overload
def apply_over_axes(func: collections.abc.Callable[..., Any], a: Expr, axes: Any) -> Expr:
    """A function of an array and an axis, applied over several axes one after the other; they are kept."""
@overload
def apply_over_axes(func: collections.abc.Callable[..., Any], a: Any, axes: Expr) -> Expr: ...
@overload
def apply_over_axes(func: collections.abc.Callable[..., Any], a: Any, axes: Any) -> Any: ...
@overload
def arange(start: Expr, stop: Any = None, step: Any = 1, *, graph: Graph | None = None, dtype: Any = None, device: Any = None) -> Expr:
    """Start, start + step, ... below stop; one named size gives 0, 1, ..., n - 1."""
@overload
def arange(start: Any, stop: Any = None, step: Any = 1, *, graph: Graph | None = None, dtype: Any = None, device: Any = None) -> Any: ...
arccos = acos
arccosh = acosh
arccot = acot
arccoth = acoth
arccsc = acsc
arccsch = acsch
arcsec = asec
arcsech = asech
arcsin = asin
arcsinh = asinh
arctan = atan
arctan2 = atan2
arctanh = atanh
@overload
def argmax(x: Expr, axis: builtins.int | None = None, keepdims: builtins.bool = False) -> Expr:
    """Position of the maximum along an axis (of the flattened x by default); the first of ties."""
@overload
def argmax(x: Any, axis: builtins.int | None = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def argmin(x: Expr, axis: builtins.int | None = None, keepdims: builtins.bool = False) -> Expr:
    """Position of the minimum along an axis (of the flattened x by default); the first of ties."""
@overload
def argmin(x: Any, axis: builtins.int | None = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def argpartition(a: Expr, kth: Any, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Expr:
    """The positions of a partition: those that sort the whole line."""
@overload
def argpartition(a: Any, kth: Expr, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Expr: ...
@overload
def argpartition(a: Any, kth: Any, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Any: ...
@overload
def argsort(x: Expr, axis: builtins.int = -1, *, descending: builtins.bool = False, stable: builtins.bool = True) -> Expr:
    """The positions that sort x along an axis, the last by default; those of ties in order"""
@overload
def argsort(x: Any, axis: builtins.int = -1, *, descending: builtins.bool = False, stable: builtins.bool = True) -> Any: ...
def argwhere(a: Any) -> numpy.ndarray:
    """The same as rows of one array."""
around = round
array = stack
@overload
def array_equal(a1: Expr, a2: Any, equal_nan: builtins.bool = False) -> Expr:
    """Whether two arrays have the same shape and entries."""
@overload
def array_equal(a1: Any, a2: Expr, equal_nan: builtins.bool = False) -> Expr: ...
@overload
def array_equal(a1: Any, a2: Any, equal_nan: builtins.bool = False) -> Any: ...
@overload
def array_equiv(a1: Expr, a2: Any) -> Expr:
    """Whether two arrays have the same entries where they are stretched to a common shape."""
@overload
def array_equiv(a1: Any, a2: Expr) -> Expr: ...
@overload
def array_equiv(a1: Any, a2: Any) -> Any: ...
def array_split(x: Any, indices_or_sections: Any, axis: builtins.int = 0) -> list[Expr]:
    """Parts along an axis, as equal as they can be, or cut at positions."""
asarray = stack
@overload
def asec(x: Expr, /) -> Expr:
    """Inverse secant, acos(1/x)"""
@overload
def asec(x: Any, /) -> Any: ...
@overload
def asech(x: Expr, /) -> Expr:
    """Inverse hyperbolic secant, acosh(1/x)"""
@overload
def asech(x: Any, /) -> Any: ...
@overload
def asin(x: Expr, /) -> Expr:
    """Inverse sine, from -pi/2 to pi/2"""
@overload
def asin(x: Any, /) -> Any: ...
@overload
def asinh(x: Expr, /) -> Expr:
    """Inverse hyperbolic sine"""
@overload
def asinh(x: Any, /) -> Any: ...
assoc_laguerre = eval_genlaguerre
@overload
def astype(x: Expr, dtype: Any, *, copy: builtins.bool = True, device: Any = None) -> Expr:
    """x in another number type."""
@overload
def astype(x: Any, dtype: Expr, *, copy: builtins.bool = True, device: Any = None) -> Expr: ...
@overload
def astype(x: Any, dtype: Any, *, copy: builtins.bool = True, device: Any = None) -> Any: ...
def at(x: Expr) -> symdiff.ops.updates.At:
    """Functional updates: ``x.at[index].set(value)``, and add, multiply, divide, power, min, max, apply."""
@overload
def atan(x: Expr, /) -> Expr:
    """Inverse tangent, from -pi/2 to pi/2"""
@overload
def atan(x: Any, /) -> Any: ...
@overload
def atan2(y: Expr, x: Any, /) -> Expr:
    """The angle of the point (x, y), operands in the order (y, x)"""
@overload
def atan2(y: Any, x: Expr, /) -> Expr: ...
@overload
def atan2(y: Any, x: Any, /) -> Any: ...
@overload
def atanh(x: Expr, /) -> Expr:
    """Inverse hyperbolic tangent"""
@overload
def atanh(x: Any, /) -> Any: ...
@overload
def atleast_1d(x: Expr) -> Expr:
    """x, a scalar as a vector of one entry."""
@overload
def atleast_1d(x: Any) -> Any: ...
@overload
def atleast_2d(x: Expr) -> Expr:
    """x, a scalar or vector as a matrix of one row."""
@overload
def atleast_2d(x: Any) -> Any: ...
@overload
def atleast_3d(x: Expr) -> Expr:
    """x with three axes: a vector is their middle one, a matrix their first two."""
@overload
def atleast_3d(x: Any) -> Any: ...
@overload
def average(x: Expr, axis: Any = None, weights: Any = None) -> Expr:
    """Weighted mean; weights have the shape of x, or of its axis."""
@overload
def average(x: Any, axis: Any = None, weights: Any = None) -> Any: ...
@overload
def bdtr(successes: Expr, trials: Any, p: Any) -> Expr:
    """The binomial distribution function: at most so many of these trials."""
@overload
def bdtr(successes: Any, trials: Expr, p: Any) -> Expr: ...
@overload
def bdtr(successes: Any, trials: Any, p: Expr) -> Expr: ...
@overload
def bdtr(successes: Any, trials: Any, p: Any) -> Any: ...
@overload
def bdtrc(successes: Expr, trials: Any, p: Any) -> Expr:
    """1 - bdtr(successes, trials, p)."""
@overload
def bdtrc(successes: Any, trials: Expr, p: Any) -> Expr: ...
@overload
def bdtrc(successes: Any, trials: Any, p: Expr) -> Expr: ...
@overload
def bdtrc(successes: Any, trials: Any, p: Any) -> Any: ...
@overload
def bdtri(k: Expr, n: Any, y: Any) -> Expr:
    """The p where bdtr(k, n, p) is y."""
@overload
def bdtri(k: Any, n: Expr, y: Any) -> Expr: ...
@overload
def bdtri(k: Any, n: Any, y: Expr) -> Expr: ...
@overload
def bdtri(k: Any, n: Any, y: Any) -> Any: ...
@overload
def bdtrik(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.bdtrik, by its values"""
@overload
def bdtrik(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def bdtrik(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def bdtrik(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def bdtrin(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.bdtrin, by its values"""
@overload
def bdtrin(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def bdtrin(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def bdtrin(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def bei(x: Expr, /) -> Expr:
    """Kelvin's function bei"""
@overload
def bei(x: Any, /) -> Any: ...
@overload
def beip(x: Expr, /) -> Expr:
    """The derivative of bei"""
@overload
def beip(x: Any, /) -> Any: ...
@overload
def ber(x: Expr, /) -> Expr:
    """Kelvin's function ber"""
@overload
def ber(x: Any, /) -> Any: ...
@overload
def berp(x: Expr, /) -> Expr:
    """The derivative of ber"""
@overload
def berp(x: Any, /) -> Any: ...
besseli = iv
besselj = jv
besselk = kv
@overload
def besselpoly(a: Expr, power: Any, order: Any, /) -> Expr:
    """The integral of x**power*jv(order, 2*a*x) over 0 <= x <= 1"""
@overload
def besselpoly(a: Any, power: Expr, order: Any, /) -> Expr: ...
@overload
def besselpoly(a: Any, power: Any, order: Expr, /) -> Expr: ...
@overload
def besselpoly(a: Any, power: Any, order: Any, /) -> Any: ...
bessely = yv
@overload
def beta(a: Expr, b: Any, /) -> Expr:
    """Gamma(a)*gamma(b)/gamma(a + b)"""
@overload
def beta(a: Any, b: Expr, /) -> Expr: ...
@overload
def beta(a: Any, b: Any, /) -> Any: ...
@overload
def betainc(a: Expr, b: Any, x: Any, /) -> Expr:
    """The regularised incomplete beta function: the integral of t**(a - 1)*(1 - t)**(b - 1)/beta(a, b) up to x"""
@overload
def betainc(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def betainc(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def betainc(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def betainc_by_a(a: Expr, b: Any, x: Any, /) -> Expr:
    """The derivative of betainc(a, b, x) by a"""
@overload
def betainc_by_a(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def betainc_by_a(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def betainc_by_a(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def betainc_by_b(a: Expr, b: Any, x: Any, /) -> Expr:
    """The derivative of betainc(a, b, x) by b"""
@overload
def betainc_by_b(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def betainc_by_b(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def betainc_by_b(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def betaincc(a: Expr, b: Any, x: Any, /) -> Expr:
    """1 - betainc(a, b, x)"""
@overload
def betaincc(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def betaincc(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def betaincc(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def betainccinv(x: Expr, y: Any, z: Any, /) -> Expr:
    """The x where betaincc(a, b, x) is p"""
@overload
def betainccinv(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def betainccinv(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def betainccinv(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def betaincinv(x: Expr, y: Any, z: Any, /) -> Expr:
    """The x where betainc(a, b, x) is p"""
@overload
def betaincinv(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def betaincinv(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def betaincinv(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def betaln(a: Expr, b: Any, /) -> Expr:
    """Log(abs(beta(a, b)))"""
@overload
def betaln(a: Any, b: Expr, /) -> Expr: ...
@overload
def betaln(a: Any, b: Any, /) -> Any: ...
@overload
def bincount(x: Expr, weights: Any = None, minlength: builtins.int = 0) -> Expr:
    """The sum of the weights at each of the numbers 0, 1, ... that x (numbers) has."""
@overload
def bincount(x: Any, weights: Any = None, minlength: builtins.int = 0) -> Any: ...
@overload
def binom(x: Expr, y: Any) -> Expr:
    """x over y: a polynomial in x for a whole number y, else by the gamma function."""
@overload
def binom(x: Any, y: Expr) -> Expr: ...
@overload
def binom(x: Any, y: Any) -> Any: ...
binomial = binom
@overload
def bitwise_and(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The bits of and of integers; of truth values `logical_and`."""
@overload
def bitwise_and(*xs: Any) -> Any: ...
@overload
def bitwise_count(x: Expr, /) -> Expr:
    """How many bits of |x| are 1"""
@overload
def bitwise_count(x: Any, /) -> Any: ...
@overload
def bitwise_invert(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The bits of invert of integers; of truth values `logical_not`."""
@overload
def bitwise_invert(*xs: Any) -> Any: ...
@overload
def bitwise_left_shift(x: Expr, y: Any, /) -> Expr:
    """x*2**y"""
@overload
def bitwise_left_shift(x: Any, y: Expr, /) -> Expr: ...
@overload
def bitwise_left_shift(x: Any, y: Any, /) -> Any: ...
bitwise_not = bitwise_invert
@overload
def bitwise_or(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The bits of or of integers; of truth values `logical_or`."""
@overload
def bitwise_or(*xs: Any) -> Any: ...
@overload
def bitwise_right_shift(x: Expr, y: Any, /) -> Expr:
    """Floor(x/2**y)"""
@overload
def bitwise_right_shift(x: Any, y: Expr, /) -> Expr: ...
@overload
def bitwise_right_shift(x: Any, y: Any, /) -> Any: ...
@overload
def bitwise_xor(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The bits of xor of integers; of truth values `logical_xor`."""
@overload
def bitwise_xor(*xs: Any) -> Any: ...
@overload
def block(blocks: Expr) -> Expr:
    """A matrix from rows of blocks: ``block([[A, B], [C, D]])``."""
@overload
def block(blocks: Any) -> Any: ...
@overload
def boxcox(x: Expr, lmbda: Any) -> Expr:
    """(x**lmbda - 1)/lmbda, and its limit log(x) at 0."""
@overload
def boxcox(x: Any, lmbda: Expr) -> Expr: ...
@overload
def boxcox(x: Any, lmbda: Any) -> Any: ...
@overload
def boxcox1p(x: Expr, lmbda: Any) -> Expr:
    """Boxcox(1 + x, lmbda), accurate near x = 0."""
@overload
def boxcox1p(x: Any, lmbda: Expr) -> Expr: ...
@overload
def boxcox1p(x: Any, lmbda: Any) -> Any: ...
@overload
def broadcast_to(x: Expr, shape: Any) -> Expr:
    """x stretched to a shape by numpy's rules."""
@overload
def broadcast_to(x: Any, shape: Expr) -> Expr: ...
@overload
def broadcast_to(x: Any, shape: Any) -> Any: ...
@overload
def btdtria(p: Expr, b: Any, x: Any, /) -> Expr:
    """The a where betainc(a, b, x) is p"""
@overload
def btdtria(p: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def btdtria(p: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def btdtria(p: Any, b: Any, x: Any, /) -> Any: ...
@overload
def btdtrib(a: Expr, p: Any, x: Any, /) -> Expr:
    """The b where betainc(a, b, x) is p"""
@overload
def btdtrib(a: Any, p: Expr, x: Any, /) -> Expr: ...
@overload
def btdtrib(a: Any, p: Any, x: Expr, /) -> Expr: ...
@overload
def btdtrib(a: Any, p: Any, x: Any, /) -> Any: ...
@overload
def cbrt(x: Expr, /) -> Expr:
    """Real cube root"""
@overload
def cbrt(x: Any, /) -> Any: ...
@overload
def ceil(x: Expr, /) -> Expr:
    """The smallest whole number >= x"""
@overload
def ceil(x: Any, /) -> Any: ...
ceiling = ceil
@overload
def chdtr(v: Expr, x: Any) -> Expr:
    """The distribution function of chi-squared with v degrees of freedom."""
@overload
def chdtr(v: Any, x: Expr) -> Expr: ...
@overload
def chdtr(v: Any, x: Any) -> Any: ...
@overload
def chdtrc(v: Expr, x: Any) -> Expr:
    """1 - chdtr(v, x)."""
@overload
def chdtrc(v: Any, x: Expr) -> Expr: ...
@overload
def chdtrc(v: Any, x: Any) -> Any: ...
@overload
def chdtri(v: Expr, p: Any) -> Expr:
    """The x where chdtrc(v, x) is p."""
@overload
def chdtri(v: Any, p: Expr) -> Expr: ...
@overload
def chdtri(v: Any, p: Any) -> Any: ...
@overload
def chdtriv(p: Expr, x: Any) -> Expr:
    """The degrees of freedom where chdtr(v, x) is p."""
@overload
def chdtriv(p: Any, x: Expr) -> Expr: ...
@overload
def chdtriv(p: Any, x: Any) -> Any: ...
chebyshevt = eval_chebyt
chebyshevu = eval_chebyu
chi = Chi
@overload
def chndtr(x: Expr, df: Any, nc: Any, /) -> Expr:
    """The distribution function of noncentral chi-squared"""
@overload
def chndtr(x: Any, df: Expr, nc: Any, /) -> Expr: ...
@overload
def chndtr(x: Any, df: Any, nc: Expr, /) -> Expr: ...
@overload
def chndtr(x: Any, df: Any, nc: Any, /) -> Any: ...
@overload
def chndtridf(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.chndtridf, by its values"""
@overload
def chndtridf(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def chndtridf(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def chndtridf(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def chndtrinc(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.chndtrinc, by its values"""
@overload
def chndtrinc(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def chndtrinc(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def chndtrinc(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def chndtrix(p: Expr, df: Any, nc: Any, /) -> Expr:
    """The x where chndtr(x, df, nc) is p"""
@overload
def chndtrix(p: Any, df: Expr, nc: Any, /) -> Expr: ...
@overload
def chndtrix(p: Any, df: Any, nc: Expr, /) -> Expr: ...
@overload
def chndtrix(p: Any, df: Any, nc: Any, /) -> Any: ...
def cho_factor(a: Any, lower: builtins.bool = False) -> tuple[Expr, ...]:
    """Scipy's pair (factor, lower): the triangle of ``A = U.T @ U``, or of ``A = L @ L.T``, with the flag."""
@overload
def cho_solve(factor: Expr, b: Any) -> Expr:
    """The x with ``A @ x = b`` for the Cholesky factor L of ``A = L @ L.T``, or for scipy's pair (factor, lower), whose other triangle is not read."""
@overload
def cho_solve(factor: Any, b: Expr) -> Expr: ...
@overload
def cho_solve(factor: Any, b: Any) -> Any: ...
chol = cholesky
@overload
def cholesky(x: Expr, /) -> Expr:
    """The lower triangular L with L @ L.T = (X + X.T)/2"""
@overload
def cholesky(x: Any, /) -> Any: ...
@overload
def choose(a: Expr, choices: collections.abc.Sequence[Any], out: Any = None, mode: builtins.str = 'raise') -> Expr:
    """``choices[a]``, elementwise."""
@overload
def choose(a: Any, choices: Expr | collections.abc.Sequence[Expr], out: Any = None, mode: builtins.str = 'raise') -> Expr: ...
@overload
def choose(a: Any, choices: collections.abc.Sequence[Any], out: Any = None, mode: builtins.str = 'raise') -> Any: ...
ci = Ci
@overload
def clip(x: Expr, min: Any = None, max: Any = None) -> Expr:
    """x limited to [min, max]; the gradient passes strictly inside."""
@overload
def clip(x: Any, min: Any = None, max: Any = None) -> Any: ...
@overload
def coinciding(w: Expr, /) -> Expr:
    """1 where w[i] and w[j] coincide, else 0"""
@overload
def coinciding(w: Any, /) -> Any: ...
@overload
def column_stack(arrays: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """Vectors as the columns of a matrix."""
@overload
def column_stack(arrays: collections.abc.Sequence[Any]) -> Any: ...
@overload
def comb(N: Expr, k: Any, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Expr:
    """N over k where 0 <= k <= N, else 0, as scipy has it; with repetition N + k - 1 over k."""
@overload
def comb(N: Any, k: Expr, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Expr: ...
@overload
def comb(N: Any, k: Any, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Any: ...
@overload
def compress(condition: Expr, a: Any, axis: builtins.int | None = None, out: Any = None) -> Expr:
    """The entries along an axis at which a condition (truth values) holds."""
@overload
def compress(condition: Any, a: Expr, axis: builtins.int | None = None, out: Any = None) -> Expr: ...
@overload
def compress(condition: Any, a: Any, axis: builtins.int | None = None, out: Any = None) -> Any: ...
@overload
def concat(*arrays: Expr | collections.abc.Sequence[Expr], axis: builtins.int | None = 0) -> Expr:
    """Arrays joined along an axis: ``concat(x, y)`` or ``concat([x, y], axis=1)``."""
@overload
def concat(*arrays: Any, axis: builtins.int | None = 0) -> Any: ...
concatenate = concat
@overload
def cond(x: Expr) -> Expr:
    """The condition number: the largest singular value over the smallest."""
@overload
def cond(x: Any) -> Any: ...
@overload
def conj(x: Expr) -> Expr:
    """x: every expression is real."""
@overload
def conj(x: Any) -> Any: ...
conjugate = conj
def contract_entries(factors: collections.abc.Sequence[builtins.tuple[Expr, collections.abc.Sequence]], out: collections.abc.Sequence) -> Expr:
    """`contract`, and `read_contract` where unit tensors stand under slices, gathers and the like."""
@overload
def convolve(a: Expr, v: Any, mode: builtins.str = 'full') -> Expr:
    """The sums of products of two vectors moved along each other; one of them has a known number of entries."""
@overload
def convolve(a: Any, v: Expr, mode: builtins.str = 'full') -> Expr: ...
@overload
def convolve(a: Any, v: Any, mode: builtins.str = 'full') -> Any: ...
copy = conj
@overload
def copysign(x: Expr, y: Any) -> Expr:
    """|x| with the sign of y, also of -0.0."""
@overload
def copysign(x: Any, y: Expr) -> Expr: ...
@overload
def copysign(x: Any, y: Any) -> Any: ...
@overload
def corrcoef(x: Expr, y: Any = None, rowvar: builtins.bool = True, *, dtype: Any = None) -> Expr:
    """The correlations of variables: their covariances over the products of their standard deviations."""
@overload
def corrcoef(x: Any, y: Any = None, rowvar: builtins.bool = True, *, dtype: Any = None) -> Any: ...
@overload
def correlate(a: Expr, v: Any, mode: builtins.str = 'valid') -> Expr:
    """The sums of products of two vectors moved along each other, as np.correlate."""
@overload
def correlate(a: Any, v: Expr, mode: builtins.str = 'valid') -> Expr: ...
@overload
def correlate(a: Any, v: Any, mode: builtins.str = 'valid') -> Any: ...
@overload
def cos(x: Expr, /) -> Expr:
    """Cosine"""
@overload
def cos(x: Any, /) -> Any: ...
@overload
def cosd(x: Expr) -> Expr:
    """The function of an angle in degrees."""
@overload
def cosd(x: Any) -> Any: ...
@overload
def cosdg(x: Expr) -> Expr:
    """The cos of degrees."""
@overload
def cosdg(x: Any) -> Any: ...
@overload
def cosh(x: Expr, /) -> Expr:
    """Hyperbolic cosine"""
@overload
def cosh(x: Any, /) -> Any: ...
@overload
def coshm(x: Expr) -> Expr:
    """The matrix hyperbolic cosine."""
@overload
def coshm(x: Any) -> Any: ...
@overload
def cosm(x: Expr, /) -> Expr:
    """The matrix cosine"""
@overload
def cosm(x: Any, /) -> Any: ...
@overload
def cosm1(x: Expr) -> Expr:
    """Cos(x) - 1, accurate near 0."""
@overload
def cosm1(x: Any) -> Any: ...
@overload
def cosm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The Frechet derivative of cosm at X in direction E, or several for higher orders"""
@overload
def cosm_frechet(*xs: Any) -> Any: ...
@overload
def cot(x: Expr, /) -> Expr:
    """Cotangent, 1/tan(x)"""
@overload
def cot(x: Any, /) -> Any: ...
@overload
def cotdg(x: Expr) -> Expr:
    """Cot of an angle in degrees."""
@overload
def cotdg(x: Any) -> Any: ...
@overload
def coth(x: Expr, /) -> Expr:
    """Hyperbolic cotangent, 1/tanh(x)"""
@overload
def coth(x: Any, /) -> Any: ...
@overload
def count_nonzero(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """How many entries are not 0."""
@overload
def count_nonzero(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def cov(x: Expr, y: Any = None, rowvar: builtins.bool = True, bias: builtins.bool = False, ddof: builtins.int | None = None, fweights: Any = None, aweights: Any = None, *, dtype: Any = None) -> Expr:
    """The covariances of variables, the rows of x (its columns without `rowvar`); of a vector, its variance. Observations may have weights, numbers of times or of importance."""
@overload
def cov(x: Any, y: Any = None, rowvar: builtins.bool = True, bias: builtins.bool = False, ddof: builtins.int | None = None, fweights: Any = None, aweights: Any = None, *, dtype: Any = None) -> Any: ...
@overload
def cross(a: Expr, b: Any, axis: builtins.int = -1) -> Expr:
    """The cross product of vectors of three entries along an axis, the last by default."""
@overload
def cross(a: Any, b: Expr, axis: builtins.int = -1) -> Expr: ...
@overload
def cross(a: Any, b: Any, axis: builtins.int = -1) -> Any: ...
@overload
def csc(x: Expr, /) -> Expr:
    """Cosecant, 1/sin(x)"""
@overload
def csc(x: Any, /) -> Any: ...
@overload
def csch(x: Expr, /) -> Expr:
    """Hyperbolic cosecant, 1/sinh(x)"""
@overload
def csch(x: Any, /) -> Any: ...
cumprod = cumulative_prod
cumsum = cumulative_sum
@overload
def cumulative_prod(x: Expr, axis: builtins.int | None = None, *, dtype: Any = None, include_initial: builtins.bool = False) -> Expr:
    """Running products along an axis (of the flattened x by default)."""
@overload
def cumulative_prod(x: Any, axis: builtins.int | None = None, *, dtype: Any = None, include_initial: builtins.bool = False) -> Any: ...
@overload
def cumulative_sum(x: Expr, axis: builtins.int | None = None, *, dtype: Any = None, include_initial: builtins.bool = False) -> Expr:
    """Running sums along an axis (of the flattened x by default)."""
@overload
def cumulative_sum(x: Any, axis: builtins.int | None = None, *, dtype: Any = None, include_initial: builtins.bool = False) -> Any: ...
@overload
def dawsn(x: Expr, /) -> Expr:
    """Dawson's integral"""
@overload
def dawsn(x: Any, /) -> Any: ...
@overload
def deg2rad(x: Expr, /) -> Expr:
    """Degrees as radians, pi/180*x"""
@overload
def deg2rad(x: Any, /) -> Any: ...
degrees = rad2deg
@overload
def delete(arr: Expr, obj: Any, axis: builtins.int | None = None) -> Expr:
    """The entries without those at positions, or in a slice."""
@overload
def delete(arr: Any, obj: Expr, axis: builtins.int | None = None) -> Expr: ...
@overload
def delete(arr: Any, obj: Any, axis: builtins.int | None = None) -> Any: ...
@overload
def det(x: Expr) -> Expr:
    """The determinant of a square matrix; of a diagonal one the product of its entries."""
@overload
def det(x: Any) -> Any: ...
@overload
def diag(x: Expr) -> Expr:
    """The diagonal matrix of a vector, or the diagonal of a matrix, as numpy's."""
@overload
def diag(x: Any) -> Any: ...
@overload
def diag_indices_from(arr: Expr, *args: Any, **kwargs: Any) -> Expr:
    """Np.diag_indices_from: of the shape alone."""
@overload
def diag_indices_from(arr: Any, *args: Expr | collections.abc.Sequence[Expr], **kwargs: Any) -> Expr: ...
@overload
def diag_indices_from(arr: Any, *args: Any, **kwargs: Any) -> Any: ...
@overload
def diagflat(v: Expr, k: builtins.int = 0) -> Expr:
    """A matrix with the entries on a diagonal."""
@overload
def diagflat(v: Any, k: builtins.int = 0) -> Any: ...
@overload
def diagonal(x: Expr) -> Expr:
    """The diagonal of a square matrix (of each matrix of a stack)."""
@overload
def diagonal(x: Any) -> Any: ...
@overload
def diff(a: Expr, n: builtins.int = 1, axis: builtins.int = -1, prepend: Any = None, append: Any = None) -> Expr:
    """Np.diff, of the entries between others in front and behind."""
@overload
def diff(a: Any, n: builtins.int = 1, axis: builtins.int = -1, prepend: Any = None, append: Any = None) -> Any: ...
@overload
def digamma(x: Expr, /) -> Expr:
    """Derivative of gammaln"""
@overload
def digamma(x: Any, /) -> Any: ...
@overload
def digitize(x: Expr, bins: Any, right: builtins.bool = False) -> Expr:
    """The number of the bin of each entry; bins rise, or fall."""
@overload
def digitize(x: Any, bins: Expr, right: builtins.bool = False) -> Expr: ...
@overload
def digitize(x: Any, bins: Any, right: builtins.bool = False) -> Any: ...
@overload
def dirac_delta(k: Expr, x: Any, /) -> Expr:
    """The k-th derivative of Dirac's delta: 0 but at 0"""
@overload
def dirac_delta(k: Any, x: Expr, /) -> Expr: ...
@overload
def dirac_delta(k: Any, x: Any, /) -> Any: ...
@overload
def diric(x: Expr, n: builtins.int) -> Expr:
    """Sin(n*x/2)/(n*sin(x/2)), as the sum of cosines that it is: the mean of cos(k*x) over |k| <= (n - 1)/2."""
@overload
def diric(x: Any, n: builtins.int) -> Any: ...
div = divide
@overload
def divide(x: Expr, y: Any) -> Expr:
    """x/y, elementwise; division by a number scales exactly."""
@overload
def divide(x: Any, y: Expr) -> Expr: ...
@overload
def divide(x: Any, y: Any) -> Any: ...
def divmod(x: Any, y: Any) -> tuple[Expr, ...]:
    """(x // y, x % y)."""
@overload
def dot(x: Expr, y: Any) -> Expr:
    """Numpy's dot: inner product of vectors, matrix product, or scaling by a scalar."""
@overload
def dot(x: Any, y: Expr) -> Expr: ...
@overload
def dot(x: Any, y: Any) -> Any: ...
def dsplit(ary: Any, indices_or_sections: Any) -> list[Expr]:
    """Parts along axis 2."""
@overload
def dstack(arrays: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """Arrays joined along their third axis."""
@overload
def dstack(arrays: collections.abc.Sequence[Any]) -> Any: ...
e1 = exp1
@overload
def each(*args: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """``each(*operands, name, leads)``: a registered op at each entry along leading axes; `leads` says how many axes in front of each operand are such, 0 where all entries share it. Derivatives take the op as linear in the others."""
@overload
def each(*args: Any) -> Any: ...
@overload
def ediff1d(x: Expr) -> Expr:
    """Differences of neighbours of the flattened x."""
@overload
def ediff1d(x: Any) -> Any: ...
ei = expi
def eigh(x: Any) -> symdiff.ops.spectral.Eigen:
    """(eigvalsh(X), eigvecs(X)): eigenvalues, ascending, and orthonormal eigenvectors of (X + X.T)/2."""
@overload
def eigvalsh(x: Expr, /) -> Expr:
    """The eigenvalues of (X + X.T)/2, ascending"""
@overload
def eigvalsh(x: Any, /) -> Any: ...
@overload
def eigvecs(x: Expr, /) -> Expr:
    """Orthonormal eigenvectors of (X + X.T)/2 as columns; the largest entry of each is positive"""
@overload
def eigvecs(x: Any, /) -> Any: ...
@overload
def einsum(spec: builtins.str, *operands: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """Numpy's einsum; an output label may repeat (a unit tensor), ``...`` stands for leading axes."""
@overload
def einsum(spec: builtins.str, *operands: Any) -> Any: ...
@overload
def ellipe(x: Expr, /) -> Expr:
    """Complete elliptic integral of the second kind of the parameter m"""
@overload
def ellipe(x: Any, /) -> Any: ...
@overload
def ellipeinc(phi: Expr, m: Any, /) -> Expr:
    """The incomplete elliptic integral of the second kind"""
@overload
def ellipeinc(phi: Any, m: Expr, /) -> Expr: ...
@overload
def ellipeinc(phi: Any, m: Any, /) -> Any: ...
def ellipj(u: Any, m: Any) -> tuple[Expr, ...]:
    """(sn, cn, dn, amplitude) of u and the parameter m."""
@overload
def ellipk(x: Expr, /) -> Expr:
    """Complete elliptic integral of the first kind of the parameter m"""
@overload
def ellipk(x: Any, /) -> Any: ...
@overload
def ellipkinc(phi: Expr, m: Any, /) -> Expr:
    """The incomplete elliptic integral of the first kind of an angle and a parameter"""
@overload
def ellipkinc(phi: Any, m: Expr, /) -> Expr: ...
@overload
def ellipkinc(phi: Any, m: Any, /) -> Any: ...
@overload
def ellipkm1(p: Expr, /) -> Expr:
    """Ellipk(1 - p), precise near p = 0"""
@overload
def ellipkm1(p: Any, /) -> Any: ...
@overload
def elliprc(x: Expr, y: Any, /) -> Expr:
    """Carlson's degenerate integral: elliprf(x, y, y)"""
@overload
def elliprc(x: Any, y: Expr, /) -> Expr: ...
@overload
def elliprc(x: Any, y: Any, /) -> Any: ...
@overload
def elliprd(x: Expr, y: Any, z: Any, /) -> Expr:
    """Carlson's integral of the second kind"""
@overload
def elliprd(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def elliprd(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def elliprd(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def elliprf(x: Expr, y: Any, z: Any, /) -> Expr:
    """Carlson's symmetric integral of the first kind"""
@overload
def elliprf(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def elliprf(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def elliprf(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def elliprg(x: Expr, y: Any, z: Any, /) -> Expr:
    """Carlson's symmetric integral of the second kind"""
@overload
def elliprg(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def elliprg(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def elliprg(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def elliprj(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Carlson's symmetric integral of the third kind"""
@overload
def elliprj(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def elliprj(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def elliprj(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def elliprj(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
elliptic_e = ellipe
elliptic_f = ellipkinc
elliptic_k = ellipk
@overload
def elliptic_pi(n: Expr, m: Any, /) -> Expr:
    """The complete elliptic integral of the third kind"""
@overload
def elliptic_pi(n: Any, m: Expr, /) -> Expr: ...
@overload
def elliptic_pi(n: Any, m: Any, /) -> Any: ...
@overload
def elu(x: Expr) -> Expr:
    """x where it is positive, else exp(x) - 1."""
@overload
def elu(x: Any) -> Any: ...
empty_like = zeros_like
@overload
def entr(x: Expr, /) -> Expr:
    """-x*log(x), and 0 at 0"""
@overload
def entr(x: Any, /) -> Any: ...
@overload
def equal(x: Expr, y: Any, /) -> Expr:
    """True where x == y"""
@overload
def equal(x: Any, y: Expr, /) -> Expr: ...
@overload
def equal(x: Any, y: Any, /) -> Any: ...
@overload
def erf(x: Expr, /) -> Expr:
    """Error function"""
@overload
def erf(x: Any, /) -> Any: ...
@overload
def erfc(x: Expr, /) -> Expr:
    """1 - erf(x)"""
@overload
def erfc(x: Any, /) -> Any: ...
@overload
def erfcinv(x: Expr, /) -> Expr:
    """Inverse of erfc"""
@overload
def erfcinv(x: Any, /) -> Any: ...
@overload
def erfcx(x: Expr, /) -> Expr:
    """Exp(x**2)*erfc(x)"""
@overload
def erfcx(x: Any, /) -> Any: ...
@overload
def erfi(x: Expr, /) -> Expr:
    """-i*erf(i*x)"""
@overload
def erfi(x: Any, /) -> Any: ...
@overload
def erfinv(x: Expr, /) -> Expr:
    """Inverse of erf"""
@overload
def erfinv(x: Any, /) -> Any: ...
@overload
def eval_chebyc(n: Expr, x: Any) -> Expr:
    """Chebyshev polynomial of the first kind on [-2, 2]."""
@overload
def eval_chebyc(n: Any, x: Expr) -> Expr: ...
@overload
def eval_chebyc(n: Any, x: Any) -> Any: ...
@overload
def eval_chebys(n: Expr, x: Any) -> Expr:
    """Chebyshev polynomial of the second kind on [-2, 2]."""
@overload
def eval_chebys(n: Any, x: Expr) -> Expr: ...
@overload
def eval_chebys(n: Any, x: Any) -> Any: ...
@overload
def eval_chebyt(n: Expr, x: Any, /) -> Expr:
    """Chebyshev polynomial of the first kind of degree n"""
@overload
def eval_chebyt(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_chebyt(n: Any, x: Any, /) -> Any: ...
@overload
def eval_chebyu(n: Expr, x: Any, /) -> Expr:
    """Chebyshev polynomial of the second kind of degree n"""
@overload
def eval_chebyu(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_chebyu(n: Any, x: Any, /) -> Any: ...
@overload
def eval_gegenbauer(n: Expr, a: Any, x: Any, /) -> Expr:
    """Gegenbauer polynomial of degree n and parameter a"""
@overload
def eval_gegenbauer(n: Any, a: Expr, x: Any, /) -> Expr: ...
@overload
def eval_gegenbauer(n: Any, a: Any, x: Expr, /) -> Expr: ...
@overload
def eval_gegenbauer(n: Any, a: Any, x: Any, /) -> Any: ...
@overload
def eval_genlaguerre(n: Expr, a: Any, x: Any, /) -> Expr:
    """Generalised Laguerre polynomial of degree n and parameter a"""
@overload
def eval_genlaguerre(n: Any, a: Expr, x: Any, /) -> Expr: ...
@overload
def eval_genlaguerre(n: Any, a: Any, x: Expr, /) -> Expr: ...
@overload
def eval_genlaguerre(n: Any, a: Any, x: Any, /) -> Any: ...
@overload
def eval_hermite(n: Expr, x: Any, /) -> Expr:
    """Hermite polynomial of the physicists of degree n"""
@overload
def eval_hermite(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_hermite(n: Any, x: Any, /) -> Any: ...
@overload
def eval_hermitenorm(n: Expr, x: Any, /) -> Expr:
    """Hermite polynomial of the statisticians of degree n"""
@overload
def eval_hermitenorm(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_hermitenorm(n: Any, x: Any, /) -> Any: ...
@overload
def eval_jacobi(n: Expr, a: Any, b: Any, x: Any, /) -> Expr:
    """Jacobi polynomial of degree n and parameters a, b"""
@overload
def eval_jacobi(n: Any, a: Expr, b: Any, x: Any, /) -> Expr: ...
@overload
def eval_jacobi(n: Any, a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def eval_jacobi(n: Any, a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def eval_jacobi(n: Any, a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def eval_laguerre(n: Expr, x: Any, /) -> Expr:
    """Laguerre polynomial of degree n"""
@overload
def eval_laguerre(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_laguerre(n: Any, x: Any, /) -> Any: ...
@overload
def eval_legendre(n: Expr, x: Any, /) -> Expr:
    """Legendre polynomial of degree n"""
@overload
def eval_legendre(n: Any, x: Expr, /) -> Expr: ...
@overload
def eval_legendre(n: Any, x: Any, /) -> Any: ...
@overload
def eval_sh_chebyt(n: Expr, x: Any) -> Expr:
    """Eval_chebyt(n, 2*x - 1)."""
@overload
def eval_sh_chebyt(n: Any, x: Expr) -> Expr: ...
@overload
def eval_sh_chebyt(n: Any, x: Any) -> Any: ...
@overload
def eval_sh_chebyu(n: Expr, x: Any) -> Expr:
    """Eval_chebyu(n, 2*x - 1)."""
@overload
def eval_sh_chebyu(n: Any, x: Expr) -> Expr: ...
@overload
def eval_sh_chebyu(n: Any, x: Any) -> Any: ...
@overload
def eval_sh_jacobi(n: Expr, p: Any, q: Any, x: Any) -> Expr:
    """Jacobi polynomial on [0, 1], with leading coefficient 1."""
@overload
def eval_sh_jacobi(n: Any, p: Expr, q: Any, x: Any) -> Expr: ...
@overload
def eval_sh_jacobi(n: Any, p: Any, q: Expr, x: Any) -> Expr: ...
@overload
def eval_sh_jacobi(n: Any, p: Any, q: Any, x: Expr) -> Expr: ...
@overload
def eval_sh_jacobi(n: Any, p: Any, q: Any, x: Any) -> Any: ...
@overload
def eval_sh_legendre(n: Expr, x: Any) -> Expr:
    """Eval_legendre(n, 2*x - 1)."""
@overload
def eval_sh_legendre(n: Any, x: Expr) -> Expr: ...
@overload
def eval_sh_legendre(n: Any, x: Any) -> Any: ...
@overload
def exp(x: Expr, /) -> Expr:
    """e**x"""
@overload
def exp(x: Any, /) -> Any: ...
@overload
def exp1(x: Expr, /) -> Expr:
    """Exponential integral E1"""
@overload
def exp1(x: Any, /) -> Any: ...
@overload
def exp10(x: Expr) -> Expr:
    """10**x."""
@overload
def exp10(x: Any) -> Any: ...
@overload
def exp2(x: Expr, /) -> Expr:
    """2**x"""
@overload
def exp2(x: Any, /) -> Any: ...
@overload
def expand_dims(x: Expr, axis: Any = 0) -> Expr:
    """New axes of size 1 at these positions of the result."""
@overload
def expand_dims(x: Any, axis: Any = 0) -> Any: ...
@overload
def expi(x: Expr, /) -> Expr:
    """Exponential integral Ei"""
@overload
def expi(x: Any, /) -> Any: ...
expint = expn
expit = sigmoid
@overload
def expm(x: Expr, /) -> Expr:
    """The matrix exponential"""
@overload
def expm(x: Any, /) -> Any: ...
@overload
def expm1(x: Expr, /) -> Expr:
    """e**x - 1, accurate near 0"""
@overload
def expm1(x: Any, /) -> Any: ...
@overload
def expm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The Frechet derivative of expm at X in direction E, or several for higher orders"""
@overload
def expm_frechet(*xs: Any) -> Any: ...
@overload
def expn(order: Expr, x: Any) -> Expr:
    """The exponential integral of an order, that of exp(-x*t)/t**order from 1; exp1 at order 1."""
@overload
def expn(order: Any, x: Expr) -> Expr: ...
@overload
def expn(order: Any, x: Any) -> Any: ...
@overload
def exprel(x: Expr) -> Expr:
    """(exp(x) - 1)/x, and its limit 1 at 0."""
@overload
def exprel(x: Any) -> Any: ...
@overload
def extract(condition: Expr, arr: Any) -> Expr:
    """The entries of the flattened array at which a condition (truth values) holds."""
@overload
def extract(condition: Any, arr: Expr) -> Expr: ...
@overload
def extract(condition: Any, arr: Any) -> Any: ...
@overload
def eye(n: Expr, columns: Any = None, graph: Graph | None = None, *, k: builtins.int = 0, dtype: Any = None, device: Any = None) -> Expr:
    """The identity matrix, or ones on another diagonal k; symbolic when `graph` is given or the size is a name."""
@overload
def eye(n: Any, columns: Any = None, graph: Graph | None = None, *, k: builtins.int = 0, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def fabs(x: Expr) -> Expr:
    """|x|, of integers a float."""
@overload
def fabs(x: Any) -> Any: ...
@overload
def factorial(x: Expr) -> Expr:
    """Gamma(x + 1)."""
@overload
def factorial(x: Any) -> Any: ...
@overload
def factorial2(n: Expr, exact: builtins.bool = False) -> Expr:
    """n!! = 2**(n/2)*gamma(n/2 + 1)*(2/pi)**(sin(pi/2*n)**2/2)"""
@overload
def factorial2(n: Any, exact: builtins.bool = False) -> Any: ...
@overload
def fdtr(dfn: Expr, dfd: Any, x: Any) -> Expr:
    """The distribution function of F."""
@overload
def fdtr(dfn: Any, dfd: Expr, x: Any) -> Expr: ...
@overload
def fdtr(dfn: Any, dfd: Any, x: Expr) -> Expr: ...
@overload
def fdtr(dfn: Any, dfd: Any, x: Any) -> Any: ...
@overload
def fdtrc(dfn: Expr, dfd: Any, x: Any) -> Expr:
    """1 - fdtr(dfn, dfd, x)."""
@overload
def fdtrc(dfn: Any, dfd: Expr, x: Any) -> Expr: ...
@overload
def fdtrc(dfn: Any, dfd: Any, x: Expr) -> Expr: ...
@overload
def fdtrc(dfn: Any, dfd: Any, x: Any) -> Any: ...
@overload
def fdtri(dfn: Expr, dfd: Any, p: Any) -> Expr:
    """The x where fdtr(dfn, dfd, x) is p."""
@overload
def fdtri(dfn: Any, dfd: Expr, p: Any) -> Expr: ...
@overload
def fdtri(dfn: Any, dfd: Any, p: Expr) -> Expr: ...
@overload
def fdtri(dfn: Any, dfd: Any, p: Any) -> Any: ...
@overload
def fdtridfd(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.fdtridfd, by its values"""
@overload
def fdtridfd(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def fdtridfd(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def fdtridfd(x: Any, y: Any, z: Any, /) -> Any: ...
ff = FallingFactorial
@overload
def fftshift(x: Expr, axes: Any = None) -> Expr:
    """Np.fft.fftshift: the halves of the axes exchanged."""
@overload
def fftshift(x: Any, axes: Any = None) -> Any: ...
fix = trunc
def flatnonzero(a: Any) -> numpy.ndarray:
    """The same of the flattened array."""
flatten = ravel
@overload
def flip(x: Expr, axis: Any = None) -> Expr:
    """Axes reversed."""
@overload
def flip(x: Any, axis: Any = None) -> Any: ...
@overload
def fliplr(x: Expr) -> Expr:
    """Columns reversed."""
@overload
def fliplr(x: Any) -> Any: ...
@overload
def flipud(x: Expr) -> Expr:
    """Rows reversed."""
@overload
def flipud(x: Any) -> Any: ...
@overload
def float_power(x: Expr, y: Any) -> Expr:
    """x**y in float64."""
@overload
def float_power(x: Any, y: Expr) -> Expr: ...
@overload
def float_power(x: Any, y: Any) -> Any: ...
@overload
def floor(x: Expr, /) -> Expr:
    """The largest whole number <= x"""
@overload
def floor(x: Any, /) -> Any: ...
@overload
def floor_divide(x: Expr, y: Any, /) -> Expr:
    """Floor(x/y); of integers an integer"""
@overload
def floor_divide(x: Any, y: Expr, /) -> Expr: ...
@overload
def floor_divide(x: Any, y: Any, /) -> Any: ...
@overload
def fmax(x: Expr, y: Any) -> Expr:
    """Of two operands, elementwise; of a nan and a number the number."""
@overload
def fmax(x: Any, y: Expr) -> Expr: ...
@overload
def fmax(x: Any, y: Any) -> Any: ...
@overload
def fmin(x: Expr, y: Any) -> Expr:
    """Of two operands, elementwise; of a nan and a number the number."""
@overload
def fmin(x: Any, y: Expr) -> Expr: ...
@overload
def fmin(x: Any, y: Any) -> Any: ...
@overload
def fmod(x: Expr, y: Any, /) -> Expr:
    """x - y*trunc(x/y), with the sign of x"""
@overload
def fmod(x: Any, y: Expr, /) -> Expr: ...
@overload
def fmod(x: Any, y: Any, /) -> Any: ...
def fresnel(x: Any) -> tuple[Expr, ...]:
    """(S, C), Fresnel's integrals."""
@overload
def fresnelc(x: Expr, /) -> Expr:
    """Fresnel cosine integral"""
@overload
def fresnelc(x: Any, /) -> Any: ...
@overload
def fresnels(x: Expr, /) -> Expr:
    """Fresnel sine integral"""
@overload
def fresnels(x: Any, /) -> Any: ...
def frexp(x: Any) -> tuple[Expr, ...]:
    """(m, e) with x = m*2**e and 1/2 <= abs(m) < 1."""
@overload
def full(shape: Expr, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Expr:
    """A tensor with `fill_value` (a number or a scalar expression) everywhere."""
@overload
def full(shape: Any, fill_value: Expr, *, dtype: Any = None, device: Any = None) -> Expr: ...
@overload
def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def full_like(x: Expr, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Expr:
    """`fill_value` in the shape of x."""
@overload
def full_like(x: Any, fill_value: Expr, *, dtype: Any = None, device: Any = None) -> Expr: ...
@overload
def full_like(x: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def gamma(x: Expr, /) -> Expr:
    """The gamma function: (x - 1)! at whole x"""
@overload
def gamma(x: Any, /) -> Any: ...
@overload
def gammainc(a: Expr, x: Any, /) -> Expr:
    """The regularised incomplete gamma function: the integral of t**(a - 1)*exp(-t)/gamma(a) up to x"""
@overload
def gammainc(a: Any, x: Expr, /) -> Expr: ...
@overload
def gammainc(a: Any, x: Any, /) -> Any: ...
@overload
def gammainc_by_a(a: Expr, x: Any, /) -> Expr:
    """The derivative of gammainc(a, x) by a"""
@overload
def gammainc_by_a(a: Any, x: Expr, /) -> Expr: ...
@overload
def gammainc_by_a(a: Any, x: Any, /) -> Any: ...
@overload
def gammaincc(a: Expr, x: Any, /) -> Expr:
    """1 - gammainc(a, x)"""
@overload
def gammaincc(a: Any, x: Expr, /) -> Expr: ...
@overload
def gammaincc(a: Any, x: Any, /) -> Any: ...
@overload
def gammainccinv(x: Expr, y: Any, /) -> Expr:
    """The x where gammaincc(a, x) is p"""
@overload
def gammainccinv(x: Any, y: Expr, /) -> Expr: ...
@overload
def gammainccinv(x: Any, y: Any, /) -> Any: ...
@overload
def gammaincinv(x: Expr, y: Any, /) -> Expr:
    """The x where gammainc(a, x) is p"""
@overload
def gammaincinv(x: Any, y: Expr, /) -> Expr: ...
@overload
def gammaincinv(x: Any, y: Any, /) -> Any: ...
@overload
def gammaln(x: Expr, /) -> Expr:
    """Log(abs(gamma(x)))"""
@overload
def gammaln(x: Any, /) -> Any: ...
@overload
def gammasgn(x: Expr, /) -> Expr:
    """The sign of gamma(x)"""
@overload
def gammasgn(x: Any, /) -> Any: ...
def gather(x: Expr, index: builtins.tuple[Any, ...]) -> Any:
    """``x[index]`` where parts of the index are arrays of integers, which go together as numpy's do, or of booleans."""
@overload
def gcd(x: Expr, y: Any, /) -> Expr:
    """The greatest common divisor"""
@overload
def gcd(x: Any, y: Expr, /) -> Expr: ...
@overload
def gcd(x: Any, y: Any, /) -> Any: ...
@overload
def gdtr(a: Expr, b: Any, x: Any) -> Expr:
    """The distribution function of gamma with rate a and shape b."""
@overload
def gdtr(a: Any, b: Expr, x: Any) -> Expr: ...
@overload
def gdtr(a: Any, b: Any, x: Expr) -> Expr: ...
@overload
def gdtr(a: Any, b: Any, x: Any) -> Any: ...
@overload
def gdtrc(a: Expr, b: Any, x: Any) -> Expr:
    """1 - gdtr(a, b, x)."""
@overload
def gdtrc(a: Any, b: Expr, x: Any) -> Expr: ...
@overload
def gdtrc(a: Any, b: Any, x: Expr) -> Expr: ...
@overload
def gdtrc(a: Any, b: Any, x: Any) -> Any: ...
@overload
def gdtria(p: Expr, b: Any, x: Any) -> Expr:
    """The a where gdtr(a, b, x) is p."""
@overload
def gdtria(p: Any, b: Expr, x: Any) -> Expr: ...
@overload
def gdtria(p: Any, b: Any, x: Expr) -> Expr: ...
@overload
def gdtria(p: Any, b: Any, x: Any) -> Any: ...
@overload
def gdtrib(a: Expr, p: Any, x: Any, /) -> Expr:
    """The b where gdtr(a, b, x) is p"""
@overload
def gdtrib(a: Any, p: Expr, x: Any, /) -> Expr: ...
@overload
def gdtrib(a: Any, p: Any, x: Expr, /) -> Expr: ...
@overload
def gdtrib(a: Any, p: Any, x: Any, /) -> Any: ...
@overload
def gdtrix(a: Expr, b: Any, p: Any) -> Expr:
    """The x where gdtr(a, b, x) is p."""
@overload
def gdtrix(a: Any, b: Expr, p: Any) -> Expr: ...
@overload
def gdtrix(a: Any, b: Any, p: Expr) -> Expr: ...
@overload
def gdtrix(a: Any, b: Any, p: Any) -> Any: ...
gegenbauer = eval_gegenbauer
@overload
def gelu(x: Expr) -> Expr:
    """x*Phi(x) with the normal distribution function Phi."""
@overload
def gelu(x: Any) -> Any: ...
@overload
def geomspace(start: Expr, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, dtype: Any = None, axis: builtins.int = 0) -> Expr:
    """`num` values from start to stop with equal quotients."""
@overload
def geomspace(start: Any, stop: Expr, num: builtins.int = 50, endpoint: builtins.bool = True, dtype: Any = None, axis: builtins.int = 0) -> Expr: ...
@overload
def geomspace(start: Any, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, dtype: Any = None, axis: builtins.int = 0) -> Any: ...
@overload
def getitem(x: Expr, index: Any) -> Expr:
    """``x[index]`` with numpy's integers, slices, None and ``...``, and arrays of positions (see `gather`)."""
@overload
def getitem(x: Any, index: Expr) -> Expr: ...
@overload
def getitem(x: Any, index: Any) -> Any: ...
@overload
def gradient(f: Expr, *spacing: Any, axis: Any = None, edge_order: builtins.int = 1) -> Expr:
    """Differences between neighbours: central ones inside, one-sided ones at the edges; for each axis. The spacing is one number for each axis, or the places of the samples along it."""
@overload
def gradient(f: Any, *spacing: Expr | collections.abc.Sequence[Expr], axis: Any = None, edge_order: builtins.int = 1) -> Expr: ...
@overload
def gradient(f: Any, *spacing: Any, axis: Any = None, edge_order: builtins.int = 1) -> Any: ...
@overload
def greater(x: Expr, y: Any, /) -> Expr:
    """True where x > y"""
@overload
def greater(x: Any, y: Expr, /) -> Expr: ...
@overload
def greater(x: Any, y: Any, /) -> Any: ...
@overload
def greater_equal(x: Expr, y: Any, /) -> Expr:
    """True where x >= y"""
@overload
def greater_equal(x: Any, y: Expr, /) -> Expr: ...
@overload
def greater_equal(x: Any, y: Any, /) -> Any: ...
@overload
def guard(value: Expr, *conditions: Any) -> Expr:
    """The value, which holds under conditions: where one of them does not, evaluating it is an InputError."""
@overload
def guard(value: Any, *conditions: Expr | collections.abc.Sequence[Expr]) -> Expr: ...
@overload
def guard(value: Any, *conditions: Any) -> Any: ...
def guards(e: Expr) -> builtins.tuple[Expr, ...]:
    """The conditions under which an expression holds."""
@overload
def harmonic(x: Expr) -> Expr:
    """The harmonic number: digamma(x + 1) + euler_gamma."""
@overload
def harmonic(x: Any) -> Any: ...
@overload
def heaviside(x: Expr, h: Any = ...) -> Expr:
    """The unit step; 1/2 at 0 unless told otherwise."""
@overload
def heaviside(x: Any, h: Any = ...) -> Any: ...
hermite = eval_hermite
hermite_prob = eval_hermitenorm
def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple[Expr, ...]:
    """(the sums of the weights in each bin, the edges of the bins)"""
def histogram2d(x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple[Expr, ...]:
    """Np.histogram2d: (the sums of the weights in each rectangle, the edges along x, along y)."""
@overload
def histogram_bin_edges(a: Expr, bins: Any = 10, range: Any = None, weights: Any = None) -> Expr:
    """The edges of the bins of np.histogram."""
@overload
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any: ...
def histogramdd(sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple[Expr, ...]:
    """(the sums of the weights in each box, the edges along each axis) of points, given as rows."""
def hsplit(ary: Any, indices_or_sections: Any) -> list[Expr]:
    """Parts along axis 1."""
@overload
def hstack(arrays: Expr) -> Expr:
    """Columns (or vectors) joined."""
@overload
def hstack(arrays: Any) -> Any: ...
@overload
def huber(delta: Expr, r: Any) -> Expr:
    """r**2/2 where |r| <= delta, else delta*(|r| - delta/2)."""
@overload
def huber(delta: Any, r: Expr) -> Expr: ...
@overload
def huber(delta: Any, r: Any) -> Any: ...
@overload
def hurwitz(x: Expr, q: Any, /) -> Expr:
    """Hurwitz' zeta: the sum of 1/(k + q)**x over k >= 0"""
@overload
def hurwitz(x: Any, q: Expr, /) -> Expr: ...
@overload
def hurwitz(x: Any, q: Any, /) -> Any: ...
@overload
def hyp0f1(b: Expr, x: Any, /) -> Expr:
    """The confluent hypergeometric limit function"""
@overload
def hyp0f1(b: Any, x: Expr, /) -> Expr: ...
@overload
def hyp0f1(b: Any, x: Any, /) -> Any: ...
@overload
def hyp1f1(a: Expr, b: Any, x: Any, /) -> Expr:
    """Kummer's confluent hypergeometric function"""
@overload
def hyp1f1(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def hyp1f1(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def hyp1f1(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def hyp2f1(a: Expr, b: Any, c: Any, x: Any, /) -> Expr:
    """Gauss' hypergeometric function"""
@overload
def hyp2f1(a: Any, b: Expr, c: Any, x: Any, /) -> Expr: ...
@overload
def hyp2f1(a: Any, b: Any, c: Expr, x: Any, /) -> Expr: ...
@overload
def hyp2f1(a: Any, b: Any, c: Any, x: Expr, /) -> Expr: ...
@overload
def hyp2f1(a: Any, b: Any, c: Any, x: Any, /) -> Any: ...
@overload
def hyperu(a: Expr, b: Any, x: Any, /) -> Expr:
    """Tricomi's confluent hypergeometric function"""
@overload
def hyperu(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def hyperu(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def hyperu(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def hypot(x: Expr, y: Any, /) -> Expr:
    """Sqrt(x**2 + y**2), without overflow"""
@overload
def hypot(x: Any, y: Expr, /) -> Expr: ...
@overload
def hypot(x: Any, y: Any, /) -> Any: ...
@overload
def i0(x: Expr, /) -> Expr:
    """Modified Bessel function of the first kind of order 0"""
@overload
def i0(x: Any, /) -> Any: ...
@overload
def i0e(x: Expr, /) -> Expr:
    """i0(x)*exp(-|x|)"""
@overload
def i0e(x: Any, /) -> Any: ...
@overload
def i1(x: Expr, /) -> Expr:
    """Modified Bessel function of the first kind of order 1"""
@overload
def i1(x: Any, /) -> Any: ...
@overload
def i1e(x: Expr, /) -> Expr:
    """i1(x)*exp(-|x|)"""
@overload
def i1e(x: Any, /) -> Any: ...
identity = eye
@overload
def ifftshift(x: Expr, axes: Any = None) -> Expr:
    """Np.fft.ifftshift: the halves exchanged back."""
@overload
def ifftshift(x: Any, axes: Any = None) -> Any: ...
@overload
def imag(x: Expr) -> Expr:
    """Zeros: every expression is real."""
@overload
def imag(x: Any) -> Any: ...
@overload
def inner(x: Expr, y: Any) -> Expr:
    """Sum of products over the last axes."""
@overload
def inner(x: Any, y: Expr) -> Expr: ...
@overload
def inner(x: Any, y: Any) -> Any: ...
@overload
def insert(arr: Expr, obj: Any, values: Any, axis: builtins.int | None = None) -> Expr:
    """The entries with others put in front of positions."""
@overload
def insert(arr: Any, obj: Expr, values: Any, axis: builtins.int | None = None) -> Expr: ...
@overload
def insert(arr: Any, obj: Any, values: Expr, axis: builtins.int | None = None) -> Expr: ...
@overload
def insert(arr: Any, obj: Any, values: Any, axis: builtins.int | None = None) -> Any: ...
@overload
def integral(f: Expr, t: Any, a: Any, b: Any) -> Expr:
    """The integral of f over the variable t from a to b, which may be infinite: all are scalars, and f is made of functions of numbers. Derivatives follow from Leibniz' rule; values are those of a double-exponential rule, to about 1e-13 where f is smooth between the bounds (it may be singular at them)."""
@overload
def integral(f: Any, t: Expr, a: Any, b: Any) -> Expr: ...
@overload
def integral(f: Any, t: Any, a: Expr, b: Any) -> Expr: ...
@overload
def integral(f: Any, t: Any, a: Any, b: Expr) -> Expr: ...
@overload
def integral(f: Any, t: Any, a: Any, b: Any) -> Any: ...
@overload
def interp(x: Expr, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Expr:
    """The function through the points (xp, fp), xp increasing, linear between them, at x; `left` and `right` beyond."""
@overload
def interp(x: Any, xp: Expr, fp: Any, left: Any = None, right: Any = None) -> Expr: ...
@overload
def interp(x: Any, xp: Any, fp: Expr, left: Any = None, right: Any = None) -> Expr: ...
@overload
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any: ...
@overload
def intersect1d(ar1: Expr, ar2: Any, assume_unique: builtins.bool = False, return_indices: builtins.bool = False) -> Expr:
    """The entries of both, each once, sorted."""
@overload
def intersect1d(ar1: Any, ar2: Expr, assume_unique: builtins.bool = False, return_indices: builtins.bool = False) -> Expr: ...
@overload
def intersect1d(ar1: Any, ar2: Any, assume_unique: builtins.bool = False, return_indices: builtins.bool = False) -> Any: ...
@overload
def inv(x: Expr, /) -> Expr:
    """The inverse of a square matrix"""
@overload
def inv(x: Any, /) -> Any: ...
@overload
def inv_boxcox(y: Expr, lmbda: Any) -> Expr:
    """(1 + lmbda*y)**(1/lmbda), the inverse of boxcox; exp(y) at 0."""
@overload
def inv_boxcox(y: Any, lmbda: Expr) -> Expr: ...
@overload
def inv_boxcox(y: Any, lmbda: Any) -> Any: ...
@overload
def inv_boxcox1p(y: Expr, lmbda: Any) -> Expr:
    """Inv_boxcox(y, lmbda) - 1, accurate near y = 0."""
@overload
def inv_boxcox1p(y: Any, lmbda: Expr) -> Expr: ...
@overload
def inv_boxcox1p(y: Any, lmbda: Any) -> Any: ...
inverse = inv
@overload
def inverse_gaps(w: Expr, /) -> Expr:
    """F[i, j] = 1/(w[j] - w[i]), and 0 where they coincide"""
@overload
def inverse_gaps(w: Any, /) -> Any: ...
invert = bitwise_invert
@overload
def isclose(a: Expr, b: Any, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Expr:
    """|a - b| <= atol + rtol*|b|; infinite ones where they are equal, nan where that is asked for."""
@overload
def isclose(a: Any, b: Expr, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Expr: ...
@overload
def isclose(a: Any, b: Any, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> Any: ...
@overload
def iscomplex(x: Expr) -> Expr:
    """False: every expression is real."""
@overload
def iscomplex(x: Any) -> Any: ...
def iscomplexobj(x: Any) -> builtins.bool:
    """False: every expression is real."""
@overload
def isfinite(x: Expr, /) -> Expr:
    """True where x is neither nan nor infinite"""
@overload
def isfinite(x: Any, /) -> Any: ...
@overload
def isin(element: Expr, test_elements: Any, assume_unique: builtins.bool = False, invert: builtins.bool = False, *, kind: Any = None) -> Expr:
    """Whether each entry is one of others."""
@overload
def isin(element: Any, test_elements: Expr, assume_unique: builtins.bool = False, invert: builtins.bool = False, *, kind: Any = None) -> Expr: ...
@overload
def isin(element: Any, test_elements: Any, assume_unique: builtins.bool = False, invert: builtins.bool = False, *, kind: Any = None) -> Any: ...
@overload
def isinf(x: Expr) -> Expr:
    """True where x is inf or -inf."""
@overload
def isinf(x: Any) -> Any: ...
@overload
def isnan(x: Expr, /) -> Expr:
    """True where x is nan"""
@overload
def isnan(x: Any, /) -> Any: ...
@overload
def isneginf(x: Expr, out: Any = None) -> Expr:
    """True where x is -inf."""
@overload
def isneginf(x: Any, out: Any = None) -> Any: ...
@overload
def isposinf(x: Expr, out: Any = None) -> Expr:
    """True where x is inf."""
@overload
def isposinf(x: Any, out: Any = None) -> Any: ...
@overload
def isreal(x: Expr) -> Expr:
    """True: every expression is real."""
@overload
def isreal(x: Any) -> Any: ...
def isrealobj(x: Any) -> builtins.bool:
    """True: every expression is real."""
def it2i0k0(x: Any) -> tuple[Expr, ...]:
    """The 2 results of scipy.special.it2i0k0."""
def it2j0y0(x: Any) -> tuple[Expr, ...]:
    """The 2 results of scipy.special.it2j0y0."""
@overload
def it2struve0(x: Expr, /) -> Expr:
    """That of struve(0, t)/t from x on"""
@overload
def it2struve0(x: Any, /) -> Any: ...
def itairy(x: Any) -> tuple[Expr, ...]:
    """The 4 results of scipy.special.itairy."""
def iti0k0(x: Any) -> tuple[Expr, ...]:
    """The 2 results of scipy.special.iti0k0."""
def itj0y0(x: Any) -> tuple[Expr, ...]:
    """The 2 results of scipy.special.itj0y0."""
@overload
def itmodstruve0(x: Expr, /) -> Expr:
    """That of Struve's L of order 0 up to x"""
@overload
def itmodstruve0(x: Any, /) -> Any: ...
@overload
def itstruve0(x: Expr, /) -> Expr:
    """The integral of Struve's H of order 0 up to x"""
@overload
def itstruve0(x: Any, /) -> Any: ...
@overload
def iv(n: Expr, x: Any, /) -> Expr:
    """Modified Bessel function of the first kind of order n at x"""
@overload
def iv(n: Any, x: Expr, /) -> Expr: ...
@overload
def iv(n: Any, x: Any, /) -> Any: ...
@overload
def ive(n: Expr, x: Any, /) -> Expr:
    """Iv(n, x)*exp(-|x|)"""
@overload
def ive(n: Any, x: Expr, /) -> Expr: ...
@overload
def ive(n: Any, x: Any, /) -> Any: ...
@overload
def j0(x: Expr, /) -> Expr:
    """Bessel function of the first kind of order 0"""
@overload
def j0(x: Any, /) -> Any: ...
@overload
def j1(x: Expr, /) -> Expr:
    """Bessel function of the first kind of order 1"""
@overload
def j1(x: Any, /) -> Any: ...
jacobi = eval_jacobi
@overload
def jacobi_am(u: Expr, m: Any, /) -> Expr:
    """Jacobi's amplitude of u and the parameter m"""
@overload
def jacobi_am(u: Any, m: Expr, /) -> Expr: ...
@overload
def jacobi_am(u: Any, m: Any, /) -> Any: ...
@overload
def jacobi_cn(u: Expr, m: Any, /) -> Expr:
    """Jacobi's elliptic function cn of u and the parameter m"""
@overload
def jacobi_cn(u: Any, m: Expr, /) -> Expr: ...
@overload
def jacobi_cn(u: Any, m: Any, /) -> Any: ...
@overload
def jacobi_dn(u: Expr, m: Any, /) -> Expr:
    """Jacobi's elliptic function dn"""
@overload
def jacobi_dn(u: Any, m: Expr, /) -> Expr: ...
@overload
def jacobi_dn(u: Any, m: Any, /) -> Any: ...
@overload
def jacobi_sn(u: Expr, m: Any, /) -> Expr:
    """Jacobi's elliptic function sn of u and the parameter m"""
@overload
def jacobi_sn(u: Any, m: Expr, /) -> Expr: ...
@overload
def jacobi_sn(u: Any, m: Any, /) -> Any: ...
@overload
def jn(v: Expr, x: Any) -> Expr:
    """Jv of real numbers."""
@overload
def jn(v: Any, x: Expr) -> Expr: ...
@overload
def jn(v: Any, x: Any) -> Any: ...
@overload
def jv(n: Expr, x: Any, /) -> Expr:
    """Bessel function of the first kind of order n at x"""
@overload
def jv(n: Any, x: Expr, /) -> Expr: ...
@overload
def jv(n: Any, x: Any, /) -> Any: ...
@overload
def jve(v: Expr, x: Any) -> Expr:
    """Jv of real numbers."""
@overload
def jve(v: Any, x: Expr) -> Expr: ...
@overload
def jve(v: Any, x: Any) -> Any: ...
@overload
def k0(x: Expr, /) -> Expr:
    """Modified Bessel function of the second kind of order 0"""
@overload
def k0(x: Any, /) -> Any: ...
@overload
def k0e(x: Expr, /) -> Expr:
    """k0(x)*exp(x)"""
@overload
def k0e(x: Any, /) -> Any: ...
@overload
def k1(x: Expr, /) -> Expr:
    """Modified Bessel function of the second kind of order 1"""
@overload
def k1(x: Any, /) -> Any: ...
@overload
def k1e(x: Expr, /) -> Expr:
    """k1(x)*exp(x)"""
@overload
def k1e(x: Any, /) -> Any: ...
@overload
def kaiser(N: builtins.int, beta: Expr) -> Expr:
    """Np.kaiser: the window of N points, i0(beta*sqrt(1 - t**2))/i0(beta) with t from -1 to 1."""
@overload
def kaiser(N: builtins.int, beta: Any) -> Any: ...
@overload
def kei(x: Expr, /) -> Expr:
    """Kelvin's function kei"""
@overload
def kei(x: Any, /) -> Any: ...
@overload
def keip(x: Expr, /) -> Expr:
    """The derivative of kei"""
@overload
def keip(x: Any, /) -> Any: ...
@overload
def ker(x: Expr, /) -> Expr:
    """Kelvin's function ker"""
@overload
def ker(x: Any, /) -> Any: ...
@overload
def kerp(x: Expr, /) -> Expr:
    """The derivative of ker"""
@overload
def kerp(x: Any, /) -> Any: ...
@overload
def kl_div(x: Expr, y: Any) -> Expr:
    """x*log(x/y) - x + y."""
@overload
def kl_div(x: Any, y: Expr) -> Expr: ...
@overload
def kl_div(x: Any, y: Any) -> Any: ...
@overload
def kn(v: Expr, x: Any) -> Expr:
    """Kv of real numbers."""
@overload
def kn(v: Any, x: Expr) -> Expr: ...
@overload
def kn(v: Any, x: Any) -> Any: ...
@overload
def kolmogi(x: Expr, /) -> Expr:
    """Scipy.special.kolmogi, by its values"""
@overload
def kolmogi(x: Any, /) -> Any: ...
@overload
def kolmogorov(x: Expr, /) -> Expr:
    """Scipy.special.kolmogorov, by its values"""
@overload
def kolmogorov(x: Any, /) -> Any: ...
@overload
def kron(x: Expr, y: Any) -> Expr:
    """The Kronecker product of matrices (or vectors)."""
@overload
def kron(x: Any, y: Expr) -> Expr: ...
@overload
def kron(x: Any, y: Any) -> Any: ...
@overload
def kv(n: Expr, x: Any, /) -> Expr:
    """Modified Bessel function of the second kind of order n at x"""
@overload
def kv(n: Any, x: Expr, /) -> Expr: ...
@overload
def kv(n: Any, x: Any, /) -> Any: ...
@overload
def kve(n: Expr, x: Any, /) -> Expr:
    """Kv(n, x)*exp(x)"""
@overload
def kve(n: Any, x: Expr, /) -> Expr: ...
@overload
def kve(n: Any, x: Any, /) -> Any: ...
laguerre = eval_laguerre
@overload
def lambertw(x: Expr, /) -> Expr:
    """The principal real branch of w*exp(w) = x"""
@overload
def lambertw(x: Any, /) -> Any: ...
@overload
def lambertwm1(x: Expr, /) -> Expr:
    """The lower real branch of w*exp(w) = x, for -1/e <= x < 0"""
@overload
def lambertwm1(x: Any, /) -> Any: ...
@overload
def lcm(x: Expr, y: Any, /) -> Expr:
    """The least common multiple"""
@overload
def lcm(x: Any, y: Expr, /) -> Expr: ...
@overload
def lcm(x: Any, y: Any, /) -> Any: ...
@overload
def ldexp(x1: Expr, x2: Any) -> Expr:
    """x1 * 2**x2."""
@overload
def ldexp(x1: Any, x2: Expr) -> Expr: ...
@overload
def ldexp(x1: Any, x2: Any) -> Any: ...
@overload
def leaky_relu(x: Expr, negative_slope: builtins.float = 0.01) -> Expr:
    """x where it is positive, else negative_slope*x."""
@overload
def leaky_relu(x: Any, negative_slope: builtins.float = 0.01) -> Any: ...
left_shift = bitwise_left_shift
legendre = eval_legendre
@overload
def less(x: Expr, y: Any, /) -> Expr:
    """True where x < y"""
@overload
def less(x: Any, y: Expr, /) -> Expr: ...
@overload
def less(x: Any, y: Any, /) -> Any: ...
@overload
def less_equal(x: Expr, y: Any, /) -> Expr:
    """True where x <= y"""
@overload
def less_equal(x: Any, y: Expr, /) -> Expr: ...
@overload
def less_equal(x: Any, y: Any, /) -> Any: ...
@overload
def lexsort(keys: Expr, axis: builtins.int = -1) -> Expr:
    """Np.lexsort: the order by the last key, then by the one before, ..."""
@overload
def lexsort(keys: Any, axis: builtins.int = -1) -> Any: ...
lgamma = gammaln
@overload
def linear_recurrence(a: Expr, b: Any, axis: builtins.int = -1) -> Expr:
    """``s[i] = a[i]*s[i-1] + b[i]`` along an axis, from ``s[0] = b[0]``; b may have further axes in front."""
@overload
def linear_recurrence(a: Any, b: Expr, axis: builtins.int = -1) -> Expr: ...
@overload
def linear_recurrence(a: Any, b: Any, axis: builtins.int = -1) -> Any: ...
@overload
def linspace(start: Expr, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, retstep: builtins.bool = False, dtype: Any = None, axis: builtins.int = 0, *, device: Any = None) -> Expr:
    """`num` equally spaced values from start to stop, along a new axis."""
@overload
def linspace(start: Any, stop: Expr, num: builtins.int = 50, endpoint: builtins.bool = True, retstep: builtins.bool = False, dtype: Any = None, axis: builtins.int = 0, *, device: Any = None) -> Expr: ...
@overload
def linspace(start: Any, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, retstep: builtins.bool = False, dtype: Any = None, axis: builtins.int = 0, *, device: Any = None) -> Any: ...
ln = log
@overload
def log(x: Expr, /) -> Expr:
    """Natural logarithm"""
@overload
def log(x: Any, /) -> Any: ...
@overload
def log10(x: Expr, /) -> Expr:
    """Logarithm to base 10"""
@overload
def log10(x: Any, /) -> Any: ...
@overload
def log1p(x: Expr, /) -> Expr:
    """Log(1 + x), accurate near 0"""
@overload
def log1p(x: Any, /) -> Any: ...
@overload
def log2(x: Expr, /) -> Expr:
    """Logarithm to base 2"""
@overload
def log2(x: Any, /) -> Any: ...
log_expit = log_sigmoid
@overload
def log_ndtr(x: Expr, /) -> Expr:
    """Log(ndtr(x)), accurate for negative x"""
@overload
def log_ndtr(x: Any, /) -> Any: ...
@overload
def log_sigmoid(x: Expr) -> Expr:
    """Log(sigmoid(x)), without overflow."""
@overload
def log_sigmoid(x: Any) -> Any: ...
@overload
def log_softmax(x: Expr, axis: builtins.int = -1) -> Expr:
    """x - logsumexp(x) along an axis, the last by default"""
@overload
def log_softmax(x: Any, axis: builtins.int = -1) -> Any: ...
@overload
def log_wright_bessel(a: Expr, b: Any, x: Any, /) -> Expr:
    """The logarithm of wright_bessel"""
@overload
def log_wright_bessel(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def log_wright_bessel(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def log_wright_bessel(a: Any, b: Any, x: Any, /) -> Any: ...
logabsdet = logdet
@overload
def logaddexp(x: Expr, y: Any, /) -> Expr:
    """Log(exp(x) + exp(y)), without overflow"""
@overload
def logaddexp(x: Any, y: Expr, /) -> Expr: ...
@overload
def logaddexp(x: Any, y: Any, /) -> Any: ...
@overload
def logaddexp2(x: Expr, y: Any) -> Expr:
    """Log2(2**x + 2**y)."""
@overload
def logaddexp2(x: Any, y: Expr) -> Expr: ...
@overload
def logaddexp2(x: Any, y: Any) -> Any: ...
@overload
def logdet(x: Expr) -> Expr:
    """Log(abs(det(X))), without overflow."""
@overload
def logdet(x: Any) -> Any: ...
loggamma = gammaln
@overload
def logical_and(x: Expr, y: Any, /) -> Expr:
    """True where both are"""
@overload
def logical_and(x: Any, y: Expr, /) -> Expr: ...
@overload
def logical_and(x: Any, y: Any, /) -> Any: ...
@overload
def logical_not(x: Expr, /) -> Expr:
    """True where x is false"""
@overload
def logical_not(x: Any, /) -> Any: ...
@overload
def logical_or(x: Expr, y: Any, /) -> Expr:
    """True where one or both are"""
@overload
def logical_or(x: Any, y: Expr, /) -> Expr: ...
@overload
def logical_or(x: Any, y: Any, /) -> Any: ...
@overload
def logical_xor(x: Expr, y: Any, /) -> Expr:
    """True where one of them is"""
@overload
def logical_xor(x: Any, y: Expr, /) -> Expr: ...
@overload
def logical_xor(x: Any, y: Any, /) -> Any: ...
logistic = sigmoid
@overload
def logit(x: Expr) -> Expr:
    """Log(x/(1 - x)), the inverse of sigmoid."""
@overload
def logit(x: Any) -> Any: ...
@overload
def logm(x: Expr, /) -> Expr:
    """The principal matrix logarithm; nan where it is not real"""
@overload
def logm(x: Any, /) -> Any: ...
@overload
def logm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The Frechet derivative of logm at X in direction E, or several for higher orders"""
@overload
def logm_frechet(*xs: Any) -> Any: ...
@overload
def logn(n: Expr, x: Any) -> Expr:
    """Np.emath.logn: the logarithm of positive numbers to the base n."""
@overload
def logn(n: Any, x: Expr) -> Expr: ...
@overload
def logn(n: Any, x: Any) -> Any: ...
logsigmoid = log_sigmoid
@overload
def logspace(start: Expr, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, base: Any = 10.0, dtype: Any = None, axis: builtins.int = 0) -> Expr:
    """Powers of the base with equally spaced exponents."""
@overload
def logspace(start: Any, stop: Expr, num: builtins.int = 50, endpoint: builtins.bool = True, base: Any = 10.0, dtype: Any = None, axis: builtins.int = 0) -> Expr: ...
@overload
def logspace(start: Any, stop: Any, num: builtins.int = 50, endpoint: builtins.bool = True, base: Any = 10.0, dtype: Any = None, axis: builtins.int = 0) -> Any: ...
@overload
def logsumexp(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Log(sum(exp(x))) over axes, without overflow."""
@overload
def logsumexp(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def lpmv(m: Expr, v: Any, x: Any, /) -> Expr:
    """The associated Legendre function of an order and a degree"""
@overload
def lpmv(m: Any, v: Expr, x: Any, /) -> Expr: ...
@overload
def lpmv(m: Any, v: Any, x: Expr, /) -> Expr: ...
@overload
def lpmv(m: Any, v: Any, x: Any, /) -> Any: ...
@overload
def lstsq(a: Expr, b: Any, /) -> Expr:
    """The x of least norm that minimises norm2(a @ x - b), for a of full rank"""
@overload
def lstsq(a: Any, b: Expr, /) -> Expr: ...
@overload
def lstsq(a: Any, b: Any, /) -> Any: ...
@overload
def mathieu_a(x: Expr, y: Any, /) -> Expr:
    """Scipy.special.mathieu_a, by its values"""
@overload
def mathieu_a(x: Any, y: Expr, /) -> Expr: ...
@overload
def mathieu_a(x: Any, y: Any, /) -> Any: ...
@overload
def mathieu_b(x: Expr, y: Any, /) -> Expr:
    """Scipy.special.mathieu_b, by its values"""
@overload
def mathieu_b(x: Any, y: Expr, /) -> Expr: ...
@overload
def mathieu_b(x: Any, y: Any, /) -> Any: ...
def mathieu_cem(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_cem: a value and its derivative, by their values."""
def mathieu_modcem1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_modcem1: a value and its derivative, by their values."""
def mathieu_modcem2(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_modcem2: a value and its derivative, by their values."""
def mathieu_modsem1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_modsem1: a value and its derivative, by their values."""
def mathieu_modsem2(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_modsem2: a value and its derivative, by their values."""
def mathieu_sem(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.mathieu_sem: a value and its derivative, by their values."""
@overload
def matmul(x: Expr, y: Any) -> Expr:
    """x @ y with numpy's rules for vectors, matrices and stacks of matrices."""
@overload
def matmul(x: Any, y: Expr) -> Expr: ...
@overload
def matmul(x: Any, y: Any) -> Any: ...
@overload
def matrix_norm(x: Expr, /, *, keepdims: builtins.bool = False, ord: Any = 'fro') -> Expr:
    """A norm of each matrix of a stack: "fro", "nuc", 1, -1, 2, -2, inf, -inf."""
@overload
def matrix_norm(x: Any, /, *, keepdims: builtins.bool = False, ord: Any = 'fro') -> Any: ...
@overload
def matrix_power(x: Expr, k: builtins.int) -> Expr:
    """``X @ X @ ... @ X``, k times; ``inv(X)`` for negative k."""
@overload
def matrix_power(x: Any, k: builtins.int) -> Any: ...
@overload
def matrix_rank(x: Expr, /) -> Expr:
    """The number of nonzero singular values"""
@overload
def matrix_rank(x: Any, /) -> Any: ...
@overload
def matrix_transpose(x: Expr) -> Expr:
    """The last two axes exchanged."""
@overload
def matrix_transpose(x: Any) -> Any: ...
@overload
def matvec(a: Expr, x: Any) -> Expr:
    """A @ x for stacks of matrices and of vectors."""
@overload
def matvec(a: Any, x: Expr) -> Expr: ...
@overload
def matvec(a: Any, x: Any) -> Any: ...
@overload
def max(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Largest entry over axes; ties share the gradient evenly."""
@overload
def max(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def maximum(x: Expr, *others: Any) -> Expr:
    """Of two or more operands, elementwise."""
@overload
def maximum(x: Any, *others: Expr | collections.abc.Sequence[Expr]) -> Expr: ...
@overload
def maximum(x: Any, *others: Any) -> Any: ...
@overload
def mean(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Arithmetic mean over axes."""
@overload
def mean(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def median(a: Expr, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, keepdims: builtins.bool = False) -> Expr:
    """The middle entry, or the mean of the two: of all, or along axes."""
@overload
def median(a: Any, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, keepdims: builtins.bool = False) -> Any: ...
def meshgrid(*arrays: Any, indexing: builtins.str = 'xy') -> list[Expr]:
    """Vectors as the coordinates of a grid: one tensor for each, of all their axes."""
@overload
def min(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Smallest entry over axes; ties share the gradient evenly."""
@overload
def min(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def minimum(x: Expr, *others: Any) -> Expr:
    """Of two or more operands, elementwise."""
@overload
def minimum(x: Any, *others: Expr | collections.abc.Sequence[Expr]) -> Expr: ...
@overload
def minimum(x: Any, *others: Any) -> Any: ...
mod = remainder
def modf(x: Any) -> tuple[Expr, ...]:
    """(the fraction, the whole part), both with the sign of x."""
@overload
def modstruve(v: Expr, x: Any, /) -> Expr:
    """Struve's function L"""
@overload
def modstruve(v: Any, x: Expr, /) -> Expr: ...
@overload
def modstruve(v: Any, x: Any, /) -> Any: ...
@overload
def moveaxis(x: Expr, source: Any, destination: Any) -> Expr:
    """Axes moved to new positions, the others kept in order."""
@overload
def moveaxis(x: Any, source: Expr, destination: Any) -> Expr: ...
@overload
def moveaxis(x: Any, source: Any, destination: Expr) -> Expr: ...
@overload
def moveaxis(x: Any, source: Any, destination: Any) -> Any: ...
mul = multiply
@overload
def multi_dot(arrays: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """``A @ B @ C @ ...`` as one product; the order of multiplication is chosen at evaluation."""
@overload
def multi_dot(arrays: collections.abc.Sequence[Any]) -> Any: ...
@overload
def multigammaln(a: Expr, d: builtins.int) -> Expr:
    """The logarithm of the multivariate gamma function of dimension d."""
@overload
def multigammaln(a: Any, d: builtins.int) -> Any: ...
@overload
def multiply(x: Expr, y: Any) -> Expr:
    """x*y, elementwise with numpy broadcasting."""
@overload
def multiply(x: Any, y: Expr) -> Expr: ...
@overload
def multiply(x: Any, y: Any) -> Any: ...
@overload
def nan_to_num(x: Expr, copy: builtins.bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Expr:
    """x with nan replaced, and inf and -inf: by the largest and smallest number of its type if not told."""
@overload
def nan_to_num(x: Any, copy: builtins.bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any: ...
@overload
def nanargmax(a: Expr, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Expr:
    """The position of the extreme of the entries that are no nan."""
@overload
def nanargmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Any: ...
@overload
def nanargmin(a: Expr, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Expr:
    """The position of the extreme of the entries that are no nan."""
@overload
def nanargmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Any: ...
@overload
def nancumprod(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None) -> Expr:
    """Running products in which nan counts as 1."""
@overload
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any: ...
@overload
def nancumsum(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None) -> Expr:
    """Running sums in which nan counts as 0."""
@overload
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any: ...
@overload
def nanmax(a: Expr, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True) -> Expr:
    """Np.max of the entries that are no nan."""
@overload
def nanmax(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True) -> Any: ...
@overload
def nanmean(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True) -> Expr:
    """Np.mean of the entries that are no nan."""
@overload
def nanmean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True) -> Any: ...
@overload
def nanmedian(a: Expr, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, keepdims: Any = False) -> Expr:
    """Np.median of the entries that are no nan."""
@overload
def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, keepdims: Any = False) -> Any: ...
@overload
def nanmin(a: Expr, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True) -> Expr:
    """Np.min of the entries that are no nan."""
@overload
def nanmin(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True) -> Any: ...
@overload
def nanpercentile(a: Expr, q: Any, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Expr:
    """Np.percentile of the entries that are no nan."""
@overload
def nanpercentile(a: Any, q: Expr, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Expr: ...
@overload
def nanpercentile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Any: ...
@overload
def nanprod(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True, correction: Any = None) -> Expr:
    """Np.prod of the entries that are no nan."""
@overload
def nanprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True, correction: Any = None) -> Any: ...
@overload
def nanquantile(a: Expr, q: Any, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Expr:
    """Np.quantile of the entries that are no nan."""
@overload
def nanquantile(a: Any, q: Expr, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Expr: ...
@overload
def nanquantile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: Any = False, *, weights: Any = None) -> Any: ...
@overload
def nanstd(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None) -> Expr:
    """Np.std of the entries that are no nan."""
@overload
def nanstd(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None) -> Any: ...
@overload
def nansum(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True, correction: Any = None) -> Expr:
    """Np.sum of the entries that are no nan."""
@overload
def nansum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True, correction: Any = None) -> Any: ...
@overload
def nanvar(a: Expr, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None) -> Expr:
    """Np.var of the entries that are no nan."""
@overload
def nanvar(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *, where: Any = True, mean: Any = None, correction: Any = None) -> Any: ...
@overload
def nbdtr(failures: Expr, successes: Any, p: Any) -> Expr:
    """The negative binomial distribution function."""
@overload
def nbdtr(failures: Any, successes: Expr, p: Any) -> Expr: ...
@overload
def nbdtr(failures: Any, successes: Any, p: Expr) -> Expr: ...
@overload
def nbdtr(failures: Any, successes: Any, p: Any) -> Any: ...
@overload
def nbdtrc(failures: Expr, successes: Any, p: Any) -> Expr:
    """1 - nbdtr(failures, successes, p)."""
@overload
def nbdtrc(failures: Any, successes: Expr, p: Any) -> Expr: ...
@overload
def nbdtrc(failures: Any, successes: Any, p: Expr) -> Expr: ...
@overload
def nbdtrc(failures: Any, successes: Any, p: Any) -> Any: ...
@overload
def nbdtri(k: Expr, n: Any, y: Any) -> Expr:
    """The p where nbdtr(k, n, p) is y."""
@overload
def nbdtri(k: Any, n: Expr, y: Any) -> Expr: ...
@overload
def nbdtri(k: Any, n: Any, y: Expr) -> Expr: ...
@overload
def nbdtri(k: Any, n: Any, y: Any) -> Any: ...
@overload
def nbdtrik(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nbdtrik, by its values"""
@overload
def nbdtrik(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nbdtrik(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nbdtrik(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def nbdtrin(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nbdtrin, by its values"""
@overload
def nbdtrin(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nbdtrin(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nbdtrin(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def ncfdtr(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Scipy.special.ncfdtr, by its values"""
@overload
def ncfdtr(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def ncfdtr(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def ncfdtr(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def ncfdtr(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
@overload
def ncfdtri(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Scipy.special.ncfdtri, by its values"""
@overload
def ncfdtri(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def ncfdtri(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def ncfdtri(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def ncfdtri(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
@overload
def ncfdtridfd(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Scipy.special.ncfdtridfd, by its values"""
@overload
def ncfdtridfd(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def ncfdtridfd(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def ncfdtridfd(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def ncfdtridfd(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
@overload
def ncfdtridfn(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Scipy.special.ncfdtridfn, by its values"""
@overload
def ncfdtridfn(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def ncfdtridfn(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def ncfdtridfn(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def ncfdtridfn(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
@overload
def ncfdtrinc(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
    """Scipy.special.ncfdtrinc, by its values"""
@overload
def ncfdtrinc(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
@overload
def ncfdtrinc(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
@overload
def ncfdtrinc(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
@overload
def ncfdtrinc(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
@overload
def nctdtr(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nctdtr, by its values"""
@overload
def nctdtr(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nctdtr(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nctdtr(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def nctdtridf(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nctdtridf, by its values"""
@overload
def nctdtridf(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nctdtridf(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nctdtridf(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def nctdtrinc(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nctdtrinc, by its values"""
@overload
def nctdtrinc(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nctdtrinc(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nctdtrinc(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def nctdtrit(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.nctdtrit, by its values"""
@overload
def nctdtrit(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def nctdtrit(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def nctdtrit(x: Any, y: Any, z: Any, /) -> Any: ...
@overload
def ndim(x: Expr) -> Expr:
    """The number of axes."""
@overload
def ndim(x: Any) -> Any: ...
@overload
def ndtr(x: Expr, /) -> Expr:
    """The normal distribution function"""
@overload
def ndtr(x: Any, /) -> Any: ...
@overload
def ndtri(x: Expr, /) -> Expr:
    """Inverse of ndtr"""
@overload
def ndtri(x: Any, /) -> Any: ...
@overload
def ndtri_exp(y: Expr, /) -> Expr:
    """The x where log_ndtr(x) is y"""
@overload
def ndtri_exp(y: Any, /) -> Any: ...
neg = negative
@overload
def negative(x: Expr) -> Expr:
    """-x."""
@overload
def negative(x: Any) -> Any: ...
@overload
def negative_part(x: Expr) -> Expr:
    """Max(-x, 0)."""
@overload
def negative_part(x: Any) -> Any: ...
@overload
def nextafter(x: Expr, y: Any, /) -> Expr:
    """The next number after x in the direction of y"""
@overload
def nextafter(x: Any, y: Expr, /) -> Expr: ...
@overload
def nextafter(x: Any, y: Any, /) -> Any: ...
def nonzero(a: Any) -> builtins.tuple[numpy.ndarray, ...]:
    """The positions of the entries that are not 0, along each axis: decided at the point of a trace."""
@overload
def norm(x: Expr, ord: Any = None, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Numpy.linalg.norm: 2 or "fro" by default; p for vectors; 1, -1, inf, -inf, 2 and "nuc" for matrices."""
@overload
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
@overload
def norm1(x: Expr) -> Expr:
    """Sum of absolute values of all entries."""
@overload
def norm1(x: Any) -> Any: ...
@overload
def norm2(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Sqrt(sum(x**2)) over axes; its gradient is 0 at 0."""
@overload
def norm2(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
norm_fro = norm2
@overload
def norm_inf(x: Expr) -> Expr:
    """Largest absolute value of all entries."""
@overload
def norm_inf(x: Any) -> Any: ...
@overload
def norm_nuc(x: Expr, /) -> Expr:
    """The nuclear norm: the sum of the singular values"""
@overload
def norm_nuc(x: Any, /) -> Any: ...
@overload
def norm_spec(x: Expr, /) -> Expr:
    """The spectral norm: the largest singular value"""
@overload
def norm_spec(x: Any, /) -> Any: ...
@overload
def not_equal(x: Expr, y: Any, /) -> Expr:
    """True where x != y"""
@overload
def not_equal(x: Any, y: Expr, /) -> Expr: ...
@overload
def not_equal(x: Any, y: Any, /) -> Any: ...
@overload
def nrdtrimn(p: Expr, std: Any, x: Any) -> Expr:
    """The mean of a normal distribution of this deviation whose distribution function is p at x."""
@overload
def nrdtrimn(p: Any, std: Expr, x: Any) -> Expr: ...
@overload
def nrdtrimn(p: Any, std: Any, x: Expr) -> Expr: ...
@overload
def nrdtrimn(p: Any, std: Any, x: Any) -> Any: ...
@overload
def nrdtrisd(mn: Expr, p: Any, x: Any) -> Expr:
    """The deviation of a normal distribution of this mean whose distribution function is p at x."""
@overload
def nrdtrisd(mn: Any, p: Expr, x: Any) -> Expr: ...
@overload
def nrdtrisd(mn: Any, p: Any, x: Expr) -> Expr: ...
@overload
def nrdtrisd(mn: Any, p: Any, x: Any) -> Any: ...
def obl_ang1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_ang1: a value and its derivative, by their values."""
def obl_ang1_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_ang1_cv: a value and its derivative, by their values."""
@overload
def obl_cv(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.obl_cv, by its values"""
@overload
def obl_cv(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def obl_cv(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def obl_cv(x: Any, y: Any, z: Any, /) -> Any: ...
def obl_rad1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_rad1: a value and its derivative, by their values."""
def obl_rad1_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_rad1_cv: a value and its derivative, by their values."""
def obl_rad2(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_rad2: a value and its derivative, by their values."""
def obl_rad2_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.obl_rad2_cv: a value and its derivative, by their values."""
@overload
def ones(shape: Expr, graph: Graph | None = None, *, dtype: Any = None, device: Any = None) -> Expr:
    """A tensor of one value; symbolic when `graph` is given or the shape has named sizes."""
@overload
def ones(shape: Any, graph: Graph | None = None, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def ones_like(x: Expr, *, dtype: Any = None, device: Any = None) -> Expr:
    """Ones of the shape of x."""
@overload
def ones_like(x: Any, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def operator_matmul(x: Expr, y: Any) -> Expr:
    """x @ y where one of the two is a LinearOperator of scipy: a linear map of the user that is named when it is met, ``linear_map_1``; of a LinearOperator that is made of a matrix, the product with it."""
@overload
def operator_matmul(x: Any, y: Expr) -> Expr: ...
@overload
def operator_matmul(x: Any, y: Any) -> Any: ...
@overload
def outer(x: Expr, y: Any) -> Expr:
    """x[i]*y[j] of two vectors (flattened, as numpy's)."""
@overload
def outer(x: Any, y: Expr) -> Expr: ...
@overload
def outer(x: Any, y: Any) -> Any: ...
@overload
def owens_t(h: Expr, a: Any, /) -> Expr:
    """Owen's T"""
@overload
def owens_t(h: Any, a: Expr, /) -> Expr: ...
@overload
def owens_t(h: Any, a: Any, /) -> Any: ...
@overload
def pad(x: Expr, pad_width: Any) -> Expr:
    """Zeros around x: numpy's ``pad(x, ((before, after), ...))`` with constant 0."""
@overload
def pad(x: Any, pad_width: Expr) -> Expr: ...
@overload
def pad(x: Any, pad_width: Any) -> Any: ...
@overload
def partition(a: Expr, kth: Any, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Expr:
    """A partition around the kth entries: the whole line sorted."""
@overload
def partition(a: Any, kth: Expr, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Expr: ...
@overload
def partition(a: Any, kth: Any, axis: builtins.int | None = -1, kind: builtins.str = 'introselect', order: Any = None) -> Any: ...
def pbdv(v: Any, x: Any) -> tuple[Expr, ...]:
    """(scipy.special.pbdv's value, its derivative by x)"""
def pbvv(v: Any, x: Any) -> tuple[Expr, ...]:
    """(scipy.special.pbvv's value, its derivative by x)"""
def pbwa(v: Any, x: Any) -> tuple[Expr, ...]:
    """(scipy.special.pbwa's value, its derivative by x)"""
@overload
def pdtr(successes: Expr, rate: Any) -> Expr:
    """Poisson's distribution function: at most so many at this rate."""
@overload
def pdtr(successes: Any, rate: Expr) -> Expr: ...
@overload
def pdtr(successes: Any, rate: Any) -> Any: ...
@overload
def pdtrc(successes: Expr, rate: Any) -> Expr:
    """1 - pdtr(successes, rate)."""
@overload
def pdtrc(successes: Any, rate: Expr) -> Expr: ...
@overload
def pdtrc(successes: Any, rate: Any) -> Any: ...
@overload
def pdtri(k: Expr, y: Any) -> Expr:
    """The rate where pdtr(k, rate) is y."""
@overload
def pdtri(k: Any, y: Expr) -> Expr: ...
@overload
def pdtri(k: Any, y: Any) -> Any: ...
@overload
def pdtrik(p: Expr, m: Any) -> Expr:
    """The k where pdtr(k, m) is p."""
@overload
def pdtrik(p: Any, m: Expr) -> Expr: ...
@overload
def pdtrik(p: Any, m: Any) -> Any: ...
@overload
def percentile(a: Expr, q: Any, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Expr:
    """The value below which q percent of the entries lie."""
@overload
def percentile(a: Any, q: Expr, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Expr: ...
@overload
def percentile(a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Any: ...
@overload
def perm(x: Expr, y: Any) -> Expr:
    """x!/(x - y)! where 0 <= y <= x, else 0, as scipy has it."""
@overload
def perm(x: Any, y: Expr) -> Expr: ...
@overload
def perm(x: Any, y: Any) -> Any: ...
@overload
def permute_dims(x: Expr, axes: collections.abc.Sequence[builtins.int] | None = None) -> Expr:
    """The axes of x in another order; reversed by default."""
@overload
def permute_dims(x: Any, axes: collections.abc.Sequence[builtins.int] | None = None) -> Any: ...
@overload
def phi(x: Expr) -> Expr:
    """The lower triangle with half the diagonal: ``tril(X) - diag(diag(X))/2``."""
@overload
def phi(x: Any) -> Any: ...
@overload
def piecewise(*pairs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """Sympy's Piecewise: ``piecewise((value, condition), ..., (value, True))``; nan where no condition holds."""
@overload
def piecewise(*pairs: Any) -> Any: ...
@overload
def pinv(x: Expr, /) -> Expr:
    """The Moore-Penrose inverse; its derivative is that at constant rank"""
@overload
def pinv(x: Any, /) -> Any: ...
plus = add
@overload
def poch(z: Expr, order: Any, /) -> Expr:
    """Gamma(z + order)/gamma(z): a polynomial in z for a whole number."""
@overload
def poch(z: Any, order: Expr, /) -> Expr: ...
@overload
def poch(z: Any, order: Any, /) -> Any: ...
@overload
def polar(x: Expr, /) -> Expr:
    """The orthonormal factor U @ Vt of X = U @ diag(s) @ Vt"""
@overload
def polar(x: Any, /) -> Any: ...
@overload
def poly(seq_of_zeros: Expr) -> Expr:
    """The polynomial that has these zeros."""
@overload
def poly(seq_of_zeros: Any) -> Any: ...
@overload
def polyadd(a1: Expr, a2: Any) -> Expr:
    """The sum of two polynomials."""
@overload
def polyadd(a1: Any, a2: Expr) -> Expr: ...
@overload
def polyadd(a1: Any, a2: Any) -> Any: ...
@overload
def polyder(p: Expr, m: builtins.int = 1) -> Expr:
    """The m-th derivative of a polynomial."""
@overload
def polyder(p: Any, m: builtins.int = 1) -> Any: ...
@overload
def polyfit(x: Expr, y: Any, deg: builtins.int, rcond: Any = None, full: builtins.bool = False, w: Any = None, cov: builtins.bool = False) -> Expr:
    """The coefficients of the polynomial of a degree that fits points best, in the sense of least squares."""
@overload
def polyfit(x: Any, y: Expr, deg: builtins.int, rcond: Any = None, full: builtins.bool = False, w: Any = None, cov: builtins.bool = False) -> Expr: ...
@overload
def polyfit(x: Any, y: Any, deg: builtins.int, rcond: Any = None, full: builtins.bool = False, w: Any = None, cov: builtins.bool = False) -> Any: ...
@overload
def polygamma(n: Expr, x: Any, /) -> Expr:
    """n-th derivative of digamma"""
@overload
def polygamma(n: Any, x: Expr, /) -> Expr: ...
@overload
def polygamma(n: Any, x: Any, /) -> Any: ...
@overload
def polyint(p: Expr, m: builtins.int = 1, k: Any = None) -> Expr:
    """The m-th antiderivative of a polynomial, with the constants k."""
@overload
def polyint(p: Any, m: builtins.int = 1, k: Any = None) -> Any: ...
@overload
def polylog(s: Expr, x: Any) -> Expr:
    """The sum of x**k/k**s over k >= 1, for real x <= 1; where x < -exp(2), for whole s alone, else nan."""
@overload
def polylog(s: Any, x: Expr) -> Expr: ...
@overload
def polylog(s: Any, x: Any) -> Any: ...
@overload
def polymul(a1: Expr, a2: Any) -> Expr:
    """The product of two polynomials."""
@overload
def polymul(a1: Any, a2: Expr) -> Expr: ...
@overload
def polymul(a1: Any, a2: Any) -> Any: ...
@overload
def polysub(a1: Expr, a2: Any) -> Expr:
    """The difference of two polynomials."""
@overload
def polysub(a1: Any, a2: Expr) -> Expr: ...
@overload
def polysub(a1: Any, a2: Any) -> Any: ...
@overload
def polyval(p: Expr | collections.abc.Sequence[Expr], x: Any) -> Expr:
    """``p[0]*x**(n-1) + ... + p[n-1]`` by Horner's scheme, highest power first."""
@overload
def polyval(p: collections.abc.Sequence[Any], x: Expr) -> Expr: ...
@overload
def polyval(p: collections.abc.Sequence[Any], x: Any) -> Any: ...
@overload
def positive(x: Expr) -> Expr:
    """+x, which is x."""
@overload
def positive(x: Any) -> Any: ...
@overload
def pow(x: Expr, y: Any) -> Expr:
    """x**y, elementwise. ``x**0`` is 1 and ``x**1`` is x, also where x is nan or 0. Of integers an integer, as numpy's; a negative exponent, which numpy refuses there, is an InputError, but that a constant one gives floats."""
@overload
def pow(x: Any, y: Expr) -> Expr: ...
@overload
def pow(x: Any, y: Any) -> Any: ...
power = pow
@overload
def powm1(x: Expr, y: Any) -> Expr:
    """x**y - 1, accurate near x = 1 and y = 0."""
@overload
def powm1(x: Any, y: Expr) -> Expr: ...
@overload
def powm1(x: Any, y: Any) -> Any: ...
def pro_ang1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_ang1: a value and its derivative, by their values."""
def pro_ang1_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_ang1_cv: a value and its derivative, by their values."""
@overload
def pro_cv(x: Expr, y: Any, z: Any, /) -> Expr:
    """Scipy.special.pro_cv, by its values"""
@overload
def pro_cv(x: Any, y: Expr, z: Any, /) -> Expr: ...
@overload
def pro_cv(x: Any, y: Any, z: Expr, /) -> Expr: ...
@overload
def pro_cv(x: Any, y: Any, z: Any, /) -> Any: ...
def pro_rad1(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_rad1: a value and its derivative, by their values."""
def pro_rad1_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_rad1_cv: a value and its derivative, by their values."""
def pro_rad2(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_rad2: a value and its derivative, by their values."""
def pro_rad2_cv(*xs: Any) -> tuple[Expr, ...]:
    """Scipy.special.pro_rad2_cv: a value and its derivative, by their values."""
@overload
def prod(x: Expr, axis: Any = None, keepdims: builtins.bool = False, *, dtype: Any = None) -> Expr:
    """Product over axes, in a number type where one is given."""
@overload
def prod(x: Any, axis: Any = None, keepdims: builtins.bool = False, *, dtype: Any = None) -> Any: ...
def project(x: Expr, k: builtins.int) -> Expr:
    """Result k of an op that has several results."""
@overload
def pseudo_huber(delta: Expr, r: Any) -> Expr:
    """Delta**2*(sqrt(1 + (r/delta)**2) - 1)."""
@overload
def pseudo_huber(delta: Any, r: Expr) -> Expr: ...
@overload
def pseudo_huber(delta: Any, r: Any) -> Any: ...
pseudo_inverse = pinv
psi = digamma
@overload
def ptp(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
    """Largest minus smallest entry."""
@overload
def ptp(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
def qr(x: Any, mode: builtins.str = 'reduced') -> symdiff.ops.factorisation.QR:
    """The reduced factorisation X = Q @ R. Named sizes (m, n) are taken as m >= n."""
@overload
def qr_Q(x: Expr) -> Expr:
    """The orthonormal columns Q of X = Q @ R."""
@overload
def qr_Q(x: Any) -> Any: ...
@overload
def qr_R(x: Expr) -> Expr:
    """The upper triangle R of X = Q @ R."""
@overload
def qr_R(x: Any) -> Any: ...
@overload
def quantile(a: Expr, q: Any, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Expr:
    """The value below which the share q of the entries lies, between sorted entries by numpy's `method`; of entries with weights (method "inverted_cdf") the first that has this share of the weights up to it."""
@overload
def quantile(a: Any, q: Expr, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Expr: ...
@overload
def quantile(a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: builtins.bool = False, method: builtins.str = 'linear', keepdims: builtins.bool = False, *, weights: Any = None) -> Any: ...
@overload
def rad2deg(x: Expr, /) -> Expr:
    """Radians as degrees, 180/pi*x"""
@overload
def rad2deg(x: Any, /) -> Any: ...
@overload
def radian(d: Expr, m: Any, s: Any) -> Expr:
    """Degrees, minutes and seconds as an angle."""
@overload
def radian(d: Any, m: Expr, s: Any) -> Expr: ...
@overload
def radian(d: Any, m: Any, s: Expr) -> Expr: ...
@overload
def radian(d: Any, m: Any, s: Any) -> Any: ...
radians = deg2rad
@overload
def ravel(x: Expr) -> Expr:
    """All entries as a vector, last axis fastest."""
@overload
def ravel(x: Any) -> Any: ...
real = conj
@overload
def real_if_close(a: Expr, tol: builtins.float = 100) -> Expr:
    """a: every expression is real."""
@overload
def real_if_close(a: Any, tol: builtins.float = 100) -> Any: ...
@overload
def reciprocal(x: Expr) -> Expr:
    """1/x."""
@overload
def reciprocal(x: Any) -> Any: ...
@overload
def rel_entr(x: Expr, y: Any, /) -> Expr:
    """x*log(x/y), and 0 where x is 0"""
@overload
def rel_entr(x: Any, y: Expr, /) -> Expr: ...
@overload
def rel_entr(x: Any, y: Any, /) -> Any: ...
@overload
def relu(x: Expr, /) -> Expr:
    """Max(x, 0)"""
@overload
def relu(x: Any, /) -> Any: ...
@overload
def remainder(x: Expr, y: Any, /) -> Expr:
    """x - y*floor(x/y), with the sign of y"""
@overload
def remainder(x: Any, y: Expr, /) -> Expr: ...
@overload
def remainder(x: Any, y: Any, /) -> Any: ...
@overload
def repeat(x: Expr, repeats: builtins.int, axis: builtins.int | None = None) -> Expr:
    """Each entry along an axis several times."""
@overload
def repeat(x: Any, repeats: builtins.int, axis: builtins.int | None = None) -> Any: ...
@overload
def reshape(x: Expr, shape: Any, *, copy: builtins.bool | None = None) -> Expr:
    """The entries of x in another shape; one -1 is worked out."""
@overload
def reshape(x: Any, shape: Expr, *, copy: builtins.bool | None = None) -> Expr: ...
@overload
def reshape(x: Any, shape: Any, *, copy: builtins.bool | None = None) -> Any: ...
@overload
def resize(a: Expr, new_shape: Any) -> Expr:
    """The entries, again from the first where they are too few, in another shape."""
@overload
def resize(a: Any, new_shape: Expr) -> Expr: ...
@overload
def resize(a: Any, new_shape: Any) -> Any: ...
rf = poch
@overload
def rgamma(x: Expr, /) -> Expr:
    """1/gamma(x)"""
@overload
def rgamma(x: Any, /) -> Any: ...
riemann_zeta = zeta
right_shift = bitwise_right_shift
@overload
def rint(x: Expr) -> Expr:
    """x rounded to whole numbers, of integers a float."""
@overload
def rint(x: Any) -> Any: ...
@overload
def roll(x: Expr, shift: Any, axis: Any = None) -> Expr:
    """Entries moved along an axis or several, around the end."""
@overload
def roll(x: Any, shift: Expr, axis: Any = None) -> Expr: ...
@overload
def roll(x: Any, shift: Any, axis: Any = None) -> Any: ...
@overload
def rollaxis(a: Expr, axis: builtins.int, start: builtins.int = 0) -> Expr:
    """An axis moved to stand in front of another."""
@overload
def rollaxis(a: Any, axis: builtins.int, start: builtins.int = 0) -> Any: ...
@overload
def root(x: Expr, degree: Any) -> Expr:
    """x**(1/degree)."""
@overload
def root(x: Any, degree: Expr) -> Expr: ...
@overload
def root(x: Any, degree: Any) -> Any: ...
@overload
def rot90(x: Expr, k: builtins.int = 1) -> Expr:
    """A matrix turned by k right angles."""
@overload
def rot90(x: Any, k: builtins.int = 1) -> Any: ...
@overload
def round(x: Expr, /) -> Expr:
    """The nearest whole number; halves go to the even one"""
@overload
def round(x: Any, /) -> Any: ...
@overload
def row_stack(tup: Expr | collections.abc.Sequence[Expr], *, dtype: Any = None, casting: Any = None) -> Expr:
    """Np.vstack."""
@overload
def row_stack(tup: collections.abc.Sequence[Any], *, dtype: Any = None, casting: Any = None) -> Any: ...
@overload
def safe_divide(x: Expr, y: Any) -> Expr:
    """x/y, and 0 where y is 0. The op of that name is for derivatives whose x is 0 there too."""
@overload
def safe_divide(x: Any, y: Expr) -> Expr: ...
@overload
def safe_divide(x: Any, y: Any) -> Any: ...
@overload
def scatter_add(x: Expr, index: Any, size: builtins.int | builtins.str, axis: builtins.int = 0) -> Expr:
    """Zeros to which the entries of x are added at integer positions along an axis of this size."""
@overload
def scatter_add(x: Any, index: Expr, size: builtins.int | builtins.str, axis: builtins.int = 0) -> Expr: ...
@overload
def scatter_add(x: Any, index: Any, size: builtins.int | builtins.str, axis: builtins.int = 0) -> Any: ...
@overload
def scatter_add_along_axis(x: Expr, indices: Any, size: builtins.int | builtins.str, axis: builtins.int = -1) -> Expr:
    """Zeros to which the entries of x are added at integer positions of their own along an axis of this size."""
@overload
def scatter_add_along_axis(x: Any, indices: Expr, size: builtins.int | builtins.str, axis: builtins.int = -1) -> Expr: ...
@overload
def scatter_add_along_axis(x: Any, indices: Any, size: builtins.int | builtins.str, axis: builtins.int = -1) -> Any: ...
@overload
def searchsorted(a: Expr, v: Any, side: builtins.str = 'left', sorter: Any = None) -> Expr:
    """How many entries of the sorted a are smaller than v (from the left), or not larger (from the right)."""
@overload
def searchsorted(a: Any, v: Expr, side: builtins.str = 'left', sorter: Any = None) -> Expr: ...
@overload
def searchsorted(a: Any, v: Any, side: builtins.str = 'left', sorter: Any = None) -> Any: ...
@overload
def sec(x: Expr, /) -> Expr:
    """Secant, 1/cos(x)"""
@overload
def sec(x: Any, /) -> Any: ...
@overload
def sech(x: Expr, /) -> Expr:
    """Hyperbolic secant, 1/cosh(x)"""
@overload
def sech(x: Any, /) -> Any: ...
select = piecewise
select_where = where
@overload
def setdiff1d(ar1: Expr, ar2: Any, assume_unique: builtins.bool = False) -> Expr:
    """The entries of the first that the second has not, each once, sorted."""
@overload
def setdiff1d(ar1: Any, ar2: Expr, assume_unique: builtins.bool = False) -> Expr: ...
@overload
def setdiff1d(ar1: Any, ar2: Any, assume_unique: builtins.bool = False) -> Any: ...
@overload
def setxor1d(ar1: Expr, ar2: Any, assume_unique: builtins.bool = False) -> Expr:
    """The entries of one alone, each once, sorted."""
@overload
def setxor1d(ar1: Any, ar2: Expr, assume_unique: builtins.bool = False) -> Expr: ...
@overload
def setxor1d(ar1: Any, ar2: Any, assume_unique: builtins.bool = False) -> Any: ...
sgn = sign
@overload
def shape(x: Expr) -> Expr:
    """The sizes of the axes."""
@overload
def shape(x: Any) -> Any: ...
shi = Shi
def shichi(x: Any) -> tuple[Expr, ...]:
    """(Shi, Chi)."""
si = Si
def sici(x: Any) -> tuple[Expr, ...]:
    """(Si, Ci)."""
@overload
def sigmoid(x: Expr, /) -> Expr:
    """1/(1 + exp(-x))"""
@overload
def sigmoid(x: Any, /) -> Any: ...
@overload
def sign(x: Expr, /) -> Expr:
    """-1, 0 or 1: the sign of x"""
@overload
def sign(x: Any, /) -> Any: ...
@overload
def signbit(x: Expr, /) -> Expr:
    """True for negative numbers and -0.0"""
@overload
def signbit(x: Any, /) -> Any: ...
@overload
def signdet(x: Expr) -> Expr:
    """The sign of the determinant."""
@overload
def signdet(x: Any) -> Any: ...
silu = swish
@overload
def sin(x: Expr, /) -> Expr:
    """Sine"""
@overload
def sin(x: Any, /) -> Any: ...
@overload
def sinc(x: Expr, /) -> Expr:
    """Sin(pi*x)/(pi*x), 0 at whole numbers"""
@overload
def sinc(x: Any, /) -> Any: ...
@overload
def sind(x: Expr) -> Expr:
    """The function of an angle in degrees."""
@overload
def sind(x: Any) -> Any: ...
@overload
def sindg(x: Expr) -> Expr:
    """The sin of degrees."""
@overload
def sindg(x: Any) -> Any: ...
@overload
def sinh(x: Expr, /) -> Expr:
    """Hyperbolic sine"""
@overload
def sinh(x: Any, /) -> Any: ...
@overload
def sinhm(x: Expr) -> Expr:
    """The matrix hyperbolic sine."""
@overload
def sinhm(x: Any) -> Any: ...
@overload
def sinm(x: Expr, /) -> Expr:
    """The matrix sine"""
@overload
def sinm(x: Any, /) -> Any: ...
@overload
def sinm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The Frechet derivative of sinm at X in direction E, or several for higher orders"""
@overload
def sinm_frechet(*xs: Any) -> Any: ...
@overload
def size(x: Expr, axis: builtins.int | None = None) -> Expr:
    """The number of entries, or of those along an axis."""
@overload
def size(x: Any, axis: builtins.int | None = None) -> Any: ...
@overload
def sliding_window_view(x: Expr, window_shape: Any, axis: Any = None, *, subok: builtins.bool = False, writeable: builtins.bool = False) -> Expr:
    """Np.lib.stride_tricks.sliding_window_view: the windows along axes, which stand behind all axes."""
@overload
def sliding_window_view(x: Any, window_shape: Expr, axis: Any = None, *, subok: builtins.bool = False, writeable: builtins.bool = False) -> Expr: ...
@overload
def sliding_window_view(x: Any, window_shape: Any, axis: Any = None, *, subok: builtins.bool = False, writeable: builtins.bool = False) -> Any: ...
def slogdet(x: Any) -> symdiff.ops.linalg.SignLogDet:
    """(sign, log(abs(det(X)))): the determinant without overflow."""
@overload
def smirnov(n: Expr, x: Any, /) -> Expr:
    """Scipy.special.smirnov, by its values"""
@overload
def smirnov(n: Any, x: Expr, /) -> Expr: ...
@overload
def smirnov(n: Any, x: Any, /) -> Any: ...
@overload
def smirnovi(n: Expr, x: Any, /) -> Expr:
    """Scipy.special.smirnovi, by its values"""
@overload
def smirnovi(n: Any, x: Expr, /) -> Expr: ...
@overload
def smirnovi(n: Any, x: Any, /) -> Any: ...
@overload
def softmax(x: Expr, axis: builtins.int = -1) -> Expr:
    """Exp(x)/sum(exp(x)) along an axis, the last by default"""
@overload
def softmax(x: Any, axis: builtins.int = -1) -> Any: ...
@overload
def softplus(x: Expr, /) -> Expr:
    """Log(1 + exp(x)), without overflow"""
@overload
def softplus(x: Any, /) -> Any: ...
@overload
def solve(x: Expr, y: Any, /) -> Expr:
    """The z with x @ z = y; y is a vector or has columns"""
@overload
def solve(x: Any, y: Expr, /) -> Expr: ...
@overload
def solve(x: Any, y: Any, /) -> Any: ...
@overload
def solve_triangular(a: Expr, b: Any, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Expr:
    """The x with A @ x = b (with A.T where `trans` is 1 or "T"), where only the upper (or lower) triangle of A is read, and its diagonal taken as ones where that is asked for."""
@overload
def solve_triangular(a: Any, b: Expr, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Expr: ...
@overload
def solve_triangular(a: Any, b: Any, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Any: ...
@overload
def sort(x: Expr, axis: builtins.int | None = -1, *, descending: builtins.bool = False, stable: builtins.bool = True) -> Expr:
    """x sorted along an axis (flattened for None); the gradient goes back to the entries' places."""
@overload
def sort(x: Any, axis: builtins.int | None = -1, *, descending: builtins.bool = False, stable: builtins.bool = True) -> Any: ...
@overload
def spacing(x: Expr, /) -> Expr:
    """The distance from x to the next number in its type, away from 0"""
@overload
def spacing(x: Any, /) -> Any: ...
@overload
def sparse_matmul(x: Expr, y: Any) -> Expr:
    """x @ y where one of the two is a matrix of scipy.sparse: the sum of data*y[column] over the entries of each row."""
@overload
def sparse_matmul(x: Any, y: Expr) -> Expr: ...
@overload
def sparse_matmul(x: Any, y: Any) -> Any: ...
@overload
def spectral(x: Expr, q: Any, c: Any, /) -> Expr:
    """Q @ diag(c) @ Q.T for the eigenvectors Q of X, differentiable also where eigenvalues repeat"""
@overload
def spectral(x: Any, q: Expr, c: Any, /) -> Expr: ...
@overload
def spectral(x: Any, q: Any, c: Expr, /) -> Expr: ...
@overload
def spectral(x: Any, q: Any, c: Any, /) -> Any: ...
@overload
def spence(x: Expr, /) -> Expr:
    """Dilogarithm of 1 - x"""
@overload
def spence(x: Any, /) -> Any: ...
@overload
def spherical_in(n: Expr, x: Any, /) -> Expr:
    """Sinh(x)/x at order 0"""
@overload
def spherical_in(n: Any, x: Expr, /) -> Expr: ...
@overload
def spherical_in(n: Any, x: Any, /) -> Any: ...
@overload
def spherical_jn(n: Expr, x: Any, /) -> Expr:
    """Sin(x)/x at order 0"""
@overload
def spherical_jn(n: Any, x: Expr, /) -> Expr: ...
@overload
def spherical_jn(n: Any, x: Any, /) -> Any: ...
@overload
def spherical_kn(n: Expr, x: Any, /) -> Expr:
    """Pi/2*exp(-x)/x at order 0"""
@overload
def spherical_kn(n: Any, x: Expr, /) -> Expr: ...
@overload
def spherical_kn(n: Any, x: Any, /) -> Any: ...
@overload
def spherical_yn(n: Expr, x: Any, /) -> Expr:
    """-cos(x)/x at order 0"""
@overload
def spherical_yn(n: Any, x: Expr, /) -> Expr: ...
@overload
def spherical_yn(n: Any, x: Any, /) -> Any: ...
def split(x: Any, indices_or_sections: Any, axis: builtins.int = 0) -> list[Expr]:
    """Parts along an axis: equal ones, or cut at positions."""
@overload
def sqrt(x: Expr, /) -> Expr:
    """Square root; derivative inf at 0"""
@overload
def sqrt(x: Any, /) -> Any: ...
@overload
def sqrtm(x: Expr, /) -> Expr:
    """The principal matrix square root; nan where it is not real"""
@overload
def sqrtm(x: Any, /) -> Any: ...
@overload
def sqrtm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """The Frechet derivative of sqrtm at X in direction E, or several for higher orders"""
@overload
def sqrtm_frechet(*xs: Any) -> Any: ...
@overload
def square(x: Expr) -> Expr:
    """x**2."""
@overload
def square(x: Any) -> Any: ...
@overload
def squeeze(x: Expr, axis: Any = None) -> Expr:
    """Axes of size 1 removed."""
@overload
def squeeze(x: Any, axis: Any = None) -> Any: ...
@overload
def stack(arrays: Expr, axis: builtins.int = 0) -> Expr:
    """Arrays of one shape joined along a new axis; nested lists become an array, an Expr stays what it is."""
@overload
def stack(arrays: Any, axis: builtins.int = 0) -> Any: ...
@overload
def std(x: Expr, axis: Any = None, keepdims: builtins.bool = False, correction: builtins.float = 0) -> Expr:
    """Standard deviation over axes: the root of `var`; its gradient is 0 where all entries are equal."""
@overload
def std(x: Any, axis: Any = None, keepdims: builtins.bool = False, correction: builtins.float = 0) -> Any: ...
@overload
def stdtr(df: Expr, t: Any, /) -> Expr:
    """Student's distribution function"""
@overload
def stdtr(df: Any, t: Expr, /) -> Expr: ...
@overload
def stdtr(df: Any, t: Any, /) -> Any: ...
@overload
def stdtridf(p: Expr, t: Any, /) -> Expr:
    """The degrees of freedom where stdtr(df, t) is p"""
@overload
def stdtridf(p: Any, t: Expr, /) -> Expr: ...
@overload
def stdtridf(p: Any, t: Any, /) -> Any: ...
@overload
def stdtrit(x: Expr, y: Any, /) -> Expr:
    """The t where stdtr(df, t) is p"""
@overload
def stdtrit(x: Any, y: Expr, /) -> Expr: ...
@overload
def stdtrit(x: Any, y: Any, /) -> Any: ...
@overload
def stop_gradient(x: Expr, /) -> Expr:
    """x, taken as a constant by every derivative"""
@overload
def stop_gradient(x: Any, /) -> Any: ...
@overload
def struve(v: Expr, x: Any, /) -> Expr:
    """Struve's function H"""
@overload
def struve(v: Any, x: Expr, /) -> Expr: ...
@overload
def struve(v: Any, x: Any, /) -> Any: ...
struveh = struve
struvel = modstruve
sub = subtract
@overload
def subtract(x: Expr, y: Any) -> Expr:
    """x - y."""
@overload
def subtract(x: Any, y: Expr) -> Expr: ...
@overload
def subtract(x: Any, y: Any) -> Any: ...
@overload
def sum(x: Expr, axis: Any = None, keepdims: builtins.bool = False, *, dtype: Any = None) -> Expr:
    """Sum over axes, in a number type where one is given; of booleans, the number of true entries."""
@overload
def sum(x: Any, axis: Any = None, keepdims: builtins.bool = False, *, dtype: Any = None) -> Any: ...
def svd(x: Any) -> symdiff.ops.singular.SVD:
    """(U, s, Vt) with X = U @ diag(s) @ Vt, reduced: U has as many columns as there are singular values."""
@overload
def svd_U(x: Expr) -> Expr:
    """The left singular vectors, as columns."""
@overload
def svd_U(x: Any) -> Any: ...
@overload
def svd_Vt(x: Expr) -> Expr:
    """The right singular vectors, as rows."""
@overload
def svd_Vt(x: Any) -> Any: ...
@overload
def svdvals(x: Expr) -> Expr:
    """The singular values, descending."""
@overload
def svdvals(x: Any) -> Any: ...
@overload
def swapaxes(x: Expr, axis1: builtins.int, axis2: builtins.int) -> Expr:
    """Two axes exchanged."""
@overload
def swapaxes(x: Any, axis1: builtins.int, axis2: builtins.int) -> Any: ...
@overload
def swish(x: Expr) -> Expr:
    """x*sigmoid(x)."""
@overload
def swish(x: Any) -> Any: ...
@overload
def sym(x: Expr) -> Expr:
    """The symmetric part ``(X + X.T)/2``; a variable assumed symmetric is its own."""
@overload
def sym(x: Any) -> Any: ...
@overload
def take(x: Expr, indices: Any, axis: builtins.int | None = None) -> Expr:
    """Entries of x at integer positions (an array or an integer variable) along an axis."""
@overload
def take(x: Any, indices: Expr, axis: builtins.int | None = None) -> Expr: ...
@overload
def take(x: Any, indices: Any, axis: builtins.int | None = None) -> Any: ...
@overload
def take_along_axis(x: Expr, indices: Any, axis: builtins.int = -1) -> Expr:
    """Entries of x at integer positions along an axis, with an index of as many axes as x; where the first of them have size 1, it is the same for all."""
@overload
def take_along_axis(x: Any, indices: Expr, axis: builtins.int = -1) -> Expr: ...
@overload
def take_along_axis(x: Any, indices: Any, axis: builtins.int = -1) -> Any: ...
@overload
def tan(x: Expr, /) -> Expr:
    """Tangent"""
@overload
def tan(x: Any, /) -> Any: ...
@overload
def tand(x: Expr) -> Expr:
    """The function of an angle in degrees."""
@overload
def tand(x: Any) -> Any: ...
@overload
def tandg(x: Expr) -> Expr:
    """The tan of degrees."""
@overload
def tandg(x: Any) -> Any: ...
@overload
def tanh(x: Expr, /) -> Expr:
    """Hyperbolic tangent"""
@overload
def tanh(x: Any, /) -> Any: ...
@overload
def tensordot(x: Expr, y: Any, axes: Any = 2) -> Expr:
    """Numpy's tensordot: contract `axes` of x with those of y."""
@overload
def tensordot(x: Any, y: Expr, axes: Any = 2) -> Expr: ...
@overload
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any: ...
@overload
def tensorinv(a: Expr, ind: builtins.int = 2) -> Expr:
    """The inverse of the matrix that a tensor is of its first `ind` axes and the others."""
@overload
def tensorinv(a: Any, ind: builtins.int = 2) -> Any: ...
@overload
def tensorsolve(a: Expr, b: Any, axes: collections.abc.Sequence[builtins.int] | None = None) -> Expr:
    """The x with ``tensordot(a, x, x.ndim) = b``."""
@overload
def tensorsolve(a: Any, b: Expr, axes: collections.abc.Sequence[builtins.int] | None = None) -> Expr: ...
@overload
def tensorsolve(a: Any, b: Any, axes: collections.abc.Sequence[builtins.int] | None = None) -> Any: ...
@overload
def tile(x: Expr, reps: Any) -> Expr:
    """x repeated along its axes."""
@overload
def tile(x: Any, reps: Expr) -> Expr: ...
@overload
def tile(x: Any, reps: Any) -> Any: ...
@overload
def tklmbda(x: Expr, lmbda: Any, /) -> Expr:
    """Tukey's lambda distribution function: the inverse of (p**l - (1 - p)**l)/l"""
@overload
def tklmbda(x: Any, lmbda: Expr, /) -> Expr: ...
@overload
def tklmbda(x: Any, lmbda: Any, /) -> Any: ...
tr = trace
@overload
def trace(x: Expr) -> Expr:
    """Sum of the diagonal of a square matrix (of each matrix of a stack)."""
@overload
def trace(x: Any) -> Any: ...
transpose = permute_dims
@overload
def trapezoid(y: Expr, x: Any = None, dx: Any = 1.0, axis: builtins.int = -1) -> Expr:
    """The integral of samples by the trapezoidal rule along an axis."""
@overload
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: builtins.int = -1) -> Any: ...
trapz = trapezoid
@overload
def tril(x: Expr, k: Any = 0) -> Expr:
    """The matrix with the entries above a diagonal set to 0"""
@overload
def tril(x: Any, k: Any = 0) -> Any: ...
@overload
def tril_indices_from(arr: Expr, *args: Any, **kwargs: Any) -> Expr:
    """Np.tril_indices_from: of the shape alone."""
@overload
def tril_indices_from(arr: Any, *args: Expr | collections.abc.Sequence[Expr], **kwargs: Any) -> Expr: ...
@overload
def tril_indices_from(arr: Any, *args: Any, **kwargs: Any) -> Any: ...
@overload
def trim_zeros(filt: Expr, trim: builtins.str = 'fb', axis: Any = None) -> Expr:
    """Without the zeros in front and behind, along each axis."""
@overload
def trim_zeros(filt: Any, trim: builtins.str = 'fb', axis: Any = None) -> Any: ...
@overload
def triu(x: Expr, k: Any = 0) -> Expr:
    """The matrix with the entries below a diagonal set to 0"""
@overload
def triu(x: Any, k: Any = 0) -> Any: ...
@overload
def triu_indices_from(arr: Expr, *args: Any, **kwargs: Any) -> Expr:
    """Np.triu_indices_from: of the shape alone."""
@overload
def triu_indices_from(arr: Any, *args: Expr | collections.abc.Sequence[Expr], **kwargs: Any) -> Expr: ...
@overload
def triu_indices_from(arr: Any, *args: Any, **kwargs: Any) -> Any: ...
true_divide = divide
@overload
def trunc(x: Expr, /) -> Expr:
    """The whole part: x rounded towards 0"""
@overload
def trunc(x: Any, /) -> Any: ...
@overload
def union1d(ar1: Expr, ar2: Any) -> Expr:
    """The entries of either, each once, sorted."""
@overload
def union1d(ar1: Any, ar2: Expr) -> Expr: ...
@overload
def union1d(ar1: Any, ar2: Any) -> Any: ...
@overload
def unique(ar: Expr, return_index: builtins.bool = False, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, axis: Any = None, *, equal_nan: builtins.bool = True, sorted: builtins.bool = True) -> Expr:
    """The entries that differ, sorted, with the positions of the first ones, those of all among them, and how often each stands there, where that is asked for."""
@overload
def unique(ar: Any, return_index: builtins.bool = False, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, axis: Any = None, *, equal_nan: builtins.bool = True, sorted: builtins.bool = True) -> Any: ...
def unravel_index(indices: Any, shape: Any, order: builtins.str = 'C') -> tuple[Expr, ...]:
    """Np.unravel_index: positions along the axes from numbers of entries."""
@overload
def unwrap(p: Expr, discont: Any = None, axis: builtins.int = -1, *, period: Any = 6.283185307179586) -> Expr:
    """Multiples of a period added so that neighbours differ by at most half of it."""
@overload
def unwrap(p: Any, discont: Any = None, axis: builtins.int = -1, *, period: Any = 6.283185307179586) -> Any: ...
@overload
def vander(x: Expr, N: builtins.int | None = None, increasing: builtins.bool = False) -> Expr:
    """The powers of x as columns, the highest first."""
@overload
def vander(x: Any, N: builtins.int | None = None, increasing: builtins.bool = False) -> Any: ...
@overload
def var(x: Expr, axis: Any = None, keepdims: builtins.bool = False, correction: builtins.float = 0) -> Expr:
    """Variance over axes, divided by N - correction."""
@overload
def var(x: Any, axis: Any = None, keepdims: builtins.bool = False, correction: builtins.float = 0) -> Any: ...
@overload
def vdot(x: Expr, y: Any) -> Expr:
    """Sum of products of two arrays, flattened."""
@overload
def vdot(x: Any, y: Expr) -> Expr: ...
@overload
def vdot(x: Any, y: Any) -> Any: ...
@overload
def vec(x: Expr) -> Expr:
    """The columns of a matrix one below the other; ``ravel`` has the rows."""
@overload
def vec(x: Any) -> Any: ...
@overload
def vecdot(x: Expr, y: Any, axis: builtins.int = -1) -> Expr:
    """Sum of products along an axis, which both have."""
@overload
def vecdot(x: Any, y: Expr, axis: builtins.int = -1) -> Expr: ...
@overload
def vecdot(x: Any, y: Any, axis: builtins.int = -1) -> Any: ...
@overload
def vecmat(x: Expr, a: Any) -> Expr:
    """x @ A for stacks of vectors and of matrices."""
@overload
def vecmat(x: Any, a: Expr) -> Expr: ...
@overload
def vecmat(x: Any, a: Any) -> Any: ...
vector = stack
@overload
def vector_norm(x: Expr, axis: Any = None, keepdims: builtins.bool = False, ord: Any = 2) -> Expr:
    """The norm of the entries over axes (all by default): 2, 1, inf, -inf, 0 (entries that are not 0) or p."""
@overload
def vector_norm(x: Any, axis: Any = None, keepdims: builtins.bool = False, ord: Any = 2) -> Any: ...
@overload
def vectorized(function: collections.abc.Callable[..., Any], *args: Expr | collections.abc.Sequence[Expr]) -> Expr:
    """Np.vectorize's call: a function of scalars for every entry."""
@overload
def vectorized(function: collections.abc.Callable[..., Any], *args: Any) -> Any: ...
@overload
def voigt_dispersion(x: Expr, sigma: Any, gamma: Any, /) -> Expr:
    """The imaginary part whose real part is Voigt's profile"""
@overload
def voigt_dispersion(x: Any, sigma: Expr, gamma: Any, /) -> Expr: ...
@overload
def voigt_dispersion(x: Any, sigma: Any, gamma: Expr, /) -> Expr: ...
@overload
def voigt_dispersion(x: Any, sigma: Any, gamma: Any, /) -> Any: ...
@overload
def voigt_profile(x: Expr, sigma: Any, gamma: Any, /) -> Expr:
    """Voigt's profile: a normal density convolved with Cauchy's"""
@overload
def voigt_profile(x: Any, sigma: Expr, gamma: Any, /) -> Expr: ...
@overload
def voigt_profile(x: Any, sigma: Any, gamma: Expr, /) -> Expr: ...
@overload
def voigt_profile(x: Any, sigma: Any, gamma: Any, /) -> Any: ...
def vsplit(ary: Any, indices_or_sections: Any) -> list[Expr]:
    """Parts along axis 0."""
@overload
def vstack(arrays: Expr) -> Expr:
    """Rows stacked."""
@overload
def vstack(arrays: Any) -> Any: ...
@overload
def where(condition: Expr, x: Any, y: Any) -> Expr:
    """x where the condition is true, else y. The branch not taken contributes exactly 0 to a gradient."""
@overload
def where(condition: Any, x: Expr, y: Any) -> Expr: ...
@overload
def where(condition: Any, x: Any, y: Expr) -> Expr: ...
@overload
def where(condition: Any, x: Any, y: Any) -> Any: ...
@overload
def wright_bessel(a: Expr, b: Any, x: Any, /) -> Expr:
    """The sum of x**k/(k!*gamma(a*k + b))"""
@overload
def wright_bessel(a: Any, b: Expr, x: Any, /) -> Expr: ...
@overload
def wright_bessel(a: Any, b: Any, x: Expr, /) -> Expr: ...
@overload
def wright_bessel(a: Any, b: Any, x: Any, /) -> Any: ...
@overload
def wrightomega(x: Expr, /) -> Expr:
    """The w where w + log(w) is x"""
@overload
def wrightomega(x: Any, /) -> Any: ...
@overload
def xlog1py(x: Expr, y: Any, /) -> Expr:
    """x*log1p(y), and 0 where x is 0"""
@overload
def xlog1py(x: Any, y: Expr, /) -> Expr: ...
@overload
def xlog1py(x: Any, y: Any, /) -> Any: ...
@overload
def xlogy(x: Expr, y: Any, /) -> Expr:
    """x*log(y), and 0 where x is 0"""
@overload
def xlogy(x: Any, y: Expr, /) -> Expr: ...
@overload
def xlogy(x: Any, y: Any, /) -> Any: ...
@overload
def y0(x: Expr, /) -> Expr:
    """Bessel function of the second kind of order 0"""
@overload
def y0(x: Any, /) -> Any: ...
@overload
def y1(x: Expr, /) -> Expr:
    """Bessel function of the second kind of order 1"""
@overload
def y1(x: Any, /) -> Any: ...
@overload
def yn(v: Expr, x: Any) -> Expr:
    """Yv of real numbers."""
@overload
def yn(v: Any, x: Expr) -> Expr: ...
@overload
def yn(v: Any, x: Any) -> Any: ...
@overload
def yv(n: Expr, x: Any, /) -> Expr:
    """Bessel function of the second kind of order n at x"""
@overload
def yv(n: Any, x: Expr, /) -> Expr: ...
@overload
def yv(n: Any, x: Any, /) -> Any: ...
@overload
def yve(v: Expr, x: Any) -> Expr:
    """Yv of real numbers."""
@overload
def yve(v: Any, x: Expr) -> Expr: ...
@overload
def yve(v: Any, x: Any) -> Any: ...
@overload
def zeros(shape: Expr, graph: Graph | None = None, *, dtype: Any = None, device: Any = None) -> Expr:
    """A tensor of one value; symbolic when `graph` is given or the shape has named sizes."""
@overload
def zeros(shape: Any, graph: Graph | None = None, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def zeros_like(x: Expr, *, dtype: Any = None, device: Any = None) -> Expr:
    """Zeros of the shape of x."""
@overload
def zeros_like(x: Any, *, dtype: Any = None, device: Any = None) -> Any: ...
@overload
def zeta(x: Expr, a: Any = None) -> Expr:
    """Riemann's zeta function, or Hurwitz' with a."""
@overload
def zeta(x: Any, a: Any = None) -> Any: ...
@overload
def zetac(x: Expr, /) -> Expr:
    """Scipy.special.zetac, by its values"""
@overload
def zetac(x: Any, /) -> Any: ...
pi: builtins.float
e: builtins.float
inf: builtins.float
nan: builtins.float
newaxis: None
float64: numpy.dtype[numpy.float64]
float32: numpy.dtype[numpy.float32]
int64: numpy.dtype[numpy.int64]
int32: numpy.dtype[numpy.int32]
bool: numpy.dtype[numpy.bool]
class _linalg:
    @staticmethod
    def cho_factor(a: Any, lower: builtins.bool = False) -> tuple[Expr, ...]:
        """Scipy's pair (factor, lower): the triangle of ``A = U.T @ U``, or of ``A = L @ L.T``, with the flag."""
    @overload
    @staticmethod
    def cho_solve(factor: Expr, b: Any) -> Expr:
        """The x with ``A @ x = b`` for the Cholesky factor L of ``A = L @ L.T``, or for scipy's pair (factor, lower), whose other triangle is not read."""
    @overload
    @staticmethod
    def cho_solve(factor: Any, b: Expr) -> Expr: ...
    @overload
    @staticmethod
    def cho_solve(factor: Any, b: Any) -> Any: ...
    @overload
    @staticmethod
    def cholesky(x: Expr, /, *, upper: builtins.bool = False) -> Expr:
        """The lower triangular L with L @ L.T = (X + X.T)/2, or its transpose."""
    @overload
    @staticmethod
    def cholesky(x: Any, /, *, upper: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def cond(x: Expr) -> Expr:
        """The condition number: the largest singular value over the smallest."""
    @overload
    @staticmethod
    def cond(x: Any) -> Any: ...
    @overload
    @staticmethod
    def coshm(x: Expr) -> Expr:
        """The matrix hyperbolic cosine."""
    @overload
    @staticmethod
    def coshm(x: Any) -> Any: ...
    @overload
    @staticmethod
    def cosm(x: Expr, /) -> Expr:
        """The matrix cosine"""
    @overload
    @staticmethod
    def cosm(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def cross(a: Expr, b: Any, axis: builtins.int = -1) -> Expr:
        """The cross product of vectors of three entries along an axis, the last by default."""
    @overload
    @staticmethod
    def cross(a: Any, b: Expr, axis: builtins.int = -1) -> Expr: ...
    @overload
    @staticmethod
    def cross(a: Any, b: Any, axis: builtins.int = -1) -> Any: ...
    @overload
    @staticmethod
    def det(x: Expr) -> Expr:
        """The determinant of a square matrix; of a diagonal one the product of its entries."""
    @overload
    @staticmethod
    def det(x: Any) -> Any: ...
    @overload
    @staticmethod
    def diagonal(x: Expr, offset: builtins.int = 0) -> Expr:
        """The diagonal of each matrix of a stack, `offset` above the main one."""
    @overload
    @staticmethod
    def diagonal(x: Any, offset: builtins.int = 0) -> Any: ...
    @staticmethod
    def eigh(x: Any) -> symdiff.ops.spectral.Eigen:
        """(eigvalsh(X), eigvecs(X)): eigenvalues, ascending, and orthonormal eigenvectors of (X + X.T)/2."""
    @overload
    @staticmethod
    def eigvalsh(x: Expr, /) -> Expr:
        """The eigenvalues of (X + X.T)/2, ascending"""
    @overload
    @staticmethod
    def eigvalsh(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expm(x: Expr, /) -> Expr:
        """The matrix exponential"""
    @overload
    @staticmethod
    def expm(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expm_frechet(*xs: Expr | collections.abc.Sequence[Expr]) -> Expr:
        """The Frechet derivative of expm at X in direction E, or several for higher orders"""
    @overload
    @staticmethod
    def expm_frechet(*xs: Any) -> Any: ...
    @overload
    @staticmethod
    def inv(x: Expr, /) -> Expr:
        """The inverse of a square matrix"""
    @overload
    @staticmethod
    def inv(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kron(x: Expr, y: Any) -> Expr:
        """The Kronecker product of matrices (or vectors)."""
    @overload
    @staticmethod
    def kron(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def kron(x: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def logdet(x: Expr) -> Expr:
        """Log(abs(det(X))), without overflow."""
    @overload
    @staticmethod
    def logdet(x: Any) -> Any: ...
    @overload
    @staticmethod
    def logm(x: Expr, /) -> Expr:
        """The principal matrix logarithm; nan where it is not real"""
    @overload
    @staticmethod
    def logm(x: Any, /) -> Any: ...
    @staticmethod
    def lstsq(a: Any, b: Any, rcond: Any = None) -> symdiff.ops.factorisation.LeastSquares:
        """Numpy.linalg.lstsq: the solution, the sums of squared residuals, the rank and the singular values."""
    @overload
    @staticmethod
    def matmul(a: Expr, b: Any) -> Expr:
        """Np.linalg.matmul: A @ B."""
    @overload
    @staticmethod
    def matmul(a: Any, b: Expr) -> Expr: ...
    @overload
    @staticmethod
    def matmul(a: Any, b: Any) -> Any: ...
    @overload
    @staticmethod
    def matrix_norm(x: Expr, /, *, keepdims: builtins.bool = False, ord: Any = 'fro') -> Expr:
        """A norm of each matrix of a stack: "fro", "nuc", 1, -1, 2, -2, inf, -inf."""
    @overload
    @staticmethod
    def matrix_norm(x: Any, /, *, keepdims: builtins.bool = False, ord: Any = 'fro') -> Any: ...
    @overload
    @staticmethod
    def matrix_power(x: Expr, k: builtins.int) -> Expr:
        """``X @ X @ ... @ X``, k times; ``inv(X)`` for negative k."""
    @overload
    @staticmethod
    def matrix_power(x: Any, k: builtins.int) -> Any: ...
    @overload
    @staticmethod
    def matrix_rank(x: Expr, /) -> Expr:
        """The number of nonzero singular values"""
    @overload
    @staticmethod
    def matrix_rank(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def matrix_transpose(x: Expr) -> Expr:
        """The last two axes exchanged."""
    @overload
    @staticmethod
    def matrix_transpose(x: Any) -> Any: ...
    @overload
    @staticmethod
    def multi_dot(arrays: Expr | collections.abc.Sequence[Expr]) -> Expr:
        """``A @ B @ C @ ...`` as one product; the order of multiplication is chosen at evaluation."""
    @overload
    @staticmethod
    def multi_dot(arrays: collections.abc.Sequence[Any]) -> Any: ...
    @overload
    @staticmethod
    def norm(x: Expr, ord: Any = None, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
        """Numpy.linalg.norm: 2 or "fro" by default; p for vectors; 1, -1, inf, -inf, 2 and "nuc" for matrices."""
    @overload
    @staticmethod
    def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def outer(x: Expr, y: Any) -> Expr:
        """x[i]*y[j] of two vectors (flattened, as numpy's)."""
    @overload
    @staticmethod
    def outer(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def outer(x: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def pinv(x: Expr, /) -> Expr:
        """The Moore-Penrose inverse; its derivative is that at constant rank"""
    @overload
    @staticmethod
    def pinv(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def polar(x: Expr, /) -> Expr:
        """The orthonormal factor U @ Vt of X = U @ diag(s) @ Vt"""
    @overload
    @staticmethod
    def polar(x: Any, /) -> Any: ...
    @staticmethod
    def qr(x: Any, mode: builtins.str = 'reduced') -> symdiff.ops.factorisation.QR:
        """The reduced factorisation X = Q @ R. Named sizes (m, n) are taken as m >= n."""
    @overload
    @staticmethod
    def sinhm(x: Expr) -> Expr:
        """The matrix hyperbolic sine."""
    @overload
    @staticmethod
    def sinhm(x: Any) -> Any: ...
    @overload
    @staticmethod
    def sinm(x: Expr, /) -> Expr:
        """The matrix sine"""
    @overload
    @staticmethod
    def sinm(x: Any, /) -> Any: ...
    @staticmethod
    def slogdet(x: Any) -> symdiff.ops.linalg.SignLogDet:
        """(sign, log(abs(det(X)))): the determinant without overflow."""
    @overload
    @staticmethod
    def solve(x: Expr, y: Any, /) -> Expr:
        """The z with x @ z = y; y is a vector or has columns"""
    @overload
    @staticmethod
    def solve(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def solve(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def solve_triangular(a: Expr, b: Any, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Expr:
        """The x with A @ x = b (with A.T where `trans` is 1 or "T"), where only the upper (or lower) triangle of A is read, and its diagonal taken as ones where that is asked for."""
    @overload
    @staticmethod
    def solve_triangular(a: Any, b: Expr, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Expr: ...
    @overload
    @staticmethod
    def solve_triangular(a: Any, b: Any, trans: builtins.int | builtins.str = 0, lower: builtins.bool = False, unit_diagonal: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def sqrtm(x: Expr, /) -> Expr:
        """The principal matrix square root; nan where it is not real"""
    @overload
    @staticmethod
    def sqrtm(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def svd(x: Expr, full_matrices: builtins.bool = True, compute_uv: builtins.bool = True) -> Expr:
        """Numpy.linalg.svd; of a matrix that is not square, the reduced one only."""
    @overload
    @staticmethod
    def svd(x: Any, full_matrices: builtins.bool = True, compute_uv: builtins.bool = True) -> Any: ...
    @overload
    @staticmethod
    def svdvals(x: Expr) -> Expr:
        """The singular values, descending."""
    @overload
    @staticmethod
    def svdvals(x: Any) -> Any: ...
    @overload
    @staticmethod
    def tensordot(x: Expr, y: Any, axes: Any = 2) -> Expr:
        """Numpy's tensordot: contract `axes` of x with those of y."""
    @overload
    @staticmethod
    def tensordot(x: Any, y: Expr, axes: Any = 2) -> Expr: ...
    @overload
    @staticmethod
    def tensordot(x: Any, y: Any, axes: Any = 2) -> Any: ...
    @overload
    @staticmethod
    def tensorinv(a: Expr, ind: builtins.int = 2) -> Expr:
        """The inverse of the matrix that a tensor is of its first `ind` axes and the others."""
    @overload
    @staticmethod
    def tensorinv(a: Any, ind: builtins.int = 2) -> Any: ...
    @overload
    @staticmethod
    def tensorsolve(a: Expr, b: Any, axes: collections.abc.Sequence[builtins.int] | None = None) -> Expr:
        """The x with ``tensordot(a, x, x.ndim) = b``."""
    @overload
    @staticmethod
    def tensorsolve(a: Any, b: Expr, axes: collections.abc.Sequence[builtins.int] | None = None) -> Expr: ...
    @overload
    @staticmethod
    def tensorsolve(a: Any, b: Any, axes: collections.abc.Sequence[builtins.int] | None = None) -> Any: ...
    @overload
    @staticmethod
    def trace(x: Expr, offset: builtins.int = 0, dtype: Any = None) -> Expr:
        """The sum of the diagonal of each matrix of a stack."""
    @overload
    @staticmethod
    def trace(x: Any, offset: builtins.int = 0, dtype: Any = None) -> Any: ...
    @overload
    @staticmethod
    def vecdot(x: Expr, y: Any, axis: builtins.int = -1) -> Expr:
        """Sum of products along an axis, which both have."""
    @overload
    @staticmethod
    def vecdot(x: Any, y: Expr, axis: builtins.int = -1) -> Expr: ...
    @overload
    @staticmethod
    def vecdot(x: Any, y: Any, axis: builtins.int = -1) -> Any: ...
    @overload
    @staticmethod
    def vector_norm(x: Expr, axis: Any = None, keepdims: builtins.bool = False, ord: Any = 2) -> Expr:
        """The norm of the entries over axes (all by default): 2, 1, inf, -inf, 0 (entries that are not 0) or p."""
    @overload
    @staticmethod
    def vector_norm(x: Any, axis: Any = None, keepdims: builtins.bool = False, ord: Any = 2) -> Any: ...
linalg: _linalg
class _special:
    @overload
    @staticmethod
    def agm(a: Expr, b: Any) -> Expr:
        """The arithmetic-geometric mean of two positive numbers: pi/4*(a + b)/ellipk(((a - b)/(a + b))**2)."""
    @overload
    @staticmethod
    def agm(a: Any, b: Expr) -> Expr: ...
    @overload
    @staticmethod
    def agm(a: Any, b: Any) -> Any: ...
    @staticmethod
    def airy(x: Any) -> tuple[Expr, ...]:
        """(Ai, Ai', Bi, Bi')."""
    @staticmethod
    def airye(x: Any) -> tuple[Expr, ...]:
        """The 4 results of scipy.special.airye."""
    @overload
    @staticmethod
    def assoc_laguerre(n: Expr, a: Any, x: Any, /) -> Expr:
        """Generalised Laguerre polynomial of degree n and parameter a"""
    @overload
    @staticmethod
    def assoc_laguerre(n: Any, a: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def assoc_laguerre(n: Any, a: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def assoc_laguerre(n: Any, a: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def bdtr(successes: Expr, trials: Any, p: Any) -> Expr:
        """The binomial distribution function: at most so many of these trials."""
    @overload
    @staticmethod
    def bdtr(successes: Any, trials: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def bdtr(successes: Any, trials: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def bdtr(successes: Any, trials: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def bdtrc(successes: Expr, trials: Any, p: Any) -> Expr:
        """1 - bdtr(successes, trials, p)."""
    @overload
    @staticmethod
    def bdtrc(successes: Any, trials: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def bdtrc(successes: Any, trials: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def bdtrc(successes: Any, trials: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def bdtri(k: Expr, n: Any, y: Any) -> Expr:
        """The p where bdtr(k, n, p) is y."""
    @overload
    @staticmethod
    def bdtri(k: Any, n: Expr, y: Any) -> Expr: ...
    @overload
    @staticmethod
    def bdtri(k: Any, n: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def bdtri(k: Any, n: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def bdtrik(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.bdtrik, by its values"""
    @overload
    @staticmethod
    def bdtrik(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def bdtrik(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def bdtrik(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def bdtrin(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.bdtrin, by its values"""
    @overload
    @staticmethod
    def bdtrin(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def bdtrin(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def bdtrin(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def bei(x: Expr, /) -> Expr:
        """Kelvin's function bei"""
    @overload
    @staticmethod
    def bei(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def beip(x: Expr, /) -> Expr:
        """The derivative of bei"""
    @overload
    @staticmethod
    def beip(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ber(x: Expr, /) -> Expr:
        """Kelvin's function ber"""
    @overload
    @staticmethod
    def ber(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def berp(x: Expr, /) -> Expr:
        """The derivative of ber"""
    @overload
    @staticmethod
    def berp(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def besselpoly(a: Expr, power: Any, order: Any, /) -> Expr:
        """The integral of x**power*jv(order, 2*a*x) over 0 <= x <= 1"""
    @overload
    @staticmethod
    def besselpoly(a: Any, power: Expr, order: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def besselpoly(a: Any, power: Any, order: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def besselpoly(a: Any, power: Any, order: Any, /) -> Any: ...
    @overload
    @staticmethod
    def beta(a: Expr, b: Any, /) -> Expr:
        """Gamma(a)*gamma(b)/gamma(a + b)"""
    @overload
    @staticmethod
    def beta(a: Any, b: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def beta(a: Any, b: Any, /) -> Any: ...
    @overload
    @staticmethod
    def betainc(a: Expr, b: Any, x: Any, /) -> Expr:
        """The regularised incomplete beta function: the integral of t**(a - 1)*(1 - t)**(b - 1)/beta(a, b) up to x"""
    @overload
    @staticmethod
    def betainc(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def betainc(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def betainc(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def betaincc(a: Expr, b: Any, x: Any, /) -> Expr:
        """1 - betainc(a, b, x)"""
    @overload
    @staticmethod
    def betaincc(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def betaincc(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def betaincc(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def betainccinv(x: Expr, y: Any, z: Any, /) -> Expr:
        """The x where betaincc(a, b, x) is p"""
    @overload
    @staticmethod
    def betainccinv(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def betainccinv(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def betainccinv(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def betaincinv(x: Expr, y: Any, z: Any, /) -> Expr:
        """The x where betainc(a, b, x) is p"""
    @overload
    @staticmethod
    def betaincinv(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def betaincinv(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def betaincinv(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def betaln(a: Expr, b: Any, /) -> Expr:
        """Log(abs(beta(a, b)))"""
    @overload
    @staticmethod
    def betaln(a: Any, b: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def betaln(a: Any, b: Any, /) -> Any: ...
    @overload
    @staticmethod
    def binom(x: Expr, y: Any) -> Expr:
        """x over y: a polynomial in x for a whole number y, else by the gamma function."""
    @overload
    @staticmethod
    def binom(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def binom(x: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def boxcox(x: Expr, lmbda: Any) -> Expr:
        """(x**lmbda - 1)/lmbda, and its limit log(x) at 0."""
    @overload
    @staticmethod
    def boxcox(x: Any, lmbda: Expr) -> Expr: ...
    @overload
    @staticmethod
    def boxcox(x: Any, lmbda: Any) -> Any: ...
    @overload
    @staticmethod
    def boxcox1p(x: Expr, lmbda: Any) -> Expr:
        """Boxcox(1 + x, lmbda), accurate near x = 0."""
    @overload
    @staticmethod
    def boxcox1p(x: Any, lmbda: Expr) -> Expr: ...
    @overload
    @staticmethod
    def boxcox1p(x: Any, lmbda: Any) -> Any: ...
    @overload
    @staticmethod
    def btdtria(p: Expr, b: Any, x: Any, /) -> Expr:
        """The a where betainc(a, b, x) is p"""
    @overload
    @staticmethod
    def btdtria(p: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def btdtria(p: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def btdtria(p: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def btdtrib(a: Expr, p: Any, x: Any, /) -> Expr:
        """The b where betainc(a, b, x) is p"""
    @overload
    @staticmethod
    def btdtrib(a: Any, p: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def btdtrib(a: Any, p: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def btdtrib(a: Any, p: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def cbrt(x: Expr, /) -> Expr:
        """Real cube root"""
    @overload
    @staticmethod
    def cbrt(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def chdtr(v: Expr, x: Any) -> Expr:
        """The distribution function of chi-squared with v degrees of freedom."""
    @overload
    @staticmethod
    def chdtr(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def chdtr(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def chdtrc(v: Expr, x: Any) -> Expr:
        """1 - chdtr(v, x)."""
    @overload
    @staticmethod
    def chdtrc(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def chdtrc(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def chdtri(v: Expr, p: Any) -> Expr:
        """The x where chdtrc(v, x) is p."""
    @overload
    @staticmethod
    def chdtri(v: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def chdtri(v: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def chdtriv(p: Expr, x: Any) -> Expr:
        """The degrees of freedom where chdtr(v, x) is p."""
    @overload
    @staticmethod
    def chdtriv(p: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def chdtriv(p: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def chndtr(x: Expr, df: Any, nc: Any, /) -> Expr:
        """The distribution function of noncentral chi-squared"""
    @overload
    @staticmethod
    def chndtr(x: Any, df: Expr, nc: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtr(x: Any, df: Any, nc: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtr(x: Any, df: Any, nc: Any, /) -> Any: ...
    @overload
    @staticmethod
    def chndtridf(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.chndtridf, by its values"""
    @overload
    @staticmethod
    def chndtridf(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtridf(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtridf(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def chndtrinc(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.chndtrinc, by its values"""
    @overload
    @staticmethod
    def chndtrinc(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtrinc(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtrinc(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def chndtrix(p: Expr, df: Any, nc: Any, /) -> Expr:
        """The x where chndtr(x, df, nc) is p"""
    @overload
    @staticmethod
    def chndtrix(p: Any, df: Expr, nc: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtrix(p: Any, df: Any, nc: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def chndtrix(p: Any, df: Any, nc: Any, /) -> Any: ...
    @overload
    @staticmethod
    def comb(N: Expr, k: Any, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Expr:
        """N over k where 0 <= k <= N, else 0, as scipy has it; with repetition N + k - 1 over k."""
    @overload
    @staticmethod
    def comb(N: Any, k: Expr, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Expr: ...
    @overload
    @staticmethod
    def comb(N: Any, k: Any, *, exact: builtins.bool = False, repetition: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def cosdg(x: Expr) -> Expr:
        """The cos of degrees."""
    @overload
    @staticmethod
    def cosdg(x: Any) -> Any: ...
    @overload
    @staticmethod
    def cosm1(x: Expr) -> Expr:
        """Cos(x) - 1, accurate near 0."""
    @overload
    @staticmethod
    def cosm1(x: Any) -> Any: ...
    @overload
    @staticmethod
    def cotdg(x: Expr) -> Expr:
        """Cot of an angle in degrees."""
    @overload
    @staticmethod
    def cotdg(x: Any) -> Any: ...
    @overload
    @staticmethod
    def dawsn(x: Expr, /) -> Expr:
        """Dawson's integral"""
    @overload
    @staticmethod
    def dawsn(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def digamma(x: Expr, /) -> Expr:
        """Derivative of gammaln"""
    @overload
    @staticmethod
    def digamma(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def diric(x: Expr, n: builtins.int) -> Expr:
        """Sin(n*x/2)/(n*sin(x/2)), as the sum of cosines that it is: the mean of cos(k*x) over |k| <= (n - 1)/2."""
    @overload
    @staticmethod
    def diric(x: Any, n: builtins.int) -> Any: ...
    @overload
    @staticmethod
    def ellipe(x: Expr, /) -> Expr:
        """Complete elliptic integral of the second kind of the parameter m"""
    @overload
    @staticmethod
    def ellipe(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ellipeinc(phi: Expr, m: Any, /) -> Expr:
        """The incomplete elliptic integral of the second kind"""
    @overload
    @staticmethod
    def ellipeinc(phi: Any, m: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ellipeinc(phi: Any, m: Any, /) -> Any: ...
    @staticmethod
    def ellipj(u: Any, m: Any) -> tuple[Expr, ...]:
        """(sn, cn, dn, amplitude) of u and the parameter m."""
    @overload
    @staticmethod
    def ellipk(x: Expr, /) -> Expr:
        """Complete elliptic integral of the first kind of the parameter m"""
    @overload
    @staticmethod
    def ellipk(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ellipkinc(phi: Expr, m: Any, /) -> Expr:
        """The incomplete elliptic integral of the first kind of an angle and a parameter"""
    @overload
    @staticmethod
    def ellipkinc(phi: Any, m: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ellipkinc(phi: Any, m: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ellipkm1(p: Expr, /) -> Expr:
        """Ellipk(1 - p), precise near p = 0"""
    @overload
    @staticmethod
    def ellipkm1(p: Any, /) -> Any: ...
    @overload
    @staticmethod
    def elliprc(x: Expr, y: Any, /) -> Expr:
        """Carlson's degenerate integral: elliprf(x, y, y)"""
    @overload
    @staticmethod
    def elliprc(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprc(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def elliprd(x: Expr, y: Any, z: Any, /) -> Expr:
        """Carlson's integral of the second kind"""
    @overload
    @staticmethod
    def elliprd(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprd(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprd(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def elliprf(x: Expr, y: Any, z: Any, /) -> Expr:
        """Carlson's symmetric integral of the first kind"""
    @overload
    @staticmethod
    def elliprf(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprf(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprf(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def elliprg(x: Expr, y: Any, z: Any, /) -> Expr:
        """Carlson's symmetric integral of the second kind"""
    @overload
    @staticmethod
    def elliprg(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprg(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprg(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def elliprj(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Carlson's symmetric integral of the third kind"""
    @overload
    @staticmethod
    def elliprj(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprj(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprj(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def elliprj(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def entr(x: Expr, /) -> Expr:
        """-x*log(x), and 0 at 0"""
    @overload
    @staticmethod
    def entr(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erf(x: Expr, /) -> Expr:
        """Error function"""
    @overload
    @staticmethod
    def erf(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erfc(x: Expr, /) -> Expr:
        """1 - erf(x)"""
    @overload
    @staticmethod
    def erfc(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erfcinv(x: Expr, /) -> Expr:
        """Inverse of erfc"""
    @overload
    @staticmethod
    def erfcinv(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erfcx(x: Expr, /) -> Expr:
        """Exp(x**2)*erfc(x)"""
    @overload
    @staticmethod
    def erfcx(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erfi(x: Expr, /) -> Expr:
        """-i*erf(i*x)"""
    @overload
    @staticmethod
    def erfi(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def erfinv(x: Expr, /) -> Expr:
        """Inverse of erf"""
    @overload
    @staticmethod
    def erfinv(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_chebyc(n: Expr, x: Any) -> Expr:
        """Chebyshev polynomial of the first kind on [-2, 2]."""
    @overload
    @staticmethod
    def eval_chebyc(n: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_chebyc(n: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def eval_chebys(n: Expr, x: Any) -> Expr:
        """Chebyshev polynomial of the second kind on [-2, 2]."""
    @overload
    @staticmethod
    def eval_chebys(n: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_chebys(n: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def eval_chebyt(n: Expr, x: Any, /) -> Expr:
        """Chebyshev polynomial of the first kind of degree n"""
    @overload
    @staticmethod
    def eval_chebyt(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_chebyt(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_chebyu(n: Expr, x: Any, /) -> Expr:
        """Chebyshev polynomial of the second kind of degree n"""
    @overload
    @staticmethod
    def eval_chebyu(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_chebyu(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_gegenbauer(n: Expr, a: Any, x: Any, /) -> Expr:
        """Gegenbauer polynomial of degree n and parameter a"""
    @overload
    @staticmethod
    def eval_gegenbauer(n: Any, a: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_gegenbauer(n: Any, a: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_gegenbauer(n: Any, a: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_genlaguerre(n: Expr, a: Any, x: Any, /) -> Expr:
        """Generalised Laguerre polynomial of degree n and parameter a"""
    @overload
    @staticmethod
    def eval_genlaguerre(n: Any, a: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_genlaguerre(n: Any, a: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_genlaguerre(n: Any, a: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_hermite(n: Expr, x: Any, /) -> Expr:
        """Hermite polynomial of the physicists of degree n"""
    @overload
    @staticmethod
    def eval_hermite(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_hermite(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_hermitenorm(n: Expr, x: Any, /) -> Expr:
        """Hermite polynomial of the statisticians of degree n"""
    @overload
    @staticmethod
    def eval_hermitenorm(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_hermitenorm(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_jacobi(n: Expr, a: Any, b: Any, x: Any, /) -> Expr:
        """Jacobi polynomial of degree n and parameters a, b"""
    @overload
    @staticmethod
    def eval_jacobi(n: Any, a: Expr, b: Any, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_jacobi(n: Any, a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_jacobi(n: Any, a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_jacobi(n: Any, a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_laguerre(n: Expr, x: Any, /) -> Expr:
        """Laguerre polynomial of degree n"""
    @overload
    @staticmethod
    def eval_laguerre(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_laguerre(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_legendre(n: Expr, x: Any, /) -> Expr:
        """Legendre polynomial of degree n"""
    @overload
    @staticmethod
    def eval_legendre(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def eval_legendre(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def eval_sh_chebyt(n: Expr, x: Any) -> Expr:
        """Eval_chebyt(n, 2*x - 1)."""
    @overload
    @staticmethod
    def eval_sh_chebyt(n: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_chebyt(n: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def eval_sh_chebyu(n: Expr, x: Any) -> Expr:
        """Eval_chebyu(n, 2*x - 1)."""
    @overload
    @staticmethod
    def eval_sh_chebyu(n: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_chebyu(n: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def eval_sh_jacobi(n: Expr, p: Any, q: Any, x: Any) -> Expr:
        """Jacobi polynomial on [0, 1], with leading coefficient 1."""
    @overload
    @staticmethod
    def eval_sh_jacobi(n: Any, p: Expr, q: Any, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_jacobi(n: Any, p: Any, q: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_jacobi(n: Any, p: Any, q: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_jacobi(n: Any, p: Any, q: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def eval_sh_legendre(n: Expr, x: Any) -> Expr:
        """Eval_legendre(n, 2*x - 1)."""
    @overload
    @staticmethod
    def eval_sh_legendre(n: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def eval_sh_legendre(n: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def exp1(x: Expr, /) -> Expr:
        """Exponential integral E1"""
    @overload
    @staticmethod
    def exp1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def exp10(x: Expr) -> Expr:
        """10**x."""
    @overload
    @staticmethod
    def exp10(x: Any) -> Any: ...
    @overload
    @staticmethod
    def exp2(x: Expr, /) -> Expr:
        """2**x"""
    @overload
    @staticmethod
    def exp2(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expi(x: Expr, /) -> Expr:
        """Exponential integral Ei"""
    @overload
    @staticmethod
    def expi(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expit(x: Expr, /) -> Expr:
        """1/(1 + exp(-x))"""
    @overload
    @staticmethod
    def expit(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expm1(x: Expr, /) -> Expr:
        """e**x - 1, accurate near 0"""
    @overload
    @staticmethod
    def expm1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def expn(order: Expr, x: Any) -> Expr:
        """The exponential integral of an order, that of exp(-x*t)/t**order from 1; exp1 at order 1."""
    @overload
    @staticmethod
    def expn(order: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def expn(order: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def exprel(x: Expr) -> Expr:
        """(exp(x) - 1)/x, and its limit 1 at 0."""
    @overload
    @staticmethod
    def exprel(x: Any) -> Any: ...
    @overload
    @staticmethod
    def factorial(x: Expr) -> Expr:
        """Gamma(x + 1)."""
    @overload
    @staticmethod
    def factorial(x: Any) -> Any: ...
    @overload
    @staticmethod
    def factorial2(n: Expr, exact: builtins.bool = False) -> Expr:
        """n!! = 2**(n/2)*gamma(n/2 + 1)*(2/pi)**(sin(pi/2*n)**2/2)"""
    @overload
    @staticmethod
    def factorial2(n: Any, exact: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def fdtr(dfn: Expr, dfd: Any, x: Any) -> Expr:
        """The distribution function of F."""
    @overload
    @staticmethod
    def fdtr(dfn: Any, dfd: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def fdtr(dfn: Any, dfd: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def fdtr(dfn: Any, dfd: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def fdtrc(dfn: Expr, dfd: Any, x: Any) -> Expr:
        """1 - fdtr(dfn, dfd, x)."""
    @overload
    @staticmethod
    def fdtrc(dfn: Any, dfd: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def fdtrc(dfn: Any, dfd: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def fdtrc(dfn: Any, dfd: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def fdtri(dfn: Expr, dfd: Any, p: Any) -> Expr:
        """The x where fdtr(dfn, dfd, x) is p."""
    @overload
    @staticmethod
    def fdtri(dfn: Any, dfd: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def fdtri(dfn: Any, dfd: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def fdtri(dfn: Any, dfd: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def fdtridfd(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.fdtridfd, by its values"""
    @overload
    @staticmethod
    def fdtridfd(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def fdtridfd(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def fdtridfd(x: Any, y: Any, z: Any, /) -> Any: ...
    @staticmethod
    def fresnel(x: Any) -> tuple[Expr, ...]:
        """(S, C), Fresnel's integrals."""
    @overload
    @staticmethod
    def gamma(x: Expr, /) -> Expr:
        """The gamma function: (x - 1)! at whole x"""
    @overload
    @staticmethod
    def gamma(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammainc(a: Expr, x: Any, /) -> Expr:
        """The regularised incomplete gamma function: the integral of t**(a - 1)*exp(-t)/gamma(a) up to x"""
    @overload
    @staticmethod
    def gammainc(a: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def gammainc(a: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammaincc(a: Expr, x: Any, /) -> Expr:
        """1 - gammainc(a, x)"""
    @overload
    @staticmethod
    def gammaincc(a: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def gammaincc(a: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammainccinv(x: Expr, y: Any, /) -> Expr:
        """The x where gammaincc(a, x) is p"""
    @overload
    @staticmethod
    def gammainccinv(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def gammainccinv(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammaincinv(x: Expr, y: Any, /) -> Expr:
        """The x where gammainc(a, x) is p"""
    @overload
    @staticmethod
    def gammaincinv(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def gammaincinv(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammaln(x: Expr, /) -> Expr:
        """Log(abs(gamma(x)))"""
    @overload
    @staticmethod
    def gammaln(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gammasgn(x: Expr, /) -> Expr:
        """The sign of gamma(x)"""
    @overload
    @staticmethod
    def gammasgn(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gdtr(a: Expr, b: Any, x: Any) -> Expr:
        """The distribution function of gamma with rate a and shape b."""
    @overload
    @staticmethod
    def gdtr(a: Any, b: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def gdtr(a: Any, b: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def gdtr(a: Any, b: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def gdtrc(a: Expr, b: Any, x: Any) -> Expr:
        """1 - gdtr(a, b, x)."""
    @overload
    @staticmethod
    def gdtrc(a: Any, b: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def gdtrc(a: Any, b: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def gdtrc(a: Any, b: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def gdtria(p: Expr, b: Any, x: Any) -> Expr:
        """The a where gdtr(a, b, x) is p."""
    @overload
    @staticmethod
    def gdtria(p: Any, b: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def gdtria(p: Any, b: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def gdtria(p: Any, b: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def gdtrib(a: Expr, p: Any, x: Any, /) -> Expr:
        """The b where gdtr(a, b, x) is p"""
    @overload
    @staticmethod
    def gdtrib(a: Any, p: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def gdtrib(a: Any, p: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def gdtrib(a: Any, p: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def gdtrix(a: Expr, b: Any, p: Any) -> Expr:
        """The x where gdtr(a, b, x) is p."""
    @overload
    @staticmethod
    def gdtrix(a: Any, b: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def gdtrix(a: Any, b: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def gdtrix(a: Any, b: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def huber(delta: Expr, r: Any) -> Expr:
        """r**2/2 where |r| <= delta, else delta*(|r| - delta/2)."""
    @overload
    @staticmethod
    def huber(delta: Any, r: Expr) -> Expr: ...
    @overload
    @staticmethod
    def huber(delta: Any, r: Any) -> Any: ...
    @overload
    @staticmethod
    def hyp0f1(b: Expr, x: Any, /) -> Expr:
        """The confluent hypergeometric limit function"""
    @overload
    @staticmethod
    def hyp0f1(b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp0f1(b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def hyp1f1(a: Expr, b: Any, x: Any, /) -> Expr:
        """Kummer's confluent hypergeometric function"""
    @overload
    @staticmethod
    def hyp1f1(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp1f1(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp1f1(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def hyp2f1(a: Expr, b: Any, c: Any, x: Any, /) -> Expr:
        """Gauss' hypergeometric function"""
    @overload
    @staticmethod
    def hyp2f1(a: Any, b: Expr, c: Any, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp2f1(a: Any, b: Any, c: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp2f1(a: Any, b: Any, c: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def hyp2f1(a: Any, b: Any, c: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def hyperu(a: Expr, b: Any, x: Any, /) -> Expr:
        """Tricomi's confluent hypergeometric function"""
    @overload
    @staticmethod
    def hyperu(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def hyperu(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def hyperu(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def i0(x: Expr, /) -> Expr:
        """Modified Bessel function of the first kind of order 0"""
    @overload
    @staticmethod
    def i0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def i0e(x: Expr, /) -> Expr:
        """i0(x)*exp(-|x|)"""
    @overload
    @staticmethod
    def i0e(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def i1(x: Expr, /) -> Expr:
        """Modified Bessel function of the first kind of order 1"""
    @overload
    @staticmethod
    def i1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def i1e(x: Expr, /) -> Expr:
        """i1(x)*exp(-|x|)"""
    @overload
    @staticmethod
    def i1e(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def inv_boxcox(y: Expr, lmbda: Any) -> Expr:
        """(1 + lmbda*y)**(1/lmbda), the inverse of boxcox; exp(y) at 0."""
    @overload
    @staticmethod
    def inv_boxcox(y: Any, lmbda: Expr) -> Expr: ...
    @overload
    @staticmethod
    def inv_boxcox(y: Any, lmbda: Any) -> Any: ...
    @overload
    @staticmethod
    def inv_boxcox1p(y: Expr, lmbda: Any) -> Expr:
        """Inv_boxcox(y, lmbda) - 1, accurate near y = 0."""
    @overload
    @staticmethod
    def inv_boxcox1p(y: Any, lmbda: Expr) -> Expr: ...
    @overload
    @staticmethod
    def inv_boxcox1p(y: Any, lmbda: Any) -> Any: ...
    @staticmethod
    def it2i0k0(x: Any) -> tuple[Expr, ...]:
        """The 2 results of scipy.special.it2i0k0."""
    @staticmethod
    def it2j0y0(x: Any) -> tuple[Expr, ...]:
        """The 2 results of scipy.special.it2j0y0."""
    @overload
    @staticmethod
    def it2struve0(x: Expr, /) -> Expr:
        """That of struve(0, t)/t from x on"""
    @overload
    @staticmethod
    def it2struve0(x: Any, /) -> Any: ...
    @staticmethod
    def itairy(x: Any) -> tuple[Expr, ...]:
        """The 4 results of scipy.special.itairy."""
    @staticmethod
    def iti0k0(x: Any) -> tuple[Expr, ...]:
        """The 2 results of scipy.special.iti0k0."""
    @staticmethod
    def itj0y0(x: Any) -> tuple[Expr, ...]:
        """The 2 results of scipy.special.itj0y0."""
    @overload
    @staticmethod
    def itmodstruve0(x: Expr, /) -> Expr:
        """That of Struve's L of order 0 up to x"""
    @overload
    @staticmethod
    def itmodstruve0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def itstruve0(x: Expr, /) -> Expr:
        """The integral of Struve's H of order 0 up to x"""
    @overload
    @staticmethod
    def itstruve0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def iv(n: Expr, x: Any, /) -> Expr:
        """Modified Bessel function of the first kind of order n at x"""
    @overload
    @staticmethod
    def iv(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def iv(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ive(n: Expr, x: Any, /) -> Expr:
        """Iv(n, x)*exp(-|x|)"""
    @overload
    @staticmethod
    def ive(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ive(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ivp(v: Expr, z: Any, n: builtins.int = 1) -> Expr:
        """The n-th derivative of iv(v, z) by z."""
    @overload
    @staticmethod
    def ivp(v: Any, z: Expr, n: builtins.int = 1) -> Expr: ...
    @overload
    @staticmethod
    def ivp(v: Any, z: Any, n: builtins.int = 1) -> Any: ...
    @overload
    @staticmethod
    def j0(x: Expr, /) -> Expr:
        """Bessel function of the first kind of order 0"""
    @overload
    @staticmethod
    def j0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def j1(x: Expr, /) -> Expr:
        """Bessel function of the first kind of order 1"""
    @overload
    @staticmethod
    def j1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def jn(v: Expr, x: Any) -> Expr:
        """Jv of real numbers."""
    @overload
    @staticmethod
    def jn(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def jn(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def jv(n: Expr, x: Any, /) -> Expr:
        """Bessel function of the first kind of order n at x"""
    @overload
    @staticmethod
    def jv(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def jv(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def jve(v: Expr, x: Any) -> Expr:
        """Jv of real numbers."""
    @overload
    @staticmethod
    def jve(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def jve(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def jvp(v: Expr, z: Any, n: builtins.int = 1) -> Expr:
        """The n-th derivative of jv(v, z) by z."""
    @overload
    @staticmethod
    def jvp(v: Any, z: Expr, n: builtins.int = 1) -> Expr: ...
    @overload
    @staticmethod
    def jvp(v: Any, z: Any, n: builtins.int = 1) -> Any: ...
    @overload
    @staticmethod
    def k0(x: Expr, /) -> Expr:
        """Modified Bessel function of the second kind of order 0"""
    @overload
    @staticmethod
    def k0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def k0e(x: Expr, /) -> Expr:
        """k0(x)*exp(x)"""
    @overload
    @staticmethod
    def k0e(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def k1(x: Expr, /) -> Expr:
        """Modified Bessel function of the second kind of order 1"""
    @overload
    @staticmethod
    def k1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def k1e(x: Expr, /) -> Expr:
        """k1(x)*exp(x)"""
    @overload
    @staticmethod
    def k1e(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kei(x: Expr, /) -> Expr:
        """Kelvin's function kei"""
    @overload
    @staticmethod
    def kei(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def keip(x: Expr, /) -> Expr:
        """The derivative of kei"""
    @overload
    @staticmethod
    def keip(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ker(x: Expr, /) -> Expr:
        """Kelvin's function ker"""
    @overload
    @staticmethod
    def ker(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kerp(x: Expr, /) -> Expr:
        """The derivative of ker"""
    @overload
    @staticmethod
    def kerp(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kl_div(x: Expr, y: Any) -> Expr:
        """x*log(x/y) - x + y."""
    @overload
    @staticmethod
    def kl_div(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def kl_div(x: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def kn(v: Expr, x: Any) -> Expr:
        """Kv of real numbers."""
    @overload
    @staticmethod
    def kn(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def kn(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def kolmogi(x: Expr, /) -> Expr:
        """Scipy.special.kolmogi, by its values"""
    @overload
    @staticmethod
    def kolmogi(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kolmogorov(x: Expr, /) -> Expr:
        """Scipy.special.kolmogorov, by its values"""
    @overload
    @staticmethod
    def kolmogorov(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kv(n: Expr, x: Any, /) -> Expr:
        """Modified Bessel function of the second kind of order n at x"""
    @overload
    @staticmethod
    def kv(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def kv(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kve(n: Expr, x: Any, /) -> Expr:
        """Kv(n, x)*exp(x)"""
    @overload
    @staticmethod
    def kve(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def kve(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def kvp(v: Expr, z: Any, n: builtins.int = 1) -> Expr:
        """The n-th derivative of kv(v, z) by z."""
    @overload
    @staticmethod
    def kvp(v: Any, z: Expr, n: builtins.int = 1) -> Expr: ...
    @overload
    @staticmethod
    def kvp(v: Any, z: Any, n: builtins.int = 1) -> Any: ...
    @overload
    @staticmethod
    def lambertw(z: Expr, k: builtins.int = 0, tol: builtins.float = 1e-08) -> Expr:
        """A real branch of Lambert's W: the principal one, or for k = -1 the lower one."""
    @overload
    @staticmethod
    def lambertw(z: Any, k: builtins.int = 0, tol: builtins.float = 1e-08) -> Any: ...
    @overload
    @staticmethod
    def log1p(x: Expr, /) -> Expr:
        """Log(1 + x), accurate near 0"""
    @overload
    @staticmethod
    def log1p(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def log_expit(x: Expr) -> Expr:
        """Log(sigmoid(x)), without overflow."""
    @overload
    @staticmethod
    def log_expit(x: Any) -> Any: ...
    @overload
    @staticmethod
    def log_ndtr(x: Expr, /) -> Expr:
        """Log(ndtr(x)), accurate for negative x"""
    @overload
    @staticmethod
    def log_ndtr(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def log_softmax(x: Expr, axis: builtins.int = -1) -> Expr:
        """x - logsumexp(x) along an axis, the last by default"""
    @overload
    @staticmethod
    def log_softmax(x: Any, axis: builtins.int = -1) -> Any: ...
    @overload
    @staticmethod
    def log_wright_bessel(a: Expr, b: Any, x: Any, /) -> Expr:
        """The logarithm of wright_bessel"""
    @overload
    @staticmethod
    def log_wright_bessel(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def log_wright_bessel(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def log_wright_bessel(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def loggamma(z: Expr) -> Expr:
        """Gammaln(z); nan for negative z, where scipy's loggamma is complex."""
    @overload
    @staticmethod
    def loggamma(z: Any) -> Any: ...
    @overload
    @staticmethod
    def logit(x: Expr) -> Expr:
        """Log(x/(1 - x)), the inverse of sigmoid."""
    @overload
    @staticmethod
    def logit(x: Any) -> Any: ...
    @overload
    @staticmethod
    def logsumexp(x: Expr, axis: Any = None, keepdims: builtins.bool = False) -> Expr:
        """Log(sum(exp(x))) over axes, without overflow."""
    @overload
    @staticmethod
    def logsumexp(x: Any, axis: Any = None, keepdims: builtins.bool = False) -> Any: ...
    @overload
    @staticmethod
    def lpmv(m: Expr, v: Any, x: Any, /) -> Expr:
        """The associated Legendre function of an order and a degree"""
    @overload
    @staticmethod
    def lpmv(m: Any, v: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def lpmv(m: Any, v: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def lpmv(m: Any, v: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def mathieu_a(x: Expr, y: Any, /) -> Expr:
        """Scipy.special.mathieu_a, by its values"""
    @overload
    @staticmethod
    def mathieu_a(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def mathieu_a(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def mathieu_b(x: Expr, y: Any, /) -> Expr:
        """Scipy.special.mathieu_b, by its values"""
    @overload
    @staticmethod
    def mathieu_b(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def mathieu_b(x: Any, y: Any, /) -> Any: ...
    @staticmethod
    def mathieu_cem(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_cem: a value and its derivative, by their values."""
    @staticmethod
    def mathieu_modcem1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_modcem1: a value and its derivative, by their values."""
    @staticmethod
    def mathieu_modcem2(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_modcem2: a value and its derivative, by their values."""
    @staticmethod
    def mathieu_modsem1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_modsem1: a value and its derivative, by their values."""
    @staticmethod
    def mathieu_modsem2(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_modsem2: a value and its derivative, by their values."""
    @staticmethod
    def mathieu_sem(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.mathieu_sem: a value and its derivative, by their values."""
    @overload
    @staticmethod
    def modstruve(v: Expr, x: Any, /) -> Expr:
        """Struve's function L"""
    @overload
    @staticmethod
    def modstruve(v: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def modstruve(v: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def multigammaln(a: Expr, d: builtins.int) -> Expr:
        """The logarithm of the multivariate gamma function of dimension d."""
    @overload
    @staticmethod
    def multigammaln(a: Any, d: builtins.int) -> Any: ...
    @overload
    @staticmethod
    def nbdtr(failures: Expr, successes: Any, p: Any) -> Expr:
        """The negative binomial distribution function."""
    @overload
    @staticmethod
    def nbdtr(failures: Any, successes: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def nbdtr(failures: Any, successes: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def nbdtr(failures: Any, successes: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def nbdtrc(failures: Expr, successes: Any, p: Any) -> Expr:
        """1 - nbdtr(failures, successes, p)."""
    @overload
    @staticmethod
    def nbdtrc(failures: Any, successes: Expr, p: Any) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrc(failures: Any, successes: Any, p: Expr) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrc(failures: Any, successes: Any, p: Any) -> Any: ...
    @overload
    @staticmethod
    def nbdtri(k: Expr, n: Any, y: Any) -> Expr:
        """The p where nbdtr(k, n, p) is y."""
    @overload
    @staticmethod
    def nbdtri(k: Any, n: Expr, y: Any) -> Expr: ...
    @overload
    @staticmethod
    def nbdtri(k: Any, n: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def nbdtri(k: Any, n: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def nbdtrik(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nbdtrik, by its values"""
    @overload
    @staticmethod
    def nbdtrik(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrik(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrik(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nbdtrin(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nbdtrin, by its values"""
    @overload
    @staticmethod
    def nbdtrin(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrin(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nbdtrin(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ncfdtr(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Scipy.special.ncfdtr, by its values"""
    @overload
    @staticmethod
    def ncfdtr(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtr(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtr(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtr(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ncfdtri(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Scipy.special.ncfdtri, by its values"""
    @overload
    @staticmethod
    def ncfdtri(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtri(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtri(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtri(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ncfdtridfd(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Scipy.special.ncfdtridfd, by its values"""
    @overload
    @staticmethod
    def ncfdtridfd(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfd(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfd(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfd(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ncfdtridfn(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Scipy.special.ncfdtridfn, by its values"""
    @overload
    @staticmethod
    def ncfdtridfn(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfn(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfn(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtridfn(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ncfdtrinc(x: Expr, y: Any, z: Any, w: Any, /) -> Expr:
        """Scipy.special.ncfdtrinc, by its values"""
    @overload
    @staticmethod
    def ncfdtrinc(x: Any, y: Expr, z: Any, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtrinc(x: Any, y: Any, z: Expr, w: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtrinc(x: Any, y: Any, z: Any, w: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def ncfdtrinc(x: Any, y: Any, z: Any, w: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nctdtr(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nctdtr, by its values"""
    @overload
    @staticmethod
    def nctdtr(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtr(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtr(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nctdtridf(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nctdtridf, by its values"""
    @overload
    @staticmethod
    def nctdtridf(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtridf(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtridf(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nctdtrinc(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nctdtrinc, by its values"""
    @overload
    @staticmethod
    def nctdtrinc(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtrinc(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtrinc(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nctdtrit(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.nctdtrit, by its values"""
    @overload
    @staticmethod
    def nctdtrit(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtrit(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def nctdtrit(x: Any, y: Any, z: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ndtr(x: Expr, /) -> Expr:
        """The normal distribution function"""
    @overload
    @staticmethod
    def ndtr(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ndtri(x: Expr, /) -> Expr:
        """Inverse of ndtr"""
    @overload
    @staticmethod
    def ndtri(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def ndtri_exp(y: Expr, /) -> Expr:
        """The x where log_ndtr(x) is y"""
    @overload
    @staticmethod
    def ndtri_exp(y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def nrdtrimn(p: Expr, std: Any, x: Any) -> Expr:
        """The mean of a normal distribution of this deviation whose distribution function is p at x."""
    @overload
    @staticmethod
    def nrdtrimn(p: Any, std: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def nrdtrimn(p: Any, std: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def nrdtrimn(p: Any, std: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def nrdtrisd(mn: Expr, p: Any, x: Any) -> Expr:
        """The deviation of a normal distribution of this mean whose distribution function is p at x."""
    @overload
    @staticmethod
    def nrdtrisd(mn: Any, p: Expr, x: Any) -> Expr: ...
    @overload
    @staticmethod
    def nrdtrisd(mn: Any, p: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def nrdtrisd(mn: Any, p: Any, x: Any) -> Any: ...
    @staticmethod
    def obl_ang1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_ang1: a value and its derivative, by their values."""
    @staticmethod
    def obl_ang1_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_ang1_cv: a value and its derivative, by their values."""
    @overload
    @staticmethod
    def obl_cv(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.obl_cv, by its values"""
    @overload
    @staticmethod
    def obl_cv(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def obl_cv(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def obl_cv(x: Any, y: Any, z: Any, /) -> Any: ...
    @staticmethod
    def obl_rad1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_rad1: a value and its derivative, by their values."""
    @staticmethod
    def obl_rad1_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_rad1_cv: a value and its derivative, by their values."""
    @staticmethod
    def obl_rad2(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_rad2: a value and its derivative, by their values."""
    @staticmethod
    def obl_rad2_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.obl_rad2_cv: a value and its derivative, by their values."""
    @overload
    @staticmethod
    def owens_t(h: Expr, a: Any, /) -> Expr:
        """Owen's T"""
    @overload
    @staticmethod
    def owens_t(h: Any, a: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def owens_t(h: Any, a: Any, /) -> Any: ...
    @staticmethod
    def pbdv(v: Any, x: Any) -> tuple[Expr, ...]:
        """(scipy.special.pbdv's value, its derivative by x)"""
    @staticmethod
    def pbvv(v: Any, x: Any) -> tuple[Expr, ...]:
        """(scipy.special.pbvv's value, its derivative by x)"""
    @staticmethod
    def pbwa(v: Any, x: Any) -> tuple[Expr, ...]:
        """(scipy.special.pbwa's value, its derivative by x)"""
    @overload
    @staticmethod
    def pdtr(successes: Expr, rate: Any) -> Expr:
        """Poisson's distribution function: at most so many at this rate."""
    @overload
    @staticmethod
    def pdtr(successes: Any, rate: Expr) -> Expr: ...
    @overload
    @staticmethod
    def pdtr(successes: Any, rate: Any) -> Any: ...
    @overload
    @staticmethod
    def pdtrc(successes: Expr, rate: Any) -> Expr:
        """1 - pdtr(successes, rate)."""
    @overload
    @staticmethod
    def pdtrc(successes: Any, rate: Expr) -> Expr: ...
    @overload
    @staticmethod
    def pdtrc(successes: Any, rate: Any) -> Any: ...
    @overload
    @staticmethod
    def pdtri(k: Expr, y: Any) -> Expr:
        """The rate where pdtr(k, rate) is y."""
    @overload
    @staticmethod
    def pdtri(k: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def pdtri(k: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def pdtrik(p: Expr, m: Any) -> Expr:
        """The k where pdtr(k, m) is p."""
    @overload
    @staticmethod
    def pdtrik(p: Any, m: Expr) -> Expr: ...
    @overload
    @staticmethod
    def pdtrik(p: Any, m: Any) -> Any: ...
    @overload
    @staticmethod
    def perm(x: Expr, y: Any) -> Expr:
        """x!/(x - y)! where 0 <= y <= x, else 0, as scipy has it."""
    @overload
    @staticmethod
    def perm(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def perm(x: Any, y: Any) -> Any: ...
    @overload
    @staticmethod
    def poch(z: Expr, order: Any, /) -> Expr:
        """Gamma(z + order)/gamma(z): a polynomial in z for a whole number."""
    @overload
    @staticmethod
    def poch(z: Any, order: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def poch(z: Any, order: Any, /) -> Any: ...
    @overload
    @staticmethod
    def polygamma(n: Expr, x: Any, /) -> Expr:
        """n-th derivative of digamma"""
    @overload
    @staticmethod
    def polygamma(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def polygamma(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def powm1(x: Expr, y: Any) -> Expr:
        """x**y - 1, accurate near x = 1 and y = 0."""
    @overload
    @staticmethod
    def powm1(x: Any, y: Expr) -> Expr: ...
    @overload
    @staticmethod
    def powm1(x: Any, y: Any) -> Any: ...
    @staticmethod
    def pro_ang1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_ang1: a value and its derivative, by their values."""
    @staticmethod
    def pro_ang1_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_ang1_cv: a value and its derivative, by their values."""
    @overload
    @staticmethod
    def pro_cv(x: Expr, y: Any, z: Any, /) -> Expr:
        """Scipy.special.pro_cv, by its values"""
    @overload
    @staticmethod
    def pro_cv(x: Any, y: Expr, z: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def pro_cv(x: Any, y: Any, z: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def pro_cv(x: Any, y: Any, z: Any, /) -> Any: ...
    @staticmethod
    def pro_rad1(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_rad1: a value and its derivative, by their values."""
    @staticmethod
    def pro_rad1_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_rad1_cv: a value and its derivative, by their values."""
    @staticmethod
    def pro_rad2(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_rad2: a value and its derivative, by their values."""
    @staticmethod
    def pro_rad2_cv(*xs: Any) -> tuple[Expr, ...]:
        """Scipy.special.pro_rad2_cv: a value and its derivative, by their values."""
    @overload
    @staticmethod
    def pseudo_huber(delta: Expr, r: Any) -> Expr:
        """Delta**2*(sqrt(1 + (r/delta)**2) - 1)."""
    @overload
    @staticmethod
    def pseudo_huber(delta: Any, r: Expr) -> Expr: ...
    @overload
    @staticmethod
    def pseudo_huber(delta: Any, r: Any) -> Any: ...
    @overload
    @staticmethod
    def psi(x: Expr, /) -> Expr:
        """Derivative of gammaln"""
    @overload
    @staticmethod
    def psi(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def radian(d: Expr, m: Any, s: Any) -> Expr:
        """Degrees, minutes and seconds as an angle."""
    @overload
    @staticmethod
    def radian(d: Any, m: Expr, s: Any) -> Expr: ...
    @overload
    @staticmethod
    def radian(d: Any, m: Any, s: Expr) -> Expr: ...
    @overload
    @staticmethod
    def radian(d: Any, m: Any, s: Any) -> Any: ...
    @overload
    @staticmethod
    def rel_entr(x: Expr, y: Any, /) -> Expr:
        """x*log(x/y), and 0 where x is 0"""
    @overload
    @staticmethod
    def rel_entr(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def rel_entr(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def rgamma(x: Expr, /) -> Expr:
        """1/gamma(x)"""
    @overload
    @staticmethod
    def rgamma(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def round(x: Expr, /) -> Expr:
        """The nearest whole number; halves go to the even one"""
    @overload
    @staticmethod
    def round(x: Any, /) -> Any: ...
    @staticmethod
    def shichi(x: Any) -> tuple[Expr, ...]:
        """(Shi, Chi)."""
    @staticmethod
    def sici(x: Any) -> tuple[Expr, ...]:
        """(Si, Ci)."""
    @overload
    @staticmethod
    def sinc(x: Expr, /) -> Expr:
        """Sin(pi*x)/(pi*x), 0 at whole numbers"""
    @overload
    @staticmethod
    def sinc(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def sindg(x: Expr) -> Expr:
        """The sin of degrees."""
    @overload
    @staticmethod
    def sindg(x: Any) -> Any: ...
    @overload
    @staticmethod
    def smirnov(n: Expr, x: Any, /) -> Expr:
        """Scipy.special.smirnov, by its values"""
    @overload
    @staticmethod
    def smirnov(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def smirnov(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def smirnovi(n: Expr, x: Any, /) -> Expr:
        """Scipy.special.smirnovi, by its values"""
    @overload
    @staticmethod
    def smirnovi(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def smirnovi(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def softmax(x: Expr, axis: builtins.int = -1) -> Expr:
        """Exp(x)/sum(exp(x)) along an axis, the last by default"""
    @overload
    @staticmethod
    def softmax(x: Any, axis: builtins.int = -1) -> Any: ...
    @overload
    @staticmethod
    def softplus(x: Expr, /) -> Expr:
        """Log(1 + exp(x)), without overflow"""
    @overload
    @staticmethod
    def softplus(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def spence(x: Expr, /) -> Expr:
        """Dilogarithm of 1 - x"""
    @overload
    @staticmethod
    def spence(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def spherical_in(n: Expr, x: Any, /) -> Expr:
        """Sinh(x)/x at order 0"""
    @overload
    @staticmethod
    def spherical_in(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def spherical_in(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def spherical_jn(n: Expr, x: Any, /) -> Expr:
        """Sin(x)/x at order 0"""
    @overload
    @staticmethod
    def spherical_jn(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def spherical_jn(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def spherical_kn(n: Expr, x: Any, /) -> Expr:
        """Pi/2*exp(-x)/x at order 0"""
    @overload
    @staticmethod
    def spherical_kn(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def spherical_kn(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def spherical_yn(n: Expr, x: Any, /) -> Expr:
        """-cos(x)/x at order 0"""
    @overload
    @staticmethod
    def spherical_yn(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def spherical_yn(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def stdtr(df: Expr, t: Any, /) -> Expr:
        """Student's distribution function"""
    @overload
    @staticmethod
    def stdtr(df: Any, t: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def stdtr(df: Any, t: Any, /) -> Any: ...
    @overload
    @staticmethod
    def stdtridf(p: Expr, t: Any, /) -> Expr:
        """The degrees of freedom where stdtr(df, t) is p"""
    @overload
    @staticmethod
    def stdtridf(p: Any, t: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def stdtridf(p: Any, t: Any, /) -> Any: ...
    @overload
    @staticmethod
    def stdtrit(x: Expr, y: Any, /) -> Expr:
        """The t where stdtr(df, t) is p"""
    @overload
    @staticmethod
    def stdtrit(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def stdtrit(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def struve(v: Expr, x: Any, /) -> Expr:
        """Struve's function H"""
    @overload
    @staticmethod
    def struve(v: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def struve(v: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def tandg(x: Expr) -> Expr:
        """The tan of degrees."""
    @overload
    @staticmethod
    def tandg(x: Any) -> Any: ...
    @overload
    @staticmethod
    def tklmbda(x: Expr, lmbda: Any, /) -> Expr:
        """Tukey's lambda distribution function: the inverse of (p**l - (1 - p)**l)/l"""
    @overload
    @staticmethod
    def tklmbda(x: Any, lmbda: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def tklmbda(x: Any, lmbda: Any, /) -> Any: ...
    @overload
    @staticmethod
    def voigt_profile(x: Expr, sigma: Any, gamma: Any, /) -> Expr:
        """Voigt's profile: a normal density convolved with Cauchy's"""
    @overload
    @staticmethod
    def voigt_profile(x: Any, sigma: Expr, gamma: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def voigt_profile(x: Any, sigma: Any, gamma: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def voigt_profile(x: Any, sigma: Any, gamma: Any, /) -> Any: ...
    @overload
    @staticmethod
    def wright_bessel(a: Expr, b: Any, x: Any, /) -> Expr:
        """The sum of x**k/(k!*gamma(a*k + b))"""
    @overload
    @staticmethod
    def wright_bessel(a: Any, b: Expr, x: Any, /) -> Expr: ...
    @overload
    @staticmethod
    def wright_bessel(a: Any, b: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def wright_bessel(a: Any, b: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def wrightomega(x: Expr, /) -> Expr:
        """The w where w + log(w) is x"""
    @overload
    @staticmethod
    def wrightomega(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def xlog1py(x: Expr, y: Any, /) -> Expr:
        """x*log1p(y), and 0 where x is 0"""
    @overload
    @staticmethod
    def xlog1py(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def xlog1py(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def xlogy(x: Expr, y: Any, /) -> Expr:
        """x*log(y), and 0 where x is 0"""
    @overload
    @staticmethod
    def xlogy(x: Any, y: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def xlogy(x: Any, y: Any, /) -> Any: ...
    @overload
    @staticmethod
    def y0(x: Expr, /) -> Expr:
        """Bessel function of the second kind of order 0"""
    @overload
    @staticmethod
    def y0(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def y1(x: Expr, /) -> Expr:
        """Bessel function of the second kind of order 1"""
    @overload
    @staticmethod
    def y1(x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def yn(v: Expr, x: Any) -> Expr:
        """Yv of real numbers."""
    @overload
    @staticmethod
    def yn(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def yn(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def yv(n: Expr, x: Any, /) -> Expr:
        """Bessel function of the second kind of order n at x"""
    @overload
    @staticmethod
    def yv(n: Any, x: Expr, /) -> Expr: ...
    @overload
    @staticmethod
    def yv(n: Any, x: Any, /) -> Any: ...
    @overload
    @staticmethod
    def yve(v: Expr, x: Any) -> Expr:
        """Yv of real numbers."""
    @overload
    @staticmethod
    def yve(v: Any, x: Expr) -> Expr: ...
    @overload
    @staticmethod
    def yve(v: Any, x: Any) -> Any: ...
    @overload
    @staticmethod
    def yvp(v: Expr, z: Any, n: builtins.int = 1) -> Expr:
        """The n-th derivative of yv(v, z) by z."""
    @overload
    @staticmethod
    def yvp(v: Any, z: Expr, n: builtins.int = 1) -> Expr: ...
    @overload
    @staticmethod
    def yvp(v: Any, z: Any, n: builtins.int = 1) -> Any: ...
    @overload
    @staticmethod
    def zeta(x: Expr, a: Any = None) -> Expr:
        """Riemann's zeta function, or Hurwitz' with a."""
    @overload
    @staticmethod
    def zeta(x: Any, a: Any = None) -> Any: ...
    @overload
    @staticmethod
    def zetac(x: Expr, /) -> Expr:
        """Scipy.special.zetac, by its values"""
    @overload
    @staticmethod
    def zetac(x: Any, /) -> Any: ...
special: _special
