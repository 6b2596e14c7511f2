// One model as machine code in memory, as an object and as a shared library: the same bits on one processor; the interpreter,
// and code for other processors, to 1e-12 of the largest term.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "compiler/cache/code_loader.h"
#include "compiler/driver/compiler_library.h"
#include "compiler/driver/interpreted_model.h"
#include "compiler/driver/link_shared.h"
#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "test/unit/density/lowered.h"

namespace lacuna::driver {
namespace {

using Door = const lacuna_model* (*)();

// What density::fill gives to, by name.
struct Collected {
  const ir::Module& module;
  std::map<std::string, std::int64_t> sizes;
  std::map<std::string, ir::InputArray> inputs;

  void set_size(ir::DimId dim, std::int64_t size) { sizes[module.dim(dim).name] = size; }
  std::int64_t size(ir::DimId dim) const {
    const auto found = sizes.find(module.dim(dim).name);
    return found == sizes.end() ? module.dim(dim).preset.value_or(0) : found->second;
  }
  void set_input(ir::BufferId buffer, ir::InputArray array) { inputs[module.buffer(buffer).name] = std::move(array); }
};

// The collected data as a table's functions take them.
struct Arrays {
  std::vector<lacuna_dimension> dimensions;
  std::vector<lacuna_array> arguments;
  std::vector<std::vector<std::int64_t>> sizes, strides;

  Arrays(const lacuna_metadata& about, const Collected& data) {
    for (int d = 0; d < about.dimension_count; ++d) {
      const auto found = data.sizes.find(about.dimensions[d].name);
      dimensions.push_back({found == data.sizes.end() ? -1 : found->second, nullptr});
    }
    sizes.resize(static_cast<std::size_t>(about.argument_count));
    strides = sizes;
    for (int a = 0; a < about.argument_count; ++a) add(about, a, data);
  }

