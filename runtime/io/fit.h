// A fit as a value: the program, the data that it was fitted to, and draws of its latents on their natural scales. Two
// files hold it: NetCDF in ArviZ's layout (`fit.nc`), and a compact one that is mapped into memory (`fit.lfit`).
//
//   needs    runtime/data
//   leaves   all that predicting needs; no clock, duration, thread count or path, so that equal runs give equal bytes
//   shown by test/unit/runtime/io_test.cpp
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/bind.h"
#include "runtime/data/dataset.h"

namespace lacuna::runtime::io {

inline constexpr std::int64_t kFitFormat = 1;

// A latent whose values were drawn; in the order of the values.
struct FitSite {
  std::string name;
  std::vector<std::string> axes;        // dimensions' names
  std::vector<std::int64_t> sizes;      // of the axes
  std::vector<std::int64_t> positions;  // of a list of cells: their row-major positions; else empty
  bool partial = false;
  std::int64_t count = 0;  // values
  std::int32_t site = -1;  // in the model's metadata; not written
};

struct FitArgument {
  std::string name;
  std::vector<std::string> axes;
  std::int64_t kind = LACUNA_REAL;  // enum lacuna_kind
  std::string index_of;             // the dimension, of an index
  bool observed = false;            // a target
  std::shared_ptr<const data::Array> array;
};

struct Fit {
  std::map<std::string, std::string>
      texts;  // "program", "model", "source_name", "source_hash", "method", "options", "version", ...
  std::map<std::string, double> numbers;    // "seed", "elbo", "elbo_error", "pareto_k", ...
  std::vector<data::Dimension> dimensions;  // sizes all known
  std::vector<FitArgument> arguments;
  std::vector<FitSite> sites;
  std::vector<FitSite> likelihood;  // observed sites whose scored cells' terms are in the file; on request
  std::int64_t draws = 0;
  std::vector<double> values;                  // [value][draw]; empty in what a writer is given
  std::vector<double> log_density, log_guide;  // [draw]
  std::vector<double> terms;                   // [scored cell][draw]

  std::int64_t value_count() const { return count_of(sites); }
  std::int64_t term_count() const { return count_of(likelihood); }
  static std::int64_t count_of(const std::vector<FitSite>& all) {
    std::int64_t sum = 0;
    for (const FitSite& site : all) sum += site.count;
    return sum;
  }
  // The data in the order of a model's metadata.
  data::Dataset dataset(const lacuna_metadata& metadata) const;
};

// The arguments that the data give, in the metadata's order. Their arrays are those of `dataset`, which must outlive them.
std::vector<FitArgument> describe_arguments(const lacuna_metadata& metadata, const data::Dataset& dataset);

// Everything but texts, numbers and draws, from a bound model and its data.
Fit describe(const data::BoundModel& model, const data::Dataset& dataset);

// The observed sites with their scored cells, for `Fit::likelihood`.
std::vector<FitSite> scored_sites(const data::BoundModel& model);

// Some draws, one after the other: values [draw][value], for each the log density and the guide's, and the terms
// [draw][scored cell], which may be null when the file takes none.
struct Draws {
  const double* values;
  const double* log_density;
  const double* log_guide;
  const double* terms;
};

// Takes draws as they are made; nothing has the final name before `finish`.
class FitWriter {
 public:
  virtual ~FitWriter() = default;
  // Draws first to first + count - 1.
  virtual bool add(std::int64_t first, std::int64_t count, const Draws& draws) = 0;
  virtual bool finish() = 0;
};

// By the extension of `path`, .nc or .lfit. Null with a diagnostic when it cannot be written.
std::unique_ptr<FitWriter> write_fit(const std::string& path, const Fit& header, bool force, Problems& problems);
std::unique_ptr<FitWriter> write_netcdf_fit(const std::string& path, const Fit& header, Problems& problems);
std::unique_ptr<FitWriter> write_lfit(const std::string& path, const Fit& header, Problems& problems);

// Either format; empty with R0750 to R0752 when it is no fit, damaged, or of another version.
std::optional<Fit> read_fit(const std::string& path, Problems& problems);
// Whether a NetCDF file says that it is a fit; false of what is not NetCDF.
bool is_netcdf_fit(const std::string& path);
std::optional<Fit> read_netcdf_fit(const std::string& path, Problems& problems);
std::optional<Fit> read_lfit(const std::string& path, Problems& problems);

}  // namespace lacuna::runtime::io
