#include "runtime/predict/predictor.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace lacuna::runtime::predict {

std::unique_ptr<Predictor> Predictor::make(PredictorInput input, Problems& problems) {
  const lacuna_model& model = input.target->model();
  if (!model.predict || model.workspace_size(input.target->bound(), LACUNA_ENTRY_PREDICT, 1) < 0) {
    problems.report(Id::NoPrediction, model.metadata->name, "its table has no entry for it");
    return nullptr;
  }
  std::unique_ptr<Predictor> made(new Predictor(std::move(input)));
  if (made->input_.available == 0) made->input_.available = made->input_.stride;
  made->map_dimensions();
  made->shape_sites();
  return made;
}

void Predictor::map_dimensions() {
  if (!input_.units || !input_.training) return;
  const data::BoundModel& target = *input_.target;
  for (std::size_t d = 0; d < input_.units->size(); ++d) {
    std::vector<std::int64_t> map = (*input_.units)[d].known;
    // A dimension that follows others goes by position.
    for (std::int64_t e = static_cast<std::int64_t>(map.size()); e < target.dimension_sizes[d]; ++e)
      map.push_back(e < input_.training->dimension_sizes[d] ? e : -1);
    maps_.push_back(std::move(map));
  }
  for (const auto& map : maps_) map_pointers_.push_back(map.data());
}

void Predictor::shape_sites() {
  const data::BoundModel& target = *input_.target;
  for (const std::int32_t s : input_.sites) {
    const lacuna_site_info& site = target.metadata().sites[s];
    SiteShape shape;
    shape.site = s;
    std::vector<std::int64_t> picked = {0};
    std::int64_t full = 1;
    bool all = true;
    for (std::int32_t k = 0; k < site.rank; ++k) {
      const std::size_t d = static_cast<std::size_t>(site.axes[k]);
      const std::int64_t size = target.dimension_sizes[d];
      const Units* units = input_.units ? &(*input_.units)[d] : nullptr;
      const bool some = units && !units->all_wanted;
      std::vector<std::int64_t> next;
      // Built only where something is left out: positions cost as much as the cells.
      if (some && all) {
        picked.resize(static_cast<std::size_t>(full));
        for (std::size_t i = 0; i < picked.size(); ++i) picked[i] = static_cast<std::int64_t>(i);
        all = false;
      }
      for (std::size_t i = 0; !all && i < picked.size(); ++i) {
        if (some) {
          for (const std::int64_t e : units->wanted) next.push_back(picked[i] * size + e);
        } else {
          for (std::int64_t e = 0; e < size; ++e) next.push_back(picked[i] * size + e);
        }
      }
      if (!all) picked = std::move(next);
      shape.sizes.push_back(some ? static_cast<std::int64_t>(units->wanted.size()) : size);
      shape.cells *= shape.sizes.back();
      full *= size;
    }
    shapes_.push_back(std::move(shape));
    full_.push_back(full);
    picked_.push_back(all ? std::vector<std::int64_t>() : std::move(picked));
  }
}

// The model reads column `first` on. Draws that are taken again are copied, and the pointer is set back so that the
// copy's first column has that number.
void Predictor::find_latents(std::int64_t first, std::int64_t count) {
  latents_ = input_.draws;
  stride_ = input_.stride;
  if (!input_.draws || first + count <= input_.available) return;
  const std::int64_t values = input_.training->values();
  repeated_.resize(static_cast<std::size_t>(values * count));
  for (std::int64_t v = 0; v < values; ++v) {
    for (std::int64_t d = 0; d < count; ++d)
      repeated_[static_cast<std::size_t>(v * count + d)] =
          input_.draws[v * input_.stride + (first + d) % input_.available];
  }
  stride_ = count;
  latents_ = reinterpret_cast<const double*>(reinterpret_cast<std::uintptr_t>(repeated_.data()) -
                                             static_cast<std::uintptr_t>(first) * sizeof(double));
}

