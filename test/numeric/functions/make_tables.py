"""Writes the tables of this folder: each built-in function at many points, to 25 digits, with its derivatives.

Run by hand (needs mpmath; a few minutes); the tables are kept beside it. Nothing here is taken from the functions under test:
values come from definitions evaluated with many more digits than asked for, derivatives from closed forms in the same
arithmetic, and `check_derivatives` compares every one of them with a difference quotient.

Format of `<function>.tsv`: lines that begin with `#` are comments; the first names the columns. Inputs are hexadecimal doubles
(`inf`, `-inf`, `nan` among them); `value` and `d_<input>` are decimal with 25 digits, to be rounded to a double by `strtod` (which
gives an infinity or a subnormal where that is the rounded result); `-` stands where nothing is asked for (a derivative at a corner or pole).
"""
import math
import os
import random
import sys

from mpmath import mp, mpf

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
INF = math.inf
NAN = math.nan
TINY = 5e-324
SMALL = sys.float_info.min
HUGE = sys.float_info.max
PI = mp.pi


def ulps(x, n):
    for _ in range(abs(n)):
        x = math.nextafter(x, INF if n > 0 else -INF)
    return x


def around(x, n=2):
    return [ulps(x, k) for k in range(-n, n + 1)]


def spread(lo, hi, n, seed):
    """`n` doubles between lo and hi, even on the log scale when both are positive."""
    rng = random.Random(seed)
    if lo > 0:
        return [min(hi, max(lo, math.exp(rng.uniform(math.log(lo), math.log(hi))))) for _ in range(n)]
    return [rng.uniform(lo, hi) for _ in range(n)]


def both(points):
    return [s * p for p in points for s in (1.0, -1.0)]


EDGES = [0.0, -0.0, TINY, -TINY, SMALL, -SMALL, ulps(SMALL, -1), 1e-300, -1e-300, 1e-20, -1e-20, 1e-10, -1e-10, 1e-5, -1e-5,
         HUGE, -HUGE, 1e300, -1e300, 1e20, -1e20, INF, -INF, NAN]
REAL = EDGES + both(spread(1e-12, 1.0, 40, 1) + spread(1.0, 40.0, 60, 2) + spread(40.0, 1e6, 20, 3)) + around(1.0) + around(-1.0) + \
    [0.5, -0.5, 2.0, -2.0]
POSITIVE = [e for e in EDGES if e > 0 or e != e] + spread(1e-300, 1e-12, 20, 4) + spread(1e-12, 1.0, 40, 5) + \
    spread(1.0, 100.0, 60, 6) + spread(100.0, 1e300, 40, 7) + around(1.0, 4) + around(2.0, 4) + [0.5, 1.5]


def digits(n):
    """At least n digits inside; more where the caller works with more, as difference quotients do."""
    return mp.workdps(max(mp.dps, n))


def taylor(x, first, term):
    """Sum of the series whose terms `term(k)` begin at k = first, for small |x|."""
    total, k = mpf(0), first
    while True:
        t = term(k)
        total += t
        if abs(t) <= abs(total) * mp.eps:
            return total
        k += 1


def log1pmx(x):
    if abs(x) < mpf("1e-3"):
        return taylor(x, 2, lambda k: -((-x) ** k) / k)
    return mp.log1p(x) - x


def expm1mx(x):
    if abs(x) < mpf("1e-3"):
        return taylor(x, 2, lambda k: x ** k / mp.factorial(k))
    return mp.expm1(x) - x


def log1mexp(x):
    return mp.log(-mp.expm1(x)) if x > -1 else mp.log1p(-mp.exp(x))


def softplus(x):
    return mp.log1p(mp.exp(x)) if x < 50 else x + mp.log1p(mp.exp(-x))


def sigmoid(x):
    return 1 / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))


def sigmoid_slope(x):
    return sigmoid(x) * sigmoid(-x)


