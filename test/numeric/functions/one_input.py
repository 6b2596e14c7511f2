"""The functions of one input: value, derivative and points of each."""
import math

from definitions import (PI, digamma, digamma_excess, digamma_excess_slope, erfc, expm1mx, lgamma, lgamma_excess, log1mexp, log1pmx, mp, mpf, normal_cdf,
                         normal_density, normal_log_cdf, normal_log_cdf_slope, normal_quantile, sigmoid, sigmoid_slope, softplus, trigamma)
from points import EDGES, INF, NAN, POSITIVE, REAL, around, both, spread, ulps

# name: (value, derivative, points, exceptions, domain). A derivative None is not asked for. `exceptions` gives (value, derivative)
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
