#!/usr/bin/env python3
"""Predictive distributions that have closed forms, with exact posterior draws in place of the fit's.

    predict_closed_forms.py LACUNA

Normal, beta-binomial and gamma-Poisson; a cell that is imputed; the local level model against a Kalman filter; new groups against the
population's moments given the draws. Means, variances and tails within 5 Monte Carlo errors.
"""
import math
import random

from lfit import replace_draws
from predicting import Case, normal_cdf

DRAWS = 20000


def fit(case, program, data, draws, *options):
    """A fit whose draws are those of `draws(rng)`, one list for each value of the latents."""
    case.write("m.ppl", program)
    case.write("train.csv", data)
    case.run("fit", "m.ppl", "train.csv", "-o", "fit.lfit", "--draws", str(DRAWS), *options, may_doubt=True)
    columns = [draws() for _ in range(DRAWS)]
    replace_draws(case.path("fit.lfit"), [list(row) for row in zip(*columns)])


def predict(case, *words):
    case.run("predict", "fit.lfit", *words, "-o", "out.csv", "--seed", str(case.seed))
    return case.table("out.csv")


def check_normal(case, rng):
    seen = [1.2, 0.4, 2.2, 0.9]
    mean, variance = sum(seen) / (len(seen) + 1), 1 / (len(seen) + 1)
    program = "model m(y: real?[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, 1) else impute\n}\n"
    fit(case, program, "y\n" + "".join(f"{y}\n" for y in seen) + "NA\n", lambda: [rng.gauss(mean, math.sqrt(variance))])
    # A new row would need nothing but its number; the fit's own rows are predicted anew, the gap drawn.
    for name, draws in {"replicate": predict(case, "--site", "y")["y", "0"], "imputed": predict(case, "--site", "y.imputed")["y.imputed", "4"]}.items():
        case.check_draws(f"normal, {name}", draws, mean, 1 + variance)
        spread = math.sqrt(1 + variance)
        for z in (-2.326, 1.645):
            case.check_tail(f"normal, {name}", draws, mean + z * spread, normal_cdf(z))
    kept = predict(case, "--site", "y.imputed")["y.imputed", "1"]
    case.require("a scored cell stays as it is", set(kept) == {0.4})


def beta_binomial(k, n, a, b):
    def lbeta(p, q):
        return math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q)
    return math.exp(math.log(math.comb(n, k)) + lbeta(k + a, n - k + b) - lbeta(a, b))


def check_counts(case, what, draws, mass, top):
    """Mean, variance and two tails of a distribution over 0..top with `mass`."""
    probabilities = [mass(k) for k in range(top + 1)]
    mean = sum(k * p for k, p in enumerate(probabilities))
    variance = sum((k - mean) ** 2 * p for k, p in enumerate(probabilities))
    kurtosis = sum((k - mean) ** 4 * p for k, p in enumerate(probabilities)) / variance ** 2
    case.check_draws(what, draws, mean, variance, kurtosis)
    below = 0.0
    for k, p in enumerate(probabilities):
        if below < 0.05 <= below + p or below < 0.95 <= below + p:
            case.check_tail(what, draws, k, below + p)
        below += p


def check_beta_binomial(case, rng):
    a, b = 2 + 7 + 4, 2 + 3 + 8
    program = "model m(n: count[N], k: count?[N]) {\n  sample p ~ Beta(2, 2)\n  observe k ~ Binomial(n, p)\n}\n"
    fit(case, program, "n,k\n10,7\n12,4\n5,\n", lambda: [rng.betavariate(a, b)])
    case.write("new.csv", "n\n20\n")
    check_counts(case, "beta-binomial", predict(case, "new.csv")["k", "0"], lambda k: beta_binomial(k, 20, a, b), 20)


def check_gamma_poisson(case, rng):
    shape, rate = 3 + 4 + 7 + 2, 2 + 1.0 + 1.5 + 0.5
    program = "model m(e: positive[N], k: count?[N]) {\n  sample r ~ Gamma(3, 2)\n  observe k ~ Poisson(r * e)\n}\n"
    fit(case, program, "e,k\n1.0,4\n1.5,7\n0.5,2\n2,\n", lambda: [rng.gammavariate(shape, 1 / rate)])
    case.write("new.csv", "e\n2.5\n")
    p = rate / (rate + 2.5)

    def mass(k):
        return math.exp(math.lgamma(k + shape) - math.lgamma(shape) - math.lgamma(k + 1) + shape * math.log(p) + k * math.log1p(-p))
    check_counts(case, "gamma-Poisson", predict(case, "new.csv")["k", "0"], mass, 400)


