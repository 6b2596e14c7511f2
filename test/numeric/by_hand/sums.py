"""Programs with data, a point, and their log densities as plain sums over what counts. NaN and None: a missing cell."""
import math

nan = math.nan


def normal(x, m, s):
    return -0.5 * ((x - m) / s) ** 2 - math.log(s) - 0.5 * math.log(2 * math.pi)


def half_normal(x, s):
    return normal(x, 0, s) + math.log(2)


def poisson(k, rate):
    return k * math.log(rate) - rate - math.lgamma(k + 1)


def gamma(x, a, b):
    return a * math.log(b) + (a - 1) * math.log(x) - b * x - math.lgamma(a)


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def logsumexp(values):
    most = max(values, default=-math.inf)
    return most if most == -math.inf else most + math.log(sum(math.exp(v - most) for v in values))


def there(x):
    return x is not None and not math.isnan(x)


IMPUTED_ON_A_DOMAIN = """model m(y: real?[T], x: real?[T], k: bool[T]) {
  sample phi ~ Uniform(-1, 1)
  sample s ~ HalfNormal(1)
  observe x[t in T where t >= 2] ~ Normal(0.3, 1) else impute
  let h[t in T] = if t == 0 then 0.5 else phi * h[t - 1] + (if t >= 2 then x[t] else 0)
  observe y[t in T where t >= 1] ~ Normal(h[t], s) where k[t]
}
"""


def imputed_on_a_domain(data, at):
    x, imputed = list(data["x"]), iter(at["x.imputed"])
    total, h = half_normal(at["s"], 1) + math.log(0.5), [0.5]
    for t in range(2, len(x)):
        x[t] = x[t] if there(x[t]) else next(imputed)
        total += normal(x[t], 0.3, 1)
    for t in range(1, len(x)):
        h.append(at["phi"] * h[t - 1] + (x[t] if t >= 2 else 0))
        if there(data["y"][t]) and data["k"][t]:
            total += normal(data["y"][t], h[t], at["s"])
    return total


CONDITIONAL_BINDERS = """dim P = 3
model m(y: real?[N], x: real?[N, P], m: bool[N, P]) {
  sample b[P] ~ Normal(0, 1)
  sample s ~ HalfNormal(1)
  let c[n in N] = count(m[n, p] && present(x[n, p]) for p in P)
  observe y[n in N] ~ Normal(
    sum(x[n, p] * b[p] for p in P where m[n, p] && present(x[n, p]))
      + (if c[n] > 0 then max(x[n, p] * b[p] for p in P where m[n, p] && present(x[n, p])) else 0)
      + (if c[n] > 0 then logsumexp(x[n, p] * b[p] for p in P where m[n, p] && present(x[n, p])) else 0) + 0.1 * c[n],
    s
  ) where c[n] != 1
}
"""


def conditional_binders(data, at):
    total = sum(normal(b, 0, 1) for b in at["b"]) + half_normal(at["s"], 1)
    for y, x, m in zip(data["y"], data["x"], data["m"]):
        terms = [x[p] * at["b"][p] for p in range(3) if m[p] and there(x[p])]
        if there(y) and len(terms) != 1:
            mean = sum(terms) + (max(terms) + logsumexp(terms) if terms else 0) + 0.1 * len(terms)
            total += normal(y, mean, at["s"])
    return total


OWN_PAST_IMPUTED = """model m(y: real?[T], k: bool[T]) {
  sample mu ~ Normal(0, 1)
  sample phi ~ Uniform(-1, 1)
  sample s ~ HalfNormal(1)
  observe y[t in T] ~ Normal(if t == 0 then mu else mu + phi * (y[t - 1] - mu), s) where k[t] else impute
  factor 0 * y[size(T) - 1]
}
"""


def own_past_imputed(data, at):
    imputed, mu = iter(at["y.imputed"]), at["mu"]
    y = [v if there(v) and k else next(imputed) for v, k in zip(data["y"], data["k"])]
    means = [mu] + [mu + at["phi"] * (v - mu) for v in y]
    priors = normal(mu, 0, 1) + math.log(0.5) + half_normal(at["s"], 1)
    return priors + sum(normal(v, m, at["s"]) for v, m in zip(y, means))


