// The gallery predicts: machine code against the interpreter, cell by cell, for the training data and for others.
#include <fstream>
#include <random>
#include <sstream>

#include "compiler/ir/interpreter.h"
#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

std::string gallery(const std::string& name) {
  std::ifstream stream(std::string(LACUNA_GALLERY) + "/" + name + ".ppl");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Random cells for every argument; of optional ones a share is there.
TestData random_data(const Predicted& model, std::int64_t size, double share, unsigned seed) {
  const lacuna_metadata& m = model.metadata();
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  TestData made;
  std::vector<std::int64_t> sizes;
  for (std::int32_t d = 0; d < m.dimension_count; ++d) {
    const lacuna_dimension_info& info = m.dimensions[d];
    sizes.push_back(info.declared_size >= 0 ? info.declared_size : size + d);
    made.sizes[info.name] = sizes.back();
  }
  for (std::int32_t a = 0; a < m.argument_count; ++a) {
    const lacuna_argument_info& info = m.arguments[a];
    std::int64_t cells = 1;
    for (std::int32_t k = 0; k < info.rank; ++k) cells *= sizes[static_cast<std::size_t>(info.axes[k])];
    std::vector<double>& values = made.values[info.name];
    for (std::int64_t c = 0; c < cells; ++c) {
      const double x = unit(random);
      double value = 0.1 + 1.9 * x;
      if (info.type.kind == LACUNA_INT) value = std::floor(5 * x);
      if (info.type.kind == LACUNA_BOOL) value = x < 0.7 ? 1 : 0;
      if (info.type.kind == LACUNA_INDEX_OF) value = std::floor(x * static_cast<double>(sizes[static_cast<std::size_t>(info.type.index_of)]));
      values.push_back((info.flags & LACUNA_OPTIONAL) && unit(random) > share ? kGap : value);
    }
  }
  return made;
}

// Natural values at random points, [value][draw].
std::vector<double> random_draws(const Predicted& model, const TestBound& bound, std::int64_t draws, unsigned seed) {
  lacuna_shape shape{};
  lacuna_error error{};
  EXPECT_EQ(model.table().shape(bound.get(), &shape, &error), LACUNA_OK);
  const AlignedMemory workspace(static_cast<std::size_t>(model.table().workspace_size(bound.get(), LACUNA_ENTRY_CONSTRAIN, 1)));
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 0.5);
  std::vector<double> point(static_cast<std::size_t>(shape.coordinates)), values(static_cast<std::size_t>(shape.values) + 1), all(static_cast<std::size_t>(shape.values * draws));
  for (std::int64_t d = 0; d < draws; ++d) {
    for (double& x : point) x = normal(random);
    EXPECT_EQ(model.table().constrain(bound.get(), point.data(), workspace.data(), values.data(), &error), LACUNA_OK);
    for (std::int64_t k = 0; k < shape.values; ++k) all[static_cast<std::size_t>(k * draws + d)] = values[static_cast<std::size_t>(k)];
  }
  return all;
}

// One draw of every site by the interpreter: the same functions on the same arrays.
class Oracle {
 public:
  Oracle(const Predicted& model, const TestData& data) : model_(model), module_(model.module()), run_(module_) {
    const lacuna_metadata& m = model.metadata();
    run_.allow_gaps();
    for (std::int32_t d = 0; d < m.dimension_count; ++d) {
      const ir::DimId dim = module_.find_dim(m.dimensions[d].name);
      if (dim.valid() && module_.dim(dim).kind == ir::Dim::Kind::Given) run_.set_size(dim, data.sizes.at(m.dimensions[d].name));
    }
    for (std::int32_t a = 0; a < m.argument_count; ++a) {
      const ir::BufferId buffer = module_.find_buffer(m.arguments[a].name);
      const auto found = data.values.find(m.arguments[a].name);
      ir::InputArray array;
      std::int64_t cells = 1;
      for (const ir::DimId axis : module_.buffer(buffer).axes) cells *= run_.size(axis);
      for (std::int64_t c = 0; c < cells; ++c) {
        const double x = found == data.values.end() ? kGap : found->second[static_cast<std::size_t>(c)];
        array.reals.push_back(x);
        array.whole.push_back(std::isnan(x) ? 0 : static_cast<std::int64_t>(x));
        array.present.push_back(!std::isnan(x));
      }
      run_.set_input(buffer, std::move(array));
    }
    const ir::Outcome outcome = run_.bind();
    EXPECT_TRUE(outcome.ok()) << outcome.error << outcome.failed_check;
  }

  void set_whole(const std::string& name, const std::vector<std::int64_t>& values) {
    const ir::BufferId buffer = module_.find_buffer(name);
    if (!buffer.valid()) return;
    std::vector<ir::Cell> cells;
    for (const std::int64_t v : values) cells.push_back(ir::Cell::of(v));
    run_.set_given(buffer, cells);
  }
  void set_reals(const std::string& name, const std::vector<double>& values) {
    const ir::BufferId buffer = module_.find_buffer(name);
    if (!buffer.valid()) return;
    std::vector<ir::Cell> cells;
    for (const double v : values) cells.push_back(ir::Cell::of(static_cast<long double>(v)));
    run_.set_given(buffer, cells);
  }
  // The site's cells; what it made stays for the sites behind it.
  std::vector<double> site(std::int32_t s) {
    const std::string name = "predict." + std::to_string(s) + "." + model_.metadata().sites[s].name;
    const ir::Outcome outcome = run_.call(name);
    EXPECT_TRUE(outcome.ok()) << name << ": " << outcome.error;
    const ir::BufferId buffer = module_.find_buffer(name);
    std::vector<double> values;
    for (const ir::Cell& cell : run_.contents(buffer)) values.push_back(static_cast<double>(cell.real));
    run_.set_given(buffer, run_.contents(buffer));
    return values;
  }