bool Predictor::draw_block(std::int64_t first, std::int64_t count, lacuna_error& error) {
  const lacuna_model& model = input_.target->model();
  const std::size_t sites = static_cast<std::size_t>(model.metadata->site_count);
  const std::int64_t threads = std::clamp<std::int64_t>(input_.threads, 1, count);
  std::vector<lacuna_error> errors(static_cast<std::size_t>(threads), {LACUNA_OK, -1, -1});
  const auto work = [&](std::int64_t t) {
    const std::int64_t from = count * t / threads, to = count * (t + 1) / threads;
    const data::AlignedBytes workspace = input_.target->workspace(LACUNA_ENTRY_PREDICT, to - from);
    std::vector<double*> out(sites, nullptr);
    for (std::size_t i = 0; i < shapes_.size(); ++i)
      out[static_cast<std::size_t>(shapes_[i].site)] = drawn_[i].data() + from * full_[i];
    const lacuna_prediction request = {sizeof(lacuna_prediction),
                                       input_.flags | LACUNA_MISSING_NAN,
                                       input_.training ? input_.training->bound() : nullptr,
                                       input_.target->bound(),
                                       map_pointers_.empty() ? nullptr : map_pointers_.data(),
                                       latents_,
                                       stride_,
                                       first + from,
                                       to - from,
                                       input_.seed,
                                       out.data()};
    lacuna_error& own = errors[static_cast<std::size_t>(t)];
    const int code = model.predict(&request, workspace.get(), &own);
    own.code = code;
  };
  std::vector<std::thread> pool;
  for (std::int64_t t = 1; t < threads; ++t) pool.emplace_back(work, t);
  work(0);
  for (std::thread& thread : pool) thread.join();
  for (const lacuna_error& own : errors) {
    if (own.code == LACUNA_OK) continue;
    error = own;
    return false;
  }
  return true;
}

void Predictor::select(std::size_t i, std::int64_t count) {
  if (full_[i] == shapes_[i].cells) return;
  selected_[i].resize(static_cast<std::size_t>(count * shapes_[i].cells));
  double* to = selected_[i].data();
  for (std::int64_t d = 0; d < count; ++d) {
    const double* const from = drawn_[i].data() + d * full_[i];
    for (const std::int64_t cell : picked_[i]) *to++ = from[cell];
  }
}

// Why a table may have no function for a site.
std::string Predictor::absence() const {
  if (input_.flags & LACUNA_LOG_LIKELIHOOD) return "its term in each cell is not compiled yet";
  return "its distribution gives no `draw` (`Flat` has none), or this way to draw it is not compiled yet";
}

bool Predictor::run(std::int64_t draws, const Take& take, Problems& problems) {
  std::int64_t width = 1;
  for (const std::int64_t cells : full_) width += cells;
  const std::int64_t block =
      std::clamp<std::int64_t>(input_.block_bytes / 8 / width, 1, std::max<std::int64_t>(draws, 1));
  drawn_.assign(shapes_.size(), {});
  selected_.assign(shapes_.size(), {});
  missing_.assign(shapes_.size(), 0);
  for (std::size_t i = 0; i < shapes_.size(); ++i) drawn_[i].resize(static_cast<std::size_t>(block * full_[i]));
  for (std::int64_t first = 0; first < draws; first += block) {
    const std::int64_t count = std::min(block, draws - first);
    lacuna_error error{LACUNA_OK, -1, -1};
    find_latents(first, count);
    if (!draw_block(first, count, error)) {
      const lacuna_metadata& about = input_.target->metadata();
      const bool known = error.where >= 0 && error.where < about.site_count;
      Diagnostic& made = problems.report(
          Id::NoPrediction, known ? about.sites[error.where].name : about.name,
          error.code == LACUNA_ABSENT ? absence() : fmt::format("the draw failed (code {}, cell {})", error.code, error.index));
      if (known) made.program(about.sites[error.where].range, "");
      return false;
    }
    std::vector<const double*> cells;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      select(i, count);
      cells.push_back(full_[i] == shapes_[i].cells ? drawn_[i].data() : selected_[i].data());
      for (std::int64_t c = 0; first == 0 && c < shapes_[i].cells; ++c) missing_[i] += std::isnan(cells[i][c]);
    }
    if (!take(first, count, cells)) return false;
  }
  return true;
}

}  // namespace lacuna::runtime::predict
