"""sympy's classes of functions one by one: read, of sympy's own value and derivative at several points, and what
`to_sympy` writes is the expression itself; the rest are refused with what to do instead."""

import re

import mpmath as mp
import pytest
import sympy as sp

import symdiff as sd

x, y = sp.symbols("x y")
half, third = sp.Rational(1, 2), sp.Rational(1, 3)

PLAIN = re.findall(r"\w+", """
sin cos tan cot sec csc asin acos atan acot asec acsc sinc sinh cosh tanh coth sech csch asinh acosh atanh acoth asech
acsch exp log LambertW Abs sign Heaviside floor ceiling frac gamma loggamma digamma trigamma factorial factorial2 erf
erfc erfi erfinv erfcinv Ei Si Ci Shi Chi li Li fresnels fresnelc airyai airybi airyaiprime airybiprime elliptic_k
elliptic_e zeta dirichlet_eta riemann_xi harmonic catalan re im conjugate arg transpose adjoint DiracDelta
""")
READ = {  # further expressions of each class; where no points are given, 0.3, 0.7 and 1.6
    "exp": [2**x], "log": [sp.log(x, 2)], "LambertW": [sp.LambertW(-x / 5, -1)], "atan2": [sp.atan2(x, 2)],
    "Max": [sp.Max(x, half, y)], "Min": [sp.Min(x, half)], "Piecewise": [sp.Piecewise((x**2, x < 1), (2 - x, True))],
    "sign": [sp.sign(x - 1)], "Heaviside": [sp.Heaviside(x - 1), sp.Heaviside(1 - x, 1)],
    "DiracDelta": [sp.DiracDelta(x - 2), sp.DiracDelta(2 * x - 1, 1), x * sp.DiracDelta(x - y)],
    "floor": [sp.floor(3 * x)], "Rem": [sp.Rem(5 * x, 2)], 
    "sinc": [sp.sinc(2 * x)], "erf2": [sp.erf2(half, x), sp.erf2(x, 2)], "erf2inv": [sp.erf2inv(half, x / 5)],
    "expint": [sp.expint(1, x), sp.expint(3, x)], "polygamma": [sp.polygamma(2, x)],
    "beta": [sp.beta(x, 2), sp.beta(half, x)], "betainc": [sp.betainc(2, 3, x / 4, half)],
    "betainc_regularized": [sp.betainc_regularized(2, 3, 0, x / 4)],
    "lowergamma": [sp.lowergamma(sp.Rational(5, 2), x)], "uppergamma": [sp.uppergamma(sp.Rational(5, 2), x)],
    "multigamma": [sp.multigamma(x + 1, 2)], "binomial": [sp.binomial(x, 2), sp.binomial(5, x), sp.binomial(x, third)],
    "RisingFactorial": [sp.rf(x, 3), sp.rf(x, half)], "FallingFactorial": [sp.ff(x, 3), sp.ff(x, half)],
    "besselj": [sp.besselj(n, x) for n in (0, 1, 3, sp.Rational(5, 3))], "bessely": [sp.bessely(2, x)],
    "besseli": [sp.besseli(2, x), sp.besseli(third, x)], "besselk": [sp.besselk(2, x), sp.besselk(third, x)],
    "jn": [sp.jn(2, x)], "yn": [sp.yn(2, x)], "marcumq": [sp.marcumq(1, half, x)],
    "elliptic_k": [sp.elliptic_k(x / 2)], "elliptic_f": [sp.elliptic_f(x, third)],
    "elliptic_e": [sp.elliptic_e(x / 2), sp.elliptic_e(x, third)],
    "elliptic_pi": [sp.elliptic_pi(third, x / 2), sp.elliptic_pi(third, half, x / 2)],
    "hyper": [sp.hyper([], [2], x), sp.hyper([half], [3], x), sp.hyper([half, 2], [third], x / 2)],
    "meijerg": [sp.meijerg([], [], [0], [], x), sp.meijerg([1], [2], [1, half], [], x)],
    "polylog": [sp.polylog(3, x / 2), sp.polylog(half, -x)], "lerchphi": [sp.lerchphi(x / 2, 2, 1)],
    "zeta": [sp.zeta(x + 2), sp.zeta(3, x)], "dirichlet_eta": [sp.dirichlet_eta(x + 2)],
    "riemann_xi": [sp.riemann_xi(x + 2)],
    "legendre": [sp.legendre(n, x) for n in (3, third)], "chebyshevt": [sp.chebyshevt(third, x / 2)],
    "chebyshevu": [sp.chebyshevu(third, x / 2)], "hermite": [sp.hermite(3, x)], "laguerre": [sp.laguerre(3, x)],
    "hermite_prob": [sp.hermite_prob(3, x)], "assoc_legendre": [sp.assoc_legendre(2, 1, x / 2)],
    "assoc_laguerre": [sp.assoc_laguerre(3, half, x)], "gegenbauer": [sp.gegenbauer(third, half, x / 2)],
    "jacobi": [sp.jacobi(third, half, 1, x / 2)], "KroneckerDelta": [sp.KroneckerDelta(x, 1)],
    "SingularityFunction": [sp.SingularityFunction(x, 1, 2), sp.SingularityFunction(x, y, -1)],
    "LeviCivita": [sp.LeviCivita(1, 2, x)], "fibonacci": [sp.fibonacci(3, x)], "tribonacci": [sp.tribonacci(4, x)],
    "bernoulli": [sp.bernoulli(3, x)], "euler": [sp.euler(3, x)], "bell": [sp.bell(3, x)],
    "genocchi": [sp.genocchi(3, x)], "andre": [sp.andre(5) * x], "motzkin": [sp.motzkin(5) * x],
    "lucas": [sp.lucas(5) * x], "chebyshevt_root": [sp.chebyshevt_root(5, 2) * x],
    "chebyshevu_root": [sp.chebyshevu_root(5, 2) * x], "subfactorial": [sp.subfactorial(5) * x],
}  # fmt: skip
POINTS = {  # where the function is real, and sympy has numbers
    **dict.fromkeys(("asin", "acos", "atanh", "erfinv", "asech"), (0.2, 0.5, 0.9)), "erfcinv": (0.2, 0.5, 1.4),
    **dict.fromkeys(("acosh", "acoth", "asec", "acsc"), (1.2, 1.7, 3.4)), "elliptic_k": (0.2, 0.5, 0.9),
    "elliptic_e": (0.2, 0.5, 0.9), "Li": (1.2, 2.5, 4.0), "li": (0.3, 1.2, 2.5),
    **dict.fromkeys(("zeta", "dirichlet_eta", "riemann_xi"), (1.3, 2.5, 4.0)), "factorial2": (1.0, 3.0, 7.0),
    "frac": (0.3, 1.7, 2.2), "DiracDelta": (0.3, 0.7, 1.6), "KroneckerDelta": (0.3, 1.0, 2.0),
}  # fmt: skip
REFUSED = re.findall(r"\w+", """
hankel1 hankel2 hn1 hn2 Ynm Znm polar_lift periodic_argument principal_branch exp_polar carmichael divisor_sigma
jacobi_symbol kronecker_symbol legendre_symbol mobius primenu primeomega primepi reduced_totient
totient stieltjes partition appellf1 mathieuc mathieus mathieucprime mathieusprime
""")  # of complex values, of whole numbers alone, and what no library has values of at arrays
OTHERWISE = """
frac loggamma factorial factorial2 erfcinv harmonic binomial FallingFactorial elliptic_pi log li Li trigamma catalan
erf2 erf2inv riemann_xi multigamma lerchphi meijerg SingularityFunction KroneckerDelta Rem LeviCivita betainc
betainc_regularized lowergamma uppergamma dirichlet_eta marcumq arg re im conjugate transpose adjoint
"""  # what is written in simpler functions, of the same value
ORACLES = {  # of what sympy has no numbers
    sp.erf2: lambda a, b: mp.erf(b) - mp.erf(a),
    sp.erfcinv: lambda a: mp.erfinv(1 - a),
    sp.erf2inv: lambda a, b: mp.erfinv(mp.erf(a) + b),
    sp.marcumq: lambda m, a, b: mp.quad(
        lambda t: t * (t / a) ** (m - 1) * mp.exp(-(t**2 + a**2) / 2) * mp.besseli(m - 1, a * t), [b, b + 5, mp.inf]
    ),
}  # fmt: skip
SLOPES = ["factorial2", "zeta", "dirichlet_eta", "riemann_xi", "marcumq"]  # whose slopes are not known


