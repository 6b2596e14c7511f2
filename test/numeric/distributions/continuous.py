"""Tables of the continuous distributions. Run by hand: `python3 continuous.py` (needs mpmath; minutes)."""
from tables import HERE, INF, Definition, Writer, check_definition, hexed, mp, mpf, write, write_definition
from definitions import beta_inc, erfc, gamma_p, gamma_q, lgamma, normal_cdf, normal_quantile, sigmoid, softplus


def log_sqrt_2pi():
    return mp.log(2 * mp.pi) / 2


def bisect(f, lo, hi):
    """The root of an increasing f between lo and hi: halved to a double's digits, then by Newton's method."""
    for _ in range(70):
        mid = (lo + hi) / 2
        if f(mid) < 0:
            lo = mid
        else:
            hi = mid
    root, h = (lo + hi) / 2, mpf(10) ** -25
    for _ in range(3):
        root -= f(root) * 2 * h / (f(root + h) - f(root - h))
    return root


def log_bisect(f, lo=mpf(-800), hi=mpf(800)):
    """The positive root of an increasing f."""
    return mp.exp(bisect(lambda u: f(mp.exp(u)), lo, hi))


P = (1e-300, 1e-10, 0.01, 0.3, 0.5, 0.75, 0.999)
P_SHORT = (1e-10, 0.01, 0.5, 0.75)


# ---- normal and its kin
def normal(x, m, s):
    return -((x - m) / s) ** 2 / 2 - mp.log(s) - log_sqrt_2pi()


Normal = Definition(
    "Normal", "loc scale", normal, cdf=lambda x, m, s: normal_cdf((x - m) / s), survival=lambda x, m, s: normal_cdf((m - x) / s),
    quantile=lambda p, m, s: m + s * normal_quantile(p), upper_quantile=lambda p, m, s: m - s * normal_quantile(p),
    mean=lambda m, s: m, variance=lambda m, s: s * s)
Normal.case((0.0, 1.0), (0.0, 1e-300, 0.5, -1.0, 3.0, -40.0, 1e10, -1e150), probabilities=P, tails=(-38.0, -5.0, -0.3, 0.0, 1.0, 6.0, 37.0))
Normal.case((2.5, 0.3), (2.5, 2.4, 3.0, -7.0, 100.0), probabilities=P_SHORT, tails=(-5.0, 2.0, 2.5, 4.0, 9.0))
Normal.case((-1e6, 1e-3), (-1e6, -999999.9990000001, -1000000.003), tails=(-999999.995,))
Normal.case((1e-3, 1e200), (0.0, 1e200, -3e200))
Normal.case((0.0, 1e-200), (0.0, 1e-200, -2e-199))

HalfNormal = Definition(
    "HalfNormal", "scale", lambda x, s: mp.log(2) / 2 - mp.log(mp.pi) / 2 - mp.log(s) - (x / s) ** 2 / 2,
    cdf=lambda x, s: mp.erf(x / s / mp.sqrt(2)), survival=lambda x, s: erfc(x / s / mp.sqrt(2)),
    quantile=lambda p, s: -s * normal_quantile((1 - p) / 2), upper_quantile=lambda p, s: -s * normal_quantile(p / 2),
    mean=lambda s: s * mp.sqrt(2 / mp.pi), variance=lambda s: s * s * (1 - 2 / mp.pi))
for scale in (1.0, 0.01, 250.0):
    HalfNormal.case((scale,), [scale * z for z in (1e-8, 0.3, 1.0, 4.0, 50.0)], outside=(-1e-300, -1.0), edges=(0.0,),
                    probabilities=(0.01, 0.3, 0.5, 0.999), tails=[scale * z for z in (1e-8, 0.5, 3.0, 20.0)])

LogNormal = Definition(
    "LogNormal", "loc scale", lambda x, m, s: normal(mp.log(x), m, s) - mp.log(x), cdf=lambda x, m, s: normal_cdf((mp.log(x) - m) / s),
    survival=lambda x, m, s: normal_cdf((m - mp.log(x)) / s), quantile=lambda p, m, s: mp.exp(m + s * normal_quantile(p)),
    upper_quantile=lambda p, m, s: mp.exp(m - s * normal_quantile(p)), mean=lambda m, s: mp.exp(m + s * s / 2),
    variance=lambda m, s: mp.expm1(s * s) * mp.exp(2 * m + s * s))
