"""More texts of at most 1000 characters that ask for much, by their largest size: what `tests.hostile` tries beside its
kinds. Each is a sentence of the language as a user might write it, only more of it."""

from collections.abc import Iterator

from symdiff.op import FUNCTIONS

MOST = 1000


def fill(make, limit: int = MOST) -> str:
    """The longest of make(1), make(2), ... within the limit."""
    low, high = 1, 2
    while high < 1000 and len(make(high)) <= limit:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(make(middle)) <= limit else (low, middle)
    return make(low)


def nest(left: str, inner: str, right: str, limit: int = MOST, most: int = 85) -> str:
    """left(left(...inner...)right)right, at most 85 deep: more brackets are refused."""
    return fill(lambda k: left * min(k, most) + inner + right * min(k, most), limit)


def join(part: str, sign: str, limit: int = MOST) -> str:
    """part sign part sign ..., with % counted."""
    return fill(lambda k: sign.join(part.replace("%", str(i + 1)) for i in range(k)), limit)


def lines(first: str, line: str, last: str = "{a}", most: int = 60) -> str:
    """Statements, each of the one before."""

    def text(k: int) -> str:
        k = min(k, most)
        body = [line.replace("{b}", f"a{i + 1}").replace("{a}", f"a{i}").replace("%", str(i + 2)) for i in range(k)]
        return "\n".join([f"a0 = {first}", *body, last.replace("{a}", f"a{k}")])

    return fill(text)


# functions of one number, nested and multiplied, that the other kinds leave out
ONE = [
    "acosh", "asech", "acoth", "asec", "acsc", "csc", "sec", "cot", "csch", "sech", "coth", "exp2", "exp10", "log2",
    "log10", "exprel", "cosm1", "ndtr", "ndtri", "log_ndtr", "erfi", "erfcx", "dawsn", "fresnels", "fresnelc", "si",
    "ci", "shi", "chi", "expi", "exp1", "spence", "ellipk", "ellipe", "i1", "i0e", "k0", "k1", "y0", "y1", "j1",
    "airyai", "airybip", "rgamma", "loggamma", "harmonic", "zetac", "erfinv", "erfcinv", "gelu", "silu", "elu",
    "leaky_relu", "huber", "entr", "wrightomega", "lambertwm1", "kolmogorov", "struve0", "ber", "bei", "ker", "kei",
    "sind", "cosdg", "deg2rad", "round", "trunc", "reciprocal", "signbit", "log_expit", "sinc", "inv_boxcox1p",
    "nan_to_num", "heaviside1", "kelvin", "phi", "spherical_jn0", "it2i0k0", "itj0y0", "agm1", "isfinite", "pinv1",
    "cumprod",
]  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """(what it is, the text)"""
    for f in ONE:
        if f in FUNCTIONS:
            yield f"{f} of {f}", nest(f"{f}(", "x", ")")
            yield f"products of {f}", join(f"{f}(x + %)", "*")
    two = [
        "atan2", "hypot", "logaddexp", "logaddexp2", "copysign", "fmod", "remainder", "floor_divide", "maximum", "fmax",
        "pow", "xlogy", "xlog1py", "beta", "betaln", "binom", "poch", "gammainc", "gammaincc", "jv", "yv", "iv", "kv",
        "spherical_jn", "spherical_yn", "struve", "zeta", "polygamma", "expn", "owens_t", "boxcox", "boxcox1p",
        "inv_boxcox", "agm", "hyp0f1", "eval_legendre", "eval_hermite", "eval_laguerre", "eval_chebyt", "ellipkinc",
        "ellipeinc", "kl_div", "rel_entr", "huber", "pseudo_huber", "stdtr", "chdtr", "pdtr", "smirnov", "tklmbda",
        "mathieu_a", "pbdv_value", "comb", "perm", "heaviside", "nextafter", "gcd", "ldexp", "float_power",
        "safe_divide", "diric", "multigammaln", "powm1", "stdtrit", "elliptic_pi", "elliprc",
    ]  # fmt: skip
    for f in two:
        if f in FUNCTIONS:
            yield f"{f} on the left", nest(f"{f}(", "x", ", y)")
            yield f"{f} on the right", nest(f"{f}(2, ", "x", ")")
            yield f"{f} of large numbers", f"{f}(10**6, x) + {f}(x, 10**6) + {f}(-10**6, 1/x)"
            yield f"{f} of numbers alone", f"{f}(10**9, 10**9)*x + {f}(10**300, 1/2) + {f}(-10**18, 10**18)"
    yield from _of_three()
    yield from _of_arrays()
    yield from _of_numbers()
    yield from _of_statements()
    yield from _of_signs()


