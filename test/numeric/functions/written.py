"""How numbers stand in the tables: inputs as hexadecimal doubles, results with 25 digits."""
import math

from definitions import mp, mpf
from points import INF


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


def row(inputs, results):
    return "\t".join([hexed(v) for v in inputs] + [text(r) for r in results])
