#!/usr/bin/env python3
"""Makes math_table.txt: values of elementary and special functions with the error that is allowed, by mpmath with 60 digits.

A line is: function, operands, value, tolerance, in C's hexadecimal notation. The tolerance is 4 units in the last place for elementary
functions and 1e-13 max(1, |f|, |x f'|) for special ones. Run it with Debian's python3-mpmath: `/usr/bin/python3 math_table.py > math_table.txt`.
"""
import math
import random

import mpmath as mp

mp.mp.dps = 60
random.seed(20240101)
INF, NAN = math.inf, math.nan
TINY = 5e-324


def text(x):
    return "inf" if x == INF else "-inf" if x == -INF else "nan" if x != x else float(x).hex()


def rounded(value):
    if isinstance(value, float):
        return value
    if abs(value) >= mp.mpf(2) ** 1024 * (1 - mp.mpf(2) ** -54):
        return INF if value > 0 else -INF
    if abs(value) < mp.mpf(2) ** -1022:  # into the subnormals, rounded once
        return float(mp.nint(value * mp.mpf(2) ** 1074)) * TINY
    return float(value)


def line(name, operands, f, slope=None):
    try:
        exact = f(*[mp.mpf(x) for x in operands]) if all(math.isfinite(x) for x in operands) else None
    except (ValueError, ZeroDivisionError):
        exact = None
    if exact is None or isinstance(exact, mp.mpc):
        return
    value = rounded(exact)
    if not math.isfinite(value):
        tolerance = 0.0
    elif slope is None:
        tolerance = 4 * math.ulp(value)
    else:
        derivative = 0
        for i, x in enumerate(operands):
            low, high = list(map(mp.mpf, operands)), list(map(mp.mpf, operands))
            step = abs(mp.mpf(x)) * mp.mpf(10) ** -20
            low[i], high[i] = low[i] - step, high[i] + step
            if step:
                derivative = max(derivative, abs((f(*high) - f(*low)) / (2 * step) * mp.mpf(x)))
        tolerance = float(mp.mpf("1e-13") * max(1, abs(exact), derivative))
    print(name, *map(text, operands), text(value), text(tolerance))


def edge(name, operands, value):
    print(name, *map(text, operands), text(value), "0x0.0p+0")


def spread(low, high, n):
    """Magnitudes from 10^low to 10^high, evenly in the exponent, of both signs."""
    result = []
    for k in range(n):
        m = float(10 ** random.uniform(low, high)) * random.uniform(0.9, 1.1)
        result += [m, -m]
    return result


def uniform(low, high, n):
    return [random.uniform(low, high) for _ in range(n)]


def many(name, f, points, slope=None):
    for x in points:
        line(name, [x], f, slope)


def odd_edges(name, at_infinity):
    for x, value in ((INF, at_infinity), (-INF, -at_infinity), (NAN, NAN), (0.0, 0.0), (TINY, TINY), (-TINY, -TINY), (1e-310, 1e-310)):
        edge(name, [x], value)


def exponential():
    points = uniform(-745.2, 709.8, 60) + uniform(-1, 1, 30) + spread(-20, 2, 20) + [709.782712893384, 709.7827128933841, -745.1332191019411,
                                                                                 -745.1332191019412, -708.4, -720.5, 1000.0, -1000.0, 1e300, -1e300]
    many("exp", mp.exp, points)
    many("expm1", mp.expm1, points + [-40.0, -37.5])
    for name, low in (("exp", 0.0), ("expm1", -1.0)):
        edge(name, [INF], INF), edge(name, [-INF], low), edge(name, [NAN], NAN)
    edge("exp", [TINY], 1.0)
    many("sinh", mp.sinh, spread(-20, 2.851, 50) + [710.4758600739439, 711.0, 709.9, 1e300, -1e300])
    many("cosh", mp.cosh, spread(-20, 2.851, 50) + [710.4758600739439, 711.0, 709.9, 1e300, 0.0])
    many("tanh", mp.tanh, spread(-20, 2.5, 60) + [1e300])
    odd_edges("sinh", INF), odd_edges("tanh", 1.0)
    edge("cosh", [INF], INF), edge("cosh", [-INF], INF), edge("cosh", [NAN], NAN)