 private:
  const Predicted& model_;
  const ir::Module& module_;
  ir::Interpreter run_;
};

void expect_same(const std::vector<double>& got, std::size_t first, const std::vector<double>& expected, const std::string& what) {
  for (std::size_t c = 0; c < expected.size(); ++c) {
    const double x = got[first + c], y = expected[c];
    if (std::isnan(y)) {
      EXPECT_TRUE(std::isnan(x)) << what << " cell " << c << ": " << x;
    } else {
      EXPECT_NEAR(x, y, 1e-10 * std::max(1.0, std::abs(y))) << what << " cell " << c;
    }
  }
}

class GalleryPredicts : public testing::TestWithParam<const char*> {
 protected:
  // All sites but latents, for the training data (`maps` empty) or a target whose elements are known where the maps say so.
  void compare(const Predicted& model, const TestData& training_data, const TestData& target_data, bool fresh_rows, std::uint32_t flags) {
    const lacuna_metadata& m = model.metadata();
    constexpr std::int64_t kDraws = 9;
    constexpr std::uint64_t kSeed = 0x123456789ABCDEF;
    const TestBound training = model.bind(training_data);
    const TestBound target = fresh_rows ? model.bind(target_data, true) : model.bind(training_data);
    const std::vector<double> draws = random_draws(model, training, kDraws, 5);
    Predicted::Call call{&training, &target, draws, kDraws, 0, kDraws, kSeed, flags | LACUNA_MISSING_NAN};
    Oracle oracle(model, fresh_rows ? target_data : training_data);
    for (std::int32_t d = 0; d < m.dimension_count; ++d) {
      const std::string name = m.dimensions[d].name;
      std::vector<std::int64_t> map, key;
      for (std::int64_t e = 0; e < target.sizes[static_cast<std::size_t>(d)]; ++e) {
        const bool known = m.dimensions[d].kind == LACUNA_FREE ? !fresh_rows : e < training.sizes[static_cast<std::size_t>(d)];
        map.push_back(known ? e : -1);
        key.push_back(e);
      }
      if (fresh_rows) call.maps[name] = map;
      oracle.set_whole("map." + name, map);
      oracle.set_whole("key." + name, key);
    }
    std::vector<std::string> names;
    for (std::int32_t s = 0; s < m.site_count; ++s)
      if (m.sites[s].kind != LACUNA_FACTOR) names.emplace_back(m.sites[s].name);
    const auto drawn = model.predict(call, names);
    oracle.set_whole("prediction.seed", {static_cast<std::int64_t>(kSeed)});
    oracle.set_whole("prediction.simulate", {(flags & LACUNA_SIMULATE) != 0});
    for (std::int64_t d = 0; d < kDraws; ++d) {
      oracle.set_whole("prediction.draw", {d});
      std::size_t i = 0;
      for (std::int32_t s = 0; s < m.site_count; ++s) {
        if (m.sites[s].kind == LACUNA_FACTOR) continue;
        const std::size_t cells = drawn[i].size() / kDraws, first = static_cast<std::size_t>(d) * cells;
        if (m.sites[s].kind == LACUNA_LATENT)
          oracle.set_reals("known." + std::string(m.sites[s].name), {drawn[i].begin() + static_cast<std::ptrdiff_t>(first), drawn[i].begin() + static_cast<std::ptrdiff_t>(first + cells)});
        ++i;
      }
      i = 0;
      for (std::int32_t s = 0; s < m.site_count; ++s) {
        if (m.sites[s].kind == LACUNA_FACTOR) continue;
        const std::size_t cells = drawn[i].size() / kDraws;
        if (m.sites[s].kind == LACUNA_IMPUTED && m.sites[s].coordinates) {
          // What the fit filled is an input; the whole array comes out.
          std::vector<double> filled(cells, kGap);
          for (std::size_t c = 0; c < cells && !fresh_rows; ++c) filled[c] = drawn[i][static_cast<std::size_t>(d) * cells + c];
          oracle.set_reals("known." + std::string(m.sites[s].name), filled);
        }
        ++i;
      }
      i = 0;
      for (std::int32_t s = 0; s < m.site_count; ++s) {
        if (m.sites[s].kind == LACUNA_FACTOR) continue;
        const std::size_t cells = drawn[i].size() / kDraws;
        if (m.sites[s].kind != LACUNA_LATENT) expect_same(drawn[i], static_cast<std::size_t>(d) * cells, oracle.site(s), std::string(m.sites[s].name) + " draw " + std::to_string(d));
        ++i;
      }
    }
  }
};

TEST_P(GalleryPredicts, AsTheInterpreterDoes) {
  const Predicted model(gallery(GetParam()));
  ASSERT_EQ(model.mistake(), "");
  // Rows stand in lanes from 64 cells on; the interpreter takes its time where cells have several axes.
  const std::string name = GetParam();
  const bool wide = name == "masked_categories" || name == "nan_scores" || name == "item_response" || name == "ratings";
  for (const std::int64_t size : {1, 6, wide ? 9 : 67}) {
    SCOPED_TRACE(size);
    const TestData data = random_data(model, size, 0.6, static_cast<unsigned>(size));
    compare(model, data, data, false, 0);
    compare(model, data, data, false, LACUNA_SIMULATE);
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, GalleryPredicts,
                         testing::Values("missing_outcome", "missing_outcome_imputed", "missing_covariate", "masked_categories", "nan_scores", "eight_schools", "radon", "logistic",
                                         "counts", "garch", "local_level", "item_response", "ratings", "survival"));

}  // namespace
}  // namespace lacuna::jit
