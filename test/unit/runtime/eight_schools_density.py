#!/usr/bin/env python3
"""The log density of eight schools at one point, for abi_test.cpp (needs scipy)."""
import numpy as np
from scipy.stats import halfcauchy, norm

y = np.array([28, 8, -3, 7, -1, 1, 18, 12.0])
sigma = np.array([15, 10, 16, 11, 9, 11, 10, 18.0])
mu, log_tau = 4.0, 1.2
z = np.array([0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7, -0.8])
tau = np.exp(log_tau)
total = norm(0, 5).logpdf(mu) + halfcauchy(scale=5).logpdf(tau) + log_tau
total += norm.logpdf(z).sum() + norm(mu + tau * z, sigma).logpdf(y).sum()
print(repr(float(total)))
