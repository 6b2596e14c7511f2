// One site of a prediction as rows of a table, all draws of a cell at once, in bounded memory. Rows that do not depend on
// each other are predicted stretch by stretch; where cells do, the draws are made again for each window of cells.
//
//   needs    a bound target and its units; a writer
//   leaves   the site's rows written; the draws are those of the whole prediction, whatever the stretches
//   shown by test/unit/runtime/run_prediction_test.cpp
#pragma once
#include <functional>
#include <vector>

#include "runtime/io/prediction.h"
#include "runtime/predict/predictor.h"
#include "runtime/predict/run_prediction.h"

namespace lacuna::runtime::predict {

// The longest dimension whose elements a table may go through in stretches; -1 when there is none, or none worth it. `fitted`: there is
// a fit, so that means of data stay as they are.
int stretched_dimension(const lacuna_metadata& metadata, const Target& target, bool fitted);

class Tabulation {
 public:
  // `all`: what to draw, with its sites those of the header. Everything must outlive this.
  Tabulation(const PredictorInput& all, const Target& target, const io::PredictionHeader& header,
             const PredictionOptions& options, io::TableWriter& writer, Problems& problems)
      : all_(all),
        target_(target),
        header_(header),
        options_(options),
        summarise_(options.metrics),
        writer_(writer),
        problems_(problems) {}

  using Tell = std::function<bool(double share)>;
  // False when something fails, which is reported, or when `tell` stopped it.
  bool site(std::size_t which, const Tell& tell);

  // Of the site that was done last.
  const SiteShape& shape() const { return shape_; }
  std::int64_t missing() const { return missing_; }

 private:
  int axis_to_cut() const;
  std::int64_t elements_at_once(int axis) const;
  bool part(const PredictorInput& input, const io::SitePart& place, const Tell& tell);
  bool window(Predictor& predictor, const io::SitePart& place, std::int64_t first, std::int64_t count,
              const Tell& tell);
  bool take(const io::SitePart& place, std::int64_t first, std::int64_t count, const double* values,
            std::int64_t stride);
  void summarise(std::int64_t first, std::int64_t count, const double* values, std::int64_t stride);

  const PredictorInput& all_;
  const Target& target_;
  const io::PredictionHeader& header_;
  const PredictionOptions& options_;
  Summariser summarise_;
  io::TableWriter& writer_;
  Problems& problems_;
  std::size_t which_ = 0;
  SiteShape shape_;
  std::int64_t missing_ = 0;
  std::int64_t part_cells_ = 0, classes_ = 0;  // classes: of a site whose values are elements of a dimension; else 0
  std::vector<double> draws_;                  // [draw][cell of the window]
  std::vector<double> summary_;                // [metric][cell of the part][class]
};

}  // namespace lacuna::runtime::predict