  void add(const lacuna_metadata& about, int a, const Collected& data) {
    const lacuna_argument_info& info = about.arguments[a];
    const auto found = data.inputs.find(info.name);
    if (found == data.inputs.end()) {
      arguments.push_back({nullptr, LACUNA_F64, -1, nullptr, nullptr, nullptr, 0, nullptr});
      return;
    }
    std::vector<std::int64_t>& shape = sizes[static_cast<std::size_t>(a)];
    const ir::BufferId buffer = data.module.find_buffer(info.name);
    for (const ir::DimId axis : data.module.buffer(buffer).axes) shape.push_back(data.size(axis));
    std::vector<std::int64_t>& steps = strides[static_cast<std::size_t>(a)];
    steps.assign(shape.size(), 8);
    for (std::size_t k = steps.size(); k-- > 1;) steps[k - 1] = steps[k] * shape[k];
    const bool real = info.type.kind == LACUNA_REAL;
    arguments.push_back({real ? static_cast<const void*>(found->second.reals.data()) : found->second.whole.data(), real ? LACUNA_F64 : LACUNA_I64, info.rank,
                         shape.data(), steps.data(), info.flags & LACUNA_OPTIONAL ? found->second.present.data() : nullptr, 0, nullptr});
  }
};

struct Aligned {
  explicit Aligned(std::int64_t bytes) : memory(bytes > 0 ? std::aligned_alloc(64, static_cast<std::size_t>((bytes + 63) / 64 * 64)) : nullptr) {}
  ~Aligned() { std::free(memory); }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  void* memory;
};

// What a model predicts of its own data, site by site, for draws around its point: few, so that some lanes are not filled.
void predict_all(const lacuna_model& model, const void* bound, std::map<std::string, std::vector<double>>& made, std::int64_t values) {
  constexpr std::size_t kDraws = 11;
  const lacuna_metadata& about = *model.metadata;
  std::vector<double> draws;
  for (const double x : made["constrain"])
    for (std::size_t d = 0; d < kDraws; ++d) draws.push_back(x);
  ASSERT_EQ(draws.size(), static_cast<std::size_t>(values) * kDraws);
  for (int s = 0; s < about.site_count; ++s) {
    const lacuna_site_info& site = about.sites[s];
    if (site.kind != LACUNA_OBSERVED) continue;
    std::size_t cells = 1;
    for (int k = 0; k < site.rank; ++k) {
      lacuna_shape shape{};
      std::vector<std::int64_t> sizes(static_cast<std::size_t>(about.dimension_count));
      shape.dimension_sizes = sizes.data();
      EXPECT_EQ(model.shape(bound, &shape, nullptr), LACUNA_OK);
      cells *= static_cast<std::size_t>(sizes[static_cast<std::size_t>(site.axes[k])]);
    }
    std::vector<double> drawn(cells * kDraws);
    std::vector<double*> out(static_cast<std::size_t>(about.site_count), nullptr);
    out[static_cast<std::size_t>(s)] = drawn.data();
    const lacuna_prediction request{sizeof request, LACUNA_MISSING_NAN, bound, bound, nullptr, draws.data(), kDraws, 0, kDraws, 5, out.data()};
    const Aligned memory(model.workspace_size(bound, LACUNA_ENTRY_PREDICT, kDraws));
    lacuna_error error{};
    const int code = model.predict(&request, memory.memory, &error);
    EXPECT_TRUE(code == LACUNA_OK || code == LACUNA_ABSENT) << code << " at " << error.where;
    if (code == LACUNA_OK) made["predict " + std::string(site.name)] = drawn;
  }
}

// The density with the terms of each site scaled: the sum of what `terms` gives times the scales, and a gradient that is linear in
// them, so that scales of 1 for one site after the other add up to the plain one.
void scale_sites(const lacuna_model& model, const void* bound, const std::vector<double>& point, std::map<std::string, std::vector<double>>& made) {
  constexpr std::uint32_t kFlags = LACUNA_JACOBIAN | LACUNA_NORMALISED | LACUNA_GRADIENT;
  lacuna_shape shape{};
  ASSERT_EQ(model.shape(bound, &shape, nullptr), LACUNA_OK);
  ASSERT_GT(shape.partial, shape.coordinates);
  const Aligned part(model.workspace_size(bound, LACUNA_ENTRY_DENSITY_PART, 1)), finish(model.workspace_size(bound, LACUNA_ENTRY_DENSITY_FINISH, 1));
  const auto run = [&](const double* scale) {
    std::vector<double> partials(static_cast<std::size_t>(shape.parts * shape.partial)), all(1 + point.size());
    for (std::int64_t k = 0; k < shape.parts; ++k)
      EXPECT_EQ(model.density_part(bound, point.data(), kFlags, static_cast<std::int32_t>(k), scale, part.memory, partials.data() + k * shape.partial, nullptr), LACUNA_OK);
    EXPECT_EQ(model.density_finish(bound, point.data(), kFlags, scale, partials.data(), finish.memory, all.data(), all.data() + 1, nullptr), LACUNA_OK);
    return all;
  };
  const std::vector<double> plain = run(nullptr), totals = made["terms"];
  EXPECT_EQ(plain[0], made["value of log_density_gradient"][0]);
  std::vector<double> scale(totals.size()), sum(plain.size()), one(totals.size());
  double expected = 0, size = 1;
  for (std::size_t s = 0; s < totals.size(); ++s) {
    scale[s] = 0.5 + 0.75 * static_cast<double>(s);
    expected += scale[s] * totals[s];
    size = std::max(size, std::abs(scale[s] * totals[s]));
    one.assign(one.size(), 0);
    one[s] = 1;
    const std::vector<double> alone = run(one.data());
    EXPECT_NEAR(alone[0], totals[s], 1e-12 * std::max(1.0, std::abs(totals[s]))) << "site " << s;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += alone[k];
  }
  for (const double x : plain) size = std::max(size, std::abs(x));
  for (std::size_t k = 0; k < sum.size(); ++k) EXPECT_NEAR(sum[k], plain[k], 1e-12 * size) << k;
  made["scaled"] = run(scale.data());
  EXPECT_NEAR(made["scaled"][0], expected, 1e-12 * size);
}

// Everything that a model says at one point, entry by entry; an absent entry says nothing.
std::map<std::string, std::vector<double>> answers(const lacuna_model& model, const Arrays& arrays, bool blocks = true) {
  std::map<std::string, std::vector<double>> made;
  lacuna_error error{};
  std::int64_t bytes = 0;
  EXPECT_EQ(model.bind_size(&model, arrays.dimensions.data(), arrays.arguments.data(), &bytes, &error), LACUNA_OK);
  const Aligned bound(bytes);
  const int code = model.bind_into(&model, arrays.dimensions.data(), arrays.arguments.data(), 0, bound.memory, bytes, &error);
  EXPECT_EQ(code, LACUNA_OK) << error.where << " " << error.index;
  if (code != LACUNA_OK) return made;
  lacuna_shape shape{};
  const auto sites = static_cast<std::size_t>(model.metadata->site_count);
  std::vector<std::int64_t> scored(sites);
  shape.site_scored = scored.data();
  EXPECT_EQ(model.shape(bound.memory, &shape, &error), LACUNA_OK);
  const auto count = static_cast<std::size_t>(shape.coordinates);
  const std::vector<long double> drawn = density::random_point(shape.coordinates, 7);
  const std::vector<double> point(drawn.begin(), drawn.end());
  constexpr std::uint32_t kFlags = LACUNA_JACOBIAN | LACUNA_NORMALISED;
  const auto work = [&](int entry, std::int64_t draws = 1) { return model.workspace_size(bound.memory, entry, draws); };

  std::vector<double> value(1), slopes(count);
  for (const std::uint32_t flags : {kFlags, std::uint32_t{LACUNA_NORMALISED}}) {
    const std::string mode = flags == kFlags ? "" : ", natural";
    const Aligned one(work(LACUNA_ENTRY_LOG_DENSITY)), two(work(LACUNA_ENTRY_LOG_DENSITY_GRADIENT));
    EXPECT_EQ(model.log_density(bound.memory, point.data(), flags, one.memory, value.data(), &error), LACUNA_OK);
    made["log_density" + mode] = value;
    EXPECT_EQ(model.log_density_gradient(bound.memory, point.data(), flags, two.memory, value.data(), slopes.data(), &error), LACUNA_OK);
    made["value of log_density_gradient" + mode] = value;
    made["log_density_gradient" + mode] = slopes;
  }
  if (model.log_density_gradient_block && blocks) {
    constexpr std::size_t kDraws = 11;
    const Aligned memory(work(LACUNA_ENTRY_LOG_DENSITY_GRADIENT, kDraws));
    std::vector<double> points(count * kDraws), values(kDraws), gradients(count * kDraws);
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = point[i / kDraws] * (1 + 0.01 * static_cast<double>(i % kDraws));
    EXPECT_EQ(model.log_density_gradient_block(bound.memory, kDraws, kDraws, points.data(), kFlags, memory.memory, values.data(), gradients.data(), &error), LACUNA_OK);
    made["values of the block"] = values;
    made["gradients of the block"] = gradients;
    std::vector<double> alone(kDraws);
    EXPECT_EQ(model.log_density_block(bound.memory, kDraws, kDraws, points.data(), kFlags, memory.memory, alone.data(), &error), LACUNA_OK);
    EXPECT_EQ(alone, values);
    if (model.log_density_hvp_block) {
      const Aligned more(work(LACUNA_ENTRY_HVP, kDraws));
      std::vector<double> products(count * kDraws);
      EXPECT_EQ(model.log_density_hvp_block(bound.memory, kDraws, kDraws, points.data(), points.data(), kFlags, more.memory, values.data(), gradients.data(),
                                            products.data(), &error), LACUNA_OK);
      made["products of the block"] = products;
    }
  }
  if (model.log_density_hvp && blocks) {
    const Aligned memory(work(LACUNA_ENTRY_HVP));
    std::vector<double> product(count);
    EXPECT_EQ(model.log_density_hvp(bound.memory, point.data(), point.data(), kFlags, memory.memory, value.data(), slopes.data(), product.data(), &error), LACUNA_OK);
    made["log_density_hvp"] = product;
  }
  if (model.constrain) {
    const Aligned memory(work(LACUNA_ENTRY_CONSTRAIN));
    std::vector<double> values(static_cast<std::size_t>(shape.values));
    EXPECT_EQ(model.constrain(bound.memory, point.data(), memory.memory, values.data(), &error), LACUNA_OK);
    made["constrain"] = values;
  }
  if (model.terms) {
    const Aligned memory(work(LACUNA_ENTRY_TERMS));
    std::vector<double> totals(sites);
    std::vector<std::int64_t> not_finite(sites);
    EXPECT_EQ(model.terms(bound.memory, point.data(), kFlags, memory.memory, totals.data(), not_finite.data(), &error), LACUNA_OK);
    made["terms"] = totals;
    scale_sites(model, bound.memory, point, made);
  }
  if (model.unconstrain && made.contains("constrain")) {
    const Aligned memory(work(LACUNA_ENTRY_UNCONSTRAIN));
    std::vector<double> back(count);
    EXPECT_EQ(model.unconstrain(bound.memory, made["constrain"].data(), memory.memory, back.data(), &error), LACUNA_OK);
    made["unconstrain"] = back;
  }
  if (model.pointwise) {
    const Aligned memory(work(LACUNA_ENTRY_POINTWISE));
    std::vector<std::vector<double>> cells;
    for (const std::int64_t n : scored) cells.emplace_back(static_cast<std::size_t>(n));
    std::vector<double*> out;
    for (std::vector<double>& each : cells) out.push_back(each.empty() ? nullptr : each.data());
    EXPECT_EQ(model.pointwise(bound.memory, point.data(), memory.memory, out.data(), &error), LACUNA_OK);
    for (std::size_t s = 0; s < sites; ++s) made["pointwise " + std::string(model.metadata->sites[s].name)] = cells[s];
  }
  if (model.predict && blocks) predict_all(model, bound.memory, made, shape.values);
  return made;
}

void expect_same_bits(const std::map<std::string, std::vector<double>>& got, const std::map<std::string, std::vector<double>>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, numbers] : expected) {
    const auto& other = got.at(name);
    ASSERT_EQ(other.size(), numbers.size()) << name;
    EXPECT_EQ(std::memcmp(other.data(), numbers.data(), numbers.size() * sizeof(double)), 0) << name;
  }
}