def samples(name):
    return ([getattr(sp, name)(x)] if name in PLAIN else []) + READ.get(name, [])


def classes():
    """The public functions of sympy's, but for those that stand for a family."""
    found = [getattr(sp, name) for name in dir(sp)]
    return {c.__name__ for c in found if isinstance(c, sp.core.function.FunctionClass) and hasattr(c, "eval")
            and c.__module__.startswith("sympy.functions")}  # fmt: skip


def test_the_tables_name_every_class():
    known = {*PLAIN, *READ, *REFUSED}
    assert not classes() - known
    assert len(known) > 150


def right(e, at):
    """sympy's own value, in thirty digits; None where it is no real number."""
    with mp.workdps(30):
        exact = {k: sp.Integer(int(v)) if v == int(v) else sp.Float(repr(v), 30) for k, v in at.items()}
        put = e.subs({sp.Symbol(k): v for k, v in exact.items()})
        if type(put) in ORACLES:
            return float(ORACLES[type(put)](*[mp.mpf(sp.N(a, 30)) for a in put.args]))
        value = sp.N(put.doit(), 30)
    return float(value) if value.is_real else None


@pytest.mark.parametrize("name", [*dict.fromkeys([*PLAIN, *READ])])
def test_value_derivative_and_the_way_back(name):
    checked = 0
    for given in samples(name):
        e = sd.from_sympy(given)
        back = given if given.has(sp.marcumq) else e.to_sympy()
        assert back == given or name in OTHERWISE.split(), back
        if back != given:
            assert sd.from_sympy(back, graph=e.graph).to_sympy() == back
        for at in [{"x": v, "y": 0.37} for v in POINTS.get(name, (0.3, 0.7, 1.6))]:
            wanted, at = right(given, at), {k: v for k, v in at.items() if k in e.variables}
            if wanted is None:
                continue
            checked += 1
            assert sd.evaluate(e, at) == pytest.approx(wanted, rel=1e-11, abs=1e-13), (given, at)
            if name in SLOPES or "x" not in at or not float(at["x"]) % 0.1:
                continue
            h = 1e-4
            f = [right(given, {**at, "x": at["x"] + k * h}) for k in (-2, -1, 1, 2)]
            if None not in f:
                slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)
                got = sd.evaluate(e.diff("x"), at)
                assert got == pytest.approx(slope, rel=1e-8, abs=1e-9), (given, at)
    assert checked


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_what_to_do(name):
    cls, k = getattr(sp, name), sp.Symbol("k", integer=True)
    arity = max(cls.nargs) if cls.nargs.is_finite_set else 1
    e = cls(k, *[7] * (arity - 1)) if "symbol" in name or "sigma" in name else cls(*[x] * arity)
    assert e.has(cls)
    with pytest.raises(sd.InputError, match=r"sd\.register_op|complex values are not supported"):
        sd.from_sympy(e)