def lgamma(x):
    with digits(400 if x > mpf("1e15") else 60):
        if x > 0 and abs(x) < mpf("1e-30"):
            return -mp.log(x) - mp.euler * x
        if x > 0:
            return +mp.re(mp.loggamma(x))
        # Reflection: |gamma(x) gamma(1 - x)| = pi / |sin(pi x)|
        return mp.log(PI) - mp.log(abs(mp.sinpi(x))) - mp.re(mp.loggamma(1 - x))


def digamma(x):
    with digits(100):
        if x < 0:
            return mp.digamma(1 - x) - PI / mp.tan(PI * (x - mp.nint(x)))
        return mp.digamma(x)


def trigamma(x):
    if x > mpf("1e12"):
        return 1 / x + 1 / (2 * x ** 2) + 1 / (6 * x ** 3) - 1 / (30 * x ** 5)
    if x < 0:
        return (PI / mp.sinpi(x)) ** 2 - trigamma(1 - x)
    return mp.psi(1, x)


def lgamma_excess(x):
    if x < mpf("1e-25"):
        return -mp.euler * x + PI ** 2 / 12 * x ** 2 - x * mp.log(x) + x
    if x > mpf("1e12"):
        return mp.log(2 * PI * x) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
    with digits(90):
        return mp.loggamma(x + 1) - x * mp.log(x) + x


def digamma_excess(x):
    if x > mpf("1e12"):
        return 1 / (2 * x) - 1 / (12 * x ** 2) + 1 / (120 * x ** 4)
    with digits(90):
        return mp.digamma(x + 1) - mp.log(x)


def digamma_excess_slope(x):
    if x > mpf("1e12"):
        return -1 / (2 * x ** 2) + 1 / (6 * x ** 3) - 1 / (30 * x ** 5)
    with digits(90):
        return mp.psi(1, x + 1) - 1 / x


def erfc(x):
    """mpmath's own fails far out, where the result is far below any double."""
    return mp.erfc(x) if abs(x) < 1e6 else mpf(0) if x > 0 else mpf(2)


def normal_cdf(x):
    return erfc(-x / mp.sqrt(2)) / 2


def normal_density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * PI)


def normal_log_cdf(x):
    if x < mpf("-1e6"):
        return -x * x / 2 - mp.log(-x) - mp.log(2 * PI) / 2 + mp.log1p(-1 / x ** 2 + 3 / x ** 4 - 15 / x ** 6)
    if x > 0:
        return mp.log1p(-erfc(x / mp.sqrt(2)) / 2)
    return mp.log(normal_cdf(x))


def normal_log_cdf_slope(x):
    """density / cdf"""
    if x < mpf("-1e6"):
        return -x / (1 - 1 / x ** 2 + 3 / x ** 4 - 15 / x ** 6)
    return normal_density(x) / normal_cdf(x)


def normal_quantile(p):
    if p == mpf(1) / 2:
        return mpf(0)
    if p > mpf(1) / 2:
        q = 1 - p
        return -normal_quantile(q)
    target = mp.log(p)
    start = -mp.sqrt(-2 * target) if p < mpf("0.01") else mp.sqrt(2) * mp.erfinv(2 * p - 1)
    if p > mpf("0.01"):
        return start
    return mp.findroot(lambda x: normal_log_cdf(x) - target, start, tol=mpf(10) ** -50, maxsteps=100)


def lbeta(a, b):
    with digits(400 if max(a, b) > mpf("1e15") else 90):
        return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def lbeta_slope(a, b):
    with digits(400 if max(a, b) > mpf("1e15") else 90):
        return mp.digamma(a) - mp.digamma(a + b)


def log_choose(n, k):
    with digits(400 if n > mpf("1e15") else 90):
        return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def kl_div(x, m):
    if x == 0:
        return m
    with digits(400):
        return x * mp.log(x / m) - x + m


def log_ratio(x, m):
    with digits(90):
        return mp.log(x / m)


