"""The functions of several inputs: value, derivatives and points of each."""
import math

from definitions import (beta_density, beta_inc, gamma_density, gamma_p, gamma_p_slope, gamma_q, kl_div, lbeta, lbeta_slope, log_beta_inc, log_choose,
                         log_ratio, logaddexp, mp, mpf, numeric_slope, sigmoid)
from points import INF, grid, pairs, spread, ulps

# name: (inputs, value, derivatives, points, exceptions)
MANY = {}


def many(name, inputs, value, slopes, points, exceptions=None):
    """`exceptions(point)` gives (value, slopes...) for a point that the general form does not cover, else None."""
    MANY[name] = (inputs, value, slopes, points, exceptions or (lambda *p: None))


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


many("pow", "x y", mp.power, (lambda x, y: y * mp.power(x, y - 1), lambda x, y: mp.log(x) * mp.power(x, y) if x > 0 else None),
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


many("beta_inc", "a b x", beta_inc, beta_slopes(beta_inc) + (beta_density,), BETA, beta_edge(0, 1))
many("log_beta_inc", "a b x", log_beta_inc, beta_slopes(log_beta_inc) + (lambda a, b, x: beta_density(a, b, x) / beta_inc(a, b, x),),
     BETA, beta_edge(-INF, 0))
