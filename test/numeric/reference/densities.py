"""Log densities of the programs of test/programs/reference at three points each, against densities written apart from this project.

Each density below is the model's mathematics in plain Python, summed by `math.fsum`; its gradient by central differences with Richardson's
extrapolation. `lacuna log-density --at` must give the value to 1e-12 of the sum of absolute terms and the gradient to 1e-6 of its largest entry,
by machine code and by the evaluator. The data are read from the folder that LACUNA_SHARED names, or ../shared beside the checkout; without them
the test is skipped, which exit code 77 says.

    densities.py LACUNA CHECKOUT
"""
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

SKIPPED = 77
LOG_2PI = math.log(2 * math.pi)


def normal(x, mean, sd):
    return -0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * LOG_2PI


def half_normal(x, sd):
    return math.log(2) + normal(x, 0, sd)


def half_cauchy(x, scale):
    return math.log(2 / math.pi) - math.log(scale) - math.log1p((x / scale) ** 2)


def poisson_log(n, log_rate):
    return n * log_rate - math.exp(log_rate) - math.lgamma(n + 1)


def bernoulli_logit(y, eta):
    return -math.log1p(math.exp(-eta if y else eta))


def mix(p, first, second):
    a, b = math.log(p) + first, math.log1p(-p) + second
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def linear(columns, d, b, n):
    return b[0] + math.fsum(b[k + 1] * column(d, n) for k, column in enumerate(columns))


def eight_schools(d, p):
    yield normal(p["mu"], 0, 5)
    yield half_cauchy(p["tau"], 5)
    for theta, y, sigma in zip(p["theta"], d["y"], d["sigma"]):
        yield normal(theta, p["mu"], p["tau"])
        yield normal(y, theta, sigma)


def kidscore_momiq(d, p):
    yield half_cauchy(p["sigma"], 2.5)
    for y, iq in zip(d["kid_score"], d["mom_iq"]):
        yield normal(y, p["beta"][0] + p["beta"][1] * iq, p["sigma"])


def logearn_interaction(d, p):
    for earn, h, male in zip(d["earn"], d["height"], d["male"]):
        b = p["beta"]
        yield normal(math.log(earn), b[0] + b[1] * h + b[2] * male + b[3] * h * male, p["sigma"])


def logmesquite(d, p):
    logs = [lambda d, n, name=name: math.log(d[name][n]) for name in ("diam1", "diam2", "canopy_height", "total_height", "density")]
    for n, weight in enumerate(d["weight"]):
        yield normal(math.log(weight), linear([*logs, lambda d, n: d["group"][n]], d, p["beta"], n), p["sigma"])


def nes1972(d, p):
    columns = [lambda d, n: d["real_ideo"][n], lambda d, n: d["race_adj"][n]]
    columns += [lambda d, n, age=age: d["age_discrete"][n] == age for age in (2, 3, 4)]
    columns += [lambda d, n, name=name: d[name][n] for name in ("educ1", "gender", "income")]
    for n, y in enumerate(d["partyid7"]):
        yield normal(y, linear(columns, d, p["beta"], n), p["sigma"])


def sblrc(d, p):
    yield from (normal(b, 0, 10) for b in p["beta"])
    yield half_normal(p["sigma"], 10)
    for row, y in zip(d["X"], d["y"]):
        yield normal(y, math.fsum(x * b for x, b in zip(row, p["beta"])), p["sigma"])


def arK(d, p):
    yield normal(p["alpha"], 0, 10)
    yield from (normal(b, 0, 10) for b in p["beta"])
    yield half_cauchy(p["sigma"], 2.5)
    for t in range(5, len(d["y"])):
        yield normal(d["y"][t], p["alpha"] + math.fsum(b * d["y"][t - 1 - k] for k, b in enumerate(p["beta"])), p["sigma"])