def gamma_p(a, x):
    """Regularised lower incomplete gamma by the series x^a e^-x / gamma(a + 1) * sum x^n / ((a + 1) ... (a + n))."""
    if x == 0:
        return mpf(0)
    if x > a + 20 * mp.sqrt(a) + 200:
        return 1 - gamma_q(a, x)
    with digits(120):
        total = term = mpf(1)
        n = 0
        while term > total * mpf(10) ** -100:
            n += 1
            term *= x / (a + n)
            total += term
        return total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def gamma_q(a, x):
    """1 - P(a, x), by the continued fraction where x is beyond a, else with enough digits to subtract."""
    if x == 0:
        return mpf(1)
    if x > a + 1:
        with digits(120):
            # modified Lentz
            b = x + 1 - a
            c = mpf(10) ** 300
            d = 1 / b
            h = d
            i = 0
            while True:
                i += 1
                an = -i * (i - a)
                b += 2
                d = an * d + b
                c = b + an / c
                d = 1 / d
                step = c * d
                h *= step
                if abs(step - 1) < mpf(10) ** -80:
                    break
            return h * mp.exp(a * mp.log(x) - x - mp.loggamma(a))
    return 1 - gamma_p(a, x)


def numeric_slope(f, a):
    """Derivative of an analytic f at a > 0 by a central difference whose error is far below 25 digits."""
    with digits(120):
        h = a * mpf(10) ** -30
        return (f(a + h) - f(a - h)) / (2 * h)


def gamma_p_slope(a, x):
    """dP/da, from the side that is small: near 1 the difference quotient would lose the digits of the rest."""
    return -numeric_slope(lambda t: gamma_q(t, x), a) if x > a + 1 else numeric_slope(lambda t: gamma_p(t, x), a)


def gamma_density(a, x):
    return mp.exp((a - 1) * mp.log(x) - x - lgamma(a))


def beta_inc(a, b, x):
    """Regularised incomplete beta by its series about 0, from the side where x is below the mean."""
    if x == 0:
        return mpf(0)
    if x == 1:
        return mpf(1)
    with digits(120):
        if x > (a + 1) / (a + b + 2):
            return 1 - beta_inc_series(b, a, 1 - x)
        return beta_inc_series(a, b, x)


def beta_inc_series(a, b, x):
    # x^a (1 - x)^b / (a B(a, b)) * sum_{n} (a + b)_n / (a + 1)_n x^n
    total = term = mpf(1)
    n = 0
    while abs(term) > abs(total) * mpf(10) ** -100:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    log_front = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
    return total * mp.exp(log_front)


def beta_density(a, b, x):
    return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - lbeta(a, b))


# ------------------------------------------------------------------------------------------------ the functions

# name: (inputs, value, derivatives, points, exceptions). A derivative None is not asked for. `exceptions` gives (value, derivatives...)
# for points where the general form fails: infinities, zeros, edges of the domain. Values outside a domain are nan.
ONE = {}


def one(name, value, slope, points, exceptions=None, domain=None):
    ONE[name] = (value, slope, points, exceptions or {}, domain or (lambda x: True))


one("exp", mp.exp, mp.exp, REAL + around(709.782712893384) + around(-708.3964185322641) + around(-745.1332191019411) + [710.0, -750.0],
    {INF: (INF, INF), -INF: (0, 0)})
one("expm1", mp.expm1, mp.exp, REAL + [-37.5, -40.0, 709.5], {INF: (INF, INF), -INF: (-1, 0)})
one("log", mp.log, lambda x: 1 / x, POSITIVE + around(1.0, 8) + [0.0, -1.0, -INF], {0.0: (-INF, INF), INF: (INF, 0)}, lambda x: x >= 0)
one("log1p", mp.log1p, lambda x: 1 / (1 + x), [x for x in REAL if not x < -1] + around(-1.0)[2:] + [-0.999999, -2.0, -INF],
    {-1.0: (-INF, INF), INF: (INF, 0)}, lambda x: x >= -1)
one("sqrt", mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), POSITIVE + [0.0, -1.0], {0.0: (0, INF), INF: (INF, 0)}, lambda x: x >= 0)
one("square", lambda x: x * x, lambda x: 2 * x, REAL, {INF: (INF, INF), -INF: (INF, -INF)})
TRIG = [x for x in REAL if not math.isinf(x)] + [k * math.pi / 4 for k in range(-12, 13)] + [1e15, 1e22, 6381956970095103.0 * 2.0 ** 797,
                                                                                         INF, -INF]
