"""Writes the tables of this folder: each built-in function at many points, to 25 digits, with its derivatives.

Run by hand (needs mpmath; a few minutes); the tables are kept beside it. Nothing here is taken from the functions under test:
values come from definitions evaluated with many more digits than asked for, derivatives from closed forms in the same
arithmetic, and `check_derivatives` compares every one of them with a difference quotient.

Format of `<function>.tsv`: lines that begin with `#` are comments; the first names the columns. Inputs are hexadecimal doubles
(`inf`, `-inf`, `nan` among them); `value` and `d_<input>` are decimal with 25 digits, to be rounded to a double by `strtod` (which
gives an infinity or a subnormal where that is the rounded result); `-` stands where nothing is asked for (a derivative at a corner or pole).
"""
import os
import random
import sys

from definitions import mpf
from one_input import ONE
from points import NAN
from several_inputs import MANY
from written import hexed, row

HERE = os.path.dirname(os.path.abspath(__file__))


def unique(points):
    seen, kept = set(), []
    for p in points:
        key = tuple(hexed(v) for v in (p if isinstance(p, tuple) else (p,)))
        if key not in seen:
            seen.add(key)
            kept.append(p)
    return kept


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
