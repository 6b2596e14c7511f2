"""Writes special_functions.def: high-precision values of the IR's special functions, by mpmath.

    python3 special_functions.py > special_functions.def

Arguments are exact doubles; values have 25 digits. mpmath works with 60 digits (400 where a function cancels).
"""
import mpmath as mp

mp.mp.dps = 60


def log1pmx(x): return mp.log(1 + x) - x
def expm1mx(x): return mp.expm1(x) - x
def kl(x, m): return m if x == 0 else x * mp.log(x / m) - x + m
def excess(x): return mp.loggamma(x + 1) - (x * mp.log(x) if x else 0) + x
def digamma_excess(x): return mp.digamma(x + 1) - mp.log(x)
def cdf(x): return mp.erfc(-x / mp.sqrt(2)) / 2
def quantile(p): return mp.findroot(lambda x: mp.log(cdf(x)) - mp.log(p), -mp.sqrt(2 * abs(mp.log(p))) if p < 0.1 else (p - 0.5) * 2.5)
def lbeta(a, b): return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
def choose(n, k): return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
def gp(a, x): return mp.gammainc(a, 0, x, regularized=True)
def gq(a, x): return mp.gammainc(a, x, mp.inf, regularized=True)
def bi(a, b, x): return mp.betainc(a, b, 0, x, regularized=True)
def shape(f): return lambda a, *rest: mp.diff(lambda s: f(s, *rest), a, h=mp.mpf(10) ** -15)


near = [1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 3.25, 7.5, 15.99, 16.0, 33.0, 1e3, 1e8, 1e15]
both = [-x for x in near if x < 1e3] + near
shapes = [(0.1, 0.01), (0.5, 0.5), (1.0, 1e-6), (2.5, 2.0), (2.5, 9.0), (10.0, 3.0), (10.0, 30.0), (100.0, 95.0), (100.0, 120.0), (1e4, 1.01e4)]
betas = [(0.5, 0.5, 0.3), (2.0, 3.0, 0.1), (2.0, 3.0, 0.9), (5.0, 1.5, 0.99), (20.0, 30.0, 0.4), (0.1, 4.0, 1e-6), (100.0, 200.0, 0.25), (1.0, 1.0, 0.75)]
rows = {
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), [(x,) for x in [-700.0, -30.0, -1.0, 0.0, 1e-9, 2.0, 40.0]]),
    "logit": (lambda x: mp.log(x / (1 - x)), [(x,) for x in [1e-300, 1e-9, 0.25, 0.499, 0.5, 0.501, 0.9, 1 - 2**-53]]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), [(x,) for x in [-700.0, -30.0, -1.0, 0.0, 1e-9, 2.0, 40.0]]),
    "log1mexp": (lambda x: mp.log(-mp.expm1(x)), [(-x,) for x in [1e-300, 1e-9, 0.1, 0.69, 0.7, 5.0, 50.0]]),
    "logaddexp": (lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), [(0.0, 0.0), (-1000.0, -1001.0), (3.0, -50.0), (1.0, 2.0)]),
    "log1pmx": (log1pmx, [(x,) for x in [-0.999, -0.5, -0.13, -0.1, -1e-3, -1e-10, 1e-300, 1e-10, 1e-3, 0.124, 0.126, 1.0, 1e5]]),
    "expm1mx": (expm1mx, [(x,) for x in [-50.0, -1.0, -0.26, -0.2, -1e-8, 1e-8, 0.1, 0.24, 0.26, 1.0, 30.0]]),
    "log_ratio": (lambda x, m: mp.log(x / m), [(2.0, 2.0), (1.0, 1.0 + 2**-40), (3.0, 5.0), (5.0, 3.0), (1e-300, 1e300), (1e8, 1.0001e8)]),
    "kl_div": (kl, [(0.0, 2.0), (1.0, 1.0 + 2**-40), (3.0, 5.0), (5.0, 3.0), (1e-10, 1.0), (1.0, 1e-10), (1e8, 1.0001e8)]),
    "normal_cdf": (cdf, [(x,) for x in [-38.0, -10.0, -3.0, -0.5, 0.0, 0.5, 3.0, 9.0]]),
    "normal_log_cdf": (lambda x: mp.log(cdf(x)), [(x,) for x in [-1e5, -101.0, -99.0, -20.0, -3.0, 0.0, 0.5, 3.0, 20.0]]),
    "normal_quantile": (quantile, [(p,) for p in [1e-300, 1e-20, 1e-5, 0.02, 0.3, 0.499, 0.7, 0.999]]),
    "lgamma": (lambda x: mp.log(abs(mp.gamma(x))), [(x,) for x in near[1:] + [-0.5, -3.7] if x not in (1.0, 2.0)]),
    "lgamma_excess": (excess, [(x,) for x in near]),
    "digamma": (mp.digamma, [(x,) for x in near[1:] + [-0.5, -3.7]]),
    "digamma_excess": (digamma_excess, [(x,) for x in near[1:]]),
    "trigamma": (lambda x: mp.psi(1, x), [(x,) for x in near[2:] + [-0.5, -3.7]]),
    "lbeta": (lbeta, [(1e-5, 1e-5), (0.5, 0.5), (3.0, 4.5), (1.5, 1e10), (20.0, 1e10), (15.0, 17.0), (1e8, 1e8), (100.0, 1e3)]),
    "log_choose": (choose, [(10.0, 3.0), (1e6, 5.0), (1e6, 5e5), (50.0, 49.0)]),
    "gamma_p": (gp, shapes), "gamma_q": (gq, shapes),
    "log_gamma_p": (lambda a, x: mp.log(gp(a, x)), shapes + [(100.0, 1e-5)]),
    "log_gamma_q": (lambda a, x: mp.log(gq(a, x)), shapes + [(2.0, 2000.0)]),
    "log_gamma_p_shape": (shape(lambda a, x: mp.log(gp(a, x))), shapes),
    "log_gamma_q_shape": (shape(lambda a, x: mp.log(gq(a, x))), shapes),
    "beta_inc": (bi, betas), "log_beta_inc": (lambda *a: mp.log(bi(*a)), betas),
    "log_beta_inc_first": (shape(lambda *a: mp.log(bi(*a))), betas),
    "log_beta_inc_second": (lambda a, b, x: mp.diff(lambda s: mp.log(bi(a, s, x)), b, h=mp.mpf(10) ** -15), betas),
}

print("// High-precision values of special functions, made by special_functions.py beside this file.")
print("// LACUNA_VALUE(mnemonic, value, operands...)")
for name, (f, points) in rows.items():
    mp.mp.dps = 400 if name in ("lgamma_excess", "log1pmx", "digamma_excess", "expm1mx", "normal_log_cdf", "normal_cdf", "lgamma", "kl_div", "log_ratio", "lbeta", "log_choose") else 60
    for point in points:
        value = f(*[mp.mpf(x) for x in point])
        print(f'LACUNA_VALUE("{name}", {mp.nstr(value, 25, min_fixed=0, max_fixed=0)}L, {", ".join(x.hex() for x in point)})')