one("sin", mp.sin, mp.cos, TRIG, {INF: (NAN, NAN), -INF: (NAN, NAN)})
one("cos", mp.cos, lambda x: -mp.sin(x), TRIG, {INF: (NAN, NAN), -INF: (NAN, NAN)})
one("tan", mp.tan, lambda x: 1 + mp.tan(x) ** 2, TRIG, {INF: (NAN, NAN), -INF: (NAN, NAN)})
ARC = [x for x in REAL if abs(x) <= 1 or x != x] + spread(-1, 1, 60, 8) + [1.5, -1.5]
one("asin", mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x)), ARC, {1.0: (PI / 2, INF), -1.0: (-PI / 2, INF)}, lambda x: abs(x) <= 1)
one("acos", mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x)), ARC, {1.0: (0, -INF), -1.0: (PI, -INF)}, lambda x: abs(x) <= 1)
one("atan", mp.atan, lambda x: 1 / (1 + x * x), REAL, {INF: (PI / 2, 0), -INF: (-PI / 2, 0)})
one("sinh", mp.sinh, mp.cosh, REAL + around(710.4758600739439), {INF: (INF, INF), -INF: (-INF, INF)})
one("cosh", mp.cosh, mp.sinh, REAL + around(710.4758600739439), {INF: (INF, INF), -INF: (INF, -INF)})
one("tanh", mp.tanh, lambda x: 1 / mp.cosh(x) ** 2 if abs(x) < 1e6 else mpf(0), REAL + both([19.0, 19.1, 22.0, 400.0]),
    {INF: (1, 0), -INF: (-1, 0)})
one("sigmoid", sigmoid, sigmoid_slope, REAL + both([36.7, 37.5, 709.0, 744.0, 746.0]), {INF: (1, 0), -INF: (0, 0)})
UNIT = [x for x in POSITIVE if x <= 1 or x != x] + spread(0.0, 1.0, 60, 9) + around(0.5, 4) + [ulps(1.0, -1), 1 - 1e-10, 0.0, 1.0, 1.5, -0.5]
one("logit", lambda x: mp.log(x) - mp.log1p(-x), lambda x: 1 / (x * (1 - x)), UNIT, {0.0: (-INF, INF), 1.0: (INF, INF)},
    lambda x: 0 <= x <= 1)
one("softplus", softplus, sigmoid, REAL + both([36.7, 37.5, 709.0, 744.0, 746.0]), {INF: (INF, 1), -INF: (0, 0)})
LN2 = math.log(2)
one("log1mexp", log1mexp, lambda x: 1 / -mp.expm1(-x), [-p for p in POSITIVE] + around(-LN2, 4) + [-37.0, -745.0, -800.0, -0.0, 1.0],
    {0.0: (-INF, -INF), -INF: (0, 0)}, lambda x: x <= 0)
ERF = REAL + both(spread(0.1, 6.0, 60, 10) + [5.9, 6.0, 26.5, 27.2, 28.0, 38.0])
one("erf", mp.erf, lambda x: 2 / mp.sqrt(PI) * mp.exp(-x * x), ERF, {INF: (1, 0), -INF: (-1, 0)})
one("erfc", erfc, lambda x: -2 / mp.sqrt(PI) * mp.exp(-x * x), ERF, {INF: (0, 0), -INF: (2, 0)})
one("normal_cdf", normal_cdf, normal_density, ERF + both([8.2, 8.3, 37.5, 38.4, 38.6]), {INF: (1, 0), -INF: (0, 0)})
one("normal_log_cdf", normal_log_cdf, normal_log_cdf_slope, ERF + both([8.2, 37.5, 38.6, 100.0, 1e4, 1e8, 1e100]),
    {INF: (0, 0), -INF: (-INF, INF)})
one("normal_quantile", normal_quantile, lambda p: 1 / normal_density(normal_quantile(p)),
    [x for x in UNIT] + [0.02425, 0.97575, 0.425, 1e-16, 1e-100], {0.0: (-INF, INF), 1.0: (INF, INF)}, lambda x: 0 <= x <= 1)