def _of_three() -> Iterator[tuple[str, str]]:
    three = [
        "betainc", "betaincinv", "hyp1f1", "hyperu", "eval_gegenbauer", "eval_genlaguerre", "lpmv", "fdtr", "gdtr",
        "bdtr", "nbdtr", "btdtria", "chndtr", "chndtrix", "nctdtr", "nctdtrit", "voigt_profile", "wright_bessel",
        "besselpoly", "elliprd", "elliprf", "pro_cv", "obl_cv", "clip", "where", "nrdtrimn", "jacobi_sn", "mathieu_cem",
    ]  # fmt: skip
    for f in three:
        if f in FUNCTIONS:
            yield f"{f} in the last", nest(f"{f}(2, 3, ", "x", ")")
            yield f"{f} in the first", nest(f"{f}(", "x", ", 2, 3)")
            yield f"{f} far away", f"{f}(10**6, 10**6, x) + {f}(10**12, x, 10**12) + {f}(x, 10**18, 2)"
            yield f"{f} of numbers alone", f"x*{f}(10**6, 10**7, 10**8)"
    for f in ("hyp2f1", "eval_jacobi", "ncfdtr", "ncfdtri", "elliprj", "pro_ang1", "obl_rad2", "pro_rad1_cv"):
        if f in FUNCTIONS:
            rest = ", 3" * (5 if f.endswith("cv") else 4)
            yield f"{f} far away", f"x*sum({f}(10**5, 10**6, 10**7, 10**8{', 2' if f.endswith('cv') else ''}))"
            yield (
                f"{f} nested",
                nest(f"{f}(1, 2{rest[:6]}, ", "x", ")") if f in ("hyp2f1", "eval_jacobi") else f"{f}(x, 1, 2, 3)",
            )


