// Writes what a prediction draws: for each site one function, which makes the site's cells for one draw of the latents.
//
// needs    the dimensions, inputs and stored lets of a module; latents at the target's elements, as the caller gives them
// leaves   functions `predict.<site>` and `likelihood.<site>` (site: its number in the metadata, then its name), and the buffers
//          between them and the caller:
//            prediction.seed, prediction.simulate   of the call
//            prediction.draw                        the number of the draw
//            key.<dimension>, map.<dimension>       for each element the key of its label; its element in the fit, or -1
//            known.<latent>                         natural values over the target's elements; NaN where new, drawn there
//            predict.<site>                         what comes out; NaN where it cannot be predicted. Of a log likelihood the
//                                                   term stands at the event's first element, NaN at the others
// shown by test/unit/jit/prediction_gallery_test.cpp
//
// Which cells exist, and which values a cell reads, is language.md section 7. A part that is not compiled yet leaves its site without
// a function, and the table says that it is absent when it is asked.
#pragma once
#include <map>
#include <set>

#include "compiler/density/gaps.h"
#include "compiler/density/writer.h"
#include "compiler/elaborate/model.h"

namespace lacuna::density {

class PredictionWriter {
 public:
  using StoredLets = std::map<const Symbol*, ir::BufferId>;

  PredictionWriter(const elaborate::Model& model, ir::Module& module, DimensionTable& dims, const StoredLets& lets);
  void run();

 private:
  // One statement, and its number in the metadata.
  struct Site {
    const elaborate::Item* item = nullptr;
    int number = 0;
    bool imputed = false;  // the whole array that `else impute` completes
    ir::BufferId out;
    bool written = false;  // has its function
  };
  // One function under way. It draws sites of later numbers too where its own reads them: the same numbers come out, since chance is
  // keyed by site and cell.
  struct Body {
    ir::Function function;
    std::unique_ptr<ir::Builder> builder;
    std::unique_ptr<Writer> writer;
    std::shared_ptr<Environment> env;
    const Site* site = nullptr;
    const Site* drawing = nullptr;                   // the site whose cell is being made
    std::map<const Site*, ir::BufferId> others{};    // cells of other sites that are drawn here
    bool in_order = true;                            // of that site's cells, each has those before it behind it
    bool likelihood = false;
  };
  using Items = std::vector<const elaborate::Item*>;
  using Scope = std::shared_ptr<Environment>;

  void number_sites();
  void declare();
  ir::BufferId dimension_buffer(std::string_view prefix, const Dimension* d);
  void write(Site& site, bool likelihood);
  void write_cell(Body& f, const elaborate::Item& item, const Scope& scope, const Values& at);
  void write_completed(Body& f);
  ir::BufferId cells_of(const Body& f, const Site& site) const;

  // What a function makes, and in what order: prediction_steps.cpp.
  std::set<const Symbol*> needs(const Body& f) const;
  bool is_drawn_here(const Body& f, const Site& site, const std::set<const Symbol*>& wanted) const;
  Items items_of(Body& f);
  void write_items(Body& f);
  void write_alone(Body& f, const elaborate::Item& item);
  void write_in_step(Body& f, const Items& members);
  void start_gaps(Body& f, const Items& members);
  void write_others(Body& f, const elaborate::Item& item, const std::vector<const Dimension*>& along, const Values& now);
  void write_at(Body& f, const elaborate::Item& item, const Values& at);
  const Site* site_of(const elaborate::Item& item) const;
  ir::BufferId stored(const Symbol* let) const;

  // What names mean: prediction_names.cpp.
  void bind_names(Body& f);
  void bind_target(Body& f, const Symbol* target);
  void bind_completed(Body& f, const Site& site);
  void bind_cells(Environment& env, ir::Builder& b, const Symbol* symbol, ir::BufferId buffer) const;
  void bind_data(Environment& env, ir::Builder& b) const;
  ValueId own_value(Body& f, const Symbol* target, const Values& at);
  ValueId is_bound(Body& f, const Symbol* target, const Values& at);
  ValueId supplied(Body& f, const elaborate::ObservedItem& item, const Values& at);
  ValueId is_drawn(Body& f, const Symbol* target, const Values& at);
  ValueId drawn_cell(Body& f, const Symbol* target, const Values& at);
  ValueId is_known(Body& f, const std::vector<ir::DimId>& axes, const Values& at);

  // Values that keep those of the training data: prediction_frozen.cpp.
  struct Lifted {
    const Expr* value = nullptr;
    std::vector<const Symbol*> indices;
    ir::BufferId made, training;  // by `bind` of any data; that of the training data
  };
  bool may_change(const Dimension* d) const;
  std::vector<const Symbol*> free_indices(const Expr& e) const;
  bool keeps_training(const Expr& e) const;
  ir::BufferId shared_copy(ir::BufferId made);
  void freeze();
  void find_lifted(const Expr* e);
  void lift(const Expr& e);
  void write_lifted();
  void find_moved();
  void carry(const elaborate::LetItem& let);
  void bind_frozen(Body& f);
  const Lifted* lifted(const Expr& e) const;

  Scope scope_at(Body& f, const elaborate::Item& item, const Values& at);
  void draw_cell(Body& f, const Scope& scope, const Values& at);
  using Replace = std::function<ValueId(const Values& cell, ValueId drawn)>;
  using DrawOne = std::function<ValueId(const Instance& made)>;  // null: the distribution's own draw
  void store_draw(Body& f, const elaborate::DistributionExpr& distribution, const Scope& scope, const Values& at,
                  elaborate::List<const Dimension* const> event, const Replace& replace, const DrawOne& draw_one);
  ValueId sound(Body& f, const elaborate::DistributionExpr& distribution, const std::optional<ValueId>& there, ValueId value);
  Chance chance_of(Body& f, const Values& cell);
  ValueId in_order(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at);
  ValueId about_mean(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at);
  ValueId draw_at(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at, ValueId place, bool above);
  void likelihood_cell(Body& f, const Scope& scope, const Values& at);
  void new_latent_cell(Body& f, const Scope& scope, const Values& at);
  ValueId within(Body& f, const elaborate::Item& item, const Scope& scope);
  ValueId cell_key(Body& f, const Values& at);
  ValueId not_a_number(Body& f) { return f.builder->real(std::numeric_limits<double>::quiet_NaN()); }

  const elaborate::Model& model_;
  ir::Module& module_;
  DimensionTable& dims_;
  const StoredLets& lets_;
  std::vector<Site> sites_;
  ir::BufferId seed_, draw_, simulate_;
  std::vector<Lifted> lifted_;
  std::map<const Symbol*, ir::BufferId> frozen_;  // lets that are such a value
  std::set<const Symbol*> moved_;                 // lets of data that stand on one
  std::map<const Symbol*, ir::BufferId> carried_; // of these, recurrences: made again by each function
  std::map<const Symbol*, ir::BufferId> known_;         // latents
  std::map<const elaborate::Item*, ir::BufferId> filled_;  // cells that `else impute` fills and that the fit has
};

}  // namespace lacuna::density