LGAMMA = POSITIVE + [-x for x in spread(1e-10, 20.0, 60, 11)] + around(-2.4570247382208006, 2) + around(3.0, 2) + [-0.5, -1.5, -100.5, -1e10 - 0.5,
                                                                                                     0.0, -1.0, -2.0, -INF]
one("lgamma", lgamma, digamma, LGAMMA, {0.0: (INF, None), -1.0: (INF, None), -2.0: (INF, None), INF: (INF, INF), -INF: (INF, None)})
one("digamma", digamma, trigamma, [x for x in LGAMMA if abs(x) < 1e16] + around(1.4616321449683622, 4) + [1e50, 1e300, INF],
    {0.0: (None, None), -1.0: (NAN, None), -2.0: (NAN, None), INF: (INF, 0)})
one("trigamma", trigamma, None, [x for x in POSITIVE if 1e-150 < x < 1e300] + [INF], {INF: (0, None)})
one("log1pmx", log1pmx, lambda x: -x / (1 + x), [x for x in REAL if not x < -1] + both(spread(1e-3, 0.9, 60, 12)) + [-0.9999, ulps(-1.0, 1), -1.0, -2.0],
    {-1.0: (-INF, INF), INF: (-INF, -1)}, lambda x: x >= -1)
one("expm1mx", expm1mx, mp.expm1, REAL + both(spread(1e-3, 2.0, 60, 13)) + [709.5, 710.0], {INF: (INF, INF), -INF: (INF, -1)})
one("lgamma_excess", lgamma_excess, digamma_excess, POSITIVE + [0.0, -1.0] + [float(k) for k in range(3, 40)] + [1e6, 1e9, 123456789.0],
    {0.0: (0, INF), INF: (INF, 0)}, lambda x: x >= 0)
one("digamma_excess", digamma_excess, digamma_excess_slope, [x for x in POSITIVE if x > 1e-150] + [10.0, 1e6, 1e9, -1.0], {INF: (0, 0)},
    lambda x: x > 0)
one("abs", abs, mp.sign, EDGES + [1.5, -1.5], {INF: (INF, 1), -INF: (INF, -1), 0.0: (0, None)})
one("sign", mp.sign, lambda x: mpf(0), EDGES + [1.5, -1.5], {INF: (1, 0), -INF: (-1, 0), 0.0: (0, None)})
ROUND = EDGES + both([0.49999999999999994, 0.5, 1.0, 1.5, 2.5, 3.7, 4503599627370495.5, 4503599627370497.0, 1e17])
one("floor", mp.floor, None, ROUND, {INF: (INF, None), -INF: (-INF, None)})
one("ceil", mp.ceil, None, ROUND, {INF: (INF, None), -INF: (-INF, None)})
one("round", mp.nint, None, ROUND, {INF: (INF, None), -INF: (-INF, None)})

MANY = {}


def many(name, inputs, value, slopes, points, exceptions=None):
    """`exceptions(point)` gives (value, slopes...) for a point that the general form does not cover, else None."""
    MANY[name] = (inputs, value, slopes, points, exceptions or (lambda *p: None))


def grid(*axes):
    points = [()]
    for axis in axes:
        points = [p + (v,) for p in points for v in axis]
    return points


def pairs(a, b):
    return list(zip(a, b))


WEIGHTS = [0.0, 1e-300, 1e-10, 0.3, 1.0, 2.5, 100.0, 1e8, 1e300]


def logaddexp_edge(a, b):
    if a == INF or b == INF:
        return (INF, None, None)
    if a == -INF and b == -INF:
        return (-INF, None, None)
    if a == -INF:
        return (b, 0, 1)
    if b == -INF:
        return (a, 1, 0)
    return None


def logaddexp(a, b):
    return max(a, b) + softplus(-abs(a - b))


many("logaddexp", "a b", logaddexp, (lambda a, b: sigmoid(a - b), lambda a, b: sigmoid(b - a)),
     grid([-INF, -1e300, -800.0, -1.0, 0.0, 1e-10, 2.5, 700.0, 1e300, INF], [-INF, -801.0, -0.5, 0.0, 2.5, 701.0, 1e300, INF])
     + pairs(spread(-50, 50, 80, 20), spread(-50, 50, 80, 21)), logaddexp_edge)


