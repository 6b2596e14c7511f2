"""Fits of conjugate models with gaps against closed forms.

Five models, with 0, 20, 99 and 100 % of 400 cells missing. For each guide that is asked for:

- the bound is the optimum that a normal guide can reach, within 1e-3 nats; where the guide holds the posterior that is the log evidence of
  the seen cells, elsewhere it is below it;
- means and sds are those of the best normal within 1 %, and of the exact posterior where many cells are seen.

Where few cells are seen the posterior is far from normal, so that the gradient has noise at the optimum, and inference stops within some 0.03 sds of it; 256 particles in place of 4 bring
that below 1 %. Monte Carlo errors (five of them) are added to the bounds; that of an sd follows from the fourth moment. The closed forms stand with each model.

    conjugate_models.py LACUNA [--seeds N] [--table]
"""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

N = 400
MISSING = (0, 20, 99, 100)
DRAWS = 100_000
NATS, SHARE, Z = 1e-3, 0.01, 5
MANY = ("--particles", "256")
LOG_2PI = math.log(2 * math.pi)


def log_normal(mean, s2):
    """Mean, sd and kurtosis."""
    e = math.exp(s2)
    return mean, mean * math.sqrt(math.expm1(s2)), e**4 + 2 * e**3 + 3 * e**2 - 3


class NormalMean:
    """mu ~ Normal(0, 1), y ~ Normal(mu, 1): the posterior is Normal(S / (n + 1), 1 / (n + 1))."""
    program = "model m(y: real?[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, 1)\n}\n"
    guides = ("mean-field", "full-rank")

    @staticmethod
    def simulate(rng):
        return {"y": [rng.gauss(0.7, 1) for _ in range(N)]}

    @staticmethod
    def solve(data):
        y = [v for v in data["y"] if v is not None]
        n, s, q = len(y), sum(y), sum(v * v for v in y)
        evidence = -n / 2 * LOG_2PI - 0.5 * math.log(n + 1) - 0.5 * (q - s * s / (n + 1))
        exact = {"mu": (s / (n + 1), (n + 1) ** -0.5)}
        return evidence, evidence, exact, exact


class Line:
    """a, b ~ Normal(0, 10), y ~ Normal(a + b x, 0.5): precision and mean by the normal equations."""
    program = ("model m(x: real[N], y: real?[N]) {\n  sample a ~ Normal(0, 10)\n  sample b ~ Normal(0, 10)\n"
               "  observe y ~ Normal(a + b * x, 0.5)\n}\n")
    guides = ("full-rank",)

    @staticmethod
    def simulate(rng):
        x = [rng.uniform(1, 3) for _ in range(N)]  # far from 0: a and b pull on each other
        return {"x": x, "y": [1 - 0.4 * v + rng.gauss(0, 0.5) for v in x]}

    @staticmethod
    def solve(data):
        seen = [(x, y) for x, y in zip(data["x"], data["y"]) if y is not None]
        n, w = len(seen), 1 / 0.25
        p = [[0.01 + w * n, w * sum(x for x, _ in seen)], [0, 0.01 + w * sum(x * x for x, _ in seen)]]
        r = (w * sum(y for _, y in seen), w * sum(x * y for x, y in seen))
        det = p[0][0] * p[1][1] - p[0][1] ** 2
        a, b = (p[1][1] * r[0] - p[0][1] * r[1]) / det, (p[0][0] * r[1] - p[0][1] * r[0]) / det
        evidence = (-n / 2 * (LOG_2PI + math.log(0.25)) - 0.5 * w * sum(y * y for _, y in seen) + 0.5 * (a * r[0] + b * r[1])
                    - math.log(100) - 0.5 * math.log(det))
        exact = {"a": (a, math.sqrt(p[1][1] / det)), "b": (b, math.sqrt(p[0][0] / det))}
        return evidence, evidence, exact, exact