TWO_DOMAINS = """dim T = 3
model m(y: real?[N, T], len: int[N], g: J[N], w: bool[N]) {
  sample mu ~ Normal(0, 1)
  sample tau ~ HalfNormal(1)
  sample u[J] ~ Normal(mu, tau)
  observe y[n in N, t in T where t < len[n]] ~ Normal(u[g[n]], 1) where w[n]
  observe y[n in N, t in T where t >= len[n]] ~ Laplace(mu, 2) where w[n] || t == 2
}
"""


def two_domains(data, at):
    total = normal(at["mu"], 0, 1) + half_normal(at["tau"], 1) + sum(normal(u, at["mu"], at["tau"]) for u in at["u"])
    for y, length, g, w in zip(data["y"], data["len"], data["g"], data["w"]):
        for t in range(3):
            if there(y[t]) and t < length and w:
                total += normal(y[t], at["u"][g], 1)
            if there(y[t]) and t >= length and (w or t == 2):
                total += -math.log(4) - abs(y[t] - at["mu"]) / 2
    return total


PLATE_WITH_A_CONDITION = """dim T = 3
model m(c: count?[J, T], on: bool[J], h: J[N], y: real[N]) {
  for j in J where on[j] {
    sample z[j] ~ Gamma(2, 1)
    observe c[j, t in T] ~ Poisson(z[j] * (t + 1))
  }
  observe y[n in N] ~ Normal(if on[h[n]] then log(z[h[n]]) else -1, 1)
}
"""


def plate_with_a_condition(data, at):
    left = iter(at["z"])
    z = [next(left) if on else None for on in data["on"]]
    total = sum(gamma(v, 2, 1) for v in at["z"])
    for j, counts in enumerate(data["c"]):
        total += sum(poisson(c, z[j] * (t + 1)) for t, c in enumerate(counts) if data["on"][j] and there(c))
    return total + sum(normal(y, math.log(z[j]) if z[j] else -1, 1) for j, y in zip(data["h"], data["y"]))


MIXES = """model m(k: count[N], y: real?[N], x: real[N], s: bool[N]) {
  sample b ~ Normal(0, 1)
  sample p ~ Beta(2, 2)
  let y2: real?[N] = y
  observe k[n in N] ~ ZeroInflated(Poisson(exp(b * x[n])), p) where s[n]
  observe y[n in N] ~ Mixture([p, 1 - p], Normal(b, 1), Normal(0, 3)) where s[n]
  observe y2[n in N where present(y[n]) && (y[n] ?? 0) > 0] ~ Truncated(Normal(b, 2), lower = 0) where s[n]
}
"""


def mixes(data, at):
    p, b = at["p"], at["b"]
    total = normal(b, 0, 1) + math.log(6) + math.log(p) + math.log(1 - p)
    for k, y, x, s in zip(data["k"], data["y"], data["x"], data["s"]):
        rate = math.exp(b * x)
        if s:
            total += math.log(p + (1 - p) * math.exp(-rate)) if k == 0 else math.log(1 - p) + poisson(k, rate)
        if s and there(y):
            total += math.log(p * math.exp(normal(y, b, 1)) + (1 - p) * math.exp(normal(y, 0, 3)))
        if s and there(y) and y > 0:
            total += normal(y, b, 2) - math.log(0.5 * math.erfc(-b / 2 / math.sqrt(2)))
    return total


RAGGED = """dim T = 5
model m(y: real?[I, T], e: real?[I, T], n: int[I]) {
  sample a ~ Normal(0, 0.5)
  sample b ~ Normal(0, 0.5)
  sample s ~ HalfNormal(1)
  for i in I {
    let h[i, t in T] = if t >= 2 then a * h[i, t - 1] + b * h[i, t - 2] + (e[i, t] ?? 0) else 0.1 * (t + 1)
    observe y[i, t in T where t < n[i]] ~ Normal(h[i, t], s)
  }
}
"""


def ragged(data, at):
    total = normal(at["a"], 0, 0.5) + normal(at["b"], 0, 0.5) + half_normal(at["s"], 1)
    for y, e, n in zip(data["y"], data["e"], data["n"]):
        h = [0.1, 0.2]
        for t in range(2, 5):
            h.append(at["a"] * h[t - 1] + at["b"] * h[t - 2] + (e[t] if there(e[t]) else 0))
        total += sum(normal(y[t], h[t], at["s"]) for t in range(n) if there(y[t]))
    return total