def xlogy_edge(a, b):
    if a == 0:
        return (0, -INF if b == 0 else (INF if b == INF else mp.log(mpf(b))), 0)
    if b == 0:
        return (-INF if a > 0 else INF, -INF, INF if a > 0 else -INF)
    return None


many("xlogy", "a b", lambda a, b: a * mp.log(b), (lambda a, b: mp.log(b), lambda a, b: a / b),
     grid([0.0, 1e-300, 0.5, 1.0, 3.0, -0.5, 1e8], [0.0, 1e-300, 0.25, ulps(1.0, -1), 1.0, ulps(1.0, 1), 7.5, 1e300])
     + pairs(spread(-5, 5, 40, 22), spread(1e-6, 1e6, 40, 23)), xlogy_edge)


def xlog1py_edge(a, b):
    if a == 0:
        return (0, -INF if b == -1 else mp.log1p(mpf(b)), 0)
    if b == -1:
        return (-INF if a > 0 else INF, -INF, INF if a > 0 else -INF)
    return None


many("xlog1py", "a b", lambda a, b: a * mp.log1p(b), (lambda a, b: mp.log1p(b), lambda a, b: a / (1 + b)),
     grid([0.0, 1e-300, 0.5, 1.0, 3.0, -0.5, 1e8], [-1.0, ulps(-1.0, 1), -0.75, -1e-300, 0.0, 1e-300, 1e-10, 7.5, 1e300])
     + pairs(spread(-5, 5, 40, 24), spread(-0.99, 10, 40, 25)), xlog1py_edge)


def kl_div_edge(x, m):
    if x == 0:
        return (m, None, 1)
    if m == 0:
        return (INF, INF, -INF)
    return None


NEAR = [(c, c * (1 + d)) for c in (1e-8, 0.3, 1.0, 17.0, 1e6, 1e12) for d in (1e-15, -1e-12, 1e-8, -1e-4, 0.01, -0.1, 0.3, 0.9, -0.6)]
many("kl_div", "x m", kl_div, (log_ratio, lambda x, m: (m - x) / m),
     grid(WEIGHTS, WEIGHTS) + NEAR + pairs(spread(1e-3, 1e4, 60, 26), spread(1e-3, 1e4, 60, 27)), kl_div_edge)
many("atan2", "y x", lambda y, x: mp.atan2(y, x), (lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)),
     grid([-1e200, -2.0, -1e-200, 1e-200, 1.0, 3.5, 1e200], [-1e200, -2.0, -1e-100, 1e-100, 1.0, 1e200])
     + [(1.0, 0.0), (-1.0, 0.0), (1e-10, -1.0)] + pairs(spread(-3, 3, 40, 28), spread(-3, 3, 40, 29)))


def pow_edge(x, y):
    if y == 0:
        return (1, 0, mp.log(mpf(x)) if x > 0 and x != INF else None)
    if x == 0:
        return (0, (0 if y > 1 else 1 if y == 1 else INF), 0 if y > 0 else None) if y > 0 else (INF, None, None)
    return None


def power(x, y):
    return mp.power(x, y)


many("pow", "x y", power, (lambda x, y: y * mp.power(x, y - 1), lambda x, y: mp.log(x) * mp.power(x, y) if x > 0 else None),
     grid([0.0, 1e-300, 0.5, ulps(1.0, -1), 1.0, ulps(1.0, 1), 2.0, 10.0, 1e10], [-2.5, -1.0, 0.0, 1e-10, 0.5, 1.0, 2.0, 3.0, 17.25])
     + [(-2.0, 2.0), (-2.0, 3.0), (-1.5, -3.0)] + pairs(spread(1e-5, 1e5, 60, 30), spread(-20, 20, 60, 31)), pow_edge)