def check_forecast(case, rng):
    """Level variance 0.5^2, noise 1, a first level Normal(0, 2); years 3 and 4 not seen."""
    ys = [0.3, 0.8, 1.9, None, None, 2.4, 2.0]
    filtered, ahead = [], (0.0, 4.0)
    for y in ys:
        m, v = ahead
        if y is not None:
            gain = v / (v + 1)
            m, v = m + gain * (y - m), v * (1 - gain)
        filtered.append((m, v))
        ahead = (m, v + 0.25)

    def smooth():
        levels = [0.0] * len(ys)
        levels[-1] = rng.gauss(filtered[-1][0], math.sqrt(filtered[-1][1]))
        for t in reversed(range(len(ys) - 1)):
            m, v = filtered[t]
            gain = v / (v + 0.25)
            levels[t] = rng.gauss(m + gain * (levels[t + 1] - m), math.sqrt(v * (1 - gain)))
        return levels
    program = ("open T\nmodel m(y: real?[T]) {\n  sample level[t in T] ~ Normal(if t == 0 then 0 else level[t - 1], if t == 0 then 2 else 0.5)\n"
               "  observe y ~ Normal(level, 1)\n}\n")
    fit(case, program, "t,y\n" + "".join(f"{t},{'' if y is None else y}\n" for t, y in enumerate(ys)), smooth, "--key", "T=t")
    table = predict(case, "--size", "T=+6")
    for h in range(1, 7):
        mean, variance = filtered[-1][0], filtered[-1][1] + 0.25 * h + 1
        draws = table["y", str(6 + h)]
        case.check_draws(f"forecast of step {h}", draws, mean, variance)
        case.check_tail(f"forecast of step {h}", draws, mean + 1.645 * math.sqrt(variance), normal_cdf(1.645))
    # In the gap: smoothed, by the same recursions on the way back.
    smoothed = {len(ys) - 1: filtered[-1]}
    for t in reversed(range(len(ys) - 1)):
        m, v = filtered[t]
        gain = v / (v + 0.25)
        later = smoothed[t + 1]
        smoothed[t] = (m + gain * (later[0] - m), v + gain ** 2 * (later[1] - v - 0.25))
    table = predict(case)
    for t in (3, 4):
        case.check_draws(f"in the gap at {t}", table["y", str(t)], smoothed[t][0], smoothed[t][1] + 1)


def check_new_groups(case, rng):
    program = ("open G\nmodel m(g: G[N], x: real[N], y: real?[N]) {\n  sample mu ~ Normal(0, 2)\n  sample tau ~ HalfNormal(1)\n  sample a[G] ~ Normal(mu, tau)\n"
               "  sample sigma ~ HalfNormal(1)\n  observe y[n in N] ~ Normal(a[g[n]] + x[n], sigma)\n}\n")

    def draw():
        mu, tau, sigma = rng.gauss(1, 0.5), rng.uniform(0.5, 1.5), rng.uniform(0.3, 0.6)
        return [mu, tau, rng.gauss(mu, tau), rng.gauss(mu, tau), sigma]
    fit(case, program, "g,x,y\nnorth,0,1\nsouth,1,2\nsouth,0,\n", draw)
    case.write("new.csv", "g,x\neast,2\nwest,0\neast,-1\nsouth,1\n")
    table = predict(case, "new.csv", "--latents")
    mu, tau, sigma = (table[name,] for name in ("mu", "tau", "sigma"))
    # Given the draw, a row of a new group is Normal(mu + x, sqrt(tau^2 + sigma^2)).
    for row, x in (("0", 2), ("1", 0), ("2", -1)):
        standard = [(y - m - x) / math.hypot(t, s) for y, m, t, s in zip(table["y", row], mu, tau, sigma)]
        case.check_draws(f"new group, row {row}", standard, 0, 1)
        case.check_tail(f"new group, row {row}", standard, -2.0, normal_cdf(-2.0))
    standard = [(y - a - 1) / s for y, a, s in zip(table["y", "3"], table["a", "south"], sigma)]
    case.check_draws("known group", standard, 0, 1)
    # Rows of one new group share it, rows of two do not.
    for other, x, share in (("2", -1, 1.0), ("1", 0, 0.0)):
        pairs = [(p - m - 2) * (q - m - x) for p, q, m in zip(table["y", "0"], table["y", other], mu)]
        mean = sum(pairs) / DRAWS
        wanted = share * sum(t * t for t in tau) / DRAWS
        error = math.sqrt(sum((p - mean) ** 2 for p in pairs) / DRAWS / DRAWS)
        case.check(f"covariance of rows 0 and {other}", mean, wanted, error)


def main():
    case = Case()
    rng = random.Random(31 + case.seed)
    for check in (check_normal, check_beta_binomial, check_gamma_poisson, check_forecast, check_new_groups):
        check(case, rng)
    case.finish()


main()
