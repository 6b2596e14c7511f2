#include "runtime/predict/tabulate.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "runtime/predict/cut.h"

namespace lacuna::runtime::predict {
namespace {

constexpr std::int64_t kTile = 16;           // cells whose draws are gathered at once
constexpr std::int64_t kFewElements = 10000;  // bound at once

std::int64_t at_least_one(std::int64_t x) {
  return std::max<std::int64_t>(x, 1);
}

// A fit keeps what is reduced from data (a mean); from the prior that is of all elements at hand, so that none stand apart.
bool may_cut(const lacuna_dimension_info& dimension, bool fitted) { return dimension.apart && fitted; }

}  // namespace

int stretched_dimension(const lacuna_metadata& metadata, const Target& target, bool fitted) {
  int best = -1;
  std::int64_t most = kFewElements;
  for (int d = 0; d < metadata.dimension_count; ++d) {
    const std::int64_t size = target.dataset.dimensions[static_cast<std::size_t>(d)].size;
    if (size <= most || !may_cut(metadata.dimensions[d], fitted) || !target.units[static_cast<std::size_t>(d)].all_wanted) continue;
    best = d;
    most = size;
  }
  return best;
}

bool Tabulation::site(std::size_t which, const Tell& tell) {
  which_ = which;
  missing_ = 0;
  PredictorInput input = all_;
  input.sites = {all_.sites[which]};
  const auto whole = Predictor::make(input, problems_);
  if (!whole) return false;
  shape_ = whole->shapes()[0];
  const io::PredictedSite& about = header_.sites[which];
  classes_ = about.sizes.size() > shape_.sizes.size() ? about.sizes.back() : 0;
  const int axis = axis_to_cut();
  const std::int64_t step = elements_at_once(axis);
  const lacuna_metadata& metadata = all_.target->metadata();
  const std::int32_t dimension = axis < 0 ? -1 : metadata.sites[input.sites[0]].axes[axis];
  const bool bound = axis < 0 || dimension != all_.unbound;
  if (axis < 0 || (bound && step >= shape_.sizes[static_cast<std::size_t>(axis)])) return part(input, {which, shape_.sizes}, tell);
  const std::int64_t size = shape_.sizes[static_cast<std::size_t>(axis)];
  for (std::int64_t begin = 0; begin < size; begin += step) {
    const std::int64_t end = std::min(begin + step, size);
    const Target some = cut(metadata, target_, dimension, begin, end);
    const auto some_bound =
        data::BoundModel::bind(all_.target->model(), some.dataset, problems_, LACUNA_FOR_PREDICTION);
    if (!some_bound) return false;
    input.target = &*some_bound;
    input.units = &some.units;
    io::SitePart place{which, shape_.sizes, axis, begin};
    place.sizes[static_cast<std::size_t>(axis)] = end - begin;
    const auto tell_of_part = [&](double share) {
      return tell((static_cast<double>(begin) + share * static_cast<double>(end - begin)) / static_cast<double>(size));
    };
    if (!part(input, place, tell_of_part)) return false;
  }
  return true;
}

// What is not bound as a whole, else the longest of the axes whose elements do not depend on each other.
int Tabulation::axis_to_cut() const {
  const lacuna_metadata& metadata = all_.target->metadata();
  const lacuna_site_info& site = metadata.sites[all_.sites[which_]];
  int best = -1;
  for (int k = 0; k < site.rank; ++k) {
    const std::size_t d = static_cast<std::size_t>(site.axes[k]);
    if (site.axes[k] == all_.unbound) return k;
    if (!may_cut(metadata.dimensions[d], all_.training != nullptr) || !target_.units[d].all_wanted) continue;
    if (best < 0 || shape_.sizes[static_cast<std::size_t>(k)] > shape_.sizes[static_cast<std::size_t>(best)]) best = k;
  }
  return best;
}

std::int64_t Tabulation::elements_at_once(int axis) const {
  if (axis < 0) return 0;
  const std::int64_t size = at_least_one(shape_.sizes[static_cast<std::size_t>(axis)]);
  const std::int64_t bytes = header_.draws * at_least_one(shape_.cells / size) * 8;
  return at_least_one(options_.bytes / bytes);
}

bool Tabulation::part(const PredictorInput& input, const io::SitePart& place, const Tell& tell) {
  const auto predictor = Predictor::make(input, problems_);
  if (!predictor) return false;
  part_cells_ = predictor->shapes()[0].cells;
  const std::int64_t columns = static_cast<std::int64_t>(summarise_.size());
  summary_.resize(static_cast<std::size_t>(columns * part_cells_ * at_least_one(classes_)));
  // One window holds all cells of a stretch.
  const std::int64_t wide = at_least_one(std::min(part_cells_, options_.bytes / (header_.draws * 8)));
  for (std::int64_t first = 0; first < part_cells_; first += wide) {
    const std::int64_t count = std::min(wide, part_cells_ - first);
    const auto tell_of_window = [&](double share) {
      return tell((static_cast<double>(first) + share * static_cast<double>(count)) / static_cast<double>(part_cells_));
    };
    if (!window(*predictor, place, first, count, tell_of_window)) return false;
  }
  missing_ += part_cells_ > 0 ? predictor->missing()[0] : 0;
  if (columns == 0) return true;
  io::SitePart whole = place;
  if (classes_ > 0) whole.sizes.push_back(classes_);
  const std::int64_t cells = part_cells_ * at_least_one(classes_);
  return writer_.add(whole, 0, cells, summary_.data(), cells);
}

// All draws, of which the cells first to first + count - 1 are taken.
bool Tabulation::window(Predictor& predictor, const io::SitePart& place, std::int64_t first, std::int64_t count,
                        const Tell& tell) {
  bool whole = false;
  const auto keep = [&](std::int64_t draw, std::int64_t draws, const std::vector<const double*>& cells) {
    whole = draws == header_.draws;
    if (whole) return take(place, first, count, cells[0] + first, part_cells_) && tell(1);
    if (draw == 0) draws_.resize(static_cast<std::size_t>(header_.draws * count));
    for (std::int64_t d = 0; d < draws; ++d)
      std::copy_n(cells[0] + d * part_cells_ + first, count, draws_.data() + (draw + d) * count);
    return tell(static_cast<double>(draw + draws) / static_cast<double>(header_.draws));
  };
  if (!predictor.run(header_.draws, keep, problems_)) return false;
  return whole || take(place, first, count, draws_.data(), count);
}

bool Tabulation::take(const io::SitePart& place, std::int64_t first, std::int64_t count, const double* values,
                      std::int64_t stride) {
  if (summarise_.size() == 0) return writer_.add(place, first, count, values, stride);
  const std::int64_t threads = std::clamp<std::int64_t>(all_.threads, 1, at_least_one(count / kTile));
  std::vector<std::thread> pool;
  const auto work = [&](std::int64_t t) {
    const std::int64_t from = count * t / threads, to = count * (t + 1) / threads;
    summarise(first + from, to - from, values + from, stride);
  };
  for (std::int64_t t = 1; t < threads; ++t) pool.emplace_back(work, t);
  work(0);
  for (std::thread& thread : pool) thread.join();
  return true;
}

void Tabulation::summarise(std::int64_t first, std::int64_t count, const double* values, std::int64_t stride) {
  const std::size_t draws = static_cast<std::size_t>(header_.draws), columns = summarise_.size();
  const std::int64_t classes = at_least_one(classes_), plane = part_cells_ * classes;
  std::vector<double> tile(draws * static_cast<std::size_t>(kTile)), share(draws), row(columns);
  const auto put = [&](std::span<double> of, std::int64_t place) {
    summarise_(of, row.data());
    for (std::size_t m = 0; m < columns; ++m)
      summary_[m * static_cast<std::size_t>(plane) + static_cast<std::size_t>(place)] = row[m];
  };
  for (std::int64_t from = 0; from < count; from += kTile) {
    const std::int64_t some = std::min(kTile, count - from);
    for (std::size_t d = 0; d < draws; ++d) {
      for (std::int64_t c = 0; c < some; ++c)
        tile[static_cast<std::size_t>(c) * draws + d] = values[static_cast<std::int64_t>(d) * stride + from + c];
    }
    for (std::int64_t c = 0; c < some; ++c) {
      const std::span<double> own(tile.data() + static_cast<std::size_t>(c) * draws, draws);
      if (classes_ == 0) {
        put(own, first + from + c);
        continue;
      }
      for (std::int64_t k = 0; k < classes_; ++k) {
        for (std::size_t d = 0; d < draws; ++d)
          share[d] = std::isnan(own[d]) ? own[d] : own[d] == static_cast<double>(k);
        put(share, (first + from + c) * classes_ + k);
      }
    }
  }
}

}  // namespace lacuna::runtime::predict