class NormalBoth:
    """v ~ InverseGamma(3, 2), mu ~ Normal(0, sqrt(v / 0.5)), y ~ Normal(mu, sqrt(v)).

    With the posterior's kappa, alpha, beta, c, the bound of independent normals mu ~ (c, t^2) and log v ~ (m, s^2) is
    -(alpha + 1/2) m - (beta + kappa t^2 / 2) E + log s t + const, E = exp(-m + s^2 / 2), whose optimum has E = alpha / beta,
    s^2 = 1 / (alpha + 1/2), t^2 = beta / (alpha kappa). A correlation cannot help: the posterior is symmetric in mu.
    """
    program = ("model m(y: real?[N]) {\n  sample v ~ InverseGamma(3, 2)\n  sample mu ~ Normal(0, sqrt(v / 0.5))\n"
               "  observe y ~ Normal(mu, sqrt(v))\n}\n")
    guides = ("mean-field", "full-rank")

    @staticmethod
    def simulate(rng):
        return {"y": [rng.gauss(-0.5, 1.3) for _ in range(N)]}

    @staticmethod
    def solve(data):
        y = [v for v in data["y"] if v is not None]
        n, total = len(y), sum(y)
        kappa, alpha = 0.5 + n, 3 + n / 2
        c = total / kappa
        beta = 2 + 0.5 * (sum(v * v for v in y) - kappa * c * c)
        evidence = (-n / 2 * LOG_2PI + 0.5 * math.log(0.5 / kappa) + 3 * math.log(2) - alpha * math.log(beta) + math.lgamma(alpha) - math.lgamma(3))
        s2, t2 = 1 / (alpha + 0.5), beta / (alpha * kappa)
        m = s2 / 2 - math.log(alpha / beta)
        # The normalised log posterior: Inverse-Gamma of v, normal of mu given v, the Jacobian v.
        constant = alpha * math.log(beta) - math.lgamma(alpha) + 0.5 * math.log(kappa) - 0.5 * LOG_2PI
        kl = -(constant - (alpha + 0.5) * m - (alpha + 0.5) + 0.5 * math.log(s2 * t2) + LOG_2PI + 1)
        mean_v = math.exp(m + s2 / 2)
        best = {"mu": (c, math.sqrt(t2)), "v": log_normal(mean_v, s2)}
        mean = beta / (alpha - 1)
        exact = {"mu": (c, math.sqrt(beta / kappa / (alpha - 1))), "v": (mean, mean / math.sqrt(alpha - 2))}
        return evidence, evidence - kl, best, exact


class BetaBinomial:
    """p ~ Beta(2, 3), y ~ Binomial(10, p). The best normal of logit p: a = (a + b) E sigmoid, 1 / s^2 = (a + b) E sigmoid'."""
    program = "model m(y: count?[N]) {\n  sample p ~ Beta(2, 3)\n  observe y ~ Binomial(10, p)\n}\n"
    guides = ("mean-field", "full-rank")

    @staticmethod
    def simulate(rng):
        return {"y": [sum(rng.random() < 0.3 for _ in range(10)) for _ in range(N)]}

    @staticmethod
    def solve(data):
        def log_beta(a, b):
            return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

        y = [v for v in data["y"] if v is not None]
        a, b = 2 + sum(y), 3 + 10 * len(y) - sum(y)
        choose = sum(math.lgamma(11) - math.lgamma(v + 1) - math.lgamma(11 - v) for v in y)
        evidence = choose + log_beta(a, b) - log_beta(2, 3)
        nodes = [i / 20 for i in range(-200, 201)]
        weights = [math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / 20 for z in nodes]

        def mean(f, m, s):
            return sum(w * f(1 / (1 + math.exp(-(m + s * z)))) for z, w in zip(nodes, weights))

        m, s = math.log(a / b), math.sqrt((a + b) / (a * b))
        for _ in range(60):
            low, high = m - 5, m + 5
            for _ in range(60):
                m = (low + high) / 2
                low, high = (m, high) if mean(lambda p: p, m, s) < a / (a + b) else (low, m)
            s = 1 / math.sqrt((a + b) * mean(lambda p: p * (1 - p), m, s))
        optimum = (evidence - log_beta(a, b) + mean(lambda p: a * math.log(p) + b * math.log1p(-p), m, s) + math.log(s) + 0.5 * (LOG_2PI + 1))
        first = mean(lambda p: p, m, s)
        best = {"p": (first, math.sqrt(mean(lambda p: (p - first) ** 2, m, s)))}
        exact = {"p": (a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b))}
        return evidence, optimum, best, exact