many("lbeta", "a b", lbeta, (lbeta_slope, lambda a, b: lbeta_slope(b, a)),
     grid([1e-300, 1e-10, 0.3, 1.0, 2.5, 100.0, 1e8, 1e15], [1e-10, 0.5, 1.0, 3.0, 250.0, 1e6, 1e15])
     + pairs(spread(1e-3, 1e6, 60, 32), spread(1e-3, 1e6, 60, 33)))
COUNTS = [0.0, 1.0, 2.0, 5.0, 10.0, 170.0, 1000.0, 123456.0, 1e9, 1e15]
many("log_choose", "n k", log_choose,
     (lambda n, k: mp.digamma(n + 1) - mp.digamma(n - k + 1), lambda n, k: mp.digamma(n - k + 1) - mp.digamma(k + 1)),
     [(n, k) for n, k in grid(COUNTS, COUNTS + [3.0, 85.0, 5e8]) if k <= n] + [(n, n - 1) for n in COUNTS[1:]])
SHAPES = [1e-3, 0.1, 0.5, 1.0, 2.0, 5.5, 20.0, 100.0, 1000.0]


def gamma_points():
    points = []
    for a in SHAPES:
        s = math.sqrt(a)
        points += [(a, x) for x in (a * 1e-6, a * 0.1, a * 0.5, max(a - 4 * s, a * 0.2), a, a + 0.5, a + 2 * s, a + 6 * s, a + 20 * s, 3 * a + 10)]
    return points + [(1.0, 700.0), (2.0, 800.0), (0.5, 1e-300), (50.0, 1e-3), (1e4, 1e4), (1e4, 9.5e3), (1e4, 1.06e4)]


def gamma_edge(at0, atinf):
    return lambda a, x: (at0, None, None) if x == 0 else ((atinf, None, None) if x == INF else None)


GAMMA = gamma_points() + [(0.5, 0.0), (2.0, 0.0), (2.0, INF)]
many("gamma_p", "a x", gamma_p, (gamma_p_slope, gamma_density), GAMMA, gamma_edge(0, 1))
many("gamma_q", "a x", gamma_q, (lambda a, x: -gamma_p_slope(a, x), lambda a, x: -gamma_density(a, x)), GAMMA,
     gamma_edge(1, 0))
many("log_gamma_p", "a x", lambda a, x: mp.log1p(-gamma_q(a, x)) if x > a + 1 else mp.log(gamma_p(a, x)),
     (lambda a, x: gamma_p_slope(a, x) / gamma_p(a, x), lambda a, x: gamma_density(a, x) / gamma_p(a, x)),
     GAMMA, gamma_edge(-INF, 0))
many("log_gamma_q", "a x", lambda a, x: mp.log(gamma_q(a, x)) if x > a + 1 else mp.log1p(-gamma_p(a, x)),
     (lambda a, x: -gamma_p_slope(a, x) / gamma_q(a, x), lambda a, x: -gamma_density(a, x) / gamma_q(a, x)),
     GAMMA, gamma_edge(0, -INF))


def beta_points():
    points = []
    for a in (0.05, 0.5, 1.0, 2.5, 10.0, 200.0):
        for b in (0.1, 0.5, 1.0, 3.0, 40.0, 500.0):
            m = a / (a + b)
            points += [(a, b, x) for x in (1e-8, m * 0.1, m * 0.7, m, m + 0.3 * (1 - m), m + 0.9 * (1 - m), 1 - 1e-8)]
    return points + [(5.0, 5.0, 1e-100), (300.0, 2.0, 0.01), (2.0, 300.0, 0.99)]


BETA = beta_points() + [(2.0, 3.0, 0.0), (2.0, 3.0, 1.0)]


def beta_slopes(f):
    return (lambda a, b, x: numeric_slope(lambda t: f(t, b, x), a), lambda a, b, x: numeric_slope(lambda t: f(a, t, x), b))


def beta_edge(at0, at1):
    return lambda a, b, x: (at0, None, None, None) if x == 0 else ((at1, None, None, None) if x == 1 else None)


def log_beta_inc(a, b, x):
    with digits(120):
        if x > (a + 1) / (a + b + 2):
            return mp.log1p(-beta_inc_series(b, a, 1 - x))
        return mp.log(beta_inc_series(a, b, x))


