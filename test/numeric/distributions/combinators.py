"""Tables of the distributions that take distributions. Run by hand: `python3 combinators.py` (needs mpmath; a minute)."""
from tables import Definition, mp, mpf, write
from definitions import gamma_p, gamma_q, normal_cdf, softplus
from continuous import gamma, normal
from counts import logsumexp, negative_binomial, poisson


def normal_mass(a, b, m, s):
    """P(a < Y <= b), from the side on which it loses nothing."""
    a, b = (a - m) / s, (b - m) / s
    return normal_cdf(-a) - normal_cdf(-b) if a > 0 else normal_cdf(b) - normal_cdf(a)


# ---- truncated
TruncatedNormal = Definition("Truncated", "loc scale lower upper", lambda x, m, s, a, b: normal(x, m, s) - mp.log(normal_mass(a, b, m, s)),
                             cdf=lambda x, m, s, a, b: normal_mass(a, x, m, s) / normal_mass(a, b, m, s),
                             survival=lambda x, m, s, a, b: normal_mass(x, b, m, s) / normal_mass(a, b, m, s), base="base=Normal ")
TruncatedNormal.case((0.0, 1.0, -1.0, 2.0), (-0.5, 0.0, 1.5), outside=(-1.1, 2.5), edges=(-1.0, 2.0), tails=(-0.5, 1.5))
TruncatedNormal.case((0.0, 1.0, 8.0, 9.0), (8.25, 8.875), outside=(7.0, 9.5), tails=(8.5,))
TruncatedNormal.case((1.0, 2.0, -80.0, -70.0), (-71.0, -79.0), tails=(-71.0,)).case((0.0, 1.0, 30.0, 30.5), (30.25,), tails=(30.25,))
TruncatedLower = Definition("Truncated", "loc scale lower", lambda x, m, s, a: normal(x, m, s) - mp.log(normal_cdf((m - a) / s)), base="base=Normal ")
TruncatedLower.case((0.0, 1.0, 0.0), (0.5, 3.0), outside=(-0.1,)).case((-3.0, 0.5, 5.0), (5.5,), outside=(4.0,)).case((0.0, 1.0, -50.0), (0.5,))
TruncatedUpper = Definition("Truncated", "loc scale upper", lambda x, m, s, b: normal(x, m, s) - mp.log(normal_cdf((b - m) / s)), base="base=Normal ")
TruncatedUpper.case((0.0, 1.0, 0.0), (-0.5, -3.0), outside=(0.1,)).case((3.0, 0.5, -9.0), (-9.5,), outside=(-8.0,))


def truncated_poisson(x, r, a, b):
    mass = gamma_q(b + 1, r) - (gamma_q(a, r) if a > 0 else 0)
    return poisson(x, mp.log(r)) - mp.log(mass)


TruncatedPoisson = Definition("Truncated", "rate lower upper", truncated_poisson, kind="count", flat=("lower", "upper"), base="base=Poisson ")
TruncatedPoisson.case((2.5, 1.0, 6.0), (1.0, 3.0, 6.0), outside=(0.0, 7.0)).case((4.0, 0.0, 0.0), (0.0,), outside=(1.0,)).case((30.0, 0.0, 5.0), (0.0, 5.0), outside=(6.0,))
TruncatedPoissonLower = Definition("Truncated", "rate lower", lambda x, r, a: poisson(x, mp.log(r)) - mp.log(gamma_p(a, r)), kind="count", flat=("lower",),
                                   base="base=Poisson ")
TruncatedPoissonLower.case((2.5, 1.0), (1.0, 9.0), outside=(0.0,)).case((1e-6, 1.0), (1.0, 2.0), outside=(0.0,)).case((3.0, 40.0), (40.0, 44.0), outside=(39.0,))
TruncatedGamma = Definition("Truncated", "concentration rate lower upper",
                            lambda x, k, r, a, b: gamma(x, k, r) - mp.log(gamma_p(k, r * b) - gamma_p(k, r * a)), base="base=Gamma ")
TruncatedGamma.case((2.0, 0.5, 1.0, 10.0), (1.5, 9.0), outside=(0.5, 11.0)).case((0.5, 1.0, 1e-3, 2.0), (0.01, 1.5), outside=(1e-4, 3.0))


# ---- censored
def censored(base, tail):
    return lambda x, *p: tail(x, *p[:-1]) if p[-1] else base(x, *p[:-1])


def weibull(x, s, k):
    return mp.log(k) - k * mp.log(s) + (k - 1) * mp.log(x) - (x / s) ** k


RightWeibull = Definition("RightCensored", "scale concentration when", censored(weibull, lambda x, s, k: -(x / s) ** k), kind="data", base="base=Weibull ")
RightNormal = Definition("RightCensored", "loc scale when", censored(normal, lambda x, m, s: mp.log(normal_cdf((m - x) / s))), kind="data", base="base=Normal ")
RightGamma = Definition("RightCensored", "concentration rate when", censored(gamma, lambda x, k, r: mp.log(gamma_q(k, r * x))), kind="data", base="base=Gamma ")
RightPoisson = Definition("RightCensored", "rate when", censored(lambda x, r: poisson(x, mp.log(r)), lambda x, r: mp.log(gamma_p(x + 1, r))), kind="count",
                          base="base=Poisson ")
