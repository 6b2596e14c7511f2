"""Tables of the distributions of counts, bools and indices. Run by hand: `python3 counts.py` (needs mpmath; minutes).

Each has one log probability, written with the logs of the chances of success and failure, which every parametrisation gives
without cancellation.
"""
from tables import Definition, mp, mpf, write
from definitions import beta_inc, gamma_p, gamma_q, lgamma, sigmoid, softplus


def times(n, log_p):
    """n log(p), 0 for none."""
    return mpf(0) if n == 0 else n * log_p


def log_of(p):
    return mp.log(p) if p > 0 else -mp.inf


def by_p(f):
    """f(x, ..., log p, log(1 - p)) as a function of p."""
    return lambda x, *a: f(x, *a[:-1], log_of(a[-1]), mp.log1p(-a[-1]) if a[-1] < 1 else -mp.inf)


def by_logit(f):
    return lambda x, *a: f(x, *a[:-1], -softplus(-a[-1]), -softplus(a[-1]))


def chance(f):
    """f(x, ..., p, 1 - p) as a function of the logit."""
    return lambda x, *a: f(x, *a[:-1], sigmoid(a[-1]), sigmoid(-a[-1]))


def both(f):
    return lambda x, *a: f(x, *a[:-1], a[-1], 1 - a[-1])


LOGITS = (0.0, 0.3, -5.0, 37.5, -800.0)


# ---- Bernoulli
def bernoulli(x, log_p, log_q):
    return log_p if x else log_q


BernoulliP = Definition("Bernoulli", "p", by_p(bernoulli), kind="bool", mean=lambda p: p, variance=lambda p: p * (1 - p))
for p in (0.5, 1e-300, 1e-20, 0.3, 0.9999999999999999):
    BernoulliP.case((p,), (True, False))
BernoulliP.case((0.0,), (), edges=(True, False)).case((1.0,), (), edges=(True, False))
BernoulliLogit = Definition("Bernoulli", "logit", by_logit(bernoulli), kind="bool", mean=sigmoid, variance=lambda z: sigmoid(z) * sigmoid(-z))
for z in LOGITS + (800.0, 1e-300, 1e5):
    BernoulliLogit.case((z,), (True, False))


# ---- binomial
def binomial(x, n, log_p, log_q):
    return lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + times(x, log_p) + times(n - x, log_q)


def binomial_cdf(x, n, p, q):
    return beta_inc(n - x, x + 1, q) if x < n else mpf(1)


def binomial_survival(x, n, p, q):
    return beta_inc(x + 1, n - x, p) if x < n else mpf(0)