for case in ((0.0, 1.0), (0.0, 0.5), (-3.0, 2.5), (5.0, 1e-3)):
    LogNormal.case(case, (1e-300, 1e-5, 0.7, 1.0, 150.0, 1e200), outside=(-1e-300, -2.0), probabilities=P_SHORT, tails=(1e-6, 0.5, 1.0, 140.0, 1e4))


# ---- heavy tails
def student_t(x, n, m, s):
    z = (x - m) / s
    return lgamma((n + 1) / 2) - lgamma(n / 2) - mp.log(n * mp.pi) / 2 - mp.log(s) - (n + 1) / 2 * mp.log1p(z * z / n)


def student_t_cdf(x, n, m, s):
    z = (x - m) / s
    tail = beta_inc(n / 2, mpf(1) / 2, n / (n + z * z)) / 2
    return tail if z < 0 else 1 - tail


def student_t_quantile(p, n, m, s):
    if p == mpf(1) / 2:
        return m
    if p > mpf(1) / 2:
        return 2 * m - student_t_quantile(1 - p, n, m, s)
    z = log_bisect(lambda t: p - student_t_cdf(-t, n, mpf(0), mpf(1)), mpf(-60), mpf(80))
    return m - s * z


StudentT = Definition(
    "StudentT", "df loc scale", student_t, cdf=student_t_cdf, survival=lambda x, n, m, s: student_t_cdf(2 * m - x, n, m, s),
    quantile=student_t_quantile, upper_quantile=lambda p, n, m, s: 2 * m - student_t_quantile(p, n, m, s),
    mean=lambda n, m, s: m if n > 1 else mp.nan,
    variance=lambda n, m, s: s * s * n / (n - 2) if n > 2 else mp.inf if n > 1 else mp.nan)
for df in (0.1, 1.0, 1.5, 4.0, 30.0):
    StudentT.case((df, 0.0, 1.0), (0.0, 0.7, -3.0, 50.0, -1e10, 1e200), probabilities=(0.01, 0.3, 0.5, 0.95), tails=(-30.0, -2.5, -0.2, 0.0, 1.0, 4.0))
StudentT.case((3.0, -2.0, 0.25), (-2.0, 1.0, 1e6), tails=(-3.0, 5.0))
for df in (1e3, 1e6, 1e12):
    StudentT.case((df, 0.0, 1.0), (0.0, 0.7, -3.0, 20.0, 1e5))

Cauchy = Definition(
    "Cauchy", "loc scale", lambda x, m, s: -mp.log(mp.pi) - mp.log(s) - mp.log1p(((x - m) / s) ** 2),
    cdf=lambda x, m, s: mp.atan2(1, (m - x) / s) / mp.pi, survival=lambda x, m, s: mp.atan2(1, (x - m) / s) / mp.pi,
    quantile=lambda p, m, s: m - s / mp.tan(mp.pi * p), upper_quantile=lambda p, m, s: m + s / mp.tan(mp.pi * p))
Cauchy.case((0.0, 1.0), (0.0, 0.5, -4.0, 1e8, -1e200), probabilities=(1e-300, 1e-10, 0.01, 0.3, 0.75, 0.999), tails=(-1e250, -1e6, -1.0, 0.0, 0.3, 1e12))
Cauchy.case((3.0, 0.01), (3.0, 2.99, 10.0, -1e150), tails=(3.001, 100.0, -100.0))
Cauchy.case((0.0, 1e-200), (1e-200, 3e-200))

HalfCauchy = Definition(
    "HalfCauchy", "scale", lambda x, s: mp.log(2 / mp.pi) - mp.log(s) - mp.log1p((x / s) ** 2), cdf=lambda x, s: 2 / mp.pi * mp.atan(x / s),
    survival=lambda x, s: 2 / mp.pi * mp.atan2(s, x), quantile=lambda p, s: s * mp.tan(mp.pi * p / 2),
    upper_quantile=lambda p, s: s / mp.tan(mp.pi * p / 2), mean=lambda s: mp.inf, variance=lambda s: mp.inf)
