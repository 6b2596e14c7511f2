// A module as text whose functions sum over tables of values.
#pragma once
#include <string_view>

namespace lacuna {

// Sums over values that occur, as transform/sum_over_values writes them: a table of ints with places behind the last for
// those that have none, of indices and of bools, over masked rows.
inline constexpr std::string_view kValueTables = R"(module value_tables {
  dim N
  dim J
  dim k.others_cells = cells @k.others
  dim k.places = k.others_cells + 1024
  dim k.own_places = 1024
  dim b.places = 2
  input @y : real?[N]
  input @k : int[N]
  input @j : index<J>[N]
  input @b : bool[N]
  param @a : real[J]
  param @s : real
  data @k.counts : real[k.places]
  data @k.values : int[k.places]
  data @j.counts : real[J]
  data @b.counts : real[b.places]
  space @seen (%n in N) where {
    %0 = present @y[%n]
    yield %0
  }
  space @k.others (%n in N) where {
    %0 = present @y[%n]
    %1 = if %0 {
      %2 = load @k[%n]
      %3 = const 0
      %4 = ile %3, %2
      %5 = const 1024
      %6 = ilt %2, %5
      %7 = and %4, %6
      %8 = not %7
      yield %8
    } else {
      %9 = const false
      yield %9
    }
    yield %1
  }
  space @k.occurring (%0 in k.places) where {
    %1 = const 0.0
    %2 = load @k.counts[%0]
    %3 = lt %1, %2
    yield %3
  }
  space @j.occurring (%0 in J) where {
    %1 = const 0.0
    %2 = load @j.counts[%0]
    %3 = lt %1, %2
    yield %3
  }
  space @b.occurring (%0 in b.places) where {
    %1 = const 0.0
    %2 = load @b.counts[%0]
    %3 = lt %1, %2
    yield %3
  }
  func data @bind() {
    build_space @seen
    build_space @k.others
    %0 = const 0.0
    fill @k.counts, %0
    for (%1) in @seen {
      %2 = load @k[%1]
      %3 = const 0
      %4 = ile %3, %2
      %5 = const 1024
      %6 = ilt %2, %5
      %7 = and %4, %6
      if %7 {
        %8 = index k.places %2
        %9 = const 1.0
        accumulate @k.counts[%8], %9
      } else {
      }
    }
    for (%10) in [k.own_places] {
      %11 = int %10
      %12 = index k.places %11
      store @k.values[%12], %11
    }
    for (%13) at %14 in @k.others {
      %15 = int %14
      %16 = const 1024
      %17 = iadd %15, %16
      %18 = index k.places %17
      %19 = load @k[%13]
      store @k.values[%18], %19
      %20 = const 1.0
      accumulate @k.counts[%18], %20
    }
    build_space @k.occurring
    %21 = const 0.0
    fill @j.counts, %21
    for (%22) in @seen {
      %23 = load @j[%22]
      %24 = const 1.0
      accumulate @j.counts[%23], %24
    }
    build_space @j.occurring
    %25 = const 0.0
    fill @b.counts, %25
    for (%26) in @seen {
      %27 = load @b[%26]
      %28 = int %27
      %29 = index b.places %28
      %30 = const 1.0
      accumulate @b.counts[%29], %30
    }
    build_space @b.occurring
  }
  func draw @sums() {
    %s = load @s[]
    %two = const 2.0
    %0 = for (%1) in @k.occurring -> (sum) {
      %2 = load @k.values[%1]
      %r = real %2
      %rs = mul %r, %s
      %e = exp %rs
      %3 = load @k.counts[%1]
      %4 = mul %3, %e
      yield %4
    }
    %5 = for (%6) in @j.occurring -> (sum) {
      %a = load @a[%6]
      %7 = load @j.counts[%6]
      %8 = mul %7, %a
      yield %8
    }
    %9 = for (%10) in @b.occurring -> (sum) {
      %11 = int %10
      %12 = const 0
      %13 = ine %11, %12
      %c = select %13, %s, %two
      %d = div %c, %two
      %14 = load @b.counts[%10]
      %15 = mul %14, %d
      yield %15
    }
    %16 = for (%n) in @seen -> (sum) {
      %y = load @y[%n]
      %ys = mul %y, %s
      %ye = exp %ys
      yield %ye
    }
    %17 = add %16, %9
    return %0, %5, %17
  }
}
)";

}  // namespace lacuna
