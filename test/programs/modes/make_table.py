"""Modes of densities of natural values, by closed forms and by scipy's optimisers on densities written here by hand: writes table.json.

    make_table.py > table.json          needs numpy and scipy; the test reads the table alone
"""
import json
import math

import numpy as np
from scipy import optimize, special, stats

ROWS = 60
X = np.array([[math.sin(1.3 * n), math.cos(0.7 * n)] for n in range(ROWS)])
CASES = []


def case(name, program, data, mode):
    CASES.append({"name": name, "program": program, "data": data, "mode": {key: float(value) for key, value in mode.items()}})


def climb(density, start):
    """The highest point of a density, by two methods that must agree."""
    down = lambda v: -density(v)
    rough = optimize.minimize(down, start, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-13, "maxiter": 200_000, "maxfev": 200_000, "adaptive": True})
    fine = optimize.minimize(down, rough.x, method="BFGS", options={"gtol": 1e-9})
    best = fine if fine.fun < rough.fun else rough
    assert np.allclose(rough.x, best.x, atol=1e-5), (rough.x, best.x)
    return best.x


def conjugate():
    y = [3, 0, 2, 5, 1, 1, 4]
    case("gamma and counts", "model m(y: count[N]) {\n  sample r ~ Gamma(3, 2)\n  observe y ~ Poisson(r)\n}\n", {"y": y}, {"r": (3 - 1 + sum(y)) / (2 + len(y))})
    case("beta and successes", "model m(y: count[N]) {\n  sample p ~ Beta(2, 5)\n  observe y ~ Binomial(9, p)\n}\n", {"y": y},
         {"p": (2 + sum(y) - 1) / (2 + 5 + 9 * len(y) - 2)})
    z = [0, 2, 1, 1, 2, 2, 2, 0, 1, 2]
    alpha = [2, 3, 4]
    case("a simplex", "dim K = 3\nmodel m(z: K[N], alpha: positive[K]) {\n  sample p ~ Dirichlet(alpha)\n  observe z ~ Categorical(p)\n}\n", {"z": z, "alpha": alpha},
         {f"p[{k}]": (alpha[k] + z.count(k) - 1) / (sum(alpha) + len(z) - 3) for k in range(3)})
    w = [math.sin(5 * n) for n in range(20)]
    case("a variance", "model m(y: real[N]) {\n  sample v ~ InverseGamma(3, 2)\n  observe y ~ Normal(0, sqrt(v))\n}\n", {"y": w},
         {"v": (2 + sum(u * u for u in w) / 2) / (3 + len(w) / 2 + 1)})


def groups_apart_from_their_mean():
    """mu and a[j] ~ Normal(mu, 2) noncentered, y[j] ~ Normal(a[j], s[j]): the mode of a linear model is the solution of its normal equations."""
    y, s, tau = [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18], 2
    precision, right = np.zeros((9, 9)), np.zeros(9)
    precision[0, 0] = 1 / 25
    for j in range(8):
        at = np.zeros(9)
        at[0], at[1 + j] = -1, 1
        precision += np.outer(at, at) / tau**2
        precision[1 + j, 1 + j] += 1 / s[j] ** 2
        right[1 + j] = y[j] / s[j] ** 2
    best = np.linalg.solve(precision, right)
    program = ("model m(y: real[J], s: positive[J]) {\n  sample mu ~ Normal(0, 5)\n  sample a[J] ~ Normal(mu, 2)WORD\n  observe y ~ Normal(a, s)\n}\n")
    for name, word in (("groups", ""), ("groups, noncentered", " noncentered")):
        case(name, program.replace("WORD", word), {"y": y, "s": s}, {"mu": best[0], **{f"a[{j}]": best[1 + j] for j in range(8)}})


def logistic():
    y = [None if n % 7 == 3 else int(math.sin(2.1 * n) + X[n, 0] - 0.5 * X[n, 1] > 0) for n in range(ROWS)]
    seen = np.array([v is not None for v in y])
    t = np.array([v or 0 for v in y])

    def density(v):
        eta = v[0] + X @ v[1:]
        return stats.norm.logpdf(v[0], 0, 5) + stats.norm.logpdf(v[1:], 0, 2.5).sum() + (t * eta - np.logaddexp(0, eta))[seen].sum()

    best = climb(density, np.zeros(3))
    case("logistic with gaps", "model m(x: real[N, P], y: bool?[N]) {\n  sample a ~ Normal(0, 5)\n  sample b[P] ~ Normal(0, 2.5)\n  observe y ~ Bernoulli(logit = a + x @ b)\n}\n",
         {"x": X.tolist(), "y": y}, {"a": best[0], "b[0]": best[1], "b[1]": best[2]})


def robust_line():
    y = [0.5 + 1.2 * X[n, 0] + 0.3 * math.sin(9.7 * n) + (4 if n % 20 == 5 else 0) for n in range(ROWS)]

    def density(v):
        a, b, scale, nu = v
        if scale <= 0 or nu <= 0:
            return -np.inf
        return (stats.norm.logpdf(a, 0, 5) + stats.norm.logpdf(b, 0, 5) + stats.expon.logpdf(scale, scale=1) + stats.gamma.logpdf(nu, 2, scale=10)
                + stats.t.logpdf(y, nu, a + b * X[:, 0], scale).sum())

    best = climb(density, np.array([0.0, 0.0, 1.0, 4.0]))
    case("a line with heavy tails", "model m(x: real[N], y: real[N]) {\n  sample a ~ Normal(0, 5)\n  sample b ~ Normal(0, 5)\n  sample scale ~ Exponential(1)\n"
         "  sample nu ~ Gamma(2, 0.1)\n  observe y ~ StudentT(nu, a + b * x, scale)\n}\n", {"x": X[:, 0].tolist(), "y": y}, dict(zip(("a", "b", "scale", "nu"), best)))


def ordered_categories():
    y = [min(3, max(0, int(1.5 + 1.6 * X[n, 0] + 1.2 * math.sin(3.3 * n)))) for n in range(ROWS)]

    def density(v):
        b, cut = v[0], v[1:]
        if not np.all(np.diff(cut) > 0):
            return -np.inf
        ends = np.concatenate(([-np.inf], cut, [np.inf]))
        eta = b * X[:, 0]
        chance = special.expit(ends[np.array(y) + 1] - eta) - special.expit(ends[np.array(y)] - eta)
        return stats.norm.logpdf(b, 0, 2) + stats.norm.logpdf(cut, 0, 3).sum() + np.log(chance).sum()

    best = climb(density, np.array([0.5, -1.0, 0.0, 1.0]))
    case("ordered categories", "dim K = 4\ndim C = K - 1\nmodel m(x: real[N], y: K[N]) {\n  sample b ~ Normal(0, 2)\n  sample cut: ordered[C] ~ Normal(0, 3)\n"
         "  observe y[n in N] ~ OrderedLogistic(b * x[n], cut)\n}\n", {"x": X[:, 0].tolist(), "y": y}, {"b": best[0], **{f"cut[{k}]": best[1 + k] for k in range(3)}})


for each in (conjugate, groups_apart_from_their_mean, logistic, robust_line, ordered_categories):
    each()
print(json.dumps(CASES, indent=1))
