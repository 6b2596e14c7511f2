// A model bound to data: the memory that `bind_into` filled, and what the data were.
//
//   needs    a table of functions, a dataset that matches it
//   leaves   an immutable bound model whose sizes are known; the dataset's arrays may go
//   shown by test/unit/runtime/bind_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "runtime/data/dataset.h"

namespace lacuna::runtime::data {

// Memory that begins at a multiple of 64 bytes.
class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(std::int64_t size)
      : memory_(size > 0 ? static_cast<char*>(
                               ::operator new(static_cast<std::size_t>(size), std::align_val_t{LACUNA_ALIGNMENT}))
                         : nullptr),
        size_(size) {}
  void* get() const { return memory_.get(); }
  std::int64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(char* memory) const { ::operator delete(memory, std::align_val_t{LACUNA_ALIGNMENT}); }
  };
  std::unique_ptr<char, Free> memory_;
  std::int64_t size_ = 0;
};

class BoundModel {
 public:
  // Binds; empty, with the mistake reported, when the model refuses the data. `flags`: enum lacuna_bind_flag.
  static std::optional<BoundModel> bind(const lacuna_model& model, const Dataset& dataset, Problems& problems,
                                        std::uint32_t flags = 0);

  const lacuna_model& model() const { return *model_; }
  const lacuna_metadata& metadata() const { return *model_->metadata; }
  const void* bound() const { return memory_.get(); }
  std::int64_t coordinates() const { return coordinates_; }
  std::int64_t values() const { return values_; }
  std::int64_t parts() const { return parts_; }
  std::int64_t bound_bytes() const { return memory_.size(); }

  // By site, by dimension; see lacuna_shape.
  std::vector<std::int64_t> dimension_sizes, site_coordinates, site_values, site_scored, site_left_out;

  // A workspace for one thread's calls of `entry`.
  AlignedBytes workspace(lacuna_entry entry, std::int64_t draws = 1) const;

 private:
  const lacuna_model* model_ = nullptr;
  AlignedBytes memory_;
  std::int64_t coordinates_ = 0, values_ = 0, parts_ = 1;
};

// The C arrays of a dataset, pointing into it.
class Arguments {
 public:
  Arguments(const lacuna_metadata& metadata, const Dataset& dataset);
  const lacuna_dimension* dimensions() const { return dimensions_.data(); }
  const lacuna_array* arrays() const { return arrays_.data(); }

 private:
  std::vector<lacuna_dimension> dimensions_;
  std::vector<lacuna_array> arrays_;
  std::vector<std::vector<std::int64_t>> strides_;
  std::vector<std::vector<const std::int64_t*>> coordinates_;
};

// A dimension that has `size` elements, and that the model needs more of.
void report_too_few(const lacuna_dimension_info& about, std::int64_t size, Problems& problems);
// Positions from `least` to the number of elements: they seem to count from 1.
void report_one_based(const std::string& argument, std::int64_t least, const Dimension& target, const std::string& path,
                      Problems& problems);

// Labels that a dimension has not, of which `wrong` is the first, with those that it has.
Diagnostic& report_unknown_labels(const std::string& argument, const std::string& wrong, const Dimension& target,
                                  Problems& problems);

// What an entry's error says, by the names and lines of the program; of refused cells all that are known, or the one that the
// error names.
void report_error(const lacuna_metadata& metadata, const Dataset* dataset, const lacuna_error& error,
                  Problems& problems, const std::vector<std::int64_t>& refused = {});

}  // namespace lacuna::runtime::data
