// Binding 10,000,000 dense numbers without gaps, beside a copy of them into fresh memory, least of several runs of both in
// turns; and the bytes that a bound model takes for each byte of data. What generated code does (it lists and sorts cells,
// gathers them, and checks those that are checked where they are read) is told apart from the rest: checks of whole arrays
// and copies.
//
//   bind_speed
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <vector>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "compiler/entries/descriptor.h"

namespace lacuna {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kNumbers = 10'000'000;
constexpr int kRuns = 7;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

// Pages that nothing has touched: blocks this large come from the system.
Memory fresh(std::int64_t bytes) {
  return Memory(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((bytes + 63) / 64 * 64)));
}

template <class Call>
double milliseconds(const Call& call) {
  const auto start = Clock::now();
  call();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Stands between the entries and the generated functions of stage data, and adds up their time.
struct Listener {
  decltype(lacuna_descriptor::resolve) resolve = nullptr;
  lacuna_compiled functions[4] = {};
  double spent = 0;
};
Listener listener;

template <int number>
int listened(const lacuna_frame* frame) {
  int code = 0;
  listener.spent += milliseconds([&] { code = listener.functions[number].run(frame); });
  return code;
}

lacuna_compiled resolve(const lacuna_descriptor* self, std::int32_t function, std::int32_t block) {
  constexpr int (*kListened[])(const lacuna_frame*) = {listened<0>, listened<1>, listened<2>, listened<3>};
  const lacuna_compiled found = listener.resolve(self, function, block);
  const int number = function - LACUNA_FUNCTION_COUNT;
  if (number < 0 || number >= self->binding_count || number >= static_cast<int>(std::size(kListened))) return found;
  listener.functions[number] = found;
  return {kListened[number], found.work};
}

// Tables of the JIT refer to its descriptor.
void listen(const lacuna_model& table) {
  auto* descriptor = static_cast<lacuna_descriptor*>(table.context);
  listener = {descriptor->resolve, {}, 0};
  descriptor->resolve = resolve;
}

struct Case {
  const char* name;
  const char* program;
  std::vector<std::int64_t> sizes;  // by dimension
};

// The arguments are `x`, of 10,000,000 reals, and then bools.
void run(const Case& work) {
  driver::Session session;
  driver::Compiled compiled = driver::check_program(session, std::string(LACUNA_ROOT) + "/" + work.program);
  const auto model = driver::ModelTable::make(compiled.models.front(), session.sources(), session.sink(), false);
  if (!model) return fmt::print("{}: not compiled\n", work.name);
  const lacuna_model& table = *model->table();
  const lacuna_metadata& about = *table.metadata;
  std::vector<double> numbers(kNumbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::sin(static_cast<double>(i));
  std::vector<std::uint8_t> bools(static_cast<std::size_t>(work.sizes[0]), 1);
  std::vector<lacuna_dimension> dimensions;
  for (std::int64_t size : work.sizes) dimensions.push_back({size, nullptr});
  std::vector<std::vector<std::int64_t>> sizes, strides;
  std::vector<lacuna_array> arguments;
  double raw = 0;
  for (int a = 0; a < about.argument_count; ++a) {
    const bool real = about.arguments[a].type.kind == LACUNA_REAL;
    auto& shape = sizes.emplace_back();
    for (int k = 0; k < about.arguments[a].rank; ++k) shape.push_back(work.sizes[static_cast<std::size_t>(about.arguments[a].axes[k])]);
    auto& steps = strides.emplace_back(shape.size());
    std::int64_t step = real ? 8 : 1, count = 1;
    for (std::size_t k = shape.size(); k-- > 0; step *= shape[k]) steps[k] = step;
    for (std::int64_t size : shape) count *= size;
    raw += 8 * static_cast<double>(count);
  }
  for (int a = 0; a < about.argument_count; ++a) {
    const auto i = static_cast<std::size_t>(a);
    const bool real = about.arguments[a].type.kind == LACUNA_REAL;
    arguments.push_back({.data = real ? static_cast<const void*>(numbers.data()) : bools.data(),
                         .dtype = real ? LACUNA_F64 : LACUNA_U8,
                         .rank = about.arguments[a].rank,
                         .sizes = sizes[i].data(),
                         .strides = strides[i].data()});
  }
  std::int64_t bytes = 0;
  lacuna_error error{};
  table.bind_size(&table, dimensions.data(), arguments.data(), &bytes, &error);
  listen(table);
  double copy = INFINITY, bind = INFINITY, generated = INFINITY;
  for (int i = 0; i < kRuns; ++i) {
    const Memory target = fresh(8 * kNumbers), bound = fresh(bytes);
    copy = std::min(copy, milliseconds([&] { std::memcpy(target.get(), numbers.data(), 8 * kNumbers); }));
    int code = 0;
    listener.spent = 0;
    const double whole =
        milliseconds([&] { code = table.bind_into(&table, dimensions.data(), arguments.data(), 0, bound.get(), bytes, &error); });
    if (whole < bind) bind = whole, generated = listener.spent;
    if (code != LACUNA_OK) return fmt::print("{}: not bound, {}\n", work.name, code);
  }
  fmt::print(
      "{:<34}copy{:>7.1f} ms   bind{:>7.1f} ms, {:.2f} of it   lists and gathers{:>7.1f} ms, {:.2f}   all else {:.2f}   bytes for each "
      "byte {:.2f}\n",
      work.name, copy, bind, bind / copy, generated, generated / copy, (bind - generated) / copy, static_cast<double>(bytes) / raw);
}

}  // namespace
}  // namespace lacuna

int main() {
  using lacuna::Case;
  const Case cases[] = {
      {"vector", "bench/programs/dense_vector.ppl", {lacuna::kNumbers}},
      {"vector, gaps allowed", "bench/programs/optional_vector.ppl", {lacuna::kNumbers}},
      {"matrix, 20 columns", "bench/programs/logistic.ppl", {lacuna::kNumbers / 20, 20}},
      {"matrix, checked where it is read", "bench/programs/masked_logistic.ppl", {lacuna::kNumbers / 20, 20}},
  };
  for (const Case& each : cases) lacuna::run(each);
}