def _of_arrays() -> Iterator[tuple[str, str]]:
    arrays = {
        "moveaxis": nest("moveaxis(", "T", ", 0, 2)"),
        "swapaxes": nest("swapaxes(", "T", ", 0, 1)"),
        "permute": nest("permute_dims(", "T", ", (2, 0, 1))"),
        "rot90": nest("rot90(", "S", ")"),
        "fliplr": nest("fliplr(S @ ", "S", ")"),
        "tril of products": nest("tril(A @ ", "B", ")"),
        "triu of sums": nest("triu(A + ", "B", ")"),
        "diagonal": nest("outer(diagonal(", "A", "), v)"),
        "vecdot": nest("vecdot(v, ", "w", ")*v"),
        "inner": nest("inner(A, ", "B", ")"),
        "vdot": nest("v*vdot(v, ", "w", ")"),
        "matvec": nest("matvec(A, ", "v", ")"),
        "vecmat": nest("vecmat(", "v", ", A)"),
        "cross with itself": nest("cross(", "S[0]", ", [1, 2, 3])"),
        "cov": nest("cov(", "S", ")"),
        "corrcoef": nest("corrcoef(S*", "S", ")"),
        "average": nest("(v*average(", "v", "))"),
        "median": nest("v*median(", "v", ")"),
        "std": nest("v/std(", "v", ")"),
        "nanmean": nest("(v - nanmean(", "v", "))"),
        "ptp": nest("v/ptp(", "v", ")"),
        "percentile": nest("v*percentile(", "v", ", 30)"),
        "quantile of r": nest("r*quantile(", "r", ", 0.3)"),
        "searchsorted": nest("r*searchsorted(r, ", "r", ")"),
        "argsort": nest("r*argsort(", "r", ")"),
        "sort of r": nest("sort(r*", "r", ")"),
        "partition": nest("partition(", "r", ", 2)"),
        "unwrap": nest("unwrap(2*", "r", ")"),
        "gradient of an array": nest("gradient(", "r", ")"),
        "trapezoid": nest("r*trapezoid(", "r", ")"),
        "ediff1d": nest("ediff1d(", "r", ")"),
        "pad": nest("pad(", "r", ", 1)"),
        "pad reflect": nest("pad(", "r", ", 1, mode='reflect')"),
        "tile": nest("tile(", "r", ", 2)[:6]"),
        "repeat and slice": nest("repeat(", "r", ", 2)[::2]"),
        "repeat twice": nest("repeat(", "r", ", 2)"),
        "tile twice": nest("tile(", "r", ", 2)"),
        "tile of matrices": nest("tile(", "S", ", (2, 2))"),
        "roll by much": nest("roll(", "r", ", 1000)"),
        "delete": "delete(r, [0, 1])*" + join("delete(r, %)[0]", "*", 900),
        "insert": nest("insert(", "r", ", 1, x)"),
        "append": nest("append(", "r", ", x)"),
        "append to itself": nest("append(r, ", "r", ")"),
        "hstack": nest("hstack([r, ", "r", "])"),
        "vstack": nest("vstack([S, ", "S", "])"),
        "dstack": nest("dstack([S, ", "S", "])[:, :, 0]"),
        "column_stack": nest("column_stack([S, ", "S", "])"),
        "stack of stacks": nest("stack([S, ", "S", "], axis=-1)"),
        "block of blocks": nest("block([[", "S", ", S], [S, S]])[:3, :3]"),
        "split": nest("split(", "r", ", 2)[0].repeat(2)"),
        "meshgrid": nest("meshgrid(r, ", "r", ")[0][0]"),
        "take": nest("take(", "r", ", [5, 4, 3, 2, 1, 0])"),
        "gather": nest("gather(", "r", ", [5, 4, 3, 2, 1, 0])"),
        "compress": nest("compress([1, 1, 1, 1, 1, 1], ", "r", ")"),
        "take_along_axis": nest("take_along_axis(", "r", ", argsort(r), 0)"),
        "scatter_add": nest("scatter_add(", "r", ", [0, 2], [1, x])"),
        "bincount": "bincount([0, 1, 1, 2], weights=r[:4])*" + join("bincount([0, 1], weights=r[:2])[%-%]", "*", 900),
        "histogram": "x*sum(histogram([1, 2, 3], 10**6)[0])",
        "digitize": nest("r*digitize(", "r", ", [0, 1, 2])"),
        "count_nonzero": nest("v*count_nonzero(", "v", ")"),
        "any": nest("(v*any(", "v > 0", "))"),
        "argmax": nest("r*argmax(", "r", ")"),
        "cumulative_prod of A": nest("cumprod(A*", "A", ", axis=0)"),
        "logsumexp of rows": nest("(A + logsumexp(", "A", ", axis=0))"),
        "softmax of axis 0": nest("softmax(A*", "A", ", axis=0)"),
        "normalised rows": nest("(1 + A/sum(", "A", ", axis=0))"),
        "centred": nest("(A - mean(", "A", ", axis=1, keepdims=True))"),
        "var of rows": nest("A*var(", "A", ", axis=0)"),
        "norms of rows": nest("A/norm(", "A", ", axis=0)"),
        "spectral norm": nest("A/norm(", "A", ", 2)"),
        "nuclear": nest("A*norm_nuc(", "A", ")"),
        "fro": nest("A/norm_fro(", "A", ")"),
        "norm 1": nest("A/norm1(", "A", ")"),
        "det": nest("A*det(", "A", ")"),
        "slogdet": nest("A*slogdet(", "A", ")[1]"),
        "adjugate": nest("adjugate(", "S", ")"),
        "cond": nest("A/cond(", "A", ")"),
        "matrix_rank": nest("A*matrix_rank(", "A", ")"),
        "lstsq": nest("lstsq(A, ", "v", ")[0]"),
        "pinv of products": nest("pinv(A @ ", "A", ")"),
        "expm of sums": nest("expm(A + ", "B", ")"),
        "logm of products": nest("logm(A @ ", "B", ")"),
        "sqrtm of sums": nest("sqrtm(A + ", "B", ")"),
        "sinm": nest("sinm(", "A", ")"),
        "cosm of products": nest("cosm(A @ ", "B", ")"),
        "funm": nest("inv(expm(", "A", "))"),
        "cholesky of gram": nest("cholesky(A @ A.T + ", "A", ")"),
        "qr of products": nest("qr(A @ ", "B", ")[1]"),
        "svd": nest("svd(", "A", ")[0]"),
        "eigvalsh twice": nest("diag(eigvalsh(", "A", "))"),
        "eigh of sums": nest("eigh(A + ", "B", ")[1]"),
        "solve of solve": nest("solve(B + ", "A", ", A)"),
        "solve_triangular": nest("solve_triangular(A, ", "v", ")"),
        "tensordot of T": nest("tensordot(", "T", ", A, 1)"),
        "tensordot of two": nest("tensordot(", "A", ", T, 2)[:, None]*A[0]"),
        "tensorsolve": "tensorsolve(kron(S, S).reshape(3, 3, 3, 3), S)",
        "einsum of T": nest("einsum('ijk,kl->ijl', ", "T", ", A)"),
        "einsum that sums": nest("einsum('ij,jk->ik', A*x, ", "B", ")"),
        "einsum with diagonals": nest("einsum('ii,ij->ij', ", "A", ", B)"),
        "einsum of vectors": "einsum('i,i,i,i,i,i,i,i->i'" + ", v + w" * 8 + ")",
        "einsum of sums": "einsum('ij,jk,kl,lm,mn,no->io'" + ", A + x*B" * 6 + ")",
        "einsum outer": "einsum('i,j,k,l,m,n,o,p->ijklmnop'" + ", v" * 8 + ")",
        "einsum outer of numbers": "einsum('i,j,k,l,m,n,o,p->ijklmnop'" + ", r" * 8 + ")",
        "kron of sums": nest("kron(A + B, ", "A", ")"),
        "kron of three": "kron(kron(S, S), kron(S, S))",
        "kron of six": "kron(kron(kron(S, S), kron(S, S)), kron(S, S))",
        "outer of outer": nest("outer(", "r", ", r)"),
        "outer of numbers": nest("outer(r, ", "r", ").ravel()[:6]"),
        "vander nested": nest("vander(", "r", ")[1]"),
        "polyval of arrays": nest("polyval(r, ", "v", ")"),
        "polyfit": "polyfit(r, r**2, 3)*x",
        "polymul": nest("polymul(r, ", "r", ")"),
        "polyder": nest("polyder(", "r", ")"),
        "poly": "poly(r)*x",
        "poly of poly": nest("poly(", "r", ")"),
        "convolve full": nest("convolve(", "r", ", r)"),
        "correlate": nest("correlate(", "r", ", r, 'full')"),
        "interp of interp": nest("interp(r, r, ", "r", ")"),
        "linear_recurrence": nest("linear_recurrence(r, ", "r", ")"),
        "cumsum of reversed": nest("cumsum(", "r", ")[::-1]"),
        "diff of high order": "diff(r, 5)*" + nest("diff(cumsum(", "r", "))", 800),
        "where of arrays": nest("where(v > w, v, ", "w", ")"),
        "select": nest("piecewise((x, v > 0), (", "y", ", True))"),
        "nonzero": "sum(nonzero(r > 0)[0])*x",
        "flatnonzero": "flatnonzero(r)*x",
        "broadcast": nest("broadcast_to(", "x", ", (2, 3, 4))[0, 0, 0]"),
        "ones of sizes": "ones((1000, 1000))*x + eye(1000)",
        "full": "full((10**3, 10**3), x)",
        "arange": "sum(sin(arange(10**6)*x))",
        "linspace": "sum(exp(linspace(0, 1, 10**6)*x))",
        "logspace": "prod(logspace(0, 1, 10**5)*x)",
        "geomspace": "sum(geomspace(1, 100, 10**6)**x)",
        "identity": "inv(eye(300)*x)",
        "det of eye": "det(eye(400) + x)",
        "expm of eye": "expm(eye(200)*x)",
        "svd of ones": "svdvals(ones((300, 300))*x)",
        "eigh of ones": "eigvalsh(ones((300, 300))*x + eye(300))",
        "sum of outer": "sum(outer(arange(1000), arange(1000))*x)",
        "sort of many": "sort(arange(10**6)*x)[0]",
        "cumprod of many": "cumprod(ones(10**5)*x)[-1]",
        "max of many": "max(arange(10**6)*x)",
        "median of many": "median(arange(10**5)*x)",
        "softmax of many": "softmax(arange(10**6)*x)[0]",
        "convolve of many": "convolve(ones(1000)*x, ones(1000))[0]",
        "unique sizes": "sum(ones((2,)*19)*x)",
        "sum of T": "sum(T*" + join("sum(T, axis=0)", "*", 900) + ")",
        "trace of T": join("trace(T[%*0])", "*"),
        "T at ends": join("T[0, :, -1]", "*"),
        "T slices": "T" + "[:, ::-1]" * 100,
        "T reversed": "T" + ".T[::-1]" * 100,
        "v doubled": "v" + "[None, :][0]" * 70,
        "at.set": nest("", "r", ".at[0].set(x)"),
        "at.add": nest("", "r", ".at[1:].add(x)"),
        "at.multiply": nest("", "v", ".at[0].multiply(x)"),
    }
    yield from ((f"arrays: {k}", t) for k, t in arrays.items())


