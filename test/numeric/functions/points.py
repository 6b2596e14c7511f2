"""Doubles at which functions are asked for: edges, neighbours of a double, random ones with fixed seeds, and all combinations of several inputs."""
import math
import random
import sys

INF = math.inf
NAN = math.nan
TINY = 5e-324
SMALL = sys.float_info.min
HUGE = sys.float_info.max


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


def grid(*axes):
    points = [()]
    for axis in axes:
        points = [p + (v,) for p in points for v in axis]
    return points


def pairs(a, b):
    return list(zip(a, b))


EDGES = [0.0, -0.0, TINY, -TINY, SMALL, -SMALL, ulps(SMALL, -1), 1e-300, -1e-300, 1e-20, -1e-20, 1e-10, -1e-10, 1e-5, -1e-5,
         HUGE, -HUGE, 1e300, -1e300, 1e20, -1e20, INF, -INF, NAN]
REAL = EDGES + both(spread(1e-12, 1.0, 40, 1) + spread(1.0, 40.0, 60, 2) + spread(40.0, 1e6, 20, 3)) + around(1.0) + around(-1.0) + \
    [0.5, -0.5, 2.0, -2.0]
POSITIVE = [e for e in EDGES if e > 0 or e != e] + spread(1e-300, 1e-12, 20, 4) + spread(1e-12, 1.0, 40, 5) + \
    spread(1.0, 100.0, 60, 6) + spread(100.0, 1e300, 40, 7) + around(1.0, 4) + around(2.0, 4) + [0.5, 1.5]
