#!/usr/bin/env python3
"""Numbers for assess_test.cpp, from the papers' formulas with numpy and scipy: all autocovariances at once, by FFT.

R-hat and ESS: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021. Pareto k: Vehtari, Simpson, Gelman, Yao, Gabry 2024 with the
estimator of Zhang and Stephens 2009.
"""
import numpy as np
from scipy.stats import norm, rankdata


def draws(kind):
    t = np.arange(4 * 250)
    noise = np.sin(1000.0 * (t + 1) ** 1.5)
    if kind == "white":
        return noise.reshape(4, 250)
    x = np.zeros(1000)
    for c in range(4):
        value = 0.0
        for i in range(250):
            value = (0.9 if kind == "sticky" else -0.5) * value + noise[c * 250 + i]
            x[c * 250 + i] = value + (0.5 * c if kind == "shifted" else 0.0)
    return x.reshape(4, 250)


def split(x):
    half = x.shape[1] // 2
    return np.concatenate([np.stack([c[:half], c[-half:]]) for c in x])


def z_scale(x):
    return norm.ppf((rankdata(x).reshape(x.shape) - 0.375) / (x.size + 0.25))


def rhat1(x):
    n = x.shape[1]
    w, b = x.var(axis=1, ddof=1).mean(), n * x.mean(axis=1).var(ddof=1)
    return np.sqrt(((n - 1) / n * w + b / n) / w)


def rhat(x):
    s = split(x)
    return max(rhat1(z_scale(s)), rhat1(z_scale(np.abs(s - np.median(s)))))


def autocov(c):
    n = len(c)
    f = np.fft.rfft(c - c.mean(), 2 * n)
    return np.fft.irfft(f * np.conj(f))[:n] / n


def ess1(x):
    m, n = x.shape
    acov = np.array([autocov(c) for c in x])
    w = (acov[:, 0] * n / (n - 1)).mean()
    var_plus = w * (n - 1) / n + x.mean(axis=1).var(ddof=1)
    rho = 1 - (w - acov.mean(axis=0)) / var_plus
    rho[0] = 1
    pairs, t, last = [], 0, 0.0
    while t < n - 2:
        p = rho[t] + rho[t + 1]
        if p < 0:
            last = max(rho[t], 0.0)
            break
        pairs.append(min(p, pairs[-1]) if pairs else p)
        t += 2
    tau = -1 + 2 * sum(pairs) + last
    return m * n / max(tau, 1 / np.log10(m * n))


def ess_tail(x):
    return min(ess1(split((x <= np.quantile(x, p)).astype(float))) for p in (0.05, 0.95))


def pareto_k(r):
    r = np.sort(r)
    s = len(r)
    m = int(np.ceil(min(0.2 * s, 3 * np.sqrt(s))))
    e = np.exp(r - r.max())
    x = e[-m:] - e[-m - 1]
    x = x[x > 0]
    n = len(x)
    grid = 30 + int(np.sqrt(n))
    b = 1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    b = b / (3 * x[int(n / 4 + 0.5) - 1]) + 1 / x[-1]
    k = np.log1p(-b[:, None] * x).mean(axis=1)
    log_l = n * (np.log(-b / k) - k - 1)
    w = 1 / np.exp(log_l - log_l[:, None]).sum(axis=1)
    theta = (b * w).sum() / w.sum()
    return (np.log1p(-theta * x).mean() * n + 5) / (n + 10)


for kind in ("white", "sticky", "shifted"):
    x = draws(kind)
    print(kind, *(repr(float(v)) for v in (x.mean(), x.std(ddof=1), x.std(ddof=1) / np.sqrt(ess1(split(x))),
          np.quantile(x, 0.05), ess1(z_scale(split(x))), ess_tail(x), rhat(x))))
u = (np.arange(1000) + 0.5) / 1000
for shape in (0.2, 0.5, 0.9):
    print("pareto", shape, repr(float(pareto_k(-shape * np.log1p(-u)))))
print("normal", *(repr(float(norm.ppf(p))) for p in (1e-300, 1e-20, 1e-5, 0.02, 0.3, 0.999)))