for scale in (1.0, 5.0, 1e-3):
    HalfCauchy.case((scale,), (1e-9, 0.3, 2.0, 1e5, 1e200), outside=(-1e-10,), edges=(0.0,), probabilities=(1e-10, 0.01, 0.5, 0.999),
                    tails=(1e-9, 0.5, 30.0, 1e12))


# ---- exponential kin
def laplace_cdf(x, m, s):
    z = (x - m) / s
    return mp.exp(z) / 2 if z < 0 else 1 - mp.exp(-z) / 2


def laplace_quantile(p, m, s):
    return m + s * mp.log(2 * p) if p < mpf(1) / 2 else m - s * mp.log(2 * (1 - p))


Laplace = Definition(
    "Laplace", "loc scale", lambda x, m, s: -abs(x - m) / s - mp.log(2 * s), cdf=laplace_cdf,
    survival=lambda x, m, s: laplace_cdf(2 * m - x, m, s), quantile=laplace_quantile,
    upper_quantile=lambda p, m, s: 2 * m - laplace_quantile(p, m, s), mean=lambda m, s: m, variance=lambda m, s: 2 * s * s)
Laplace.case((0.0, 1.0), (1e-9, 0.5, -3.0, 700.0, -1e5), edges=(0.0,), probabilities=(1e-300, 0.01, 0.3, 0.75, 0.999),
             tails=(-690.0, -1.0, 0.3, 5.0, 600.0))
Laplace.case((-4.0, 0.05), (-3.9, 2.0, -1e3), tails=(-4.1, -3.0))

Logistic = Definition(
    "Logistic", "loc scale", lambda x, m, s: (m - x) / s - 2 * softplus((m - x) / s) - mp.log(s), cdf=lambda x, m, s: sigmoid((x - m) / s),
    survival=lambda x, m, s: sigmoid((m - x) / s), quantile=lambda p, m, s: m + s * (mp.log(p) - mp.log1p(-p)),
    upper_quantile=lambda p, m, s: m - s * (mp.log(p) - mp.log1p(-p)), mean=lambda m, s: m, variance=lambda m, s: (mp.pi * s) ** 2 / 3)
Logistic.case((0.0, 1.0), (0.0, 0.5, -3.0, 40.0, -800.0, 1e5), probabilities=P, tails=(-700.0, -1.0, 0.0, 3.0, 40.0, 700.0))
Logistic.case((2.0, 0.1), (2.0, 2.5, -10.0), tails=(1.0, 2.0, 9.0))

Exponential = Definition(
    "Exponential", "rate", lambda x, r: mp.log(r) - r * x, cdf=lambda x, r: -mp.expm1(-r * x), survival=lambda x, r: mp.exp(-r * x),
    quantile=lambda p, r: -mp.log1p(-p) / r, upper_quantile=lambda p, r: -mp.log(p) / r, mean=lambda r: 1 / r, variance=lambda r: 1 / r ** 2)
for rate in (1.0, 1e-8, 350.0):
    Exponential.case((rate,), (1e-300, 0.2, 1.0, 30.0, 1e6), outside=(-1e-300, -1.0), edges=(0.0,), probabilities=P,
                     tails=[t / rate for t in (1e-12, 0.3, 2.0, 600.0)])

Uniform = Definition(
    "Uniform", "low high", lambda x, a, b: -mp.log(b - a), cdf=lambda x, a, b: (x - a) / (b - a), survival=lambda x, a, b: (b - x) / (b - a),
    quantile=lambda p, a, b: a + (b - a) * p, upper_quantile=lambda p, a, b: b - (b - a) * p, mean=lambda a, b: (a + b) / 2,
    variance=lambda a, b: (b - a) ** 2 / 12)