def garch11(d, p):
    yield -math.log(1 - p["alpha1"])
    s = d["sigma1"]
    for t, y in enumerate(d["y"]):
        if t > 0:
            s = math.sqrt(p["alpha0"] + p["alpha1"] * (d["y"][t - 1] - p["mu"]) ** 2 + p["beta1"] * s**2)
        yield normal(y, p["mu"], s)


def low_dim_gauss_mix(d, p):
    yield math.log(2)  # of two identical priors, ordered
    yield from (normal(m, 0, 2) for m in p["mu"])
    yield from (half_normal(s, 2) for s in p["sigma"])
    yield math.lgamma(10) - 2 * math.lgamma(5) + 4 * math.log(p["theta"]) + 4 * math.log1p(-p["theta"])
    for y in d["y"]:
        yield mix(p["theta"], normal(y, p["mu"][0], p["sigma"][0]), normal(y, p["mu"][1], p["sigma"][1]))


def counts_by_site(d, p):
    yield normal(p["mu"], 0, 10)
    yield -math.log(5)
    yield from (normal(a, p["mu"], p["sd"]) for a in p["alpha"])
    for n, site in zip(d["obs"], d["obssite"]):
        yield poisson_log(n, p["alpha"][site - 1])


def radon_mn(d, p):
    yield normal(p["mu_alpha"], 0, 10)
    yield half_normal(p["sigma_alpha"], 1)
    yield half_normal(p["sigma_y"], 1)
    yield from (normal(a, p["mu_alpha"], p["sigma_alpha"]) for a in p["alpha"])
    yield from (normal(b, 0, 10) for b in p["beta"])
    for county, u, x, y in zip(d["county_idx"], d["log_uppm"], d["floor_measure"], d["log_radon"]):
        yield normal(y, p["alpha"][county - 1] + p["beta"][0] * u + p["beta"][1] * x, p["sigma_y"])


def wells(d, p):
    yield normal(p["alpha"], 0, 10)
    yield normal(p["beta"], 0, 10)
    for x, y in zip(d["dist"], d["switched"]):
        yield bernoulli_logit(y, p["alpha"] + p["beta"] * x / 100)


def vector(r, n, mean, sd):
    return [r.gauss(mean, sd) for _ in range(n)]


# Density, data, options of the command, and a point from a source of chance.
CASES = [
    (eight_schools, "eight_schools", (), lambda r: {"mu": r.gauss(4, 3), "tau": r.uniform(1, 8), "theta": vector(r, 8, 4, 4)}),
    (kidscore_momiq, "kidiq", (), lambda r: {"beta": [r.gauss(26, 5), r.gauss(0.6, 0.1)], "sigma": r.uniform(10, 25)}),
    (logearn_interaction, "earnings", (), lambda r: {"beta": [r.gauss(8, 1), *vector(r, 3, 0.02, 0.01)], "sigma": r.uniform(0.6, 1.2)}),
    (logmesquite, "mesquite", (), lambda r: {"beta": [r.gauss(5, 0.3), *vector(r, 6, 0.4, 0.3)], "sigma": r.uniform(0.2, 0.6)}),
    (nes1972, "nes1972", (), lambda r: {"beta": [r.gauss(2, 0.5), *vector(r, 8, 0.1, 0.3)], "sigma": r.uniform(1, 3)}),
    (sblrc, "sblrc", (), lambda r: {"beta": vector(r, 5, 0, 1), "sigma": r.uniform(0.5, 3)}),
    (arK, "arK", (), lambda r: {"alpha": r.gauss(0, 0.2), "beta": vector(r, 5, 0.1, 0.2), "sigma": r.uniform(0.1, 0.5)}),
    (garch11, "garch", (), lambda r: {"mu": r.gauss(5, 0.3), "alpha0": r.uniform(0.5, 2), "alpha1": r.uniform(0.2, 0.6), "beta1": r.uniform(0.05, 0.35)}),
    (low_dim_gauss_mix, "low_dim_gauss_mix", (), lambda r: {"mu": sorted(vector(r, 2, 0, 2)), "sigma": [r.uniform(0.5, 2) for _ in "ab"], "theta": r.uniform(0.2, 0.8)}),
    (counts_by_site, "GLMM_data", ("--index-base", "obssite=1", "--size", "Site=235"),
     lambda r: {"mu": r.gauss(1, 1), "sd": r.uniform(0.5, 3), "alpha": vector(r, 235, 1, 1)}),
    (radon_mn, "radon_mn", ("--index-base", "county_idx=1", "--size", "County=85"),
     lambda r: {"mu_alpha": r.gauss(1, 0.5), "sigma_alpha": r.uniform(0.1, 0.5), "alpha": vector(r, 85, 1.5, 0.3), "beta": vector(r, 2, 0, 0.5),
                "sigma_y": r.uniform(0.5, 1)}),
    (wells, "wells_data", ("--bind", "distance = dist"), lambda r: {"alpha": r.gauss(0.6, 0.2), "beta": r.gauss(-0.6, 0.3)}),
]