def tails_for(n):
    """The incomplete beta's series is long for huge counts; tails are tabulated where it is not."""
    return (0.0, float(n // 3), float(n - 1), n) if 0 < n < 5000 else ()


BinomialP = Definition("Binomial", "total_count p", by_p(binomial), kind="count", cdf=both(binomial_cdf), survival=both(binomial_survival),
                       mean=lambda n, p: n * p, variance=lambda n, p: n * p * (1 - p), flat=("total_count",))
BinomialLogit = Definition("Binomial", "total_count logit", by_logit(binomial), kind="count", cdf=chance(binomial_cdf),
                           survival=chance(binomial_survival), mean=lambda n, z: n * sigmoid(z),
                           variance=lambda n, z: n * sigmoid(z) * sigmoid(-z), flat=("total_count",))
for n in (0.0, 1.0, 7.0, 4000.0, 1e9):
    xs = sorted({0.0, float(n // 3), float(n // 2), max(n - 1.0, 0.0), n})
    for p in (0.5, 0.01, 1e-12, 0.35, 0.9999):
        BinomialP.case((n, p), xs, outside=(n + 1,), tails=tails_for(n))
    for z in LOGITS:
        BinomialLogit.case((n, z), xs, outside=(n + 1,), tails=tails_for(n) if abs(z) < 30 else ())
    for p in (0.0, 1.0):
        BinomialP.case((n, p), (), edges=xs)
for n in (1e6, 1e9):
    sd = n ** 0.5 / 2
    BinomialP.case((n, 0.5), [round(n / 2 + t * sd) * 1.0 for t in (-6, -1, 0, 1, 4)])
    BinomialLogit.case((n, 0.001), [round(n / 2 + t * sd) * 1.0 for t in (-6, -1, 0, 1, 4)])


# ---- beta-binomial
def beta_binomial(x, a, b, n):
    ratio = lgamma(a + x) - lgamma(a) + lgamma(b + n - x) - lgamma(b) - lgamma(a + b + n) + lgamma(a + b)
    return lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + ratio


BetaBinomial = Definition("BetaBinomial", "concentration1 concentration0 total_count", beta_binomial, kind="count",
                          mean=lambda a, b, n: n * a / (a + b), variance=lambda a, b, n: n * a * b * (a + b + n) / ((a + b) ** 2 * (a + b + 1)),
                          flat=("total_count",))
for n in (0.0, 1.0, 10.0, 1e4, 1e9):
    for a, b in ((1.0, 1.0), (0.01, 0.5), (3.0, 20.0), (1e6, 3e6), (1e12, 1e10)):
        BetaBinomial.case((a, b, n), sorted({0.0, 1.0 if n else 0.0, float(n // 4), float(n // 2), n}), outside=(n + 1,))


# ---- Poisson
def poisson(x, log_rate):
    return times(x, log_rate) - mp.exp(log_rate) - lgamma(x + 1)


PoissonRate = Definition("Poisson", "rate", lambda x, r: times(x, log_of(r)) - r - lgamma(x + 1), kind="count",
                         cdf=lambda x, r: gamma_q(x + 1, r), survival=lambda x, r: gamma_p(x + 1, r), mean=lambda r: r, variance=lambda r: r)
PoissonLog = Definition("Poisson", "log_rate", poisson, kind="count", cdf=lambda x, z: gamma_q(x + 1, mp.exp(z)),
                        survival=lambda x, z: gamma_p(x + 1, mp.exp(z)), mean=mp.exp, variance=mp.exp)
for rate in (1e-300, 1e-10, 0.5, 1.0, 17.25, 1e4):
    PoissonRate.case((rate,), (0.0, 1.0, 2.0, 17.0, 300.0), tails=(0.0, 1.0, 17.0, 60.0) if rate < 100 else (9500.0, 10000.0))
for rate in (1e6, 1e9, 1e15):
    PoissonRate.case((rate,), (0.0, 5.0) + tuple(float(round(rate + t * rate ** 0.5)) for t in (-5, -1, 0, 2)))
PoissonRate.case((0.0,), (), edges=(0.0, 1.0, 50.0))
for z in (-800.0, -30.0, 0.0, 0.1, 3.0, 9.21):
    PoissonLog.case((z,), (0.0, 1.0, 2.0, 17.0, 9990.0), tails=(0.0, 3.0, 25.0) if -100 < z < 4 else ())
for z in (14.0, 20.75, 34.5):
    rate = float(mp.exp(z))
    PoissonLog.case((z,), (0.0, 5.0) + tuple(float(round(rate + t * rate ** 0.5)) for t in (-5, -1, 0, 2)))


# ---- negative binomial
def negative_binomial(x, r, log_p, log_q):
    return lgamma(x + r) - lgamma(r) - lgamma(x + 1) + times(x, log_p) + r * log_q


def by_mean(f):
    return lambda x, m, k: f(x, k, log_of(m) - mp.log(m + k) if m > 0 else -mp.inf, -mp.log1p(m / k))


def by_log_mean(f):
    return lambda x, z, k: f(x, k, -softplus(mp.log(k) - z), -softplus(z - mp.log(k)))


def share(f):
    """f(x, r, p, 1 - p) by mean and concentration."""
    return lambda x, m, k: f(x, k, m / (m + k), k / (m + k))


def negative_binomial_cdf(x, r, p, q):
    return beta_inc(r, x + 1, q)


def negative_binomial_survival(x, r, p, q):
    return beta_inc(x + 1, r, p)


NB = "NegativeBinomial"
NBMean = Definition(NB, "mean concentration", by_mean(negative_binomial), kind="count", cdf=share(negative_binomial_cdf),
                    survival=share(negative_binomial_survival), mean=lambda m, k: m, variance=lambda m, k: m + m * m / k)
NBLogMean = Definition(NB, "log_mean concentration", by_log_mean(negative_binomial), kind="count",
                       cdf=lambda x, z, k: share(negative_binomial_cdf)(x, mp.exp(z), k),
                       survival=lambda x, z, k: share(negative_binomial_survival)(x, mp.exp(z), k), mean=lambda z, k: mp.exp(z),
                       variance=lambda z, k: mp.exp(z) + mp.exp(2 * z) / k)
NBP = Definition(NB, "total_count p", by_p(negative_binomial), kind="count", cdf=both(negative_binomial_cdf),
                 survival=both(negative_binomial_survival), mean=lambda r, p: r * p / (1 - p), variance=lambda r, p: r * p / (1 - p) ** 2)
NBLogit = Definition(NB, "total_count logit", by_logit(negative_binomial), kind="count", cdf=chance(negative_binomial_cdf),
                     survival=chance(negative_binomial_survival), mean=lambda r, z: r * mp.exp(z),
                     variance=lambda r, z: r * mp.exp(z) * (1 + mp.exp(z)))
for k in (1e-3, 1.0, 7.5, 1e8, 1e15):
    small = k < 1e4
    for m in (1e-10, 3.0, 1e5):
        NBMean.case((m, k), (0.0, 1.0, 3.0, 60.0, 1e5), tails=(0.0, 3.0, 40.0) if small and m < 100 else ())
    for z in (-20.0, 3.9, 12.0):
        NBLogMean.case((z, k), (0.0, 1.0, 3.0, 60.0, 1e5), tails=(0.0, 3.0, 40.0) if small and z < 5 else ())
    for p in (1e-10, 0.3, 0.99):
        NBP.case((k, p), (0.0, 1.0, 3.0, 60.0, 1e5), tails=(0.0, 3.0, 40.0) if small else ())
    for z in (-30.0, 0.0, 5.0):
        NBLogit.case((k, z), (0.0, 1.0, 3.0, 60.0, 1e5), tails=(0.0, 3.0, 40.0) if small else ())
for z in (-800.0, 800.0):
    NBLogMean.case((z, 2.5), (0.0, 1.0, 40.0))
    NBLogit.case((2.5, z), (0.0, 1.0, 40.0))
NBMean.case((1e9, 10.0), (0.0, 9e8, 1e9, 1.2e9)).case((1e9, 1e12), (999900000.0, 1e9, 1.0001e9)).case((0.0, 2.0), (), edges=(0.0, 1.0, 9.0))
NBLogMean.case((20.75, 10.0), (0.0, 9e8, 1e9, 1.2e9)).case((20.75, 1e12), (999900000.0, 1e9, 1.0001e9))


# ---- geometric
def geometric(x, log_p, log_q):
    return times(x, log_q) + log_p


GeometricP = Definition("Geometric", "p", by_p(geometric), kind="count", cdf=lambda x, p: -mp.expm1((x + 1) * mp.log1p(-p)),
                        survival=lambda x, p: mp.exp((x + 1) * mp.log1p(-p)), mean=lambda p: (1 - p) / p, variance=lambda p: (1 - p) / p ** 2)
GeometricLogit = Definition("Geometric", "logit", by_logit(geometric), kind="count", cdf=lambda x, z: -mp.expm1(-(x + 1) * softplus(z)),
                            survival=lambda x, z: mp.exp(-(x + 1) * softplus(z)), mean=lambda z: mp.exp(-z),
                            variance=lambda z: mp.exp(-z) * (1 + mp.exp(-z)))
for p in (1e-12, 0.01, 0.5, 0.999):
    GeometricP.case((p,), (0.0, 1.0, 10.0, 1e6), tails=(0.0, 2.0, 100.0))
GeometricP.case((1.0,), (), edges=(0.0, 1.0, 5.0))
for z in (-27.0, 0.0, 2.0, 40.0, -700.0):
    GeometricLogit.case((z,), (0.0, 1.0, 10.0, 1e6), tails=(0.0, 2.0, 100.0) if abs(z) < 30 else ())


# ---- indices
def logsumexp(z):
    top = max(z)
    return top + mp.log(sum(mp.exp(v - top) for v in z))


CategoricalP = Definition("Categorical", "p", lambda x, p: log_of(p[int(x)]), kind="index")
CategoricalP.case(([0.25, 0.5, 0.125, 0.125],), (0.0, 1.0, 3.0)).case(([1e-300, 1.0],), (0.0, 1.0)).case(([0.0, 1.0],), (), edges=(0.0, 1.0)).case(([1.0],), (0.0,))
CategoricalLogits = Definition("Categorical", "logits", lambda x, z: z[int(x)] - logsumexp(z), kind="index")
for z in ([0.0, 0.0, 0.0], [1.0, -2.0, 0.5, 3.0], [-1000.0, 0.0, 5.0], [800.0, 0.0, -800.0], [30.0, 30.0 + 1e-10], [5.0]):
    CategoricalLogits.case((z,), [float(i) for i in range(len(z))])
CategoricalAmong = Definition(
    "Categorical", "logits among", lambda x, z, m: z[int(x)] - logsumexp([v for v, keep in zip(z, m) if keep]) if m[int(x)] else -mp.inf,
    kind="index", flat=("among",))
CategoricalAmong.case(([1.0, -2.0, 0.5, 3.0], [True, False, True, True]), (0.0, 2.0, 3.0), edges=(1.0,))
CategoricalAmong.case(([1.0, -2.0], [False, True]), (1.0,), edges=(0.0,))


def ordered_logistic(x, eta, cut):
    k = int(x)
    log_upper = mpf(0) if k == len(cut) else -softplus(eta - cut[k])
    if k == 0:
        return log_upper
    # sigmoid(b) - sigmoid(a) with more digits than the difference can lose
    with mp.workdps(2 * mp.dps + 700):
        upper = mpf(1) if k == len(cut) else sigmoid(cut[k] - eta)
        return mp.log(upper - sigmoid(cut[k - 1] - eta)) if k < len(cut) else mp.log(sigmoid(eta - cut[k - 1]))


OrderedLogistic = Definition("OrderedLogistic", "eta cut", ordered_logistic, kind="index")
for eta in (0.0, 0.7, -20.0, 300.0):
    OrderedLogistic.case((eta, [-1.0, 0.5, 2.0]), (0.0, 1.0, 2.0, 3.0))
OrderedLogistic.case((1.0, [0.0]), (0.0, 1.0)).case((1.0, [1.0, 1.0 + 1e-9, 30.0]), (0.0, 1.0, 2.0, 3.0))

if __name__ == "__main__":
    for name, definitions in (("bernoulli", [BernoulliP, BernoulliLogit]), ("categorical", [CategoricalP, CategoricalLogits, CategoricalAmong]),
                              ("ordered_logistic", [OrderedLogistic]), ("geometric", [GeometricP, GeometricLogit]),
                              ("poisson", [PoissonRate, PoissonLog]), ("binomial", [BinomialP, BinomialLogit]),
                              ("beta_binomial", [BetaBinomial]), ("negative_binomial", [NBMean, NBLogMean, NBP, NBLogit])):
        write(name, definitions)
