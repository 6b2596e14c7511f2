// A program compiled for predictions, its data bound, and calls of its `predict`, for tests of what comes out.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/autodiff/differentiate.h"
#include "compiler/check/check.h"
#include "compiler/density/density.h"
#include "compiler/density/metadata.h"
#include "compiler/driver/interpreted_model.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/jit/compiled_model.h"
#include "compiler/jit/machine.h"
#include "compiler/syntax/parse.h"

namespace lacuna::jit {

inline constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

// Arguments by name, each row by row; gaps are NaN. Sizes by name; keys of labels where there are any.
struct TestData {
  std::map<std::string, std::int64_t> sizes;
  std::map<std::string, std::vector<double>> values;
  std::map<std::string, std::vector<std::uint64_t>> keys{};
};

// Memory with a margin that nobody may write to.
class Guarded {
 public:
  explicit Guarded(std::int64_t bytes) : memory_(static_cast<std::size_t>(bytes) + kMargin), bytes_(bytes) {
    std::fill_n(end(), kMargin, std::uint8_t{0xAB});
  }
  ~Guarded() {
    EXPECT_EQ(std::count(end(), end() + kMargin, std::uint8_t{0xAB}), static_cast<std::ptrdiff_t>(kMargin)) << "written behind " << bytes_ << " bytes";
  }
  void* data() const { return memory_.data(); }

 private:
  static constexpr std::size_t kMargin = 4096;
  std::uint8_t* end() const { return static_cast<std::uint8_t*>(memory_.data()) + bytes_; }
  AlignedMemory memory_;
  std::int64_t bytes_;
};

struct TestBound {
  std::shared_ptr<Guarded> memory;
  std::vector<std::int64_t> sizes;  // of the metadata's dimensions
  const void* get() const { return memory->data(); }
};

class Predicted {
 public:
  explicit Predicted(const std::string& text) {
    const support::FileId file = sources_.add("test.ppl", text);
    const syntax::Program program = syntax::parse(sources_, file, arena_, sink_);
    checked_ = check::check(program, sources_, arena_, sink_);
    if (sink_.error_count() > 0 || checked_.models.empty()) {
      complain();
      return;
    }
    elaborated_ = elaborate::elaborate(*checked_.models.front(), sources_, arena_, sink_);
    const elaborate::Model& model = elaborated_;
    if (sink_.error_count() > 0) {
      complain();
      return;
    }
    ir::Module module = density::lower(model, {.predict = true, .constrain = true}, sink_);
    if (sink_.error_count() > 0) {
      complain();
      return;
    }
    const std::vector<std::string> mistakes = ir::verify(module);
    if (!mistakes.empty()) {
      mistake_ = mistakes[0] + "\n" + ir::print(module);
      return;
    }
    const autodiff::Reversed made = autodiff::differentiate(module);
    if (!made.ok()) {
      mistake_ = made.error;
      return;
    }
    const std::vector<std::string> after = ir::verify(module);
    if (!after.empty()) mistake_ = after[0] + "\n" + ir::print(module);
    metadata_ = std::make_unique<density::Metadata>(model, sources_, "native");
    plain_ = module;
    model_ = std::make_unique<CompiledModel>(std::move(module), metadata_->get(), codegen::host_target());
  }

  const std::string& mistake() const { return mistake_; }
  const lacuna_model& table() const { return other_ ? *other_ : *model_->table(); }
  // Calls go to another table of the same program; null: to its own again.
  void use(const lacuna_model* other) const { other_ = other; }
  // The same program run by the interpreter.
  std::unique_ptr<driver::InterpretedModel> interpreted() { return driver::InterpretedModel::make(elaborated_, sources_, sink_); }
  // The module before anything was scheduled, as objects are made of it.
  const ir::Module& plain() const { return plain_; }
  const lacuna_metadata& metadata() const { return metadata_->get(); }
  const ir::Module& module() const { return model_->module(); }
  std::string failure() const { return model_->failure(); }

  std::int32_t site(const std::string& name) const {
    for (std::int32_t s = 0; s < metadata().site_count; ++s)
      if (name == metadata().sites[s].name) return s;
    return -1;
  }

