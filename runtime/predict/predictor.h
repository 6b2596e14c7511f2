// Draws of sites for a fit's draws and a target, block by block: the one caller of a model's `predict`.
//
//   needs    a table with `predict`; a bound target, and unless it is from the prior a bound training set with draws
//   leaves   for each block of draws the cells that are asked for, whatever the number of threads
//   shown by test/unit/runtime/predictor_test.cpp
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/data/bind.h"
#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {

struct PredictorInput {
  const data::BoundModel* training = nullptr;  // null: from the prior
  const data::BoundModel* target = nullptr;    // `training` again for a predictive check
  int unbound = -1;                            // a dimension whose elements `target` only counts: each stretch of them is bound by itself
  const std::vector<Units>* units = nullptr;   // null: the target's elements are the training's, and all are wanted
  const double* draws = nullptr;               // [value][draw]
  std::int64_t stride = 0;
  std::int64_t available = 0;  // draws that there are; more are taken from the first again, each with chance of its own
  std::uint32_t flags = 0;  // enum lacuna_predict_flag; LACUNA_MISSING_NAN is always set
  std::uint64_t seed = 0;
  int threads = 1;
  std::vector<std::int32_t> sites;      // what is wanted
  std::int64_t block_bytes = 32 << 20;  // of the cells that are held at once
};

// A site's cells as they come out: the wanted elements along its axes.
struct SiteShape {
  std::int32_t site = -1;
  std::vector<std::int64_t> sizes;
  std::int64_t cells = 1;
};

class Predictor {
 public:
  // Null with R0770 when the model has no prediction.
  static std::unique_ptr<Predictor> make(PredictorInput input, Problems& problems);

  const std::vector<SiteShape>& shapes() const { return shapes_; }

  // Takes draws first to first + count - 1: for each wanted site [draw][cell]. False stops.
  using Take = std::function<bool(std::int64_t first, std::int64_t count, const std::vector<const double*>& cells)>;

  // Columns 0 to draws - 1 of the draws, in order. False, with the mistake reported unless `take` stopped it.
  bool run(std::int64_t draws, const Take& take, Problems& problems);

  // After `run`: how many wanted cells of each site were NaN in the first draw.
  const std::vector<std::int64_t>& missing() const { return missing_; }

 private:
  explicit Predictor(PredictorInput input) : input_(std::move(input)) {}
  void map_dimensions();
  void shape_sites();
  void find_latents(std::int64_t first, std::int64_t count);
  bool draw_block(std::int64_t first, std::int64_t count, lacuna_error& error);
  void select(std::size_t site, std::int64_t count);
  std::string absence() const;

  PredictorInput input_;
  std::vector<SiteShape> shapes_;
  std::vector<std::int64_t> full_;                 // cells of each site, all elements
  std::vector<std::vector<std::int64_t>> picked_;  // positions of the wanted cells; empty: all
  std::vector<std::vector<std::int64_t>> maps_;    // by dimension
  std::vector<const std::int64_t*> map_pointers_;
  const double* latents_ = nullptr;  // of the block: [value][draw], by the numbers of all draws
  std::int64_t stride_ = 0;
  std::vector<double> repeated_;
  std::vector<std::vector<double>> drawn_, selected_;  // by wanted site
  std::vector<std::int64_t> missing_;
};

}  // namespace lacuna::runtime::predict
