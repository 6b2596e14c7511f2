// A module whose loops take several cells at a time (codegen/emit_cells.cpp): every kind of stretch, and values of every type between
// them.
#pragma once
#include <string_view>

namespace lacuna {

inline constexpr std::string_view kCells = R"(module cells {
  dim N
  dim E
  dim C
  dim M = cells @scored
  input @label : index<C>[N, E]
  input @seen : bool[N, E]
  input @rank : int[E]
  param @w : real[E, C]
  param @u : real[N, C]
  param @shift : real[C]
  param @scale : real
  gradient @d_w of @w
  gradient @d_u of @u
  gradient @d_shift of @shift
  gradient @d_scale of @scale
  scratch @kept : real[C]
  space @scored (%n in N, %e in E) where {
    %0 = load @seen[%n, %e]
    yield %0
  }
  func data @bind() {
    build_space @scored
  }
  func draw @log_density_gradient() {
    %zero = const 0.0
    %one = const 1.0
    fill @d_w, %zero
    fill @d_u, %zero
    fill @d_shift, %zero
    fill @d_scale, %zero
    %total, %logs, %count, %all = for (%n, %e) at %k in @scored -> (sum, sum_log, isum, all) {
      %c = load @label[%n, %e]
      %own = load @u[%n, %c]
      %scale = load @scale[]
      accumulate @d_u[%n, %c], %one
      accumulate @d_w[%e, %c], %scale
      %most, %least, %product, %some, %above, %last, %both = for (%j) in [C] -> (max_number, min, sum_log, any, isum, imax, logsumexp) {
        %x = load @w[%e, %j]
        %y = load @u[%n, %j]
        %z = add %x, %y
        %square = mul %z, %z
        %away = add %square, %one
        %positive = lt %zero, %z
        %number = int %positive
        %at = int %j
        %after = imul %number, %at
        yield %z, %z, %away, %positive, %number, %after, %z
      }
      %finite = is_finite %most
      %shift = select %finite, %most, %zero
      %sum = for (%j_1) in [C] -> (sum) {
        %x_1 = load @w[%e, %j_1]
        %y_1 = load @u[%n, %j_1]
        %z_1 = add %x_1, %y_1
        %distance = sub %z_1, %shift
        %weight = exp %distance
        store @kept[%j_1], %weight
        yield %weight
      }
      %rank = load @rank[%e]
      %none = const 0
      %given = ilt %none, %rank
      %factor = if %given {
        %root = sqrt %sum
        yield %root
      } else {
        yield %one
      }
      %good = and %finite, %some
      %inverse = div %factor, %sum
      for (%j_2) in [C] {
        %x_2 = load @kept[%j_2]
        %p = mul %x_2, %inverse
        %q = select %good, %p, %zero
        accumulate @d_u[%n, %j_2], %q
        accumulate @d_w[%e, %j_2], %q
        accumulate @d_shift[%j_2], %q
      }
      accumulate @d_scale[], %inverse
      %high = sub %most, %least
      %value = add %high, %own
      %more = add %value, %product
      %rest = add %more, %both
      %sums = iadd %above, %last
      yield %rest, %sum, %sums, %good
    }
    %second = for (%n_1) in [N] -> (sum) {
      %dot = for (%j_3) in [C] -> (sum) {
        %x_3 = load @u[%n_1, %j_3]
        %y_3 = load @shift[%j_3]
        %xy = mul %x_3, %y_3
        yield %xy
      }
      %slope = sigmoid %dot
      for (%j_4) in [C] {
        %x_4 = load @u[%n_1, %j_4]
        %y_4 = load @shift[%j_4]
        %to_shift = mul %x_4, %slope
        %to_u = mul %y_4, %slope
        accumulate @d_shift[%j_4], %to_shift
        accumulate @d_u[%n_1, %j_4], %to_u
      }
      %plus = softplus %dot
      yield %plus
    }
    %sum_of_counts = real %count
    %whether = real %all
    return %total, %logs, %sum_of_counts, %whether, %second
  }
}
)";

}  // namespace lacuna