  TestBound bind(const TestData& data, bool for_prediction = false) const {
    const lacuna_metadata& m = metadata();
    std::vector<lacuna_dimension> dimensions;
    TestBound made;
    for (std::int32_t d = 0; d < m.dimension_count; ++d) {
      const auto size = data.sizes.find(m.dimensions[d].name);
      const auto keys = data.keys.find(m.dimensions[d].name);
      dimensions.push_back({size == data.sizes.end() ? -1 : size->second, keys == data.keys.end() ? nullptr : keys->second.data()});
    }
    std::deque<std::vector<std::int64_t>> whole, shapes;
    std::deque<std::vector<std::uint8_t>> present;
    std::vector<lacuna_array> arrays;
    for (std::int32_t a = 0; a < m.argument_count; ++a) {
      const lacuna_argument_info& info = m.arguments[a];
      const auto found = data.values.find(info.name);
      if (found == data.values.end()) {
        arrays.push_back({nullptr, LACUNA_F64, -1, nullptr, nullptr, nullptr, 0, nullptr});
        continue;
      }
      auto& sizes = shapes.emplace_back();
      for (std::int32_t k = 0; k < info.rank; ++k) sizes.push_back(dimensions[static_cast<std::size_t>(info.axes[k])].size);
      auto& strides = shapes.emplace_back(sizes.size(), 8);
      for (std::size_t k = sizes.size(); k-- > 1;) strides[k - 1] = strides[k] * sizes[k];
      auto& here = present.emplace_back();
      auto& ints = whole.emplace_back();
      for (const double x : found->second) {
        here.push_back(!std::isnan(x));
        ints.push_back(std::isnan(x) ? 0 : static_cast<std::int64_t>(x));
      }
      const bool real = info.type.kind == LACUNA_REAL;
      arrays.push_back({real ? static_cast<const void*>(found->second.data()) : ints.data(), real ? LACUNA_F64 : LACUNA_I64, info.rank,
                        sizes.data(), strides.data(), here.data(), 0, nullptr});
    }
    std::int64_t bytes = 0;
    lacuna_error error{};
    EXPECT_EQ(table().bind_size(&table(), dimensions.data(), arrays.data(), &bytes, &error), LACUNA_OK) << error.code << " " << error.where;
    made.memory = std::make_shared<Guarded>(bytes);
    EXPECT_EQ(table().bind_into(&table(), dimensions.data(), arrays.data(), for_prediction ? LACUNA_FOR_PREDICTION : 0, made.memory->data(), bytes, &error),
              LACUNA_OK)
        << error.code << " " << error.where << " " << failure();
    made.sizes.resize(static_cast<std::size_t>(m.dimension_count));
    lacuna_shape shape{made.sizes.data(), nullptr, nullptr, nullptr, nullptr, 0, 0, 0, 0};
    EXPECT_EQ(table().shape(made.get(), &shape, &error), LACUNA_OK);
    return made;
  }

  struct Call {
    const TestBound* training = nullptr;
    const TestBound* target = nullptr;
    std::vector<double> draws{};  // [value][draw]
    std::int64_t stride = 0, first = 0, count = 0;
    std::uint64_t seed = 1;
    std::uint32_t flags = LACUNA_MISSING_NAN;
    std::map<std::string, std::vector<std::int64_t>> maps{};  // by dimension
    int code = LACUNA_OK;                                     // what it must return
  };

  // The cells of the sites: [draw][cell].
  std::vector<std::vector<double>> predict(const Call& call, const std::vector<std::string>& sites) const {
    const lacuna_metadata& m = metadata();
    std::vector<std::vector<double>> made(sites.size());
    std::vector<double*> out(static_cast<std::size_t>(m.site_count), nullptr);
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const std::int32_t s = site(sites[i]);
      if (s < 0) ADD_FAILURE() << "no site " << sites[i];
      std::int64_t cells = 1;
      for (std::int32_t k = 0; k < m.sites[s].rank; ++k) cells *= call.target->sizes[static_cast<std::size_t>(m.sites[s].axes[k])];
      made[i].assign(static_cast<std::size_t>(cells * call.count) + 1, -12345);
      out[static_cast<std::size_t>(s)] = made[i].data();
    }
    std::vector<const std::int64_t*> maps;
    for (std::int32_t d = 0; d < m.dimension_count; ++d) {
      const auto map = call.maps.find(m.dimensions[d].name);
      maps.push_back(map == call.maps.end() ? nullptr : map->second.data());
    }
    const std::int64_t bytes = table().workspace_size(call.target->get(), LACUNA_ENTRY_PREDICT, call.count);
    EXPECT_GE(bytes, 0);
    const Guarded workspace(bytes);
    const lacuna_prediction request{sizeof(lacuna_prediction), call.flags, call.training ? call.training->get() : nullptr, call.target->get(),
                                    call.maps.empty() ? nullptr : maps.data(), call.draws.empty() ? nullptr : call.draws.data(), call.stride, call.first, call.count, call.seed,
                                    out.data()};
    lacuna_error error{};
    EXPECT_EQ(table().predict(&request, workspace.data(), &error), call.code) << "where " << error.where << " index " << error.index << " " << failure();
    for (auto& each : made) {
      EXPECT_EQ(each.back(), -12345);  // nothing is written behind the end
      each.pop_back();
    }
    return made;
  }

 private:
  void complain() {
    for (const diagnostics::Diagnostic& each : sink_.diagnostics()) mistake_ += std::string(diagnostics::entry(each.id).code) + ": " + each.message + "\n";
  }

  support::SourceMap sources_;
  support::Arena arena_;
  diagnostics::Sink sink_;
  std::string mistake_;
  check::CheckedProgram checked_;  // what the elaborated model points into
  elaborate::Model elaborated_;
  ir::Module plain_;
  mutable const lacuna_model* other_ = nullptr;
  std::unique_ptr<density::Metadata> metadata_;
  std::unique_ptr<CompiledModel> model_;
};

}  // namespace lacuna::jit
