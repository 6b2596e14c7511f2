// Modules as text, each with what one family of emitters writes.
#pragma once
#include <string_view>

namespace lacuna {

// A logistic regression with gaps and groups, and its gradient: a nested sum, a gather and a scattered sum.
inline constexpr std::string_view kRegression = R"(module regression {
  dim N
  dim J
  dim P
  dim M = cells @seen
  input @group : index<J>[N]
  input @x : real[N, P]
  input @y : real?[N]
  data @square : real[M]
  param @a : real[J]
  param @b : real[P]
  param @log_scale : real
  gradient @d_a of @a
  gradient @d_b of @b
  gradient @d_log_scale of @log_scale
  work @kept : real[M]
  space @seen (%n in N) where {
    %0 = present @y[%n]
    yield %0
  }
  func data @bind() {
    build_space @seen
    for (%n) at %k in @seen {
      %0 = load @y[%n]
      %1 = mul %0, %0
      store @square[%k], %1
    }
  }
  func draw @log_density_gradient() {
    %zero = const 0.0
    fill @d_a, %zero
    fill @d_b, %zero
    fill @d_log_scale, %zero
    %s = load @log_scale[]
    %scale = exp %s
    %total = for (%n) at %k in @seen -> (sum) {
      %eta = for (%p) in [P] -> (sum) {
        %0 = load @x[%n, %p]
        %1 = load @b[%p]
        %2 = mul %0, %1
        yield %2
      }
      %j = load @group[%n]
      %a = load @a[%j]
      %mean = add %eta, %a
      %y = load @y[%n]
      %scaled = mul %mean, %scale
      %plus = softplus %scaled
      %g = sigmoid %scaled
      %q = load @square[%k]
      %t = mul %y, %scaled
      %u = sub %t, %plus
      %v = add %u, %q
      %r = sub %y, %g
      %rs = mul %r, %scale
      accumulate @d_a[%j], %rs
      for (%p_1) in [P] {
        %v0_1 = load @x[%n, %p_1]
        %v1_1 = mul %v0_1, %rs
        accumulate @d_b[%p_1], %v1_1
      }
      %ds = mul %r, %scaled
      accumulate @d_log_scale[], %ds
      store @kept[%k], %v
      yield %v
    }
    %again = for (%k_1) in [M] -> (sum) {
      %v0_2 = load @kept[%k_1]
      %v1_2 = exp %v0_2
      yield %v1_2
    }
    return %total, %again
  }
}
)";

// Cells of vectors: a list over two dimensions, logsumexp over a third, one row of a matrix added to for each cell.
inline constexpr std::string_view kCategorical = R"(module categorical {
  dim N
  dim E
  dim C
  input @label : index<C>?[N, E]
  param @w : real[E, C]
  param @u : real[N, C]
  gradient @d_w of @w
  gradient @d_u of @u
  space @seen (%n in N, %e in E) where {
    %0 = present @label[%n, %e]
    yield %0
  }
  func data @bind() {
    build_space @seen
  }
  func draw @log_density_gradient() {
    %zero = const 0.0
    %one = const 1.0
    fill @d_w, %zero
    fill @d_u, %zero
    %total = for (%n, %e) in @seen -> (sum) {
      %l = for (%c) in [C] -> (logsumexp) {
        %0 = load @w[%e, %c]
        %1 = load @u[%n, %c]
        %2 = add %0, %1
        yield %2
      }
      %y = load @label[%n, %e]
      %w = load @w[%e, %y]
      %u = load @u[%n, %y]
      for (%c_1) in [C] {
        %v0_1 = load @w[%e, %c_1]
        %v1_1 = load @u[%n, %c_1]
        %v2_1 = add %v0_1, %v1_1
        %3 = sub %v2_1, %l
        %4 = exp %3
        %5 = neg %4
        accumulate @d_w[%e, %c_1], %5
        accumulate @d_u[%n, %c_1], %5
      }
      accumulate @d_w[%e, %y], %one
      accumulate @d_u[%n, %y], %one
      %t = add %w, %u
      %r = sub %t, %l
      yield %r
    }
    return %total
  }
}
)";

