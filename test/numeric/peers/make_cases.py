"""Writes the cases of this folder: programs whose log density and gradient are known exactly. Run by hand (needs mpmath; seconds).

Each case is a folder: `model.ppl`, `data.json`, `point.json` (the latents' natural values) and `expected.json`: the log density, each
term's total and number of scored cells, and the derivatives by the latents, 25 digits as strings. The numbers come from the densities'
definitions in mpmath; where a peer's test or thread gives digits, this script compares with them.
"""
import json
import math
import os

from mpmath import mp, mpf

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))


def digits(v):
    if isinstance(v, dict):
        return {k: digits(e) for k, e in v.items()}
    if isinstance(v, list):
        return [digits(e) for e in v]
    return v if isinstance(v, int) else mp.nstr(v, 25)


def agree(value, known):
    if abs(value - mpf(known)) > mpf(10) ** -(len(known.split(".")[1])) * mpf("0.51"):
        raise SystemExit(f"{value} is not {known}")


def save(name, data, point, expected):
    folder = os.path.join(HERE, name)
    for file, content in (("data.json", data), ("point.json", point), ("expected.json", digits(expected))):
        with open(os.path.join(folder, file), "w") as out:
            json.dump(content, out, indent=1)
            out.write("\n")


def log_softmax(z):
    top = max(z)
    log_sum = top + mp.log(sum(mp.exp(v - top) for v in z))
    return [v - log_sum for v in z]


# ---- cells of vectors with a mask
B, E, C = 2, 3, 4
SCORE = [[[math.sin(1 + 7 * b + 3 * e + c) for c in range(C)] for e in range(E)] for b in range(B)]
LABEL = [[(b + e) % C for e in range(E)] for b in range(B)]
SEEN = [[(3 * b + e) % 3 != 0 for e in range(E)] for b in range(B)]
CELL = [[log_softmax([mpf(v) for v in SCORE[b][e]])[LABEL[b][e]] for e in range(E)] for b in range(B)]
for row, known in zip(CELL, (("-1.01842701", "-2.22239135", "-1.49131677"), ("-1.22645367", "-1.22226400", "-2.70905773"))):
    for value, text in zip(row, known):
        agree(value, text)


def cells(seen):
    return sum(CELL[b][e] for b in range(B) for e in range(E) if seen[b][e])


def score_slopes(seen):
    return [[[(mpf(c == LABEL[b][e]) - mp.exp(log_softmax([mpf(v) for v in SCORE[b][e]])[c])) if seen[b][e] else mpf(0) for c in range(C)]
             for e in range(E)] for b in range(B)]


ALL = [[True] * E for _ in range(B)]
agree(cells(SEEN), "-7.6450298598")
agree(cells(ALL), "-9.8899105399")
for name, seen in (("cells", SEEN), ("cells_all_seen", ALL)):
    count = sum(map(sum, seen))
    save(name, {"label": LABEL, "seen": seen}, {"score": SCORE},
         {"log_density": cells(seen), "gradient": {"score": score_slopes(seen)},
          "terms": {"label": {"total": cells(seen), "scored": count, "left_out": B * E - count}}})
# The scores as data, with gaps where the mask is false; a latent multiplies them.
NAN_SCORE = [[SCORE[b][e] if SEEN[b][e] else [None] * C for e in range(E)] for b in range(B)]
heat_slope = sum(g * mpf(v) for b in range(B) for e in range(E) for g, v in zip(score_slopes(SEEN)[b][e], SCORE[b][e]))
save("cells_with_gaps", {"score": NAN_SCORE, "label": LABEL, "seen": SEEN}, {"heat": 1.0},
     {"log_density": cells(SEEN), "gradient": {"heat": heat_slope}, "terms": {"label": {"total": cells(SEEN), "scored": 4, "left_out": 2}}})

# ---- a beta with gaps
ROWS = [[0.4, None, 0.2, None], [0.5] * 4]
logs = [mp.log(mpf(v)) for row in ROWS for v in row if v is not None]


def beta_total(x):
    return sum(x + (mp.exp(x) - 1) * v for v in logs)


slope = sum(1 + mp.e * v for v in logs)
agree(beta_total(mpf(1)), "-3.1040024523")
agree(slope, "-8.4023198189")
save("beta_with_gaps", {"y": ROWS}, {"x": 1.0}, {"log_density": beta_total(mpf(1)), "gradient": {"x": slope},
                                               "terms": {"y": {"total": beta_total(mpf(1)), "scored": 6, "left_out": 2}}})

# ---- a normal mean with gaps
Y = [1.25, None, -0.5, None, 3.0, 0.75]
KEEP = [True, True, True, False, False, True]
seen = [mpf(y) for y, keep in zip(Y, KEEP) if keep and y is not None]
mu = mpf("0.5")
log_unit = -mp.log(2 * mp.pi) / 2
total = sum(log_unit - (y - mu) ** 2 / 2 for y in seen)
prior = log_unit - mu ** 2 / 2
n = len(seen)
mean, variance = sum(seen) / (n + 1), mpf(1) / (n + 1)
evidence = n * log_unit - mp.log(n + 1) / 2 - (sum(y * y for y in seen) - sum(seen) ** 2 / (n + 1)) / 2
save("conjugate", {"y": Y, "keep": KEEP}, {"mu": 0.5},
     {"log_density": total + prior, "gradient": {"mu": sum(y - mu for y in seen) - mu},
      "terms": {"y": {"total": total, "scored": n, "left_out": len(Y) - n}},
      "posterior": {"mean": mean, "variance": variance, "log_evidence": evidence, "predictive_variance": 1 + variance}})

# ---- rows of a multivariate normal with cells missing
ROWS = [[0.1, 0.2, 3.4], [0.5, 0.1, None], [0.6, None, None], [None, 0.5, None], [None, None, None]]


def row_density(row):
    seen_cells = [mpf(v) for v in row if v is not None]
    if not seen_cells:
        return mpf(0)
    x = mp.matrix(seen_cells)
    cov = mp.matrix(x.rows, x.rows)
    for i in range(x.rows):
        for j in range(x.rows):
            cov[i, j] = 3 if i == j else 1
    return -(x.T * mp.inverse(cov) * x)[0] / 2 - mp.log(mp.det(cov)) / 2 + x.rows * log_unit


for row, known in zip(ROWS, ("-6.4726817364", "-2.9200978372", "-1.5282446775", "-1.5099113442", "0.0")):
    agree(row_density(row), known)
save("rows_with_gaps", {"y": ROWS, "S": [[3.0 if i == j else 1.0 for j in range(3)] for i in range(3)]}, {"mu": [0.0, 0.0, 0.0]},
     {"log_density": sum(map(row_density, ROWS)), "pointwise": {"y": [row_density(r) for r in ROWS]}})
