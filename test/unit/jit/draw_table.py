#!/usr/bin/env python3
"""Makes draw_table.txt: for each distribution, as a program writes it, moments and chances from scipy, for draws_test.cpp.

A line: the call; the target's type; mean; variance; kurtosis (nan where a moment does not exist or is not compared); then pairs
q, P(Y <= q) until the end.
"""
import numpy as np
from scipy import stats as s


def mixed(base, zero, discrete, hurdle):
    """Points and chances of ZeroInflated and Hurdle around a distribution of counts."""
    k = np.arange(0, 200)
    pmf = base.pmf(k)
    if hurdle:
        pmf = np.where(k > 0, (1 - zero) * pmf / (1 - pmf[0]), zero)
    else:
        pmf = (1 - zero) * pmf + np.where(k == 0, zero, 0)
    return s.rv_discrete(values=(k, pmf / pmf.sum()))


def cut(base, low, high):
    k = np.arange(low, high + 1)
    pmf = base.pmf(k)
    return s.rv_discrete(values=(k, pmf / pmf.sum()))


def gumbel_logistic(eta, cut_points):
    above = 1 / (1 + np.exp(-(eta - np.array(cut_points))))
    edges = np.concatenate([[1], above, [0]])
    return s.rv_discrete(values=(np.arange(len(cut_points) + 1), edges[:-1] - edges[1:]))


ROWS = [
    ("Normal(1, 2)", "real", s.norm(1, 2)),
    ("HalfNormal(2)", "real", s.halfnorm(scale=2)),
    ("LogNormal(0.3, 0.5)", "real", s.lognorm(0.5, scale=np.exp(0.3))),
    ("StudentT(12, 1, 2)", "real", s.t(12, 1, 2)),
    ("StudentT(1.5, 1, 2)", "real", s.t(1.5, 1, 2)),
    ("Cauchy(1, 2)", "real", s.cauchy(1, 2)),
    ("HalfCauchy(2)", "real", s.halfcauchy(scale=2)),
    ("Laplace(1, 2)", "real", s.laplace(1, 2)),
    ("Logistic(1, 2)", "real", s.logistic(1, 2)),
    ("Exponential(0.7)", "real", s.expon(scale=1 / 0.7)),
    ("Gamma(2.5, 3)", "real", s.gamma(2.5, scale=1 / 3)),
    ("Gamma(0.3, 3)", "real", s.gamma(0.3, scale=1 / 3)),
    ("Gamma(mean = 2, shape = 4)", "real", s.gamma(4, scale=0.5)),
    ("InverseGamma(9, 3)", "real", s.invgamma(9, scale=3)),
    ("InverseGamma(0.5, 3)", "real", s.invgamma(0.5, scale=3)),
    ("Beta(2, 3)", "real", s.beta(2, 3)),
    ("Beta(0.2, 0.4)", "real", s.beta(0.2, 0.4)),
    ("Beta(mean = 0.3, precision = 5)", "real", s.beta(1.5, 3.5)),
    ("Uniform(-1, 3)", "real", s.uniform(-1, 4)),
    ("Weibull(2, 1.5)", "real", s.weibull_min(1.5, scale=2)),
    ("Gumbel(1, 2)", "real", s.gumbel_r(1, 2)),
    ("Pareto(2, 9)", "real", s.pareto(9, scale=2)),
    ("ChiSquared(3)", "real", s.chi2(3)),
    ("Bernoulli(0.3)", "bool", s.bernoulli(0.3)),
    ("Bernoulli(logit = 0.4)", "bool", s.bernoulli(1 / (1 + np.exp(-0.4)))),
    ("Binomial(7, 0.3)", "int", s.binom(7, 0.3)),
    ("Binomial(400, 0.6)", "int", s.binom(400, 0.6)),
    ("Binomial(40, logit = -1)", "int", s.binom(40, 1 / (1 + np.e))),
    ("BetaBinomial(2, 3, 10)", "int", s.betabinom(10, 2, 3)),
    ("Poisson(3)", "int", s.poisson(3)),
    ("Poisson(250.5)", "int", s.poisson(250.5)),
    ("Poisson(log_rate = 2.4)", "int", s.poisson(np.exp(2.4))),
    ("NegativeBinomial(mean = 3, concentration = 2)", "int", s.nbinom(2, 2 / 5)),
    ("NegativeBinomial(log_mean = 1, concentration = 0.5)", "int", s.nbinom(0.5, 0.5 / (0.5 + np.e))),
    ("NegativeBinomial(total_count = 4, p = 0.6)", "int", s.nbinom(4, 0.4)),
    ("NegativeBinomial(total_count = 4, logit = 0.2)", "int", s.nbinom(4, 1 / (1 + np.exp(0.2)))),
    ("Geometric(0.3)", "int", s.geom(0.3, loc=-1)),
    ("Geometric(logit = -1)", "int", s.geom(1 / (1 + np.e), loc=-1)),
    ("ZeroInflated(Poisson(3), 0.3)", "int", mixed(s.poisson(3), 0.3, True, False)),
    ("ZeroInflated(Poisson(3), logit = 0)", "int", mixed(s.poisson(3), 0.5, True, False)),
    ("Hurdle(Poisson(3), 0.3)", "int", mixed(s.poisson(3), 0.3, True, True)),
    ("Hurdle(NegativeBinomial(mean = 3, concentration = 2), logit = 0)", "int", mixed(s.nbinom(2, 2 / 5), 0.5, True, True)),
    ("Truncated(Normal(0, 1), lower = 1)", "real", s.truncnorm(1, np.inf)),
    ("Truncated(Normal(0, 1), lower = -6, upper = -5)", "real", s.truncnorm(-6, -5)),
    ("Truncated(Exponential(1), upper = 2)", "real", s.truncexpon(2)),
    ("Truncated(Poisson(3), lower = 2, upper = 6)", "int", cut(s.poisson(3), 2, 6)),
    ("Truncated(Binomial(9, 0.4), upper = 4)", "int", cut(s.binom(9, 0.4), 0, 4)),
    ("LeftCensored(Normal(1, 2), when = late[n])", "real", s.norm(1, 2)),
    ("RightCensored(Weibull(2, 1.5), when = late[n])", "real", s.weibull_min(1.5, scale=2)),
    ("IntervalCensored(Normal(1, 2), upper = far[n])", "real", s.norm(1, 2)),
    ("Categorical([0.1, 0.2, 0.3, 0.4])", "K", s.rv_discrete(values=([0, 1, 2, 3], [0.1, 0.2, 0.3, 0.4]))),
    ("Categorical(logits = [0, log(2), log(3), log(4)])", "K", s.rv_discrete(values=([0, 1, 2, 3], [0.1, 0.2, 0.3, 0.4]))),
    ("OrderedLogistic(0.5, [-1, 0.2, 2])", "K", gumbel_logistic(0.5, [-1, 0.2, 2])),
]

HEAVY = ("Cauchy", "HalfCauchy", "StudentT(1.5", "InverseGamma(0.5", "Pareto")

with open("draw_table.txt", "w") as out:
    for call, kind, law in ROWS:
        heavy = call.startswith(HEAVY)
        mean, variance, kurtosis = (float(m) for m in law.stats(moments="mvk"))
        points = sorted({float(law.ppf(p)) for p in (0.05, 0.3, 0.5, 0.8, 0.97)})
        pairs = [f"{q!r} {float(law.cdf(q))!r}" for q in points]
        moments = [mean, variance, kurtosis + 3]
        if heavy:
            moments = [float("nan")] * 3
        print(";".join([call, kind] + [repr(m) for m in moments] + [" ".join(pairs)]), file=out)