// Where both have the entry. Draws agree in distribution only, since a last digit may turn a choice.
void expect_near(const std::map<std::string, std::vector<double>>& got, const std::map<std::string, std::vector<double>>& expected) {
  double scale = 1;
  for (const auto& [name, numbers] : expected)
    for (const double x : numbers) scale = std::isnan(x) ? scale : std::max(scale, std::abs(x));
  int compared = 0;
  for (const auto& [name, numbers] : expected) {
    const auto found = got.find(name);
    if (found == got.end() || name.starts_with("predict ")) continue;
    ++compared;
    ASSERT_EQ(found->second.size(), numbers.size()) << name;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (std::isnan(numbers[i])) EXPECT_TRUE(std::isnan(found->second[i])) << name << " " << i;
      else EXPECT_NEAR(found->second[i], numbers[i], 1e-12 * scale) << name << " " << i;
    }
  }
  EXPECT_GE(compared, 4);
}

void* resolve_name(std::string_view name) {
  if (name == "memcpy") return reinterpret_cast<void*>(&std::memcpy);
  if (name == "memset") return reinterpret_cast<void*>(&std::memset);
  return dlsym(RTLD_DEFAULT, std::string(name).c_str());  // libm's
}

// Code that was begun on a thread of its own is the code that is made when it is asked for.
TEST(Ahead, GivesTheSameCode) {
  Session session;
  const Compiled compiled = check_program(session, LACUNA_GALLERY "/counts.ppl");
  ASSERT_FALSE(session.failed());
  const auto made = [&](bool ahead, bool ask) {
    const Entries entries{.products = false, .terms = false, .pointwise = false, .constrain = false, .predict = false, .gradient_ahead = ahead};
    const std::unique_ptr<ModelTable> model = ModelTable::make(compiled.models.front(), session.sources(), session.sink(), false, entries);
    if (ask) {
      EXPECT_NE(model->code(LACUNA_GRADIENT_FUNCTION, false).run, nullptr);
    }
    return model->made();
  };
  const std::vector<jit::MadeCode> at_once = made(true, true), when_asked = made(false, true);
  ASSERT_EQ(at_once.size(), 1u);
  ASSERT_EQ(when_asked.size(), 1u);
  EXPECT_EQ(at_once[0].symbol, "log_density_gradient");
  EXPECT_EQ(at_once[0].symbol, when_asked[0].symbol);
  EXPECT_EQ(at_once[0].object, when_asked[0].object);
  EXPECT_TRUE(made(true, false).empty());  // closed before anybody asked
}

