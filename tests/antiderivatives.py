"""Textbook antiderivatives (F, f, where t lies), and substitutions t = g(x): d/dx F(g(x)) = f(g(x)) g'(x)."""

import re

PAIRS = """
t**3/3 ; t**2 ; 0 2
t**2.5/2.5 ; t**1.5 ; 0.1 2
log(t) ; 1/t ; 0.2 3
exp(2*t)/2 ; exp(2*t) ; -1 1
-cos(3*t)/3 ; sin(3*t) ; -1 1
sin(3*t)/3 ; cos(3*t) ; -1 1
-log(cos(t)) ; tan(t) ; -1 1
log(sin(t)) ; cot(t) ; 0.3 1.3
log(tan(t) + 1/cos(t)) ; sec(t) ; 0 1.2
tan(t) ; sec(t)**2 ; -1 1
t*log(t) - t ; log(t) ; 0.2 3
t**2/2*log(t) - t**2/4 ; t*log(t) ; 0.2 3
log(t)**2/2 ; log(t)/t ; 0.2 3
log(log(t)) ; 1/(t*log(t)) ; 1.5 4
t*exp(t) - exp(t) ; t*exp(t) ; -1 1
(t**2 - 2*t + 2)*exp(t) ; t**2*exp(t) ; -1 1
exp(t)*(sin(t) - cos(t))/2 ; exp(t)*sin(t) ; -1 1
exp(t)*(sin(t) + cos(t))/2 ; exp(t)*cos(t) ; -1 1
atan(t/2)/2 ; 1/(t**2 + 4) ; -2 2
log((t - 2)/(t + 2))/4 ; 1/(t**2 - 4) ; 3 5
asin(t/2) ; 1/sqrt(4 - t**2) ; -1 1
asinh(t/2) ; 1/sqrt(t**2 + 4) ; -2 2
acosh(t/2) ; 1/sqrt(t**2 - 4) ; 3 5
t/2*sqrt(t**2 + 4) + 2*asinh(t/2) ; sqrt(t**2 + 4) ; -2 2
t/2*sqrt(4 - t**2) + 2*asin(t/2) ; sqrt(4 - t**2) ; -1 1
t*asin(t) + sqrt(1 - t**2) ; asin(t) ; -0.8 0.8
t*acos(t) - sqrt(1 - t**2) ; acos(t) ; -0.8 0.8
t*atan(t) - log(1 + t**2)/2 ; atan(t) ; -2 2
t*asinh(t) - sqrt(1 + t**2) ; asinh(t) ; -2 2
t*acosh(t) - sqrt(t**2 - 1) ; acosh(t) ; 1.5 3
t*atanh(t) + log(1 - t**2)/2 ; atanh(t) ; -0.8 0.8
cosh(t) ; sinh(t) ; -1 1
log(cosh(t)) ; tanh(t) ; -2 2
2*atan(tanh(t/2)) ; sech(t) ; -2 2
tanh(t) ; sech(t)**2 ; -2 2
log(tanh(t/2)) ; csch(t) ; 0.5 2
t/2 - sin(2*t)/4 ; sin(t)**2 ; -1 1
t/2 + sin(2*t)/4 ; cos(t)**2 ; -1 1
-cos(t) + cos(t)**3/3 ; sin(t)**3 ; -1 1
sin(t)**2/2 ; sin(t)*cos(t) ; -1 1
tan(t) - t ; tan(t)**2 ; -1 1
sin(t) - t*cos(t) ; t*sin(t) ; -2 2
cos(t) + t*sin(t) ; t*cos(t) ; -2 2
t - log(1 + exp(t)) ; 1/(1 + exp(t)) ; -3 3
log(1 + exp(t)) ; sigmoid(t) ; -3 3
sigmoid(t) ; exp(t)/(1 + exp(t))**2 ; -3 3
2**t/log(2) ; 2**t ; -1 1
(t + 1)*log(t + 1) - t ; log(1 + t) ; 0 2
-1/(t + 1) ; 1/(t + 1)**2 ; 0 2
2*sqrt(t) ; 1/sqrt(t) ; 0.1 2
2*sqrt(t) - 2*log(1 + sqrt(t)) ; 1/(1 + sqrt(t)) ; 0.1 2
2*atan(sqrt(t)) ; 1/(sqrt(t)*(1 + t)) ; 0.1 2
log(t + sqrt(1 + t**2)) ; 1/sqrt(1 + t**2) ; -1 1
-sqrt(1 - t**2) ; t/sqrt(1 - t**2) ; -0.8 0.8
(1 + t**2)**1.5/3 ; t*sqrt(1 + t**2) ; -1 1
log(t**2 + t + 1)/2 - atan((2*t + 1)/sqrt(3))/sqrt(3) ; t/(t**2 + t + 1) ; -1 2
t/(2*(t**2 + 1)) + atan(t)/2 ; 1/(t**2 + 1)**2 ; -2 2
log((1 + t)/(1 - t))/2 ; 1/(1 - t**2) ; -0.8 0.8
t*log(t)**2 - 2*t*log(t) + 2*t ; log(t)**2 ; 0.2 3
t*(sin(log(t)) - cos(log(t)))/2 ; sin(log(t)) ; 0.2 3
t*log(1 + t**2) - 2*t + 2*atan(t) ; log(1 + t**2) ; -2 2
-log(t)/t - 1/t ; log(t)/t**2 ; 0.3 3
-(t + 1)*exp(-t) ; t*exp(-t) ; -1 2
2*atan(exp(t)) ; sech(t) ; -2 2
sin(t)**4/4 ; sin(t)**3*cos(t) ; -1 1
atan(2*tan(t))/2 ; 1/(1 + 3*sin(t)**2) ; -1 1
log(abs(t**3 + 2))/3 ; t**2/(t**3 + 2) ; -1 2
sqrt(pi)/2*erf(t) ; exp(-t**2) ; -2 2
t*erf(t) + exp(-t**2)/sqrt(pi) ; erf(t) ; -2 2
t*erfc(t) - exp(-t**2)/sqrt(pi) ; erfc(t) ; -2 2
sqrt(pi)/2*erfi(t) ; exp(t**2) ; -1 1
-exp(-t**2)/2 ; t*exp(-t**2) ; -2 2
sqrt(pi)/4*erf(t) - t*exp(-t**2)/2 ; t**2*exp(-t**2) ; -2 2
t**2/2*erf(t) - erf(t)/4 + t*exp(-t**2)/(2*sqrt(pi)) ; t*erf(t) ; -2 2
expi(t) ; exp(t)/t ; 0.3 2
-exp1(t) ; exp(-t)/t ; 0.3 2
t*expi(t) - exp(t) ; expi(t) ; 0.3 2
t*exp1(t) - exp(-t) ; exp1(t) ; 0.3 2
expi(log(t)) ; 1/log(t) ; 1.5 4
Si(t) ; sin(t)/t ; 0.3 3
Ci(t) ; cos(t)/t ; 0.3 3
Shi(t) ; sinh(t)/t ; 0.3 2
Chi(t) ; cosh(t)/t ; 0.3 2
t*Si(t) + cos(t) ; Si(t) ; -3 3
t*Ci(t) - sin(t) ; Ci(t) ; 0.3 3
Si(pi*t)/pi ; sinc(t) ; 0.1 2
-expn(3, t) ; expn(2, t) ; 0.3 2
ndtr(t) ; exp(-t**2/2)/sqrt(2*pi) ; -2 2
t*ndtr(t) + exp(-t**2/2)/sqrt(2*pi) ; ndtr(t) ; -2 2
dawsn(t) ; 1 - 2*t*dawsn(t) ; -2 2
gammaln(t) ; digamma(t) ; 0.5 3
digamma(t) ; polygamma(1, t) ; 0.5 3
gamma(2.5)*gammainc(2.5, t) ; t**1.5*exp(-t) ; 0.3 4
-gamma(2.5)*gammaincc(2.5, t) ; t**1.5*exp(-t) ; 0.3 4
beta(2.5, 1.5)*betainc(2.5, 1.5, t) ; t**1.5*sqrt(1 - t) ; 0.1 0.9
-zeta(2.0, t)/2 ; zeta(3.0, t) ; 0.5 3
-j0(t) ; j1(t) ; 0.3 4
t*j1(t) ; t*j0(t) ; 0.3 4
-y0(t) ; y1(t) ; 0.3 4
t*y1(t) ; t*y0(t) ; 0.3 4
i0(t) ; i1(t) ; 0.3 3
t*i1(t) ; t*i0(t) ; 0.3 3
-k0(t) ; k1(t) ; 0.3 3
-t*k1(t) ; t*k0(t) ; 0.3 3
t**2*jv(2, t) ; t**2*j1(t) ; 0.3 4
-jv(2, t)/t**2 ; jv(3, t)/t**2 ; 0.3 4
t**2*iv(2, t) ; t**2*i1(t) ; 0.3 3
-t**2*kv(2, t) ; t**2*k1(t) ; 0.3 3
t*j0(t) + pi*t/2*(j1(t)*struve(0, t) - j0(t)*struve(1, t)) ; j0(t) ; 0.3 4
airyaiprime(t) ; t*airyai(t) ; -2 2
airybiprime(t) ; t*airybi(t) ; -2 2
t*airyai(t)**2 - airyaiprime(t)**2 ; airyai(t)**2 ; -2 2
ellipkinc(t, 0.4) ; 1/sqrt(1 - 0.4*sin(t)**2) ; 0.1 1.4
ellipeinc(t, 0.4) ; sqrt(1 - 0.4*sin(t)**2) ; 0.1 1.4
2*(ellipe(t) - (1 - t)*ellipk(t)) ; ellipk(t) ; 0.1 0.8
2/3*((1 + t)*ellipe(t) - (1 - t)*ellipk(t)) ; ellipe(t) ; 0.1 0.8
t*(lambertw(t) - 1 + 1/lambertw(t)) ; lambertw(t) ; 0.3 3
lambertw(t)**2/2 + lambertw(t) ; lambertw(t)/t ; 0.3 3
polylog(2, t) ; -log(1 - t)/t ; 0.1 0.8
polylog(3, t) ; polylog(2, t)/t ; 0.1 0.8
polylog(2, -exp(t)) ; -log(1 + exp(t)) ; -2 1.5
spence(t) ; log(t)/(1 - t) ; 0.2 0.9
(eval_legendre(4, t) - eval_legendre(2, t))/7 ; eval_legendre(3, t) ; -0.8 0.8
eval_chebyt(4, t)/4 ; eval_chebyu(3, t) ; -0.8 0.8
eval_hermite(4, t)/8 ; eval_hermite(3, t) ; -1 1
eval_laguerre(3, t) - eval_laguerre(4, t) ; eval_laguerre(3, t) ; 0 3
eval_gegenbauer(4, 1.5, t)/3 ; eval_gegenbauer(3, 2.5, t) ; -0.8 0.8
hyp1f1(1.5, 2.5, t)*2.5/1.5 ; hyp1f1(2.5, 3.5, t) ; -1 1
hyp2f1(0.5, 1.5, 2.5, t)*2.5/0.75 ; hyp2f1(1.5, 2.5, 3.5, t) ; 0.1 0.6
1.5*hyp0f1(1.5, t) ; hyp0f1(2.5, t) ; -1 2
"""
INNER = {  # w from (0, 1) to (0, 1): its derivative
    "x": "1", "x**2": "2*x", "sqrt(x)": "1/(2*sqrt(x))", "sin(x)": "cos(x)", "1 - exp(-x)": "exp(-x)",
    "x/(1 + x)": "1/(1 + x)**2", "tanh(x)": "1/cosh(x)**2", "log(1 + x)": "1/(1 + x)",
}  # fmt: skip


def rows() -> list[tuple[str, str]]:
    """(F(g(x)), f(g(x))*g'(x)) of each pair under each substitution, the plain one first."""
    found = []
    for w, slope in INNER.items():
        for line in PAIRS.strip().splitlines():
            antiderivative, integrand, interval = line.split(" ; ")
            low, high = interval.split()
            g = f"({low} + ({high} - ({low}))*({w}))"
            put = re.compile(r"\bt\b")
            found.append((put.sub(g, antiderivative), f"({put.sub(g, integrand)})*({high} - ({low}))*({slope})"))
    return found