def _of_numbers() -> Iterator[tuple[str, str]]:
    numbers = {
        "a tower of twos": "x + 2**2**2**2**2**2",
        "a tower of fractions": "x*(1/2)**(1/2)**(1/2)**(10**6)",
        "nines": "x*" + "9" * 990,
        "point nines": "x*0." + "9" * 980,
        "exponents": "x*1e" + "9" * 900,
        "small exponents": "x*1e-" + "9" * 900,
        "sum of nines": join("9**%", " + ") + "*x",
        "factorials": "x*factorial(10**6)",
        "factorial of factorial": "x*factorial(factorial(factorial(5)))",
        "gamma of large": "x*gamma(10**6)/gamma(10**6 - 1)",
        "binomials": "x*binom(10**6, 5*10**5)",
        "comb": "x*comb(10**5, 5*10**4, exact=True)",
        "perm": "x*perm(10**5, 10**5)",
        "poch": "x*poch(1, 10**6)",
        "powers of pi": "x*pi**(10**5)",
        "powers of e": "x*e**(10**6) + exp(10**6)",
        "roots": "x*" + join("sqrt(%)", "*", 950),
        "sums of roots": join("sqrt(%)", " + ", 990) + "*x",
        "logs": "x*" + join("log(%)", "*", 950),
        "sines of numbers": join("sin(%)", " + ", 980),
        "exact thirds": "x*" + join("1/%", "*", 950),
        "harmonic": join("x/%", " + "),
        "gcd": "x*gcd(10**18, 10**17)",
        "remainder": "x*((10**300) % (10**9 + 7))",
        "shift": "x*(1 << 4000)",
        "shift far": "x*(1 << 10**6)",
        "floor": "x*((10**300)//7)",
        "large power": "x**(10**6) + x**(-10**6)",
        "power of sum": "(x + y)**(10**6)",
        "power of product": "(x*y*z)**(10**5)",
        "fractional": "x**(1/10**6)*x**(10**6)",
        "alternating": "(-1)**(10**6)*x + (-1)**x",
        "imaginary": "(-8)**(1/3)*x",
        "nested fractions": nest("1/(2 - 1/(3 + ", "x", "))"),
        "deep quotient": nest("(", "x", "/3)/7"),
        "numbers of names": join("(%*x + %)/(%*y - %)", "*"),
        "large and small": "x*10**300/10**300*10**300/10**300",
        "inf": "x*inf - inf*x",
        "nan": "nan*x + x*nan",
        "inf in where": "where(x > inf, inf, -inf)*x",
        "size": "n**40*v",
        "sizes": "v*n*(n + 1)*(n + 2)*(n - 1)**30",
        "sum of sizes": "sum(v)*" + join("(n + %)", "*", 900),
        "range to n": "sum(arange(n)*v)",
        "ones of n": "sum(ones((n, n, n, n))) + sum(v)",
        "polygamma": join("polygamma(%, x)", "*"),
        "polygamma of many": "polygamma(100, x)*polygamma(1000, x)",
        "zeta": join("zeta(x, %)", " + "),
        "legendre": join("eval_legendre(%, x)", "*"),
        "legendre high": "eval_legendre(1000, x)",
        "hermite high": "eval_hermite(500, x)",
        "chebyshev high": "eval_chebyt(10**5, x)",
        "jacobi high": "eval_jacobi(300, 1, 2, x)",
        "laguerre high": "eval_genlaguerre(400, 2, x)",
        "bessel high": "jv(1000, x)*yv(500, x)",
        "bessel orders": join("jv(%, x)", "*"),
        "bessel of halves": join("iv(%/2, x)", " + "),
        "spherical": join("spherical_jn(%, x)", "*"),
        "sympy names": join("Chi(%*x)", "*"),
        "derivatives by jvp": "special.jvp(2, x, 20)",
        "jvp high": "special.jvp(2, x, 10**6)",
        "kvp": "special.kvp(1, x, 50)",
        "multigammaln": "multigammaln(x, 1000)",
        "multigammaln high": "multigammaln(x, 10**6)",
        "diric": "diric(x, 10**6)",
        "bernoulli": "polygamma(50, x + 1) - polygamma(50, x)",
        "ellip": join("ellipk(x/%)", "*"),
        "hyper": join("hyp2f1(%, 2, 3, x)", " + "),
        "hyper of hyper": nest("hyp2f1(1, 2, 3, ", "x", ")"),
        "hyp1f1 of many": join("hyp1f1(%, 2, x)", "*"),
        "matrix_power of n": "matrix_power(A, 10**5)",
        "matrix power negative": "matrix_power(A, -10**4)",
        "powers of A": join("matrix_power(A, %) @ v", " + "),
        "matrix power of products": "matrix_power(A @ B, 64)",
        "nested matrix powers": nest("matrix_power(", "A", ", 3)"),
        "rint": "round(x, 300)",
        "round far": "round(x*10**200, -100)",
        "clip": nest("clip(", "x", ", -10**300, 10**300)"),
        "logs of exps": nest("log(1 + exp(", "x", "))"),
        "exps of logs": nest("exp(log(", "x", "))"),
        "abs of signs": nest("abs(sign(", "x", "))"),
    }
    yield from ((f"numbers: {k}", t) for k, t in numbers.items())