LeftNormal = Definition("LeftCensored", "loc scale when", censored(normal, lambda x, m, s: mp.log(normal_cdf((x - m) / s))), kind="data", base="base=Normal ")
LeftGamma = Definition("LeftCensored", "concentration rate when", censored(gamma, lambda x, k, r: mp.log(gamma_p(k, r * x))), kind="data", base="base=Gamma ")
for when in (True, False):
    RightWeibull.case((2.0, 1.5, when), (0.01, 2.0, 50.0)).case((1e-3, 0.3, when), (1.0,))
    RightNormal.case((0.0, 1.0, when), (-9.0, 0.5, 40.0))
    RightGamma.case((2.0, 0.5, when), (0.01, 3.0, 2000.0))
    RightPoisson.case((3.0, when), (0.0, 3.0, 60.0))
    LeftNormal.case((0.0, 1.0, when), (-40.0, 0.5, 9.0))
    LeftGamma.case((2.0, 0.5, when), (1e-200, 0.01, 3.0, 100.0))
IntervalNormal = Definition("IntervalCensored", "loc scale upper", lambda x, m, s, b: mp.log(normal_mass(x, b, m, s)), kind="data", base="base=Normal ")
IntervalNormal.case((0.0, 1.0, 1.0), (-1.0, 0.5, -30.0)).case((0.0, 1.0, 31.0), (30.0,)).case((0.0, 1.0, -30.0), (-31.0,))
IntervalPoisson = Definition("IntervalCensored", "rate upper", lambda x, r, b: mp.log(gamma_q(b + 1, r) - gamma_q(x + 1, r)), kind="count", flat=("upper",),
                             base="base=Poisson ")
IntervalPoisson.case((3.0, 5.0), (0.0, 2.0, 4.0)).case((3.0, 45.0), (40.0,))


# ---- zeros
def inflated(base, discrete):
    def f(x, *a):
        *given, log_p, log_q = a
        if x != 0:
            return log_q + base(x, *given)
        return mp.log(mp.exp(log_p) + mp.exp(log_q) * mp.exp(base(x, *given))) if discrete else log_p
    return f


def hurdle(base, discrete):
    def f(x, *a):
        *given, log_p, log_q = a
        if x == 0:
            return log_p
        return log_q + base(x, *given) - (mp.log(-mp.expm1(base(mpf(0), *given))) if discrete else 0)
    return f


def with_p(f):
    return lambda x, *a: f(x, *a[:-1], mp.log(a[-1]) if a[-1] > 0 else -mp.inf, mp.log1p(-a[-1]) if a[-1] < 1 else -mp.inf)


def with_logit(f):
    return lambda x, *a: f(x, *a[:-1], -softplus(-a[-1]), -softplus(a[-1]))


def poisson_rate(x, r):
    return poisson(x, mp.log(r))


def nb(x, m, k):
    return negative_binomial(x, k, mp.log(m) - mp.log(m + k), -mp.log1p(m / k))


def zeros(name, shape):
    made = []
    for base, parameters, f, discrete in (("Poisson", "rate", poisson_rate, True), ("NegativeBinomial", "mean concentration", nb, True),
                                          ("Gamma", "concentration rate", gamma, False)):
        values = {"Poisson": ((2.5,), (1e-8,), (60.0,)), "NegativeBinomial": ((3.0, 0.7), (1e-6, 2.0)), "Gamma": ((2.0, 0.5),)}[base]
        points = (0.0, 1.0, 5.0) if discrete else (0.0, 0.25, 30.0)
        by_p = Definition(name, parameters + " p", with_p(shape(f, discrete)), kind="count" if discrete else "atom", base=f"base={base} ")
        by_logit = Definition(name, parameters + " logit", with_logit(shape(f, discrete)), kind="count" if discrete else "atom", base=f"base={base} ")
        for v in values:
            for p in (0.3, 1e-12, 0.9999):
                by_p.case(v + (p,), points)
            by_p.case(v + (0.0,), (), edges=points).case(v + (1.0,), (), edges=points)
            for z in (0.0, -2.5, 40.0, -60.0):
                by_logit.case(v + (z,), points)
        made += [by_p, by_logit]
    return made


# ---- mixtures
def mixture(x, w, m, s):
    return logsumexp([mp.log(a) + normal(x, b, c) for a, b, c in zip(w, m, s)])


MixtureNormal = Definition("Mixture", "w loc scale", mixture, base="components=Normal ",
                           mean=lambda w, m, s: sum(a * b for a, b in zip(w, m)),
                           variance=lambda w, m, s: sum(a * (c * c + b * b) for a, b, c in zip(w, m, s)) - sum(a * b for a, b in zip(w, m)) ** 2)
MixtureNormal.case(([0.5, 0.25, 0.25], [-2.0, 0.0, 5.0], [1.0, 0.1, 3.0]), (-2.0, 0.01, 100.0, -60.0)).case(([1.0], [0.5], [2.0]), (0.0,))
MixtureNormal.case(([0.75, 0.25], [0.0, 1000.0], [1.0, 1.0]), (0.0, 500.0, 1000.0))

if __name__ == "__main__":
    for name, definitions in (("truncated", [TruncatedNormal, TruncatedLower, TruncatedUpper, TruncatedPoisson, TruncatedPoissonLower, TruncatedGamma]),
                              ("right_censored", [RightWeibull, RightNormal, RightGamma, RightPoisson]), ("left_censored", [LeftNormal, LeftGamma]),
                              ("interval_censored", [IntervalNormal, IntervalPoisson]), ("zero_inflated", zeros("ZeroInflated", inflated)),
                              ("hurdle", zeros("Hurdle", hurdle)), ("mixture", [MixtureNormal])):
        write(name, definitions)
