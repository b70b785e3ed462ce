"""Three hundred scalar functions of x, to be differentiated: in a spelling that sympy and symdiff both read.

They are defined for x in (0.3, 0.8) and a, b, y in (1.1, 1.9), all real.
"""

FAMILIES = {
    "polynomials and rational functions": """
        x**7 - 3*x**2 + 5
        (x + 1)**5
        (2*x - 3)**4*(x + 1)
        (x**2 + 1)**3/(x - 2)
        x/(x**2 + 1)
        (x - 1)/(x + 1)
        1/(1 + x**2)
        1/(a + b*x)
        (a*x + b)/(b*x + a)
        x**a
        a**x
        x**x
        (x**2 + a**2)**(3/2)
        x*(x - a)*(x - b)
        (a - x)**2*(b - x)**3
        x**3/(a + x)**2
        1/x - 1/x**2 + 1/x**3
        (1 - x)**a*(1 + x)**b
        x**(a + b)
        (x + 1/x)**2
        (x**2 - a*x + b)/(x**2 + a*x + b)
        x**2*y**3 - a*x*y + b
        (x*y - a)**2 + (x + y - b)**2
        1/(1 + 1/(1 + x))
        (x + y)**6
        (1 - x**2)/(1 + x**2)**2
        x/(1 + x/(1 + x))
        (3*x + 2)**(-4)
        a*x/(b + x)
        x**a/(b**a + x**a)
    """,
    "roots": """
        sqrt(x)
        sqrt(1 + x**2)
        sqrt(a**2 + x**2)
        1/sqrt(x)
        1/sqrt(1 + x**2)
        x*sqrt(1 - x**2)
        x/sqrt(1 - x**2)
        sqrt(x + sqrt(x))
        sqrt(a*x**2 + b)
        x**(1/3)
        (1 + x)**(2/3)
        sqrt((1 + x)/(1 - x))
        sqrt(x)*(x - a)
        sqrt((x - a)**2 + y**2)
        x**2*sqrt(x + 1)
        sqrt(1 + sqrt(1 + x))
        (a**2 + x**2)**(-3/2)
        sqrt(x**2 + y**2) - a
        sqrt(a + b*x)/x
        x/sqrt(x**2 + y**2)
    """,
    "exponentials and logarithms": """
        exp(x)
        exp(-x**2/2)
        x*exp(-x*y)
        x**2*exp(x)
        exp(a*x)*(b + x)
        exp(-(x - a)**2/(2*b**2))
        exp(exp(x))
        exp(1/x)
        exp(-a*x)/x
        1/(1 + exp(-x))
        exp(x)/(1 + exp(x))**2
        (exp(x) - exp(-x))/(exp(x) + exp(-x))
        log(x)
        log(1 + x)
        log(a*x + b)
        x*log(x)
        x*log(x) - x
        x**2*log(x)
        log(x)/x
        log(x)**2
        log(log(1 + a*x) + 1)
        log(1 + exp(x))
        log(1 + exp(-y*x))
        log(exp(x) + exp(y))
        log(x + sqrt(1 + x**2))
        log((1 + x)/(1 - x))
        x*log(x/y)
        -x*log(x) - (1 - x)*log(1 - x)
        a*log(x) + b*log(1 - x)
        exp(x)*log(x)
        exp(-x)*(1 + x + x**2/2)
        a*exp(-b*x)*x**2
        1/(a + exp(b*x))
        exp(sqrt(x))
        sqrt(exp(x) + 1)
        log(a**2 + x**2)
        x**a*exp(-b*x)
        exp(x**2)*exp(-x)
        log(sqrt(x))
        1/log(1 + a + x)
        exp(a*x + b)**2
        x*exp(x)*log(x)
        log(x)**3/x**2
        exp(-exp(-x))
        a*exp(-x/b) + y
    """,
    "trigonometric": """
        sin(x)
        sin(a*x + b)
        sin(x)*cos(x)
        sin(x)**2
        sin(x)**3*cos(x)**2
        sin(x)/x
        x*sin(x)
        x**2*cos(x)
        cos(x)/x**2
        tan(x)
        tan(x)**2
        x*tan(x)
        1/cos(x)
        1/sin(x)
        cos(x)/sin(x)
        sin(1/x)
        x**2*sin(1/x)
        sin(x**2)
        cos(sqrt(x))
        sin(cos(x))
        sin(sin(x))
        tan(sin(x))
        sin(x)/(1 + cos(x))
        (1 - cos(x))/x**2
        1/(a + b*cos(x))
        sin(x)*sin(y)
        sin(x + y)*cos(x - y)
        a*sin(x) + b*cos(x)
        sqrt(1 + cos(x))
        log(sin(x))
        log(cos(x))
        log(tan(x))
        exp(sin(x))
        exp(-x)*sin(a*x)
        exp(a*x)*cos(b*x)
        sin(x)*exp(cos(x))
        sin(a*x)/(b*x)
        x*sin(x) + cos(x)
        x*cos(x) - sin(x)
        tan(x) - x
        sin(x)*log(x)
        cos(x)**a
        sin(log(x))
        x*(sin(log(x)) + cos(log(x)))
        sin(exp(x))
    """,
    "inverse trigonometric": """
        asin(x)
        acos(x)
        atan(x)
        atan(a*x)
        atan(1/x)
        atan(x/y)
        x*asin(x) + sqrt(1 - x**2)
        x*atan(x)
        x*atan(x) - log(1 + x**2)/2
        asin(x)**2
        asin(x/a)
        acos(1 - x)
        atan(sqrt(x))
        atan((1 + x)/(1 - x))
        atan(exp(x))
        atan2(y, x)
        atan2(x, y)
        sin(asin(x)/2)
        asin(sqrt(x))
        1/atan(x)
        exp(atan(x))
        x**2*acos(x)
        asin(x)*acos(x)
        atan(sin(x))
        log(atan(x))
    """,
    "hyperbolic": """
        sinh(x)
        cosh(a*x)
        tanh(x)
        tanh(x)**2
        x*tanh(x)
        tanh(a*x + b)
        log(cosh(x))
        sinh(x)*cosh(x)
        sinh(x)/x
        x*cosh(x) - sinh(x)
        1/cosh(x)
        1/cosh(x)**2
        exp(-x)*sinh(x)
        tanh(sinh(x))
        a*cosh(x/a)
        sqrt(cosh(x))
        asinh(x)
        acosh(1 + x)
        atanh(x)
        x*asinh(x) - sqrt(1 + x**2)
        asinh(a*x)
        atanh(x)/x
        tanh(x)/x
        sinh(sin(x))
        x - tanh(x)
        (1 + tanh(x))/2
        x*(1 + tanh(a*(x + b*x**3)))/2
        log(tanh(x))
        cosh(x)**2 - sinh(x)**2 + x
        exp(tanh(x))
    """,
    "special functions": """
        erf(x)
        erf(x/a)
        x*erf(x)
        erfc(x)
        x*(1 + erf(x/sqrt(2)))/2
        exp(x**2)*erfc(x)
        x*erf(x) + exp(-x**2)/sqrt(pi)
        erf(log(x))
        log(erfc(x))
        erf(x)**2
        erfi(x)
        gamma(x)
        gamma(x + 1)
        gamma(x)/gamma(x + a)
        1/gamma(x)
        loggamma(x)
        loggamma(x + a) - loggamma(x)
        x*digamma(x)
        digamma(x)**2
        digamma(x)
        x*loggamma(x)
        a**x/gamma(x + 1)
        exp(-a)*a**x/gamma(x + 1)
        Si(x)
        x*Si(x) + cos(x)
        Ci(x)
        Si(a*x)
        Shi(x)
        Chi(x)
        Ei(x)
        exp(-x)*Ei(x)
        x*Ei(x) - exp(x)
        fresnels(x)
        fresnelc(x)
        LambertW(x)
        LambertW(x)**2
        x*LambertW(x)
        exp(LambertW(x))
        besselj(0, x)
        x*besselj(1, x)
        besselj(0, a*x)
        besseli(0, x)
        exp(-x)*besseli(0, x)
        bessely(0, x)
        elliptic_k(x)
        elliptic_e(x)
        erf(sin(x))
        sin(x)*erf(x)
        x**2*Si(x)
        Ei(log(1 + x))
    """,
    "statistics and physics": """
        log(b) + (x - a)**2/(2*b**2)
        a*log(x) - b*x - loggamma(a)
        exp(-(log(x) - a)**2/(2*b**2))/x
        (1 + (x - a)**2/b)**(-(b + 1)/2)
        1 - exp(-(x/a)**b)
        (x/a)**(b - 1)*exp(-(x/a)**b)
        a/(exp(b/x) - 1)
        x**3/(exp(x) - 1)
        a*((b/x)**12 - (b/x)**6)
        a*(1 - exp(-b*(x - y)))**2
        a*x/sqrt(1 - x**2)
        1/sqrt(1 - x**2/a**2)
        a*exp(-b/x)*x**y
        -a/x + b/(2*x**2)
        a*exp(-x/b)*cos(y*x)
        sqrt(a**2 + b**2 - 2*a*b*cos(x))
        log(1 + a*x**2)/2
        b*x*(1 - x/a)
        a/(1 + b*exp(-y*x))
        x**2/(x**2 + a**2)**2
        atan(a*x/(b - x**2))
        (a*x + b)*exp(-x)/(1 + x)
        sqrt(2*a*x + x**2)
        x*log(1 + a/x)
        a*x**2/2 + b*x**4/4
        log(1 + x**a)/a
        (x**a - 1)/a
        exp(-a*x**2)*x**b
        x*sin(y) - a*x**2/(2*b**2*cos(y)**2)
        1/(1 + (x/a)**(2*b))
    """,
    "piecewise": """
        Abs(x - a)
        x*Abs(x)
        Max(x, a)
        Min(x, a*x**2)
        Abs(sin(x))
        Piecewise((x**2, x > a), (a*x, True))
        Piecewise((x**2/2, x < 1/2), (x/2 - 1/8, True))
        Piecewise((sin(x), x < a), (cos(x), True))
        Piecewise((exp(x), x < 0), (1 + x + x**2/2, True))
        Piecewise((0, x < 0), (x**3, x < 1), (3*x - 2, True))
        Max(0, x)**2
        Max(0, 1 - x*y)
        Max(0, 1 - x*y)**2
        Abs(x)**3
        sqrt(Abs(x))
        log(Abs(x))
        exp(-Abs(x))
        x/(1 + Abs(x))
        Piecewise((a*(exp(x) - 1), x < 0), (x, True))
        Piecewise((x*log(x), x > 0), (0, True))
        Max(x, 0) - a*Max(-x, 0)
        Piecewise((1 - x**2, x < 1), (0, True))
        Piecewise(((1 - x**2)**3, x < 1), (0, True))
        Abs(x - a) + Abs(x - b)
        Piecewise((sqrt(x), x > 1/10), (10*x, True))
    """,
}

FORMULAS = tuple(line.strip() for family in FAMILIES.values() for line in family.strip().splitlines())
