"""Built-in functions and their derivatives by definition, in mpmath numbers.

Each works with 60 digits or, where it cancels, with more, and takes a series or an asymptotic form where mpmath's own function
fails or loses digits. Nothing here is taken from the functions under test.
"""
from mpmath import mp, mpf

mp.dps = 60
PI = mp.pi


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


def logaddexp(a, b):
    return max(a, b) + softplus(-abs(a - b))


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


def log_beta_inc(a, b, x):
    with digits(120):
        if x > (a + 1) / (a + b + 2):
            return mp.log1p(-beta_inc_series(b, a, 1 - x))
        return mp.log(beta_inc_series(a, b, x))