def logarithm():
    positive = [abs(x) for x in spread(-307, 308, 30)] + uniform(0.5, 2, 60) + [1.0, 0.7071067811865475, 0.7071067811865476, 1.4142135623730951, TINY,
                1e-310, 2.2250738585072014e-308, 1.7976931348623157e308] + [1 + k * 2.0**-52 for k in (1, 2, 1000)] + [1 - k * 2.0**-53 for k in (1, 2, 1000)]
    many("log", mp.log, positive)
    for x, value in ((0.0, -INF), (-0.0, -INF), (-1.0, NAN), (-TINY, NAN), (INF, INF), (-INF, NAN), (NAN, NAN)):
        edge("log", [x], value)
    many("log1p", mp.log1p, [abs(x) for x in spread(-300, 308, 30)] + uniform(-0.999999, 2, 80) + spread(-18, -1, 30) + [1.7e308, TINY, -0.9999999999999999])
    for x, value in ((-1.0, -INF), (-2.0, NAN), (INF, INF), (-INF, NAN), (NAN, NAN), (0.0, 0.0)):
        edge("log1p", [x], value)
    many("log1mexp", lambda x: mp.log(-mp.expm1(x)) if x > -1 else mp.log1p(-mp.exp(x)), [-abs(x) for x in spread(-300, 2.87, 60)] + uniform(-2, -1e-9, 60) + [-0.6931471805599453, -745.0, -TINY])
    for x, value in ((0.0, -INF), (-INF, 0.0), (NAN, NAN), (1.0, NAN)):
        edge("log1mexp", [x], value)


def logistic():
    both = uniform(-745, 745, 40) + uniform(-5, 5, 40) + spread(-20, 2, 20) + [-720.0, 40.0, 1e300]
    many("sigmoid", lambda x: 1 / (1 + mp.exp(-x)) if x > -10000 else mp.mpf(0), both)
    many("softplus", lambda x: mp.log1p(mp.exp(x)) if x < 10000 else x, both)
    edge("sigmoid", [INF], 1.0), edge("sigmoid", [-INF], 0.0), edge("sigmoid", [NAN], NAN)
    edge("softplus", [INF], INF), edge("softplus", [-INF], 0.0), edge("softplus", [NAN], NAN)
    many("logit", lambda p: mp.log(p) - mp.log1p(-p), uniform(0, 1, 60) + [abs(x) for x in spread(-300, -1, 20)] + [0.5, 0.25, 0.75, 0.9999999999999999, 0.5 + 2.0**-53])
    for x, value in ((0.0, -INF), (1.0, INF), (-0.5, NAN), (1.5, NAN), (NAN, NAN)):
        edge("logit", [x], value)
    for x, y in zip(uniform(-50, 50, 60), uniform(-50, 50, 60)):
        line("logaddexp", [x, y], lambda a, b: max(a, b) + mp.log1p(mp.exp(-abs(a - b))), True)
    for x, y, value in ((INF, INF, INF), (-INF, -INF, -INF), (INF, -INF, INF), (-INF, 2.0, 2.0), (NAN, 1.0, NAN), (1.0, NAN, NAN)):
        edge("logaddexp", [x, y], value)


def power():
    def pow_(x, y):
        return mp.power(x, y)

    for x, y in zip([abs(v) for v in spread(-3, 3, 40)], uniform(-100, 100, 80)):
        line("pow", [x, y], pow_)
    for x, y in zip(uniform(0.5, 2, 60), uniform(-1000, 1000, 60)):
        line("pow", [x, y], pow_)
    for x, y in ((1 + 2.0**-52, 1e17), (1 - 2.0**-53, 3e17), (TINY, 0.5), (1e-310, 0.9), (1e-310, -1.0), (-2.0, 3.0), (-2.0, -4.0), (-1.5, 1000.0), (1e300, 2.0), (1e300, -2.0),
                 (0.9, 1e300), (1.1, 1e300), (2.0, 1023.0), (2.0, 1024.0), (2.0, -1074.0), (10.0, -320.5), (3.0, 0.5), (-7.0, 9007199254740993.0)):
        line("pow", [x, y], pow_)
    for x, y, value in ((0.0, 0.0, 1.0), (NAN, 0.0, 1.0), (1.0, NAN, 1.0), (NAN, 1.0, NAN), (2.0, NAN, NAN), (-1.0, INF, 1.0), (0.5, INF, 0.0), (2.0, INF, INF), (2.0, -INF, 0.0),
                        (0.0, 2.0, 0.0), (0.0, -2.0, INF), (-0.0, -3.0, -INF), (INF, 0.5, INF), (INF, -0.5, 0.0), (-INF, 3.0, -INF), (-INF, 2.0, INF), (-2.0, 0.5, NAN), (-INF, 0.5, INF),
                        (INF, -INF, 0.0), (INF, INF, INF), (0.0, INF, 0.0), (0.0, -INF, INF), (-8.0, 1.0 / 3, NAN), (-INF, -INF, 0.0)):
        edge("pow", [x, y], value)


