#include "runtime/infer/write_draws.h"

#include <algorithm>
#include <thread>

namespace lacuna::runtime::infer {
namespace {

constexpr std::int64_t kBlock = 64;  // draws that are made and written at once

// One block: natural values [draw][value] and terms [draw][scored cell] of the sites that are asked for.
struct Block {
  std::vector<double> values, terms;
};

// Where each site's terms begin in a row of `terms`; -1: not wanted.
std::vector<std::int64_t> term_offsets(const data::BoundModel& model, const io::Fit& fit) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(model.metadata().site_count), -1);
  std::int64_t before = 0;
  for (const io::FitSite& site : fit.likelihood) {
    offsets[static_cast<std::size_t>(site.site)] = before;
    before += site.count;
  }
  return offsets;
}

class Maker {
 public:
  Maker(const data::BoundModel& model, const Approximation& approximation, const io::Fit& fit, std::uint64_t seed)
      : model_(model),
        approximation_(approximation),
        seed_(seed),
        width_(fit.value_count()),
        terms_(fit.term_count()),
        offsets_(term_offsets(model, fit)) {}

  void make(std::int64_t first, std::int64_t count, int threads, Block& block) const {
    const auto work = [&](std::int64_t from) {
      const data::AlignedBytes workspace = model_.workspace(LACUNA_ENTRY_CONSTRAIN);
      const data::AlignedBytes pointwise = terms_ > 0 ? model_.workspace(LACUNA_ENTRY_POINTWISE) : data::AlignedBytes();
      std::vector<double> theta(approximation_.size());
      std::vector<double*> out(offsets_.size());
      for (std::int64_t d = from; d < count; d += threads) {
        approximation_.draw(seed_, static_cast<std::uint32_t>(first + d), theta.data());
        model_.model().constrain(model_.bound(), theta.data(), workspace.get(), block.values.data() + d * width_,
                                 nullptr);
        if (terms_ == 0) continue;
        for (std::size_t s = 0; s < out.size(); ++s)
          out[s] = offsets_[s] < 0 ? nullptr : block.terms.data() + d * terms_ + offsets_[s];
        model_.model().pointwise(model_.bound(), theta.data(), pointwise.get(), out.data(), nullptr);
      }
    };
    std::vector<std::thread> pool;
    for (int t = 1; t < threads; ++t) pool.emplace_back(work, t);
    work(0);
    for (std::thread& thread : pool) thread.join();
  }

 private:
  const data::BoundModel& model_;
  const Approximation& approximation_;
  std::uint64_t seed_;
  std::int64_t width_, terms_;
  std::vector<std::int64_t> offsets_;
};

}  // namespace

DrawEnd write_draws(const data::BoundModel& model, const Approximation& approximation, const Quality& quality,
                    const io::Fit& fit, const DrawOptions& options, Problems& problems) {
  const std::unique_ptr<io::FitWriter> writer = io::write_fit(options.output, fit, true, problems);
  if (!writer) return DrawEnd::Failed;
  const Maker maker(model, approximation, fit, options.seed);
  Block block{std::vector<double>(static_cast<std::size_t>(kBlock * fit.value_count())),
              std::vector<double>(static_cast<std::size_t>(kBlock * fit.term_count()))};
  for (std::int64_t first = 0; first < fit.draws; first += kBlock) {
    if (options.stopped && options.stopped()) return DrawEnd::Stopped;
    const std::int64_t count = std::min(kBlock, fit.draws - first);
    maker.make(first, count, std::max(options.threads, 1), block);
    const io::Draws draws{block.values.data(), quality.log_density.data() + first, quality.log_guide.data() + first,
                          block.terms.data()};
    if (!writer->add(first, count, draws)) return DrawEnd::Failed;
  }
  return writer->finish() ? DrawEnd::Written : DrawEnd::Failed;
}

}  // namespace lacuna::runtime::infer
