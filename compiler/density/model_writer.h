// Writes the functions of a model's module, item by item.
//
// Every draw-stage function begins alike: latents get their natural values from the parameters, lets are computed or stored,
// in the order of the program. What the function does with each item's terms is its own.
#pragma once
#include <functional>
#include <map>
#include <set>

#include "compiler/density/density.h"
#include "compiler/density/transform.h"
#include "compiler/density/transform_vector.h"

namespace lacuna::density {

// The number of a site in the module, for items with a density.
using SiteNumbers = std::map<const elaborate::Item*, int>;

// What one function wants of the items, and what its point holds.
struct Purpose {
  enum Kind { LogDensity, Terms, Pointwise, Constrain, Unconstrain, Outside } kind = LogDensity;
  bool natural = false;  // the point holds natural values; no Jacobians then
};

// Values that inference moves, and their stretch of the vector: a latent, or the cells that `else impute` fills and something
// reads. A number is a vector without `rest`.
struct Stretch {
  const elaborate::Item* item = nullptr;
  std::string name;                                     // the site's
  const Symbol* symbol = nullptr;                       // by which the values are read
  const elaborate::DistributionExpr* distribution = nullptr;
  const Expr* lower = nullptr;
  const Expr* upper = nullptr;
  const Expr* normaliser = nullptr;
  types::Structure structure = types::Structure::None;
  bool noncentered = false;
  std::vector<const Symbol*> batch;                     // the indices of one vector
  std::vector<const Dimension*> rest;                   // the dimensions along it
  ir::SpaceId cells;                                    // the vectors that there are; invalid: all
  ir::BufferId parameter;                               // [batch or cells][coordinates]
  ir::BufferId natural;                                 // the same of a point of natural values, where some function has one
  ir::BufferId value;                                   // natural values over all dimensions, where they are stored
  ir::BufferId place;                                   // each vector's number among the cells, where those are computed in step with others

  bool transformed() const { return structure != types::Structure::None || lower || upper || noncentered; }
};

// One vector of a stretch: its indices, and where its coordinates are (the same, or its number among the cells).
struct Place {
  Values at;
  Values coordinates;
};

class ModelWriter {
 public:
  ModelWriter(const elaborate::Model& model, const Options& options, ir::Module& module);

  // Dimensions, inputs, parameters, data and work buffers, spaces; and the function `bind`.
  void declare();
  void write(Purpose purpose, std::string_view name);
  void write_predictions();

 private:
  using Scope = std::shared_ptr<Environment>;

  // declare.cpp
  void declare_inputs();
  void declare_let(const elaborate::LetItem& item);
  void declare_space(const elaborate::Item& item, const Expr* condition, std::string_view name);
  // The cells of `indices` in the item's space where `condition` holds, or those where it does not (all without one, or none).
  ir::SpaceId make_space(const elaborate::Item& item, std::size_t indices, const Expr* condition, bool holds, std::string_view name);
  // declare_stretch.cpp
  void declare_latent(const elaborate::LatentItem& item);
  void declare_imputed(const elaborate::ObservedItem& item);
  void declare_buffers(Stretch& s);
  ir::DimId coordinate_dimension(ir::DimId event, int lost);
  std::vector<ir::DimId> natural_axes(const Stretch& s);

  // Of one function.
  struct Body {
    ir::Function function;
    std::unique_ptr<ir::Builder> builder;
    std::unique_ptr<Writer> writer;
    Scope env;
    Purpose purpose;
    std::vector<ValueId> terms;         // summed: the log density
    std::map<int, std::vector<ValueId>> by_site;
    std::map<int, std::vector<ValueId>> bad_by_site;
    std::vector<ValueId> outside;       // of `outside`, its results

    bool sums() const { return purpose.kind == Purpose::LogDensity || purpose.kind == Purpose::Terms; }
  };
  void open(Body& f, ir::Stage stage, std::string_view name, Purpose purpose);
  void close(Body& f, Values results);
  Scope root(Writer& w, ir::Builder& b);
  void list_cells(ir::Builder& b, const Stretch& s);
  void write_bind();
  Values results_of(Body& f);
  void write_item(Body& f, const elaborate::Item& item);
  void write_observed(Body& f, const elaborate::ObservedItem& item);
  void write_pointwise(Body& f, const elaborate::ObservedItem& item, ir::SpaceId space, const std::function<ValueId(const Scope&)>& term);
  void write_factor(Body& f, const elaborate::FactorItem& item);

  // write_values.cpp: what is computed from what stands above it, or in step where each reads earlier elements of the other.
  bool has_values(const Body& f, const elaborate::Item& item) const;
  std::size_t in_step(std::size_t first) const;
  bool goes_in_step(const elaborate::Item& item) const;
  bool is_tangled(const Body& f, std::size_t first, std::size_t last) const;
  void write_values(Body& f, const elaborate::Item& item);
  void write_in_step(Body& f, std::size_t first, std::size_t last);
  void write_let(Body& f, const elaborate::LetItem& item);
  void write_presence(Body& f, const elaborate::LetItem& item);
  void store_let(Body& f, const elaborate::LetItem& item, const Scope& scope, const Values& at);
  void store_in_step(Body& f, const elaborate::Item& item, const Scope& scope, const Values& at);
  void run_in_order(Body& f, const elaborate::Item& item, const std::function<void(const Values&)>& body);
  void bind_stored(Body& f, const elaborate::Item& item);