def trigonometric():
    points = spread(-20, 5.9, 60) + [k * math.pi / 4 for k in range(-9, 30)] + [k * math.pi / 2 for k in (100, 1001, 123456)] + uniform(-10, 10, 40)
    many("sin", mp.sin, points), many("cos", mp.cos, points), many("tan", mp.tan, points)
    for name in ("sin", "cos", "tan"):
        edge(name, [INF], NAN), edge(name, [-INF], NAN), edge(name, [NAN], NAN)
    unit = uniform(-1, 1, 80) + spread(-20, 0, 20) + [0.5, -0.5, 0.9999999999999999, -0.9999999999999999, 1.0, -1.0, 0.0]
    unit = [x for x in unit if abs(x) <= 1]
    many("asin", mp.asin, unit), many("acos", mp.acos, unit)
    for name in ("asin", "acos"):
        edge(name, [1.5], NAN), edge(name, [-1.5], NAN), edge(name, [NAN], NAN), edge(name, [INF], NAN)
    many("atan", mp.atan, spread(-300, 300, 40) + spread(-3, 3, 60) + [1.0, 0.41421356237309503, 2.414213562373095])
    edge("atan", [INF], math.pi / 2), edge("atan", [-INF], -math.pi / 2), edge("atan", [NAN], NAN)
    for y, x in zip(spread(-200, 200, 40) + spread(-2, 2, 40), spread(-200, 200, 20)[::-1] + spread(-2, 2, 60)):
        line("atan2", [y, x], mp.atan2)
    for y, x in ((1e-320, 1e-310), (1e308, 1e308), (1e-300, 1e300), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.7e308, -1e-300)):
        line("atan2", [y, x], mp.atan2)
    for y, x, value in ((INF, INF, math.pi / 4), (INF, -INF, 3 * math.pi / 4), (-INF, 1.0, -math.pi / 2), (1.0, INF, 0.0), (1.0, -INF, math.pi), (NAN, 1.0, NAN), (1.0, NAN, NAN),
                        (0.0, 0.0, 0.0), (0.0, -0.0, math.pi)):
        edge("atan2", [y, x], value)


def normal():
    both = uniform(-6, 6, 80) + spread(-20, 1.5, 30) + [0.5, -0.5, 1.0, -1.0, 26.5, -26.5, 27.2, 100.0, -100.0, 0.0]
    many("erf", mp.erf, both, True), many("erfc", mp.erfc, both, True)
    tail = both + uniform(-38, 9, 40)
    cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
    many("normal_cdf", cdf, tail, True)
    many("normal_log_cdf", lambda x: mp.log(cdf(x)), tail + [-1000.0, -1e5], True)
    for name, low, high in (("erf", -1.0, 1.0), ("erfc", 2.0, 0.0), ("normal_cdf", 0.0, 1.0), ("normal_log_cdf", -INF, 0.0)):
        edge(name, [-INF], low), edge(name, [INF], high), edge(name, [NAN], NAN)

    def quantile(p):
        q = min(p, 1 - p)
        x = -mp.sqrt(-2 * mp.log(q)) if q < 0.1 else mp.mpf(0)
        for _ in range(200):
            value = cdf(x)
            step = (mp.log(value) - mp.log(q)) * value / (mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi))
            x -= step
            if abs(step) < mp.mpf(10) ** -50:
                break
        return x if p < 0.5 else -x

    points = uniform(0, 1, 60) + [abs(x) for x in spread(-307, -1, 30)] + [0.5, 0.2, 0.8, 1e-310, TINY, 0.9999999999999999, 1 - 1e-10]
    many("normal_quantile", quantile, points, True)
    for x, value in ((0.0, -INF), (1.0, INF), (-0.1, NAN), (1.1, NAN), (NAN, NAN)):
        edge("normal_quantile", [x], value)