class Agreement : public testing::TestWithParam<const char*> {};

TEST_P(Agreement, OfMemoryObjectAndSharedLibrary) {
  const std::string program = GetParam();
  Session session;
  const Compiled compiled = check_program(session, (program == "waiting" ? LACUNA_OWN "/" : LACUNA_GALLERY "/") + program + ".ppl");
  ASSERT_FALSE(session.failed());
  const elaborate::Model& model = compiled.models.front();
  const std::unique_ptr<ModelTable> jit = ModelTable::make(model, session.sources(), session.sink(), false);
  const std::optional<ir::Module> module = lower_for_machine(model, session.sink());
  ASSERT_TRUE(jit && module);
  Collected data{*module, {}, {}};
  density::fill(data, *module, {.size = 6, .share = 0.7, .seed = 3, .largest = 1});
  const Arrays arrays(*jit->table()->metadata, data);
  const auto expected = answers(*jit->table(), arrays);
  EXPECT_NE(std::string(jit->table()->metadata->target), "");

  std::string problem;
  const jit::Door* door = compiler_library(problem);
  ASSERT_TRUE(door) << problem;
  const auto object_for = [&](const std::string& cpu) {
    const density::Metadata metadata(model, session.sources(), cpu);
    std::string bytes;
    EXPECT_TRUE(door->object(&*module, &metadata.get(), cpu.c_str(), &bytes, &problem)) << problem;
    return bytes;
  };
  const std::string symbol = "lacuna_" + program;
  const std::string object = object_for("");
  const auto loaded = cache::LoadedCode::load(object, resolve_name);
  ASSERT_TRUE(loaded);
  const auto door_of_object = reinterpret_cast<Door>(loaded->find(symbol));
  ASSERT_TRUE(door_of_object);
  expect_same_bits(answers(*door_of_object(), arrays), expected);

  const Linked linked = link_shared(object, program + ".so");
  ASSERT_EQ(linked.problem, "");
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("lacuna-agreement-" + std::to_string(::getpid()) + "-" + program + ".so");
  std::ofstream(file, std::ios::binary) << linked.bytes;
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  std::filesystem::remove(file);
  ASSERT_TRUE(library) << dlerror();
  const auto door_of_library = reinterpret_cast<Door>(dlsym(library, symbol.c_str()));
  ASSERT_TRUE(door_of_library);
  expect_same_bits(answers(*door_of_library(), arrays), expected);

  const auto interpreted = InterpretedModel::make(model, session.sources(), session.sink());
  ASSERT_TRUE(interpreted);
  expect_near(answers(*interpreted->table(), arrays, false), expected);
  const std::string plain_object = object_for("x86-64");
  const auto plain = cache::LoadedCode::load(plain_object, resolve_name);
  ASSERT_TRUE(plain);
  expect_near(answers(*reinterpret_cast<Door>(plain->find(symbol))(), arrays), expected);
}

INSTANTIATE_TEST_SUITE_P(Programs, Agreement,
                         testing::Values("missing_outcome", "missing_outcome_imputed", "missing_covariate", "masked_categories", "nan_scores", "eight_schools",
                                         "radon", "logistic", "counts", "garch", "local_level", "item_response", "ratings", "survival", "waiting"));

}  // namespace
}  // namespace lacuna::driver
