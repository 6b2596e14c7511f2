// What a compiled model says of itself (runtime/include/lacuna/metadata.h), made from the elaborated model.
//
// needs    an elaborated model and its source
// leaves   a lacuna_metadata whose strings and tables this object owns; the interpreter's table, the JIT and the object writer
//          all take it from here, so that they agree
// shown by test/lit/command/log_density_with_gaps.test
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "compiler/elaborate/model.h"
#include "compiler/support/source.h"
#include "lacuna/metadata.h"

namespace lacuna::density {

// How many sites of the metadata an item has: none if it is a let, two if its cells are imputed, else one.
int site_count(const elaborate::Item& item);

class Metadata {
 public:
  // `target`: the CPU that the code is for, empty for the interpreter.
  Metadata(const elaborate::Model& model, const support::SourceMap& sources, std::string target);
  Metadata(const Metadata&) = delete;
  Metadata& operator=(const Metadata&) = delete;

  const lacuna_metadata& get() const { return metadata_; }
  // The site of an item, -1 for a let. Sites are the items but lets, in order, with imputed cells after their observed site.
  int site_of(const elaborate::Item& item) const;

 private:
  const char* text(std::string_view s);
  const int32_t* table(std::vector<int32_t> values);
  lacuna_range range_of(support::SourceRange range) const;
  int32_t dimension_of(const elaborate::Dimension* d) const;
  lacuna_type type_of(const check::Type& t);
  void add_dimensions();
  void add_arguments();
  void add_sites();
  void add_checks();
  void add_latent(const elaborate::LatentItem& item);
  void add_observed(const elaborate::ObservedItem& item);
  lacuna_site_info site_base(const elaborate::Item& item, int32_t kind);

  const elaborate::Model& model_;
  const support::SourceMap& sources_;
  std::deque<std::string> strings_;
  std::deque<std::vector<int32_t>> tables_;
  std::deque<std::vector<const char*>> label_tables_;
  std::vector<lacuna_dimension_info> dimensions_;
  std::vector<lacuna_argument_info> arguments_;
  std::vector<lacuna_site_info> sites_;
  std::vector<lacuna_check_info> checks_;
  std::vector<int32_t> parameters_;
  std::vector<std::pair<const elaborate::Item*, int>> site_of_item_;
  lacuna_metadata metadata_{};
};

}  // namespace lacuna::density