Uniform.case((0.0, 1.0), (0.25, 0.9), outside=(-1e-300, 1.0000000000000002, -5.0, 7.0), edges=(0.0, 1.0), probabilities=(0.01, 0.5, 0.75), tails=(1e-10, 0.4))
Uniform.case((-2.5, 1e6), (0.0, 5e5), outside=(-2.6, 1e7), probabilities=(0.25,), tails=(-2.0, 1e5))

Weibull = Definition(
    "Weibull", "scale concentration", lambda x, s, k: mp.log(k) - k * mp.log(s) + (k - 1) * mp.log(x) - (x / s) ** k,
    cdf=lambda x, s, k: -mp.expm1(-(x / s) ** k), survival=lambda x, s, k: mp.exp(-(x / s) ** k),
    quantile=lambda p, s, k: s * (-mp.log1p(-p)) ** (1 / k), upper_quantile=lambda p, s, k: s * (-mp.log(p)) ** (1 / k),
    mean=lambda s, k: s * mp.gamma(1 + 1 / k), variance=lambda s, k: s * s * (mp.gamma(1 + 2 / k) - mp.gamma(1 + 1 / k) ** 2))
for case in ((1.0, 1.0), (2.5, 0.4), (30.0, 3.0), (1e-3, 12.0)):
    Weibull.case(case, [case[0] * t for t in (1e-20, 0.01, 0.7, 1.0, 2.0, 5.0)], outside=(-1e-300, -1.0), probabilities=(1e-10, 0.01, 0.5, 0.999),
                 tails=[case[0] * t for t in (1e-4, 0.5, 1.0, 1.7)])

Gumbel = Definition(
    "Gumbel", "loc scale", lambda x, m, s: -(x - m) / s - mp.exp(-(x - m) / s) - mp.log(s), cdf=lambda x, m, s: mp.exp(-mp.exp(-(x - m) / s)),
    survival=lambda x, m, s: -mp.expm1(-mp.exp(-(x - m) / s)), quantile=lambda p, m, s: m - s * mp.log(-mp.log(p)),
    upper_quantile=lambda p, m, s: m - s * mp.log(-mp.log1p(-p)), mean=lambda m, s: m + s * mp.euler, variance=lambda m, s: (mp.pi * s) ** 2 / 6)
Gumbel.case((0.0, 1.0), (0.0, 0.5, -3.0, -6.0, 40.0, 900.0), probabilities=(1e-300, 1e-10, 0.01, 0.5, 0.999), tails=(-5.0, -1.0, 0.0, 3.0, 40.0, 700.0))
Gumbel.case((-2.0, 0.25), (-2.0, 1.0, -3.0), tails=(-2.5, 4.0))

Pareto = Definition(
    "Pareto", "scale alpha", lambda x, s, a: mp.log(a) + a * mp.log(s) - (a + 1) * mp.log(x), cdf=lambda x, s, a: 1 - (s / x) ** a,
    survival=lambda x, s, a: (s / x) ** a, quantile=lambda p, s, a: s * (1 - p) ** (-1 / a), upper_quantile=lambda p, s, a: s * p ** (-1 / a),
    mean=lambda s, a: a * s / (a - 1) if a > 1 else mp.inf,
    variance=lambda s, a: s * s * a / ((a - 1) ** 2 * (a - 2)) if a > 2 else mp.inf)
for case in ((1.0, 1.0), (2.0, 3.5), (0.01, 0.2), (1e4, 1.5)):
    Pareto.case(case, [case[0] * t for t in (1.0001, 1.5, 30.0, 1e20)], outside=(case[0] * 0.999, 0.0, -1.0), edges=(case[0],),
                probabilities=(1e-10, 0.01, 0.5, 0.999), tails=[case[0] * t for t in (1.001, 2.0, 1e6)])


# ---- gamma kin
def gamma(x, k, r):
    return k * mp.log(r) + (k - 1) * mp.log(x) - r * x - lgamma(k)


def gamma_quantile(p, k, r):
    return log_bisect(lambda x: gamma_p(k, x) - p, mpf(-100) / min(k, 1), mp.log(k + 200 + 40 * mp.sqrt(k))) / r