// Time: a recurrence forward that is kept, and one backward; earlier elements of data.
inline constexpr std::string_view kSeries = R"(module series {
  dim T
  input @y : real[T]
  param @a : real
  param @b : real
  gradient @d_a of @a
  gradient @d_b of @b
  work @h : real[T]
  func draw @log_density_gradient() {
    %zero = const 0.0
    fill @d_a, %zero
    fill @d_b, %zero
    %a = load @a[]
    %b0 = load @b[]
    %b = tanh %b0
    %last, %total = scan (%t) in [T] carry (%h = %a) -> (sum) {
      %y = load @y[%t]
      %0 = mul %b, %h
      %1 = mul %y, %y
      %next = add %0, %1
      store @h[%t], %h
      %2 = mul %h, %y
      yield %next, %2
    }
    %end = scan (%t_1) down in [T] carry (%g = %zero) {
      %y_1 = load @y[%t_1]
      %h_1 = load @h[%t_1]
      %v0_1 = mul %g, %h_1
      accumulate @d_b[], %v0_1
      %v1_1 = mul %g, %b
      %v2_1 = add %v1_1, %y_1
      yield %v2_1
    }
    accumulate @d_a[], %end
    %inner = for (%t_2) in [T] -> (sum) {
      %i = int %t_2
      %first = const 0
      %has = ilt %first, %i
      %v = if %has {
        %one = const 1
        %before = isub %i, %one
        %s = index T %before
        %v0_2 = load @y[%s]
        %v1_2 = load @y[%t_2]
        %v2_2 = mul %v0_2, %v1_2
        yield %v2_2
      } else {
        yield %b
      }
      yield %v
    }
    return %total, %last, %inner
  }
}
)";

// A list of cells for each row, branches on data and on draws, conversions.
inline constexpr std::string_view kBranches = R"(module branches {
  dim N
  dim C
  dim M = cells @allowed
  input @open : bool[N, C]
  input @x : real[N]
  input @count : int[N]
  data @first : int[N]
  param @p : real[C]
  param @q : real
  gradient @d_p of @p
  gradient @d_q of @q
  space @allowed [%n in N] (%c in C) where {
    %0 = load @open[%n, %c]
    yield %0
  }
  func data @bind() {
    build_space @allowed
    for (%n) in [N] {
      %k = for (%c) in @allowed[%n] -> (isum) {
        %one = const 1
        yield %one
      }
      store @first[%n], %k
    }
  }
  func draw @value() {
    %zero = const 0.0
    fill @d_p, %zero
    fill @d_q, %zero
    %q = load @q[]
    %one = const 1.0
    %positive = lt %zero, %q
    %sign = if %positive {
      %0 = log %q
      yield %0
    } else {
      %v0_1 = mul %q, %q
      yield %v0_1
    }
    %total = for (%n) in [N] -> (sum) {
      %k = load @first[%n]
      %l = for (%c) in @allowed[%n] -> (logsumexp) {
        %v0_2 = load @p[%c]
        %1 = mul %v0_2, %q
        yield %1
      }
      %x = load @x[%n]
      %none = const 0
      %any = ilt %none, %k
      %v = if %any {
        %v0_3 = mul %x, %l
        yield %v0_3
      } else {
        yield %x
      }
      yield %v
    }
    %other = for (%n_1) in [N] -> (sum) {
      %x_1 = load @x[%n_1]
      %y = mul %x_1, %q
      %neg = lt %y, %zero
      %v_1 = if %neg {
        accumulate @d_q[], %x_1
        %v0_4 = expm1 %y
        yield %v0_4
      } else {
        %m = neg %y
        %v0_5 = softplus %m
        yield %v0_5
      }
      %c_1 = load @count[%n_1]
      %two = const 3
      %d = idiv %c_1, %two
      %m_1 = imod %c_1, %two
      %s = iadd %d, %m_1
      %r = real %s
      %w = add %v_1, %r
      yield %w
    }
    return %total, %other, %sign
  }
}
)";

// Segments: rows sorted by an index, and cells of a table by two, with a mask; each reduction is one of the loop around
// too, or is used in it.
inline constexpr std::string_view kSegments = R"(module segments {
  dim N
  dim E
  dim J
  dim C
  dim M = cells @by_group
  input @group : index<J>[N]
  input @row : index<J>[N, E]
  input @kind : index<C>[N, E]
  input @x : real?[N]
  input @w : real[N, E]
  data @sorted : real[M]
  param @a : real[J]
  param @b : real[C]
  gradient @d_a of @a
  gradient @d_b of @b
  space @by_group [%j in J] (%n in N) by @group where {
    %0 = present @x[%n]
    yield %0
  }
  space @by_both [J, C] (N, E) by @row, @kind
  func data @bind() {
    build_space @by_group
    build_space @by_both
    for (%j) in [J] {
      for (%n) at %k in @by_group[%j] {
        %x = load @x[%n]
        store @sorted[%k], %x
      }
    }
  }
  func draw @log_density_gradient() {
    %zero = const 0.0
    fill @d_a, %zero
    fill @d_b, %zero
    %total, %logs, %most, %count = for (%j) in [J] -> (sum, sum, max, isum) {
      %a = load @a[%j]
      %s, %l, %m, %c, %d = for (%n) at %k in @by_group[%j] tile(8) lanes(rows) -> (sum, sum_log, max, isum, sum) {
        %one = const 1
        %x = load @sorted[%k]
        %y = mul %x, %a
        %e = exp %y
        yield %y, %e, %y, %one, %x
      }
      accumulate @d_a[%j], %d
      yield %s, %l, %m, %c
    }
    %cells = for (%g, %h) in [J, C] -> (sum) {
      %u = load @a[%g]
      %v = load @b[%h]
      %t, %r = for (%p, %q) in @by_both[%g, %h] tile(8) lanes(rows) -> (sum, sum) {
        %w = load @w[%p, %q]
        %0 = mul %w, %u
        %1 = mul %0, %v
        yield %1, %w
      }
      %2 = mul %r, %v
      %3 = mul %r, %u
      accumulate @d_a[%g], %2
      accumulate @d_b[%h], %3
      yield %t
    }
    %n_cells = real %count
    return %total, %logs, %most, %n_cells, %cells
  }
}
)";

