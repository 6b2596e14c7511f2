#!/usr/bin/env python3
"""Makes coefficients.h: polynomials for the functions of this folder, by Chebyshev interpolation with mpmath.

Each is close to the best polynomial of its degree: its largest error is printed beside it, relative to the value 1 unless the comment says
otherwise. Run it with Debian's python3-mpmath, in this folder: `/usr/bin/python3 coefficients.py > coefficients.h`.
"""
import mpmath as mp

mp.mp.dps = 60


def chebyshev(f, low, high, degree):
    """Monomial coefficients, lowest first, of the interpolant of f at the Chebyshev points of [low, high]."""
    n = degree + 1
    nodes = [mp.cos(mp.pi * (mp.mpf(k) + mp.mpf(1) / 2) / n) for k in range(n)]
    x = [(high + low) / 2 + (high - low) / 2 * t for t in nodes]
    a = mp.matrix(n, n)
    for i in range(n):
        for j in range(n):
            a[i, j] = x[i] ** j
    solution = mp.lu_solve(a, mp.matrix([f(v) for v in x]))
    return [solution[i] for i in range(n)]


def worst(f, low, high, coefficients):
    points = [low + (high - low) * mp.mpf(k) / 400 for k in range(401)]
    rounded = [mp.mpf(float(c)) for c in coefficients]
    return max(abs(mp.polyval(rounded[::-1], x) - f(x)) for x in points)


def series(f, at, limit):
    """f, or its limit where the formula has a removable singularity."""
    return lambda x: limit if abs(x - at) < mp.mpf(10) ** -25 else f(x)


def table(name, what, f, low, high, degree):
    low, high = mp.mpf(low), mp.mpf(high)
    c = chebyshev(f, low, high, degree)
    print(f"// {what} on [{mp.nstr(low, 6)}, {mp.nstr(high, 6)}], within {mp.nstr(worst(f, low, high, c), 2)}.")
    print(f"inline constexpr double {name}[] = {{")
    line = "   "
    for value in c:
        text = f" {float(value).hex()},"
        if len(line) + len(text) > 118:
            print(line)
            line = "   "
        line += text
    print(line)
    print("};")


def through_square(f):
    return lambda z: f(mp.sqrt(z))


