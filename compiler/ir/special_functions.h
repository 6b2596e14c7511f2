// The interpreter's special functions, in extended precision: slow, and accurate to about 1e-17 relative where x86's
// 80-bit reals are used. The generated code has its own; these are what it is compared with.
//
// Outside its domain every function gives NaN; at the edges, the limits that stdlib/README.md states.
#pragma once

namespace lacuna::ir::special {

using Real = long double;

Real sigmoid(Real x);
Real logit(Real x);
Real softplus(Real x);
Real log1mexp(Real x);
Real logaddexp(Real a, Real b);
Real xlogy(Real a, Real b);
Real xlog1py(Real a, Real b);
Real log1pmx(Real x);
Real expm1mx(Real x);
Real kl_div(Real x, Real m);
Real log_ratio(Real x, Real m);

Real normal_cdf(Real x);
Real normal_log_cdf(Real x);
Real normal_quantile(Real p);

Real lgamma(Real x);
Real lgamma_excess(Real x);
Real digamma(Real x);
Real digamma_excess(Real x);
Real trigamma(Real x);
Real lbeta(Real a, Real b);
Real log_choose(Real n, Real k);

Real gamma_p(Real a, Real x);
Real gamma_q(Real a, Real x);
Real log_gamma_p(Real a, Real x);
Real log_gamma_q(Real a, Real x);
Real log_gamma_p_shape(Real a, Real x);
Real log_gamma_q_shape(Real a, Real x);
Real gamma_p_inverse(Real a, Real p);
Real gamma_q_inverse(Real a, Real q);

Real beta_inc(Real a, Real b, Real x);
Real log_beta_inc(Real a, Real b, Real x);
Real log_beta_inc_first(Real a, Real b, Real x);
Real log_beta_inc_second(Real a, Real b, Real x);
Real beta_inc_inverse(Real a, Real b, Real p);

}  // namespace lacuna::ir::special