ORDERS = """dim K = 3
dim C = K - 1
model m(y: K?[N], z: K[N], x: real[N], g: J[N], av: bool[N, K]) {
  sample w ~ Normal(0, 1)
  sample cut[j in J]: ordered[C] ~ Normal(0, 2)
  observe y[n in N] ~ OrderedLogistic(w * x[n], cut[g[n]])
  observe z[n in N where present(y[n])] ~ Categorical(logits = [w * (k - 1) * x[n] for k in K], among = av[n, :]) where av[n, z[n]]
}
"""


def orders(data, at):
    total = normal(at["w"], 0, 1) + sum(sum(normal(v, 0, 2) for v in cut) + math.log(2) for cut in at["cut"])
    for y, z, x, g, available in zip(data["y"], data["z"], data["x"], data["g"], data["av"]):
        if y is None:
            continue
        below = [0] + [sigmoid(v - at["w"] * x) for v in at["cut"][g]] + [1]
        total += math.log(below[y + 1] - below[y])
        logits = [at["w"] * (k - 1) * x for k in range(3)]
        if available[z]:
            total += logits[z] - logsumexp([logits[k] for k in range(3) if available[k]])
    return total


CASES = [
    ("imputed_on_a_domain", IMPUTED_ON_A_DOMAIN,
     {"y": [0.1, nan, 0.7, 1.2, nan, -0.3, 0.2], "x": [nan, nan, 0.4, nan, 1.1, nan, nan], "k": [True, True, True, False, True, True, True]},
     {"phi": 0.4, "s": 0.8, "x.imputed": [0.2, -0.5, 0.9]}, imputed_on_a_domain),
    ("conditional_binders", CONDITIONAL_BINDERS,
     {"y": [0.5, nan, 1.5, 0.3, 2.0], "x": [[1.0, nan, 2.0], [nan] * 3, [nan] * 3, [0.5, 0.7, nan], [1.0, -1.0, 0.3]],
      "m": [[True] * 3, [True] * 3, [True] * 3, [True, False, True], [True] * 3]},
     {"b": [0.3, -0.6, 0.2], "s": 0.7}, conditional_binders),
    ("own_past_imputed", OWN_PAST_IMPUTED,
     {"y": [nan, 0.4, nan, nan, 0.9, 1.1, nan], "k": [True, True, True, True, False, True, True]},
     {"mu": 0.2, "phi": 0.5, "s": 0.9, "y.imputed": [0.1, 0.2, 0.3, 0.4, 0.5]}, own_past_imputed),
    ("two_domains", TWO_DOMAINS,
     {"y": [[0.1, nan, 0.3], [nan] * 3, [1.0, 2.0, 3.0], [0.5, 0.6, 0.7]], "len": [1, 2, 0, 3], "g": [1, 0, 2, 1],
      "w": [True, False, True, False]},
     {"mu": 0.2, "tau": 0.7, "u": [0.1, 0.2, 0.5]}, two_domains),
    ("plate_with_a_condition", PLATE_WITH_A_CONDITION,
     {"c": [[1, nan, 3], [nan] * 3, [0, 2, nan], [5, 5, 5]], "on": [True, True, False, True], "h": [0, 2, 3, 1, 0],
      "y": [0.1, 0.2, 0.3, 0.4, 0.5]},
     {"z": [1.5, 0.4, 2.2]}, plate_with_a_condition),
    ("mixes", MIXES,
     {"k": [0, 3, 1, 0, 2], "y": [0.5, nan, -1.0, nan, 2.0], "x": [0.5, 1.0, -1.0, 9.0, 0.2], "s": [True, True, True, False, True]},
     {"b": 0.3, "p": 0.35}, mixes),
    ("ragged", RAGGED,
     {"y": [[0.1, 0.2, nan, 0.4, 0.5], [nan] * 5, [0.3, 0.2, 0.1, 0.0, -0.1]],
      "e": [[nan, nan, 0.5, nan, 0.2], [1.0, 2.0, 3.0, 4.0, 5.0], [0.1, 0.1, 0.1, 0.1, nan]], "n": [4, 5, 0]},
     {"a": 0.4, "b": -0.3, "s": 0.6}, ragged),
    ("orders", ORDERS,
     {"y": [0, 2, None, 1, 1], "z": [1, 2, 0, 0, 1], "x": [0.5, -0.2, 0.1, 0.9, 1.3], "g": [0, 1, 0, 1, 0],
      "av": [[True, True, False], [True, False, True], [True] * 3, [True] * 3, [False, False, True]]},
     {"w": 0.4, "cut": [[-0.5, 0.8], [0.1, 0.4]]}, orders),
]