def gamma_upper_quantile(p, k, r):
    return log_bisect(lambda x: p - gamma_q(k, x), mpf(-100) / min(k, 1), mp.log(k + 200 + 40 * mp.sqrt(k))) / r


Gamma = Definition(
    "Gamma", "concentration rate", gamma, cdf=lambda x, k, r: gamma_p(k, r * x), survival=lambda x, k, r: gamma_q(k, r * x),
    quantile=gamma_quantile, upper_quantile=gamma_upper_quantile, mean=lambda k, r: k / r, variance=lambda k, r: k / r ** 2)
for case in ((1.0, 1.0), (2.0, 0.1), (25.0, 4.0), (0.05, 3.0), (0.5, 1e-6)):
    Gamma.case(case, [case[0] / case[1] * t for t in (1e-30, 0.01, 0.5, 1.0, 3.0, 40.0)], outside=(-1e-300, -1.0), probabilities=(1e-10, 0.01, 0.5, 0.95),
               tails=[case[0] / case[1] * t for t in (0.1, 0.9, 2.0, 10.0)])
for k in (99.0, 100.0, 101.0, 1e4, 1e7, 1e12):
    Gamma.case((k, 2.0), [k / 2 * (1 + t / k ** 0.5) for t in (-3.0, -0.1, 0.0, 1.0, 5.0)])

GammaMean = Definition(
    "Gamma", "mean shape", lambda x, m, k: gamma(x, k, k / m), cdf=lambda x, m, k: gamma_p(k, k / m * x),
    survival=lambda x, m, k: gamma_q(k, k / m * x), mean=lambda m, k: m, variance=lambda m, k: m * m / k)
for case in ((1.0, 1.0), (30.0, 2.5), (1e-3, 0.2)):
    GammaMean.case(case, [case[0] * t for t in (1e-20, 0.3, 1.0, 8.0)], outside=(-1.0,), tails=[case[0] * t for t in (0.3, 2.0)])

InverseGamma = Definition(
    "InverseGamma", "concentration rate", lambda x, k, r: gamma(1 / x, k, r) - 2 * mp.log(x), cdf=lambda x, k, r: gamma_q(k, r / x),
    survival=lambda x, k, r: gamma_p(k, r / x), quantile=lambda p, k, r: 1 / gamma_upper_quantile(p, k, r),
    upper_quantile=lambda p, k, r: 1 / gamma_quantile(p, k, r), mean=lambda k, r: r / (k - 1) if k > 1 else mp.inf,
    variance=lambda k, r: r * r / ((k - 1) ** 2 * (k - 2)) if k > 2 else mp.inf)
for case in ((1.0, 1.0), (3.0, 0.5), (0.2, 10.0), (20.0, 100.0)):
    InverseGamma.case(case, [case[1] / case[0] * t for t in (0.05, 0.5, 1.0, 4.0, 1e10)], outside=(-1e-300, -3.0), probabilities=(0.01, 0.5, 0.9),
                      tails=[case[1] / case[0] * t for t in (0.1, 0.8, 5.0)])
InverseGamma.case((1e8, 1e8), (1.0, 1.0001, 0.9998))

ChiSquared = Definition(
    "ChiSquared", "df", lambda x, n: gamma(x, n / 2, mpf(1) / 2), cdf=lambda x, n: gamma_p(n / 2, x / 2), survival=lambda x, n: gamma_q(n / 2, x / 2),
    quantile=lambda p, n: gamma_quantile(p, n / 2, mpf(1) / 2), upper_quantile=lambda p, n: gamma_upper_quantile(p, n / 2, mpf(1) / 2),
    mean=lambda n: n, variance=lambda n: 2 * n)
for df in (0.7, 1.0, 2.0, 11.0, 198.0, 350.0):
    ChiSquared.case((df,), [df * t for t in (1e-10, 0.3, 1.0, 2.0, 20.0)], outside=(-1.0,), probabilities=(0.01, 0.5, 0.95), tails=[df * t for t in (0.2, 1.0, 4.0)])


