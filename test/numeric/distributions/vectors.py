"""Tables of the distributions of vectors and matrices. Run by hand: `python3 vectors.py` (needs mpmath; seconds).

Where the support is a surface (a simplex, correlations), the derivatives are those of the formula as written here, each entry by
itself; only their part along the surface means anything, which is what a test should compare. Matrices have no derivatives here.
"""
from tables import Definition, mp, mpf, write
from definitions import lgamma
from counts import log_of, logsumexp, times


def matrix(rows):
    return mp.matrix(rows)


def log_det(rows):
    return mp.log(mp.det(matrix(rows)))


def log_multigamma(a, d):
    return d * (d - 1) * mp.log(mp.pi) / 4 + sum(lgamma(a - mpf(i) / 2) for i in range(d))


# ---- multinomial, Dirichlet
def multinomial(x, n, log_p):
    return lgamma(n + 1) + sum(times(v, lp) - lgamma(v + 1) for v, lp in zip(x, log_p))


MultinomialP = Definition("Multinomial", "total_count p", lambda x, n, p: multinomial(x, n, [log_of(v) for v in p]), kind="counts",
                          mean=lambda n, p: [n * v for v in p], variance=lambda n, p: [n * v * (1 - v) for v in p], flat=("total_count", "p"))
MultinomialP.case((7.0, [0.5, 0.25, 0.25]), ([4.0, 1.0, 2.0], [7.0, 0.0, 0.0], [0.0, 7.0, 0.0]), outside=([4.0, 1.0, 1.0], [4.0, 4.0, 0.0]))
MultinomialP.case((0.0, [0.5, 0.5]), ([0.0, 0.0],)).case((3.0, [0.0, 1.0]), (), edges=([0.0, 3.0], [1.0, 2.0]))
MultinomialP.case((1e9, [0.5, 0.25, 0.25]), ([5e8, 2.5e8, 2.5e8], [500010000.0, 249990000.0, 250000000.0], [1e9, 0.0, 0.0]))
MultinomialLogits = Definition("Multinomial", "total_count logits", lambda x, n, z: multinomial(x, n, [v - logsumexp(z) for v in z]), kind="counts",
                               flat=("total_count",))
MultinomialLogits.case((7.0, [0.0, 1.0, -2.0]), ([4.0, 1.0, 2.0], [7.0, 0.0, 0.0])).case((5.0, [0.0, -900.0]), ([5.0, 0.0], [3.0, 2.0]))
MultinomialLogits.case((1e9, [0.0, 0.0, 1.0]), ([211941558.0, 211941557.0, 576116885.0], [211950000.0, 211940000.0, 576110000.0]))


def dirichlet(x, c):
    return lgamma(sum(c)) - sum(map(lgamma, c)) + sum((a - 1) * mp.log(v) if a != 1 else mpf(0) for a, v in zip(c, x))


def dirichlet_slopes(x, c):
    return lgamma(sum(c)) - sum(map(lgamma, c)) + sum((a - 1) * mp.log(v) for a, v in zip(c, x))


Dirichlet = Definition("Dirichlet", "concentration", dirichlet_slopes, kind="vector", mean=lambda c: [v / sum(c) for v in c],
                       variance=lambda c: [v / sum(c) * (1 - v / sum(c)) / (sum(c) + 1) for v in c])
for c in ([1.0, 1.0, 1.0], [2.0, 0.5, 7.0], [0.01, 0.02, 0.03], [300.0, 200.0, 100.0]):
    Dirichlet.case((c,), ([0.25, 0.5, 0.25], [0.875, 0.0625, 0.0625], [2.0 ** -40, 0.5, 0.5 - 2.0 ** -40]))
DirichletEdges = Definition("Dirichlet", "concentration", lambda x, c: dirichlet(x, c) if all(v > 0 or a == 1 for v, a in zip(x, c)) else -mp.inf, kind="vector")
DirichletEdges.case(([1.0, 1.0],), (), edges=([0.0, 1.0],)).case(([2.0, 1.0],), (), edges=([0.0, 1.0],))


# ---- multivariate normal
def multivariate_normal(x, mu, cov):
    d = matrix([a - b for a, b in zip(x, mu)])
    return -(d.T * mp.inverse(matrix(cov)) * d)[0] / 2 - log_det(cov) / 2 - len(x) * mp.log(2 * mp.pi) / 2


def product(a, b):
    return (matrix(a) * matrix(b)).tolist()


def transpose(a):
    return [list(row) for row in zip(*a)]