  // write_stretch.cpp
  void write_stretch(Body& f, const Stretch& s);
  void write_completed(Body& f, const Stretch& s);
  std::optional<ValueId> store_vector(Body& f, const Stretch& s, const Scope& scope, const Place& place);
  ValueId natural_value(Body& f, const Stretch& s, const Scope& scope, const Values& at);
  void write_natural(Body& f, const Stretch& s);
  void write_coordinates(Body& f, const Stretch& s);
  void write_latent_terms(Body& f, const Stretch& s);
  void write_listed_terms(Body& f, const Stretch& s);
  ValueId with_jacobian(Body& f, const std::function<ValueId()>& yes, const std::function<ValueId()>& no);
  ValueId if_jacobian(Body& f, const std::function<ValueId()>& x);
  ValueId standard_density(Body& f, const Stretch& s, const Scope& scope, const Values& coordinates);
  ValueId density_of(Body& f, const Stretch& s, const Scope& scope, const Operand& x, const Values& coordinate);
  bool is_stored(const Body& f, const Stretch& s) const;
  bool reads_earlier(const Stretch& s) const;
  ScalarSupport support_at(Writer& w, const Stretch& s, const Env& env);
  ScalarSupport bounds_at(Body& f, const Stretch& s, const Env& env);
  void write_structure(Body& f, const Stretch& s);
  std::vector<ir::DimId> rest_of(const Stretch& s);
  void for_numbers(Body& f, const Stretch& s, const std::function<void(const Values&)>& body);
  std::vector<ValueId> for_vectors(Body& f, const Stretch& s, std::vector<ir::Reducer> reducers,
                                   const std::function<Values(const Scope&, const Place&)>& body);

  // write_checks.cpp
  const elaborate::Item* origin(const check::Obligation& o) const;
  bool is_left_to_density(const check::Obligation& o, const elaborate::Item* item) const;
  Scope scope_of(const check::Obligation& o, const elaborate::Item& item, const Scope& scope, std::vector<const Symbol*>& left) const;
  ValueId in_interval(Body& f, ValueId x, const types::Interval& required);
  ValueId has_structure(Body& f, const check::Obligation& o, const Scope& scope);
  ValueId is_structured(Body& f, types::Structure structure, const types::Interval& required, ir::DimId along, const std::function<ValueId(ValueId)>& element);
  ValueId holds_at(Body& f, const check::Obligation& o, const Scope& scope);
  ValueId holds(Body& f, const check::Obligation& o, const elaborate::Item* item, const Scope& scope);
  ValueId all_hold(Body& f, const check::Obligation& o, const Scope& scope, const std::vector<const Symbol*>& left);
  void write_checks(Body& f, std::size_t next);
  ValueId where_allowed(Body& f, const elaborate::Item& item, const Scope& scope, const std::function<ValueId()>& term);
  void write_claims(Body& f, const elaborate::LetItem& item);
  const elaborate::Item* site_below(const elaborate::Item& item) const;

  // write_given.cpp
  bool reads_unchecked(const elaborate::Item& item) const;
  ValueId is_given(Body& f, const elaborate::GuardedRead& read, const Values& at);
  void check_cell(Body& f, const elaborate::GuardedRead& read, const Scope& scope);
  void check_cells(Body& f, const elaborate::GuardedRead& read, const Scope& scope);
  void write_given(Body& f, const elaborate::Item& item);

  // write_outside.cpp
  void write_outside(Body& f, const elaborate::Item& item);

  // A sum of what `term` writes for each cell of the item's space, added to what the function returns.
  void add_terms(Body& f, const elaborate::Item& item, ir::SpaceId space, const std::function<ValueId(const Scope&)>& term);
  void add_sums(Body& f, const elaborate::Item& item, const std::vector<ValueId>& sums);
  std::vector<ir::Reducer> reducers_of(const Body& f) const;
  Values counted(Body& f, ValueId term);
  // Runs `body` for each cell of the item's space; indices are bound in the environment it gets.
  std::vector<ValueId> for_cells(Body& f, const elaborate::Item& item, ir::SpaceId space, std::vector<ir::Reducer> reducers,
                                 const std::function<Values(const Scope&, const Values&)>& body);
  Scope scope_at(const Body& f, const std::vector<const Symbol*>& indices, const Values& at) const;
  std::shared_ptr<const Array> load_array(ir::Builder& b, ir::BufferId buffer, const std::vector<const Dimension*>& dims);
  ir::BufferId output(std::string name, std::vector<ir::DimId> axes);
  std::vector<ir::DimId> dims_of(const elaborate::Item& item);
  ir::SpaceId space_of(const elaborate::Item& item) const;

  const elaborate::Model& model_;
  const Options& options_;
  ir::Module& module_;
  DimensionTable dims_;
  SiteNumbers sites_;
  SiteNumbers scales_;                                    // the numbers that a table's callers know sites by (metadata.h)
  std::map<const elaborate::Item*, Stretch> stretches_;   // latents, and imputed cells by their statement
  std::set<const elaborate::Item*> given_;                // whose reads of unchecked arguments have been tested
  std::set<std::size_t> tested_;                          // conditions on data, by their number in the model
  std::map<const Symbol*, ir::BufferId> lets_;            // stored ones
  std::map<const Symbol*, ir::BufferId> presence_;        // of lets with gaps
  std::map<const elaborate::Item*, ir::SpaceId> spaces_;  // cells where a term counts, or a let is computed
};

// One cell of a site: a number, or its event as an array.
Operand cell_of(const Operand& whole, const Values& at, check::List<const Dimension* const> event);

}  // namespace lacuna::density