# ---- beta
def beta(x, a, b):
    return (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - lgamma(a) - lgamma(b) + lgamma(a + b)


def beta_quantile(p, a, b):
    return mp.exp(bisect(lambda u: beta_inc(a, b, mp.exp(u)) - p, mpf(-60) / min(a, 1), mpf(0)))


Beta = Definition(
    "Beta", "concentration1 concentration0", beta, cdf=lambda x, a, b: beta_inc(a, b, x), survival=lambda x, a, b: beta_inc(b, a, 1 - x),
    quantile=beta_quantile, upper_quantile=lambda p, a, b: 1 - beta_quantile(p, b, a), mean=lambda a, b: a / (a + b),
    variance=lambda a, b: a * b / ((a + b) ** 2 * (a + b + 1)))
for case in ((1.0, 1.0), (2.0, 3.0), (0.5, 0.5), (0.01, 4.0), (30.0, 2.0), (31.5, 32.5), (31.5, 32.4)):
    Beta.case(case, (1e-20, 0.01, 0.3, 0.5, 0.9, 0.999999), outside=(-1e-300, 1.0000000000000002, 3.0),
              probabilities=(0.01, 0.5, 0.9) if case[0] >= 0.5 else (),
              tails=(0.01, 0.3, 0.6, 0.95))
for case in ((1e4, 1e4), (3e6, 1e6), (1e12, 1e12), (1.0, 1e6), (1e5, 2.5)):
    m = case[0] / (case[0] + case[1])
    s = (m * (1 - m) / (case[0] + case[1])) ** 0.5
    Beta.case(case, [x for x in (m, m + s, m - 2 * s, m + 5 * s) if 0 < x < 1], outside=(-0.5, 1.5))
BETA_EDGES = (((1.0, 1.0), 0, 0), ((1.0, 3.0), mp.log(3), -INF), ((2.0, 1.0), -INF, mp.log(2)), ((0.5, 2.0), INF, -INF), ((2.0, 2.0), -INF, -INF),
              ((100.0, 1.0), -INF, mp.log(100)), ((1.0, 100.0), mp.log(100), -INF), ((0.5, 200.0), INF, -INF))

BetaMean = Definition(
    "Beta", "mean precision", lambda x, m, n: beta(x, m * n, (1 - m) * n), cdf=lambda x, m, n: beta_inc(m * n, (1 - m) * n, x),
    survival=lambda x, m, n: beta_inc((1 - m) * n, m * n, 1 - x), mean=lambda m, n: m, variance=lambda m, n: m * (1 - m) / (n + 1))
for case in ((0.5, 2.0), (0.1, 7.0), (0.97, 0.3), (0.25, 1e5)):
    BetaMean.case(case, (0.01, 0.25, 0.5, 0.9), outside=(-0.1, 1.1), tails=(0.1, 0.7) if case[1] < 100 else ())

Flat = Definition("Flat", "", lambda x: mpf(0))
Flat.case((), (0.0, -1e300, 3.5))


def write_beta():
    """The beta's ends are limits that depend on whether a concentration is 1."""
    out = Writer(HERE + "/beta.tsv")
    for d in (Beta, BetaMean):
        check_definition(d)
        write_definition(out, d)
    for (a, b), at0, at1 in BETA_EDGES:
        for x, value in ((0.0, at0), (1.0, at1)):
            out.row(f"concentration1={hexed(a)} concentration0={hexed(b)}", "log_density", hexed(x), value)
    out.save()


if __name__ == "__main__":
    write_beta()
    for name, definitions in (("normal", [Normal]), ("half_normal", [HalfNormal]), ("log_normal", [LogNormal]), ("student_t", [StudentT]),
                              ("cauchy", [Cauchy]), ("half_cauchy", [HalfCauchy]), ("laplace", [Laplace]), ("logistic", [Logistic]),
                              ("exponential", [Exponential]), ("uniform", [Uniform]), ("weibull", [Weibull]), ("gumbel", [Gumbel]),
                              ("pareto", [Pareto]), ("gamma", [Gamma, GammaMean]), ("inverse_gamma", [InverseGamma]),
                              ("chi_squared", [ChiSquared]), ("flat", [Flat])):
        write(name, definitions)