def _of_statements() -> Iterator[tuple[str, str]]:
    programs = {
        "cosines": lines("x", "{b} = cos({a})*sin({a})"),
        "quotients": lines("x", "{b} = {a}/(1 + {a}**2)"),
        "powers": lines("x", "{b} = {a}**%"),
        "powers of sums": lines("x", "{b} = ({a} + 1)**2"),
        "cubes": lines("x + y", "{b} = {a}**3 - {a}"),
        "x to x": lines("x", "{b} = {a}**{a}"),
        "exponentials": lines("x", "{b} = exp({a})*{a}"),
        "logs": lines("x", "{b} = log(1 + {a}**2)"),
        "roots": lines("x", "{b} = sqrt({a}**2 + y**2)"),
        "two": lines("x*y", "{b} = {a}*x + {a}*y"),
        "three names": lines("x", "{b} = {a}*y - z/{a}"),
        "agm": lines("x", "{b} = ({a} + sqrt({a}*y))/2"),
        "Horner": lines("x", "{b} = {a}*x + %"),
        "secants": lines("x", "{b} = {a} - (cos({a}) - {a})/(-sin({a}) - 1)"),
        "products of A": lines("A", "{b} = {a} @ A.T + B"),
        "A and its transpose": lines("A", "{b} = {a} @ {a}.T"),
        "hadamard squares": lines("A", "{b} = {a}*{a}.T"),
        "sandwich": lines("A", "{b} = A @ {a} @ A.T + B"),
        "Riccati": lines("A", "{b} = A.T @ {a} @ A - {a} @ inv({a} + B) @ {a}"),
        "Kalman": lines("A", "{b} = A @ ({a} - {a} @ inv({a} + B) @ {a}) @ A.T + B"),
        "Schulz": lines("A", "{b} = 2*{a} - {a} @ B @ {a}"),
        "commutators": lines("A", "{b} = {a} @ B - B @ {a}"),
        "trace times": lines("A", "{b} = {a}*trace({a})"),
        "trace of powers": lines("A", "{b} = {a} @ {a}", "trace({a})"),
        "det": lines("A", "{b} = {a} + B", "logdet({a})"),
        "rank one": lines("A", "{b} = {a} + outer({a} @ v, v)"),
        "Householder": lines("v", "{b} = {a} - 2*w*(w @ {a})/(w @ w)"),
        "power iteration": lines("v", "{b} = A @ {a}/norm(A @ {a})"),
        "conjugate": lines("v", "{b} = {a} - (v @ A @ {a})/({a} @ A @ {a})*{a}"),
        "rms norm": lines("v", "{b} = {a}/sqrt(mean({a}**2) + 1)"),
        "gated": lines("v", "{b} = tanh(A @ {a})*sigmoid(B @ {a})"),
        "residual": lines("v", "{b} = {a} + relu(A @ {a} + w)"),
        "lstm": lines("v", "{b} = sigmoid({a})*tanh({a} + A @ {a})"),
        "attention of v": lines("v", "{b} = A @ softmax(outer({a}, {a})) @ {a}"),
        "layer norms": lines(
            "X", "{b} = ({a} - mean({a}, axis=1, keepdims=True))/sqrt(var({a}, axis=1, keepdims=True) + 1)"
        ),
        "softmax of X": lines("X", "{b} = softmax({a}, axis=0)*{a}"),
        "X of X": lines("X", "{b} = {a} @ ({a}.T @ {a})"),
        "stencil": lines("r", "{b} = roll({a}, 1) + roll({a}, -1) - 2*{a}"),
        "diffusion": lines("r", "{b} = {a} + x*convolve({a}, [1, -2, 1], 'same')"),
        "slices": lines("r", "{b} = concat([{a}[1:], {a}[:1]])*{a}"),
        "halves": lines("r", "{b} = concat([{a}[::2], {a}[1::2]])"),
        "fft": lines("r", "{b} = concat([{a}[::2] + {a}[1::2], {a}[::2] - {a}[1::2]])"),
        "stacks": lines("x", "{b} = stack([{a}, {a}])"),
        "stacks of y": lines("x", "{b} = stack([{a}, y*{a}])"),
        "kron": lines("S", "{b} = kron({a}, S)"),
        "outer": lines("v", "{b} = outer({a}, v).ravel()"),
        "outer of two": lines("r", "{b} = outer({a}, {a})[0]"),
        "new axes": lines("v", "{b} = {a}[..., None]*v"),
        "T of T": lines("T", "{b} = einsum('ijk,klm->ijm', {a}, T)"),
        "T by v": lines("T", "{b} = {a} @ A + T"),
        "where": lines("x", "{b} = where({a} > y, {a} - y, {a} + y)"),
        "max": lines("x", "{b} = maximum({a}*y, {a} + y)"),
        "abs": lines("x", "{b} = abs({a} - %)"),
        "tent map": lines("x", "{b} = where({a} < 1/2, 2*{a}, 2 - 2*{a})"),
        "floor": lines("x", "{b} = 3*{a} - floor(3*{a})"),
        "clip": lines("x", "{b} = clip(3*{a}, -y, y)"),
        "conditions": lines("x > 0", "{b} = {a} ^ (x > %)", "where({a}, x, y)"),
        "counting": lines("v > 0", "{b} = {a} & (w > %)", "sum({a})*x"),
        "special": lines("x", "{b} = gamma({a} + 1)/{a}"),
        "erf": lines("x", "{b} = erf({a})*exp(-{a}**2)"),
        "bessel": lines("x", "{b} = jv(2, {a})*{a}"),
        "polylines": lines("x", "{b} = polyval([1, 2, 3, 4], {a})"),
        "interp": lines("x", "{b} = interp({a}, [0, 1, 2], [0, 2, 1])"),
        "cumsums": lines("r", "{b} = cumsum({a}*{a})"),
        "cumprods": lines("r", "{b} = cumprod(1 + {a})"),
        "sorts": lines("r", "{b} = sort({a})*r"),
        "logsumexps": lines("v", "{b} = {a} - logsumexp({a}*v)"),
        "normalise": lines("v", "{b} = {a}**2/sum({a}**2)"),
        "names": "\n".join([*(f"b{i} = x + {i}" for i in range(60)), "*".join(f"b{i}" for i in range(60))])[:MOST],
        "tribonacci": "a = x\nb = y\nc = z\n" + "d = a*b + c\na = b*c + d\nb = c*d + a\nc = d*a + b\n" * 20 + "a*b*c",
    }
    yield from ((f"statements: {k}", t) for k, t in programs.items())