def main():
    print("// Made by coefficients.py; lowest power first.")
    print("#pragma once")
    print()
    print("namespace lacuna::codegen::math {")
    h = mp.log(2) / 2 * mp.mpf("1.0001")
    table("kExp", "(exp(r) - 1 - r) / r^2", series(lambda r: (mp.exp(r) - 1 - r) / r**2, 0, mp.mpf(1) / 2), -h, h, 10)
    s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    table("kLog", "(2 atanh(s) / s - 2) / s^2 in z = s^2", series(through_square(lambda s: (2 * mp.atanh(s) / s - 2) / s**2), 0, mp.mpf(2) / 3), 0,
          s**2 * mp.mpf("1.001"), 7)
    table("kLogWide", "the same, for the logarithm of 1 + e with 0 <= e <= 1", series(through_square(lambda s: (2 * mp.atanh(s) / s - 2) / s**2), 0, mp.mpf(2) / 3),
          0, mp.mpf(1) / 9, 11)
    table("kLogFifth", "(2 atanh(s) / s - 2 - 2 s^2 / 3) / s^4 in z = s^2",
          series(through_square(lambda s: (2 * mp.atanh(s) / s - 2 - 2 * s**2 / 3) / s**4), 0, mp.mpf(2) / 5), 0, s**2 * mp.mpf("1.001"), 7)
    q = (mp.pi / 4 * mp.mpf("1.001")) ** 2
    table("kSin", "(sin(r) / r - 1) / r^2 in z = r^2", series(through_square(lambda r: (mp.sin(r) / r - 1) / r**2), 0, -mp.mpf(1) / 6), 0, q, 6)
    table("kCos", "(cos(r) - 1 + r^2 / 2) / r^4 in z = r^2", series(through_square(lambda r: (mp.cos(r) - 1 + r**2 / 2) / r**4), 0, mp.mpf(1) / 24), 0, q, 6)
    table("kAtan", "(atan(x) / x - 1) / x^2 in z = x^2", series(through_square(lambda x: (mp.atan(x) / x - 1) / x**2), 0, -mp.mpf(1) / 3), 0,
          mp.tan(mp.pi / 8) ** 2 * mp.mpf("1.001"), 13)
    table("kAsin", "(asin(x) / x - 1) / x^2 in z = x^2", series(through_square(lambda x: (mp.asin(x) / x - 1) / x**2), 0, mp.mpf(1) / 6), 0, mp.mpf(1) / 4, 14)
    table("kErf", "erf(x) / x in z = x^2", series(through_square(lambda x: mp.erf(x) / x), 0, 2 / mp.sqrt(mp.pi)), 0, 1, 13)

    def erfcx_of(t):
        if t > 1 - mp.mpf(10) ** -25:
            return 2 / mp.sqrt(mp.pi)
        x = mp.mpf("3.75") * (1 + t) / (1 - t)
        scaled = mp.exp(x * x) * mp.erfc(x) if x < 10**4 else (1 - 1 / (2 * x**2) + 3 / (4 * x**4) - 15 / (8 * x**6)) / (x * mp.sqrt(mp.pi))
        return (1 + 2 * x) * scaled

    table("kErfcx", "(1 + 2 x) exp(x^2) erfc(x) in t = (x - 3.75) / (x + 3.75), x >= 0", erfcx_of, -1, 1, 26)

    def of_inverse_square(f, limit):
        return series(lambda w: f(1 / mp.sqrt(w)), 0, limit)

    stirling = of_inverse_square(lambda y: (mp.loggamma(y) - (y - mp.mpf(1) / 2) * mp.log(y) + y - mp.log(2 * mp.pi) / 2) * y, mp.mpf(1) / 12)
    table("kStirling", "y (lgamma(y) - (y - 1/2) log(y) + y - log(2 pi) / 2) in w = 1 / y^2, y >= 8", stirling, 0, mp.mpf(1) / 64, 6)
    digamma = of_inverse_square(lambda y: (mp.log(y) - 1 / (2 * y) - mp.digamma(y)) * y**2, mp.mpf(1) / 12)
    table("kDigamma", "y^2 (log(y) - 1 / (2 y) - digamma(y)) in w = 1 / y^2, y >= 8", digamma, 0, mp.mpf(1) / 64, 6)
    trigamma = of_inverse_square(lambda y: (mp.psi(1, y) - 1 / y - 1 / (2 * y**2)) * y**3, mp.mpf(1) / 6)
    table("kTrigamma", "y^3 (trigamma(y) - 1 / y - 1 / (2 y^2)) in w = 1 / y^2, y >= 8", trigamma, 0, mp.mpf(1) / 64, 7)
    table("kSinPi", "(sin(pi r) / r - pi) / r^2 in z = r^2", series(through_square(lambda r: (mp.sin(mp.pi * r) / r - mp.pi) / r**2), 0, -mp.pi**3 / 6), 0,
          mp.mpf(1) / 4, 9)
    table("kCosPi", "(cos(pi r) - 1) / r^2 in z = r^2", series(through_square(lambda r: (mp.cos(mp.pi * r) - 1) / r**2), 0, -mp.pi**2 / 2), 0, mp.mpf(1) / 4, 9)
    quantiles()
    print("}  // namespace lacuna::codegen::math")


def quantile(p):
    """x with normal_cdf(x) = p, p <= 1/2."""
    x = -mp.sqrt(-2 * mp.log(p)) if p < mp.mpf("0.1") else mp.mpf(0)
    for _ in range(200):
        cdf = mp.erfc(-x / mp.sqrt(2)) / 2
        step = (mp.log(cdf) - mp.log(p)) * cdf / (mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi))
        x -= step
        if abs(step) < mp.mpf(10) ** -45:
            break
    return x


def quantiles():
    mp.mp.dps = 50
    table("kQuantileCentre", "quantile(1/2 + q) / q in z = q^2", series(through_square(lambda q: -quantile(mp.mpf(1) / 2 - q) / q), 0, mp.sqrt(2 * mp.pi)), 0,
          mp.mpf("0.3") ** 2, 15)
    for name, low, high, degree in (("kQuantileTail1", "1.26", "2.8", 18), ("kQuantileTail2", "2.8", "6", 18), ("kQuantileTail3", "6", "13", 18),
                                    ("kQuantileTail4", "13", "27.5", 18)):
        low, high = mp.mpf(low), mp.mpf(high)
        of_unit = lambda t, low=low, high=high: -quantile(mp.exp(-((((high - low) * t + high + low) / 2) ** 2)))
        table(name, f"-quantile(exp(-r^2)) in t, r from {mp.nstr(low, 3)} at t = -1 to {mp.nstr(high, 3)} at t = 1", of_unit, -1, 1, degree)


main()