def slots(point):
    """Every number of a point, as (name, position or None)."""
    for name, value in point.items():
        yield from ((name, k) for k in range(len(value))) if isinstance(value, list) else ((name, None),)


def read(point, slot):
    name, k = slot
    return point[name] if k is None else point[name][k]


def moved(point, slot, by):
    name, k = slot
    value = point[name] + by if k is None else [*point[name][:k], point[name][k] + by, *point[name][k + 1 :]]
    return {**point, name: value}


def slope(density, data, point, slot):
    """Richardson: (4 D(h) - D(2h)) / 3, where D is the central difference, of the differences of terms."""
    h = 1e-4 * max(1.0, abs(read(point, slot)))
    def central(step):
        high, low = density(data, moved(point, slot, step)), density(data, moved(point, slot, -step))
        return math.fsum(a - b for a, b in zip(high, low)) / (2 * step)
    return (4 * central(h) - central(2 * h)) / 3


def log_density(lacuna, program, data, options, point, folder, *more):
    at = folder / "at.json"
    at.write_text(json.dumps(point))
    command = [lacuna, "log-density", program, data, *options, "--at", at, "--gradient", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{program.name}: {done.stderr}")
    return json.loads(done.stdout)


def check(lacuna, programs, shared, case, folder):
    density, data_name, options, draw = case
    path = shared / "reference" / "data" / (data_name + ".json")
    data = json.loads(path.read_text())
    program = programs / (density.__name__ + ".ppl")
    worst_value = worst_slope = 0.0
    for number in range(3):
        point = draw(random.Random(f"{density.__name__} {number}"))
        terms = list(density(data, point))
        scale = math.fsum(abs(t) for t in terms)
        ways = [log_density(lacuna, program, path, options, point, folder, *more) for more in ((), ("--interpret",))]
        worst_value = max(worst_value, *(abs(way["log_density"] - math.fsum(terms)) / scale for way in ways))
        wanted = list(slots(point)) if len(list(slots(point))) < 20 else list(slots(point))[:: len(list(slots(point))) // 12]
        slopes = {slot: slope(density, data, point, slot) for slot in wanted}
        largest = max(1.0, *(abs(s) for s in slopes.values()))
        for way in ways:
            worst_slope = max(worst_slope, *(abs(read(way["constrained_gradient"], slot) - s) / largest for slot, s in slopes.items()))
    right = worst_value <= 1e-12 and worst_slope <= 1e-6
    print(f"{density.__name__:22} value {worst_value:.1e}, gradient {worst_slope:.1e}{'' if right else '  WRONG'}")
    return right


def main():
    lacuna, checkout = sys.argv[1], pathlib.Path(sys.argv[2])
    shared = pathlib.Path(os.environ.get("LACUNA_SHARED", checkout.parent / "shared"))
    if not (shared / "reference" / "data").is_dir():
        print(f"skipped: there are no reference data in {shared}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        results = [check(lacuna, checkout / "test" / "programs" / "reference", shared, case, pathlib.Path(folder)) for case in CASES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