class GammaPoisson:
    """r ~ Gamma(2, 0.5), y ~ Poisson(r). The best normal of log r has s^2 = 1 / a, m = log(a / b) - s^2 / 2."""
    program = "model m(y: count?[N]) {\n  sample r ~ Gamma(2, 0.5)\n  observe y ~ Poisson(r)\n}\n"
    guides = ("mean-field", "full-rank")

    @staticmethod
    def simulate(rng):
        def poisson(rate):
            floor, product, count = math.exp(-rate), rng.random(), 0
            while product > floor:
                product *= rng.random()
                count += 1
            return count

        return {"y": [poisson(3.2) for _ in range(N)]}

    @staticmethod
    def solve(data):
        y = [v for v in data["y"] if v is not None]
        a, b = 2 + sum(y), 0.5 + len(y)
        normaliser = math.lgamma(a) - a * math.log(b)
        evidence = normaliser - (math.lgamma(2) - 2 * math.log(0.5)) - sum(math.lgamma(v + 1) for v in y)
        m, s = math.log(a / b) - 0.5 / a, a ** -0.5
        optimum = evidence - normaliser + a * m - a + math.log(s) + 0.5 * (LOG_2PI + 1)
        best = {"r": log_normal(a / b, 1 / a)}
        return evidence, optimum, best, {"r": (a / b, math.sqrt(a) / b)}


def fit(lacuna, folder, guide, seed, more):
    subprocess.run([lacuna, "fit", folder / "m.ppl", folder / "data.json", "-o", folder / "fit.lfit", "--guide", guide, "--draws", str(DRAWS),
                    "--seed", str(seed), "--quiet", "--force", *more], check=True)
    return json.loads(subprocess.run([lacuna, "summary", folder / "fit.lfit", "--format=json"], check=True, capture_output=True, text=True).stdout)


def check(case, summary, evidence, optimum, best, exact, near_normal):
    """What is wrong with one fit."""
    wrong = []
    slack = NATS + Z * summary["elbo_error"]
    if abs(summary["elbo"] - optimum) > slack:
        wrong.append(f"{case}: the bound is {summary['elbo']:.5f}, and the optimum {optimum:.5f} (log evidence {evidence:.5f})")
    for of, moments in (("the best normal", best), ("the posterior", exact)):
        if of == "the posterior" and not near_normal:
            continue
        for name, (mean, sd, *rest) in moments.items():
            ours = summary["latents"][name]
            error = Z / math.sqrt(DRAWS)
            if abs(ours["mean"] - mean) > (SHARE + error) * sd:
                wrong.append(f"{case}: the mean of {name} is {ours['mean']:.6g}, and {mean:.6g} of {of}, {abs(ours['mean'] - mean) / sd:.4f} sds away")
            kurtosis = rest[0] if rest else 3
            if abs(ours["sd"] / sd - 1) > SHARE + error * math.sqrt((kurtosis - 1) / 4):
                wrong.append(f"{case}: the sd of {name} is {ours['sd']:.6g}, and {sd:.6g} of {of}")
    return wrong


def main(lacuna, seeds, table):
    wrong, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for model in (NormalMean, Line, NormalBoth, BetaBinomial, GammaPoisson):
            (folder / "m.ppl").write_text(model.program)
            for missing in MISSING:
                rng = random.Random(f"{model.__name__} {missing}")
                data = model.simulate(rng)
                for n in rng.sample(range(N), N * missing // 100):
                    data["y"][n] = None
                (folder / "data.json").write_text(json.dumps(data))
                evidence, optimum, best, exact = model.solve(data)
                assert optimum <= evidence + 1e-9, "no bound is above the evidence"
                for guide in model.guides:
                    for seed in seeds:
                        count += 1
                        summary = fit(lacuna, folder, guide, seed, MANY if missing > 20 else ())
                        case = f"{model.__name__}, {missing} % missing, {guide}, seed {seed}"
                        if table:
                            print(f"{case:<60} bound - optimum {summary['elbo'] - optimum:>9.6f} +- {summary['elbo_error']:.6f}, optimum - evidence {optimum - evidence:.6f}")
                        wrong += check(case, summary, evidence, optimum, best, exact, missing <= 20)
    print("\n".join(wrong) or f"{count} fits agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--seeds") + 1] if "--seeds" in sys.argv else "1"
    sys.exit(main(sys.argv[1], range(1, int(given) + 1), "--table" in sys.argv))
