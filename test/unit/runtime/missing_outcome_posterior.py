#!/usr/bin/env python3
"""Evidence, posterior moments and mode of missing_outcome for the data of infer_fixture.h (needs numpy and scipy).

a and b are integrated in closed form given sigma; sigma by quadrature on the log scale.
"""
import numpy as np
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import halfnorm, multivariate_normal, norm

n = np.arange(40)
x = (n - 20) / 10
y = 1.5 - 0.7 * x + 0.4 * np.sin(7.0 * n)
seen = n % 5 != 0
X = np.column_stack([np.ones(seen.sum()), x[seen]])
Y = y[seen]


def given(sigma):
    cov = sigma**2 * np.eye(len(Y)) + 100 * X @ X.T
    log_m = multivariate_normal(np.zeros(len(Y)), cov).logpdf(Y)
    V = np.linalg.inv(X.T @ X / sigma**2 + np.eye(2) / 100)
    return log_m, V @ X.T @ Y / sigma**2, V


def integral(f):
    top = max(given(np.exp(t))[0] + halfnorm.logpdf(np.exp(t)) + t for t in np.linspace(-2.5, 1, 200))

    def g(t):
        s = np.exp(t)
        log_m, mean, V = given(s)
        return np.exp(log_m + halfnorm.logpdf(s) + t - top) * f(s, mean, V)

    return quad(g, -3, 1.5, epsabs=1e-13, epsrel=1e-12, limit=400)[0], top


z, top = integral(lambda s, m, V: 1.0)
print("log evidence", np.log(z) + top)
for i, name in enumerate("ab"):
    mean = integral(lambda s, m, V: m[i])[0] / z
    square = integral(lambda s, m, V: m[i] ** 2 + V[i, i])[0] / z
    print(name, mean, np.sqrt(square - mean**2))
mean = integral(lambda s, m, V: s)[0] / z
print("sigma", mean, np.sqrt(integral(lambda s, m, V: s * s)[0] / z - mean**2))


def minus(p):
    return -(norm(0, 10).logpdf(p[0]) + norm(0, 10).logpdf(p[1]) + halfnorm.logpdf(p[2]) + norm(X @ p[:2], p[2]).logpdf(Y).sum())


best = minimize(minus, [1, 0, 1], method="L-BFGS-B", bounds=[(None, None), (None, None), (1e-6, None)], options={"ftol": 1e-15, "gtol": 1e-12})
best = minimize(minus, best.x, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-14, "maxiter": 10000})
print("mode", best.x, -best.fun)