many("beta_inc", "a b x", beta_inc, beta_slopes(beta_inc) + (beta_density,), BETA, beta_edge(0, 1))
many("log_beta_inc", "a b x", log_beta_inc, beta_slopes(log_beta_inc) + (lambda a, b, x: beta_density(a, b, x) / beta_inc(a, b, x),),
     BETA, beta_edge(-INF, 0))


# ------------------------------------------------------------------------------------------------ writing

def text(v):
    if v is None:
        return "-"
    if isinstance(v, float) and (math.isinf(v) or v != v):
        return {INF: "inf", -INF: "-inf"}.get(v, "nan")
    v = mpf(v)
    if abs(v) > mpf("1e320"):
        return "inf" if v > 0 else "-inf"
    return "0" if abs(v) < mpf("1e-345") else mp.nstr(v, 25, strip_zeros=False, min_fixed=-5, max_fixed=20)


def hexed(x):
    if math.isinf(x) or x != x:
        return {INF: "inf", -INF: "-inf"}.get(x, "nan")
    return float(x).hex()


def unique(points):
    seen, kept = set(), []
    for p in points:
        key = tuple(hexed(v) for v in (p if isinstance(p, tuple) else (p,)))
        if key not in seen:
            seen.add(key)
            kept.append(p)
    return kept


def row(inputs, results):
    return "\t".join([hexed(v) for v in inputs] + [text(r) for r in results])


def rows_of_one(name):
    value, slope, points, exceptions, domain = ONE[name]
    for x in unique(points):
        if x != x:
            yield row((x,), (NAN, NAN if slope else None))
        elif x in exceptions:
            yield row((x,), exceptions[x])
        elif not domain(x):
            yield row((x,), (NAN, None))
        else:
            v = mpf(x)
            yield row((x,), (value(v), slope(v) if slope else None))


def rows_of_many(name):
    inputs, value, slopes, points, exceptions = MANY[name]
    for p in unique(points):
        special = exceptions(*p)
        if special is None:
            v = tuple(mpf(x) for x in p)
            special = (value(*v),) + tuple(s(*v) for s in slopes)
        yield row(p, special)
    yield row((NAN,) * len(inputs.split()), (NAN,) + (None,) * len(slopes))


def check_derivatives(name):
    """Every derivative against a difference quotient of the value, at the interior points of moderate size."""
    rng = random.Random(0)
    if name in ONE:
        value, slope, points, exceptions, domain = ONE[name]
        candidates = [(x,) for x in points if x == x and 1e-3 < abs(x) < 30 and x not in exceptions and domain(x)]
        slopes = (slope,)
    else:
        inputs, value, slopes, points, exceptions = MANY[name]
        candidates = [p for p in points if all(1e-3 < abs(x) < 30 for x in p) and exceptions(*p) is None]
    for p in rng.sample(candidates, min(10, len(candidates))):
        for i, slope in enumerate(slopes):
            if slope is None:
                continue
            h = mpf(10) ** -14
            up = value(*[mpf(x) + h * (j == i) for j, x in enumerate(p)])
            down = value(*[mpf(x) - h * (j == i) for j, x in enumerate(p)])
            quotient, claimed = (up - down) / (2 * h), slope(*[mpf(x) for x in p])
            if claimed is not None and abs(quotient - claimed) > mpf(10) ** -12 * (1 + abs(claimed)):
                raise SystemExit(f"{name}{p}: derivative {i} is {claimed}, difference quotient {quotient}")


def main(names):
    for name in names or sorted(list(ONE) + list(MANY)):
        if name not in ("abs", "sign"):
            check_derivatives(name)
        inputs = "x" if name in ONE else MANY[name][0]
        lines = list(rows_of_one(name) if name in ONE else rows_of_many(name))
        with open(os.path.join(HERE, name + ".tsv"), "w") as out:
            out.write("# " + "\t".join(inputs.split() + ["value"] + ["d_" + i for i in inputs.split()]) + "\n")
            out.write("\n".join(lines) + "\n")
        print(name, len(lines), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
