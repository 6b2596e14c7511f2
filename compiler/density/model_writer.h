// Writes the functions of a model's module, item by item.
//
// Every draw-stage function begins alike: latents get their natural values from the parameters, lets are computed or stored,
// in the order of the program. What the function does with each item's terms is its own.
#pragma once
#include <map>

#include "compiler/density/density.h"
#include "compiler/density/transform.h"
#include "compiler/density/transform_vector.h"

namespace lacuna::density {

// The number of a site in the module, for items with a density.
using SiteNumbers = std::map<const elaborate::Item*, int>;

// What one function wants of the items.
struct Purpose {
  enum Kind { LogDensity, Terms, Pointwise, Constrain } kind = LogDensity;
  bool jacobian = true;  // with log-Jacobians; of no matter where parameters are natural values
};

class ModelWriter {
 public:
  ModelWriter(const elaborate::Model& model, const Options& options, ir::Module& module);

  // Dimensions, inputs, parameters, data and work buffers, spaces; and the function `bind`.
  void declare();
  void write(Purpose purpose, std::string_view name);
  void write_predictions();

 private:
  struct LatentSlot {
    ir::BufferId parameter;
    ir::BufferId value;  // natural values, where they are stored: arrays that are not their own coordinates
    bool in_line = false;  // natural values are the parameters
  };

  // Cells that `else impute` fills and something reads: one coordinate each, and a whole array with the scored ones.
  struct ImputedSlot {
    ir::SpaceId cells;
    ir::BufferId parameter;
    ir::BufferId completed;
  };

  void declare_inputs();
  void declare_latent(const elaborate::LatentItem& item);
  ir::DimId coordinate_dimension(ir::DimId event, int lost);
  void declare_let(const elaborate::LetItem& item);
  void declare_space(const elaborate::Item& item, const Expr* condition, std::string_view name);
  // The cells of the item's space where `condition` holds, or those where it does not (all without one, or none).
  ir::SpaceId make_space(const elaborate::Item& item, const Expr* condition, bool holds, std::string_view name);
  void declare_imputed(const elaborate::ObservedItem& item);
  void write_bind();

  // Of one function.
  struct Body {
    ir::Function function;
    std::unique_ptr<ir::Builder> builder;
    std::unique_ptr<Writer> writer;
    std::shared_ptr<Environment> env;
    Purpose purpose;
    std::vector<ValueId> terms;         // summed: the log density
    std::map<int, std::vector<ValueId>> by_site;
    std::map<int, std::vector<ValueId>> bad_by_site;
  };
  std::shared_ptr<Environment> root(Writer& w, ir::Builder& b);
  void write_let(Body& f, const elaborate::LetItem& item);
  void write_latent(Body& f, const elaborate::LatentItem& item);
  void write_vector_latent(Body& f, const elaborate::LatentItem& item);
  void write_natural(Body& f, const elaborate::LatentItem& item);
  void write_latent_terms(Body& f, const elaborate::LatentItem& item);
  void write_observed(Body& f, const elaborate::ObservedItem& item);
  void write_factor(Body& f, const elaborate::FactorItem& item);
  void write_completed(Body& f, const elaborate::ObservedItem& item, const ImputedSlot& slot);
  void write_imputed_terms(Body& f, const elaborate::ObservedItem& item, const ImputedSlot& slot);
  // A sum over the item's space of what `term` writes for each cell, added to what the function returns.
  void add_terms(Body& f, const elaborate::Item& item, ir::SpaceId space, const std::function<ValueId(const std::shared_ptr<Environment>&)>& term);
  // Runs `body` for each cell of the item's space; indices are bound in the environment it gets. With `position`, the
  // cell's place in the list of `space` comes last.
  std::vector<ValueId> for_cells(Body& f, const elaborate::Item& item, ir::SpaceId space, std::vector<ir::Reducer> reducers,
                                 const std::function<Values(const std::shared_ptr<Environment>&, const Values&)>& body, bool position = false);
  ScalarSupport support_at(Writer& w, const elaborate::LatentItem& item, const Env& env);
  std::shared_ptr<const Array> load_array(ir::Builder& b, ir::BufferId buffer, const std::vector<const Dimension*>& dims);
  Values axes_of(const elaborate::Item& item, const Env& env) const;

  const elaborate::Model& model_;
  const Options& options_;
  ir::Module& module_;
  DimensionTable dims_;
  SiteNumbers sites_;
  std::map<const Symbol*, LatentSlot> latents_;
  std::map<const elaborate::Item*, ImputedSlot> imputed_;
  std::map<const Symbol*, ir::BufferId> lets_;         // stored ones
  std::map<const elaborate::Item*, ir::SpaceId> spaces_;  // cells where a term counts
};

}  // namespace lacuna::density
