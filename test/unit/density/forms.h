// Programs that have, between them, every form that is lowered and that the gallery has not: what exists only under a condition,
// gaps that pass through lets, pasts, mixtures, vectors with a structure, imputed cells of every support.
#pragma once

namespace lacuna::density {

struct Form {
  const char* name;
  const char* text;
};

inline constexpr Form kForms[] = {
    {"latents_under_a_condition", R"(
model m(keep: bool[J], y: real[N], g: J[N]) {
  sample mu ~ Normal(0, 1)
  sample z[j in J where keep[j]] ~ Normal(mu, 2)
  sample s[j in J where keep[j]] ~ Gamma(2, 1)
  observe y[n in N] ~ Normal(if keep[g[n]] then z[g[n]] * s[g[n]] else mu, 1)
})"},
    {"noncentered_under_a_condition", R"(
model m(keep: bool[J], y: real[J]) {
  sample mu ~ Normal(0, 1)
  sample tau ~ HalfNormal(1)
  sample z[j in J where keep[j]] ~ Normal(mu, tau) noncentered
  observe y[j in J where keep[j]] ~ Normal(z[j], 1)
})"},
    {"vectors_under_a_condition", R"(
dim K = 3
model m(keep: bool[J], y: real[J], x: real[J, K]) {
  for j in J where keep[j] {
    sample p: simplex[K] ~ Dirichlet(2)
    sample c[j, k in K]: real ~ Normal(0, 1)
    let mean = sum(p[k] * c[j, k] * x[j, k] for k in K)
    observe y[j] ~ Normal(mean, 1)
  }
})"},
    {"cuts_under_a_condition", R"(
dim C = 3
model m(keep: bool[J], y: real[J]) {
  sample cut[j in J where keep[j]]: ordered[C] ~ Normal(0, 2)
  observe y[j in J where keep[j]] ~ Normal(cut[j, 2] - cut[j, 0], 1)
})"},
    {"plates_with_conditions", R"(
model m(keep: bool[N], seen: bool[N, T], y: real?[N, T]) {
  sample phi ~ Uniform(-1, 1)
  sample sigma ~ HalfNormal(1)
  for n in N where keep[n] {
    sample level ~ Normal(0, 1)
    let twice = level * 2
    sample z[n, t in T] ~ Normal(if t == 0 then twice else phi * z[n, t - 1], sigma)
    observe y[n, t in T where seen[n, t]] ~ Normal(z[n, t], 1)
  }
})"},
    {"derived_values_with_gaps", R"(
model m(y: positive?[N], x: real?[N], g: real[N]) {
  sample a ~ Normal(0, 1)
  let log_y: real?[N] = log(y)
  let ratio: real?[N] = x / y
  let filled: real[N] = ratio ?? 0.5
  observe log_y ~ Normal(a, 1)
  observe g[n in N] ~ Normal(a * filled[n], if present(ratio[n]) then 1 else 2) where !present(log_y[n]) || present(x[n])
})"},
    {"gaps_of_what_latents_decide", R"(
model m(x: real?[N], y: real[N]) {
  sample a ~ Normal(0, 1)
  let scaled: real?[N] = a * x
  observe y[n in N] ~ Normal(scaled[n] ?? a, 1)
})"},
    {"imputed_derived_values", R"(
model m(x: positive?[N], y: real[N]) {
  sample a ~ Normal(0, 1)
  let log_x: real?[N] = log(x)
  observe log_x ~ Normal(a, 1) else impute
  observe y ~ Normal(log_x, 1)
})"},
    {"positive_autoregression", R"(
model m(y: real[T]) {
  sample phi ~ Uniform(0, 1)
  sample v[t in T] ~ LogNormal(if t == 0 then 0 else phi * log(v[t - 1]), 0.5)
  observe y[t in T] ~ Normal(0, sqrt(v[t]))
})"},
    {"noncentered_autoregression", R"(
model m(y: real[N, T]) {
  sample phi ~ Uniform(-1, 1)
  sample sigma ~ HalfNormal(1)
  sample z[n in N, t in T] ~ Normal(if t == 0 then 0 else phi * z[n, t - 1], sigma) noncentered
  observe y ~ Normal(z, 1)
})"},
    {"bounds_on_the_past", R"(
model m(y: real[T]) {
  sample z[t in T] ~ Uniform(0, if t == 0 then 1 else 1 + z[t - 1])
  observe y[t in T] ~ Normal(z[t], 1)
})"},
    {"in_step", R"(
model m(r: real[T]) {
  sample omega ~ HalfNormal(1)
  sample alpha ~ Uniform(0, 1)
  sample mu ~ Normal(0, 1)
  for t in T {
    let h = if t == 0 then omega else omega + alpha * e[t - 1] ^ 2
    let e = (r[t] - mu) / sqrt(1 + h)
    observe r[t] ~ Normal(mu, sqrt(h + 0.1))
  }
})"},
    {"latents_in_step", R"(
model m(y: real[T]) {
  sample phi ~ Uniform(0, 1)
  sample sigma ~ HalfNormal(1)
  for t in T {
    sample z ~ Normal(if t == 0 then 0 else phi * x[t - 1], sigma) noncentered
    let x = tanh(z) + 0.5
    observe y[t] ~ Normal(x, 1)
  }
})"},
    {"latents_in_step_under_a_condition", R"(
model m(y: real[N, T], keep: bool[N], w: real[T], on: bool[T]) {
  sample phi ~ Uniform(0, 1)
  sample sigma ~ HalfNormal(1)
  for n in N where keep[n] {
    for t in T {
      sample z ~ Normal(if t == 0 then 0 else phi * x[n, t - 1], sigma) noncentered
      let x[n, t] = tanh(z) + 0.5
      observe y[n, t] ~ Normal(x[n, t], 1)
    }
  }
  for t in T {
    sample u[t where on[t]] ~ Uniform(0, if t == 0 then 1 else 1 + v[t - 1] ^ 2)
    let v[t] = if on[t] then u[t] + phi else -0.3
    observe w[t] ~ Normal(v[t], sigma)
  }
})"},
    {"data_in_step", R"(
model m(r: real[T], y: real[T]) {
  for t in T {
    let h = if t == 0 then 1 else 0.5 + 0.3 * e[t - 1]
    let e[t] = r[t] / h
  }
  sample a ~ Normal(0, 1)
  observe y ~ Normal(a * e, 1)
})"},
    {"mixtures", R"(
model m(y: real[N], w: real[N], c: count[N]) {
  sample p ~ Beta(2, 2)
  sample a ~ Normal(0, 1)
  sample b ~ Normal(1, 1)
  sample rate ~ Gamma(2, 1)
  observe y ~ Mixture([p, 1 - p], Normal(a, 1), Normal(b, 2))
  observe w ~ Mixture([0.2, p / 2, 0.8 - p / 2], Normal(a, 1), Laplace(b, 2), StudentT(3, 0, 1))
  observe c ~ Mixture([p, 1 - p], Poisson(rate), Geometric(0.4))
})"},
    {"counted_mixtures", R"(
dim K = 3
model m(y: real[N]) {
  sample w: simplex[K] ~ Dirichlet(1.5)
  sample mu: ordered[K] ~ Normal(0, 3)
  sample sigma[K] ~ HalfNormal(1)
  sample x ~ Mixture([0.5, 0.5], Normal(0, 1), Normal(3, 1))
  observe y ~ Mixture(w, [Normal(mu[k] + x, sigma[k]) for k in K])
})"},
    {"vectors", R"(
dim K = 4
model m(y: real[N], g: J[N]) {
  sample p: simplex[K] ~ Dirichlet(2)
  sample o: ordered[K] ~ Normal(0, 1)
  sample q: positive_ordered[K] ~ Exponential(1)
  sample u: unit_vector[K] ~ Flat()
  sample z: zero_sum[K] ~ Flat()
  sample pj[j in J]: simplex[K] ~ Dirichlet(1.5)
  observe y[n in N] ~ Normal(sum(p[k] * o[k] + q[k] * u[k] + z[k] * pj[g[n], k] for k in K), 1)
})"},
    {"supports", R"(
model m(y: real[N]) {
  sample a ~ Uniform(0, 1)
  sample b ~ Uniform(0, 1 - a)
  sample c ~ Truncated(Normal(a, 1), lower = b)
  sample d ~ Truncated(Normal(0, 1), upper = c)
  sample s: positive ~ Normal(0, 1)
  sample e: interval(-1, 2) ~ Flat()
  sample f ~ LogNormal(a, 1) noncentered
  observe y ~ Normal(a + b + c + d + e, s + f)
  factor -(a - b) ^ 2
  factor [-x * a for x in N]
})"},
    {"imputed_supports", R"(
dim K = 3
model m(x: nonnegative?[N], u: real?[N], v: real[N]) {
  sample top ~ Gamma(2, 1)
  sample k ~ Gamma(2, 1)
  observe x ~ Gamma(k, 1) else impute
  observe u ~ Truncated(Normal(0, 1), upper = 3 + top) else impute
  observe v ~ Normal(x + u, 1)
})"},
    {"sums_along_an_axis", R"(
dim K = 4
dist Walk(step: real[K]): real[K] {
  path           = cumsum(step)
  log_density(x) = -0.5 * sum((x[k] - path[k]) ^ 2 for k in K)
}
model m(y: real[N, K], w: real[N, K]) {
  sample step[K] ~ Normal(0, 1)
  let total = cumsum(step)
  observe y ~ Walk(step)
  observe w[n in N where n > 0] ~ Walk(total)
})"},
    {"one_softmax_for_all_rows", R"(
model m(x: real[N], g: J[M], w: real[J]) {
  sample a[j in J] ~ Normal(w[j], 1)
  sample b[n in N] ~ Normal(logsumexp(-a[g[i]] for i in M) * x[n], 1)
})"},
    {"factors_under_conditions", R"(
model m(x: real?[N], keep: bool[N]) {
  sample a ~ Normal(0, 1)
  factor [-(a - (x[n] ?? 0)) ^ 2 for n in N] where keep
  for n in N where present(x[n]) { factor -a ^ 2 * x[n] ^ 2 where keep[n] }
})"},
};

}  // namespace lacuna::density