def gamma():
    positive = [abs(x) for x in spread(-300, 300, 20)] + uniform(0.001, 30, 80) + [0.5, 1.0, 2.0, 1.4616321449683623, 7.999999999999999, 8.0, 1e-310, 2.5e305]
    negative = [-x for x in uniform(0.001, 20, 40)] + [-0.5, -1e-10, -1.5, -150.25]
    log_gamma = lambda x: mp.loggamma(x) if x > 0 else mp.log(abs(mp.gamma(x)))
    many("lgamma", log_gamma, positive + negative, True)
    many("digamma", mp.digamma, [x for x in positive if x > 1e-307] + negative, True)
    many("trigamma", lambda x: mp.psi(1, x), [x for x in positive if 1e-150 < x < 1e150] + negative, True)
    for name, values in (("lgamma", ((0.0, INF), (-1.0, INF), (-5.0, INF), (INF, INF), (-INF, INF), (NAN, NAN))),
                         ("digamma", ((-1.0, NAN), (INF, INF), (NAN, NAN))), ("trigamma", ((INF, 0.0), (NAN, NAN), (0.0, INF)))):
        for x, value in values:
            edge(name, [x], value)
    mp.mp.dps = 500  # what follows cancels
    log_beta = lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    pairs = list(zip([abs(x) for x in spread(-8, 12, 40)], [abs(x) for x in spread(-8, 12, 40)][::-1])) + list(zip(uniform(0.01, 30, 60), uniform(0.01, 30, 60)))
    for a, c in pairs + [(1e-200, 1e-200), (1e-5, 1e12), (3.0, 1e15), (8.0, 8.0), (0.5, 0.5), (1e200, 1e-3), (5e10, 5e10)]:
        line("lbeta", [a, c], log_beta, True)
    choose = lambda n, k: mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
    for _ in range(60):
        n = float(int(10 ** random.uniform(0, 14)))
        line("log_choose", [n, float(int(n * random.random()))], choose, True)
    for n, k in ((10.0, 0.0), (10.0, 10.0), (0.0, 0.0), (1e15, 1.0), (1e15, 2.0), (5.0, 2.0)):
        line("log_choose", [n, k], choose, True)
    edge("log_choose", [3.0, 4.0], -INF), edge("log_choose", [3.0, -1.0], -INF)


def differences():
    small = spread(-20, -1, 30)
    many("log1pmx", lambda x: mp.log1p(x) - x, small + uniform(-0.999, 3, 60) + [1e10, 1e300, -0.9999999999999999], True)
    many("expm1mx", lambda x: mp.expm1(x) - x, small + uniform(-3, 3, 60) + [500.0, -1e10, 0.34, -0.34], True)
    for name, x, value in (("log1pmx", -1.0, -INF), ("log1pmx", INF, -INF), ("log1pmx", -2.0, NAN), ("log1pmx", 0.0, 0.0), ("expm1mx", INF, INF), ("expm1mx", -INF, INF),
                           ("expm1mx", 0.0, 0.0), ("lgamma_excess", 0.0, 0.0), ("lgamma_excess", INF, INF), ("lgamma_excess", -1.0, NAN), ("digamma_excess", INF, 0.0),
                           ("digamma_excess", -1.0, NAN)):
        edge(name, [x], value)
    positive = [abs(x) for x in spread(-300, 300, 20)] + uniform(0.001, 30, 60) + [7.999999999999999, 8.0, 1.0]
    many("lgamma_excess", lambda x: mp.loggamma(x + 1) - x * mp.log(x) + x, positive, True)
    many("digamma_excess", lambda x: mp.digamma(x + 1) - mp.log(x), positive, True)
    kl = lambda x, m: x * mp.log(x / m) - x + m
    for x in uniform(0.1, 50, 40) + [abs(v) for v in spread(-10, 10, 20)]:
        for ratio in (1 + 1e-9, 0.99, 1.2, random.uniform(0.01, 3), 1e-10, 1e6):
            line("kl_div", [x, x * ratio], kl, True)
    for x, y in zip([abs(v) for v in spread(-5, 5, 10)], [abs(v) for v in spread(-5, 5, 10)]):
        line("xlogy", [x, y], lambda a, c: a * mp.log(c), True)
        line("xlog1py", [x, y], lambda a, c: a * mp.log1p(c), True)
    for name, x, y, value in (("xlogy", 0.0, 0.0, 0.0), ("xlogy", 2.0, 0.0, -INF), ("xlog1py", 0.0, -1.0, 0.0), ("xlog1py", 1.0, -1.0, -INF), ("kl_div", 0.0, 2.0, 2.0),
                              ("kl_div", 3.0, 0.0, INF), ("kl_div", 0.0, 0.0, 0.0), ("kl_div", -1.0, 1.0, NAN), ("kl_div", 1.0, INF, INF)):
        edge(name, [x, y], value)
    for x in uniform(0.1, 50, 20) + [abs(v) for v in spread(-300, 300, 20)]:
        for ratio in (1 + 1e-9, 0.99, 1.2, random.uniform(0.01, 3), 1e-10, 1e6):
            line("log_ratio", [x, x * ratio], lambda a, c: mp.log(a / c), True)
    for x, y, value in ((0.0, 2.0, -INF), (3.0, 0.0, INF), (0.0, 0.0, NAN), (-1.0, 1.0, NAN), (1.0, -1.0, NAN), (1.0, INF, -INF), (INF, 1.0, INF), (INF, INF, NAN)):
        edge("log_ratio", [x, y], value)


for part in (exponential, logarithm, logistic, power, trigonometric, normal, gamma, differences):
    part()