MVNCov = Definition("MultivariateNormal", "mu cov", multivariate_normal, kind="vector", flat=("cov",))
COV = [[3.0, 1.0, 1.0], [1.0, 3.0, 1.0], [1.0, 1.0, 3.0]]
MVNCov.case(([0.0, 0.0, 0.0], COV), ([0.1, 0.2, 3.4], [0.0, 0.0, 0.0], [100.0, -50.0, 3.0]))
MVNCov.case(([0.0, 0.0], [[3.0, 1.0], [1.0, 3.0]]), ([0.5, 0.1],)).case(([0.0], [[3.0]]), ([0.6], [0.5]))
MVNCov.case(([1.0, -2.0], [[1.0, 0.999], [0.999, 1.0]]), ([1.0, -2.0], [2.0, -1.0], [2.0, -3.0]))
LOWER = [[2.0, 0.0, 0.0], [0.5, 1.5, 0.0], [-1.0, 0.25, 0.75]]
MVNCholesky = Definition("MultivariateNormal", "mu cholesky", lambda x, mu, low: multivariate_normal(x, mu, product(low, transpose(low))), kind="vector",
                         flat=("cholesky",))
MVNCholesky.case(([0.5, 0.0, -1.0], LOWER), ([0.1, 0.2, 3.4], [0.5, 0.0, -1.0]))
MVNPrecision = Definition("MultivariateNormal", "mu precision", lambda x, mu, q: multivariate_normal(x, mu, mp.inverse(matrix(q)).tolist()), kind="vector",
                          flat=("precision",))
MVNPrecision.case(([0.5, 0.0, -1.0], COV), ([0.1, 0.2, 3.4], [0.5, 0.0, -1.0]))
CORR_LOWER = [[1.0, 0.0], [0.6, 0.8]]


def scaled(x, mu, scale, low):
    rows = [[s * v for v in row] for s, row in zip(scale, low)]
    return multivariate_normal(x, mu, product(rows, transpose(rows)))


MVNScale = Definition("MultivariateNormal", "mu scale corr_cholesky", scaled, kind="vector", flat=("corr_cholesky",))
MVNScale.case(([0.5, 0.0], [2.0, 0.1], CORR_LOWER), ([0.1, 0.2], [0.5, 0.0]))


# ---- matrices
def log_lkj_constant(eta, d):
    """The constant of Lewandowski, Kurowicka and Joe (2009), theorem 5: the product over the partial correlations' beta densities."""
    total = mpf(0)
    for k in range(1, d):
        a = eta + mpf(d - k - 1) / 2
        # d - k partial correlations on (-1, 1) with density proportional to (1 - r^2)^(a - 1)
        total += (d - k) * ((2 * a - 1) * mp.log(2) + 2 * lgamma(a) - lgamma(2 * a))
    return -total


def lkj(x, eta):
    return log_lkj_constant(eta, len(x)) + (eta - 1) * log_det(x)


def lkj_cholesky(x, eta):
    d = len(x)
    return log_lkj_constant(eta, d) + sum((d - i - 3 + 2 * eta) * mp.log(x[i][i]) for i in range(1, d))


CORR_LOWER_3 = [[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.5, 0.5, 0.5 ** 0.5]]
LKJCholesky = Definition("LKJCholesky", "concentration", lkj_cholesky, kind="fixed")
LKJ = Definition("LKJ", "concentration", lkj, kind="fixed")
for eta in (1.0, 2.0, 0.3, 50.0):
    LKJCholesky.case((eta,), ([[1.0]], CORR_LOWER, CORR_LOWER_3))
    LKJ.case((eta,), ([[1.0, 0.5], [0.5, 1.0]], [[1.0, 0.5, 0.25], [0.5, 1.0, -0.125], [0.25, -0.125, 1.0]]))


def trace(m):
    return sum(m[i, i] for i in range(m.rows))


def wishart(x, n, scale):
    d = len(x)
    return ((n - d - 1) * log_det(x) - trace(mp.inverse(matrix(scale)) * matrix(x)) - n * d * mp.log(2) - n * log_det(scale)) / 2 - log_multigamma(n / 2, d)


def inverse_wishart(x, n, scale):
    d = len(x)
    return (n * log_det(scale) - (n + d + 1) * log_det(x) - trace(matrix(scale) * mp.inverse(matrix(x))) - n * d * mp.log(2)) / 2 - log_multigamma(n / 2, d)


Wishart = Definition("Wishart", "concentration scale", wishart, kind="fixed", flat=("scale",))
InverseWishart = Definition("InverseWishart", "concentration scale", inverse_wishart, kind="fixed", flat=("scale",))
for d in (Wishart, InverseWishart):
    d.case((4.5, COV), (COV, [[2.0, 0.5, 0.0], [0.5, 1.0, 0.25], [0.0, 0.25, 4.0]])).case((1.0, [[2.0]]), ([[3.0]],))

if __name__ == "__main__":
    for name, definitions in (("multinomial", [MultinomialP, MultinomialLogits]), ("dirichlet", [Dirichlet, DirichletEdges]),
                              ("multivariate_normal", [MVNCov, MVNCholesky, MVNPrecision, MVNScale]), ("lkj_cholesky", [LKJCholesky]),
                              ("lkj", [LKJ]), ("wishart", [Wishart]), ("inverse_wishart", [InverseWishart])):
        write(name, definitions)