def _of_signs() -> Iterator[tuple[str, str]]:
    signs = {
        "minus": "-" * 900 + "x",
        "plus": "+" * 900 + "x",
        "tildes": "~" * 900 + "(x > 0)",
        "not": "not " * 200 + "(x > 0)",
        "brackets": "(" * 85 + "x" + ")" * 85,
        "brackets twice": "((" * 40 + "x" + ")*2)" * 40,
        "empty brackets": "(" * 400 + ")" * 400,
        "lists": "[" * 85 + "x" + "]" * 85,
        "stack of lists": "stack(" + "[" * 30 + "x" + "]" * 30 + ")",
        "lists of lists": "sum(asarray(" + "[" * 20 + ", ".join(["x"] * 200) + "]" * 20 + "))",
        "commas": "sum([" + "x," * 480 + "])",
        "dots": "v" + ".T" * 450,
        "indices": "r" + "[0:6]" * 190,
        "ellipses": "r" + "[...]" * 190,
        "none": "x" + "[None]" * 30,
        "chained": " < ".join(["x"] * 200),
        "comparisons": "(x < y) == " * 80 + "(x < z)",
        "ands": " & ".join(f"(x > {i})" for i in range(80)),
        "ors of ands": " | ".join(f"(x > {i}) & (y < {i})" for i in range(35)),
        "xors": " ^ ".join(f"(x > {i})" for i in range(80)),
        "nested xors": nest("(x > 0) ^ (", "y > 0", ")"),
        "and nots": " & ".join(f"~(x > {i})" for i in range(75)),
        "ternary": nest("(x if x > y else ", "y", ")"),
        "stars": "x" + "**2" * 300,
        "minus stars": "x" + "**-1" * 240,
        "half stars": "x" + "**0.5" * 190,
        "slashes": "x" + "/y" * 480,
        "floor slashes": "x" + "//y" * 320,
        "percents": "x" + "%y" * 480,
        "ats": "A" + "@A" * 490,
        "mixed ats": "A" + "@B.T@A" * 160,
        "minus ats": "-A" + "@-A" * 320,
        "plus minus": "x" + "+-x" * 320,
        "times minus": "x" + "*-y" * 320,
        "whitespace": "x" + " " * 900 + "+ y",
        "newlines": "x = y\n" * 150 + "x",
        "assignments": "\n".join(f"x{i} = x{i - 1}" for i in range(1, 75)) + "\nx74",
        "semicolons": "x; " * 300,
        "comments": "x # " + "c" * 900,
        "long name": "a" * 990,
        "long names": "a" * 490 + "*" + "b" * 490,
        "names of one letter": "*".join("abcdefghijklmnopqrstuvwxyz"),
        "names of two": "*".join(f"{a}{b}" for a in "abcdefghij" for b in "abcdefghijklmnopqrstuvwxyz")[:998],
        "greek": "*".join("αβγδεζηθικλμνξοπρστυφχψω" * 20)[:999],
        "primes": "x" + "'" * 900,
        "underscores": "_" * 990,
        "digits in names": "x" + "0" * 980,
        "strings": "'" * 900,
        "quotes": 'einsum("' + "i," * 400 + '->i", v)',
        "unbalanced": "(" * 999,
        "closing": ")" * 999,
        "unknown": "f(" * 80 + "x" + ")" * 80,
        "keywords": "lambda x: " * 90 + "x",
        "keyword arguments": "sum(v, " + "axis=0, " * 110 + ")",
        "stars of arguments": "max(*" * 80 + "v" + ")" * 80,
        "sums": "sum(" * 85 + "v" + ")" * 85,
        "einsum of spaces": "einsum('" + " " * 900 + "i->i', v)",
        "einsum of dots": "einsum('" + "..." * 300 + "', v)",
        "einsum of letters": "einsum('" + "abcdefghijklmnopqrstuvwxyz" * 30 + "->', T)",
        "einsum of arrows": "einsum('i" + "->" * 400 + "', v)",
        "slices of slices": "v[" + "::" * 400 + "]",
        "index of index": "r[" * 85 + "0" + "]" * 85,
        "steps": "r" + "[::1]" * 190,
        "negative steps": "r" + "[::-1]" * 160 + "*x",
        "nul": "x\0" * 400,
        "surrogates": "x*" + "\U0001d465" * 400,
        "superscripts": "x" + "²" * 400,
        "tabs": "\t" * 900 + "x",
        "carriage": "x\r\n" * 300,
        "zero width": "x\u200b" * 300,
        "combining": "x" + "\u0301" * 900,
        "rtl": "\u202e" * 900 + "x",
        "numbers of names": " ".join(map(str, range(250))),
        "commas of numbers": ",".join(map(str, range(250))),
        "hexadecimal": "x*0x" + "f" * 900,
        "binary": "x*0b" + "1" * 950,
        "underscored": "x*1" + "_0" * 480,
    }
    yield from ((f"signs: {k}", t) for k, t in signs.items())


TEXTS = dict(texts())