// Linear recurrences: up and down, from 0 and not, one factor for all steps and one for each, with steps that forget,
// in a list of cells, two at once; what comes out behind the last step is used, or is not.
inline constexpr std::string_view kScans = R"(module scans {
  dim T
  dim M = cells @seen
  input @r : real?[T]
  input @x : real[T]
  param @mu : real
  param @h0 : real
  param @z : real[T]
  gradient @d_mu of @mu
  gradient @d_h0 of @h0
  gradient @d_z of @z
  work @h : real[T]
  work @g : real[T]
  space @seen (%t in T) where {
    %0 = present @r[%t]
    yield %0
  }
  func data @bind() {
    build_space @seen
  }
  func draw @log_density_gradient() {
    %zero = const 0.0
    %none = const 0
    %one = const 1
    fill @d_mu, %zero
    fill @d_h0, %zero
    fill @d_z, %zero
    %mu = load @mu[]
    %h0 = load @h0[]
    %last = scan (%t) in [T] tile(8) lanes(rows) carry (%h = %zero) {
      %i = int %t
      %start = ieq %i, %none
      %next = if %start {
        yield %h0
      } else {
        %j = isub %i, %one
        %before = index T %j
        %there = present @r[%before]
        %value = if %there {
          %seen = load @r[%before]
          yield %seen
        } else {
          yield %mu
        }
        %away = sub %value, %mu
        %square = mul %away, %away
        %kept = mul %mu, %h
        %sum = add %square, %kept
        yield %sum
      }
      store @h[%t], %next
      yield %next
    }
    %end, %both, %total, %logs = scan (%u) down in [T] tile(8) lanes(rows) carry (%a = %mu, %b = %zero) -> (sum, sum_log) {
      %hu = load @h[%u]
      %xu = load @x[%u]
      %zu = load @z[%u]
      %forget = lt %xu, %zero
      %less = sub %a, %hu
      %scaled = mul %xu, %less
      %an = select %forget, %hu, %scaled
      %minus = neg %b
      %half = mul %minus, %mu
      %bn = sub %zu, %half
      store @g[%u], %an
      accumulate @d_z[%u], %a
      accumulate @d_mu[], %b
      %e = exp %an
      yield %an, %bn, %b, %e
    }
    %masked, %most = scan (%v) at %k in @seen tile(8) lanes(rows) carry (%c = %h0) -> (max) {
      %rv = load @r[%v]
      %gv = load @g[%v]
      %m = mul %rv, %c
      %cn = add %m, %gv
      yield %cn, %c
    }
    accumulate @d_h0[], %total
    return %last, %end, %both, %logs, %masked, %most
  }
}
)";

// Every reduction, over rows.
inline constexpr std::string_view kReductions = R"(module reductions {
  dim N
  input @x : real[N]
  input @k : int[N]
  param @q : real
  func draw @value() {
    %q = load @q[]
    %sum, %log, %prod, %min, %max, %lse, %is, %imin, %imax, %any, %all = for (%n) in [N] -> (sum, sum_log, prod, min, max, logsumexp, isum, imin, imax, any, all) {
      %x = load @x[%n]
      %k = load @k[%n]
      %y = mul %x, %q
      %e = exp %y
      %z = const 0.0
      %b = lt %y, %z
      yield %y, %e, %e, %y, %y, %y, %k, %k, %k, %b, %b
    }
    %a = real %is
    %c = real %any
    %d = real %all
    return %sum, %log, %prod, %min, %max, %lse, %a, %c, %d
  }
}
)";

}  // namespace lacuna
