// Values that later items read: lets, and natural values of latents; one after the other, or in step where each reads earlier
// elements of the other.
#include "compiler/check/walk.h"
#include "compiler/density/model_writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using check::Plate;
using check::Stage;
using elaborate::ItemKind;

namespace {

std::size_t depth(const Plate* p) {
  std::size_t levels = 0;
  for (; p; p = p->parent) ++levels;
  return levels;
}

// The innermost plate that holds both.
const Plate* common(const Plate* a, const Plate* b) {
  while (a != b) (depth(a) > depth(b) ? a : b) = (depth(a) > depth(b) ? a : b)->parent;
  return a;
}

std::size_t index_count(const Plate* p) {
  std::size_t count = 0;
  for (; p; p = p->parent) count += p->indices.size();
  return count;
}

bool reads(const Expr* e, const Symbol* symbol) { return e && check::reads_symbol(*e, symbol); }

// Whether the value of an item (not its density) reads a symbol.
bool value_reads(const elaborate::Item& item, const Symbol* symbol) {
  if (const auto* let = item.get_if<elaborate::LetItem>()) return reads(let->value, symbol);
  const auto* latent = item.get_if<elaborate::LatentItem>();
  if (!latent) return false;
  return reads(latent->lower, symbol) || reads(latent->upper, symbol) || (latent->noncentered && reads(latent->distribution, symbol));
}

// Whether anything of an item does: its density too.
bool item_reads(const elaborate::Item& item, const Symbol* symbol) {
  for (const Expr* tree : elaborate::trees_of(item))
    if (reads(tree, symbol)) return true;
  return false;
}

// What an item computes, as others read it.
const Symbol* computed(const elaborate::Item& item) {
  if (const auto* observed = item.get_if<elaborate::ObservedItem>()) return observed->completed;
  return item.symbol;
}

bool runs_in_order(const elaborate::Item& item, const Symbol* index) { return std::find(item.order.begin(), item.order.end(), index) != item.order.end(); }

}  // namespace

// Whether the function computes something for the item cell by cell.
bool ModelWriter::has_values(const Body& f, const elaborate::Item& item) const {
  const bool binding = f.function.stage == ir::Stage::Data;
  if (const auto* let = item.get_if<elaborate::LetItem>()) return (let->stage <= Stage::Data) == binding;
  if (binding || item.kind != ItemKind::Latent) return false;
  const Stretch& s = stretches_.at(&item);
  return is_stored(f, s) && s.structure == types::Structure::None;
}

// The last item of those that hang together with number `first`: each reads a later one's earlier elements. A plate's statements
// may do that, and nothing else.
std::size_t ModelWriter::in_step(std::size_t first) const {
  std::size_t last = first;
  for (std::size_t i = first; i <= last; ++i) {
    const elaborate::Item& reader = *model_.items[i];
    for (std::size_t k = last + 1; reader.plate && k < model_.items.size(); ++k) {
      const elaborate::Item& read = *model_.items[k];
      const Symbol* symbol = computed(read);
      if (symbol && common(reader.plate, read.plate) && item_reads(reader, symbol)) last = k;
    }
  }
  return last;
}

// Whether an item hangs together with others.
bool ModelWriter::goes_in_step(const elaborate::Item& item) const {
  for (std::size_t i = 0; i < model_.items.size(); ++i) {
    const std::size_t last = in_step(i);
    for (std::size_t k = i; k <= last && last > i; ++k)
      if (model_.items[k] == &item) return true;
    i = last;
  }
  return false;
}

// Whether values of some of these items follow from values of later ones.
bool ModelWriter::is_tangled(const Body& f, std::size_t first, std::size_t last) const {
  for (std::size_t i = first; i <= last; ++i)
    for (std::size_t k = i + 1; k <= last; ++k)
      if (has_values(f, *model_.items[i]) && has_values(f, *model_.items[k]) && value_reads(*model_.items[i], model_.items[k]->symbol)) return true;
  return false;
}

void ModelWriter::write_values(Body& f, const elaborate::Item& item) {
  if (item.kind == ItemKind::Let) {
    if (has_values(f, item)) write_let(f, item.as<elaborate::LetItem>());
    return;
  }
  const auto stretch = stretches_.find(&item);
  if (stretch != stretches_.end() && f.function.stage == ir::Stage::Draw) write_stretch(f, stretch->second);
}

void ModelWriter::write_in_step(Body& f, std::size_t first, std::size_t last) {
  if (!is_tangled(f, first, last)) {
    for (std::size_t i = first; i <= last; ++i) write_values(f, *model_.items[i]);
    return;
  }
  ir::Builder& b = *f.builder;
  const Plate* plate = model_.items[first]->plate;
  std::vector<const elaborate::Item*> members;
  for (std::size_t i = first; i <= last; ++i) {
    const elaborate::Item* item = model_.items[i];
    if (!has_values(f, *item)) {
      write_values(f, *item);
      continue;
    }
    members.push_back(item);
    plate = common(plate, item->plate);
    bind_stored(f, *item);
  }
  const std::size_t shared = index_count(plate);
  const std::vector<ir::DimId> all = dims_of(*members.front());
  const std::vector<ir::DimId> outer(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shared));
  b.scan(ir::Builder::over(outer), {}, {}, [&](const Values& at) -> Values {
    for (const elaborate::Item* item : members) {
      std::vector<ir::DimId> own = dims_of(*item);
      own.erase(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(shared));
      const auto store = [&](const Values& inner) -> Values {
        Values whole = at;
        whole.insert(whole.end(), inner.begin(), inner.end());
        const std::vector<const Symbol*> indices(item->space.indices.begin(), item->space.indices.end());
        store_in_step(f, *item, scope_at(f, indices, whole), whole);
        return {};
      };
      if (own.empty())
        store({});
      else
        b.scan(ir::Builder::over(own), {}, {}, store);
    }
    return {};
  });
}

// One cell of a member, where its conditions hold.
void ModelWriter::store_in_step(Body& f, const elaborate::Item& item, const Scope& scope, const Values& at) {
  ir::Builder& b = *f.builder;
  const auto store = [&]() -> Values {
    if (const auto* let = item.get_if<elaborate::LetItem>()) {
      store_let(f, *let, scope, at);
    } else {
      const Stretch& s = stretches_.at(&item);
      const Values number = s.place.valid() ? Values{b.index(module_.buffer(s.parameter).axes[0], b.load(s.place, at))} : at;
      store_vector(f, s, scope, {at, number});
    }
    return {};
  };
  if (item.space.where)
    b.branch(f.writer->to_bool(f.writer->scalar(*item.space.where, scope)), store, []() -> Values { return {}; });
  else
    store();
}

// The arrays that will hold an item's values, so that they can be read while they are computed.
void ModelWriter::bind_stored(Body& f, const elaborate::Item& item) {
  const auto stretch = stretches_.find(&item);
  if (stretch == stretches_.end()) return;  // lets are bound from the start
  const Stretch& s = stretch->second;
  f.env->bind(s.symbol, Operand(load_array(*f.builder, s.value, {s.symbol->type.dims.begin(), s.symbol->type.dims.end()})));
}

// All cells of an item: those that do not depend on each other side by side, from the first index in order one after the other.
void ModelWriter::run_in_order(Body& f, const elaborate::Item& item, const std::function<void(const Values&)>& body) {
  ir::Builder& b = *f.builder;
  const auto run = [&](const Values& at) -> Values {
    body(at);
    return {};
  };
  const ir::SpaceId space = space_of(item);
  const ir::Domain domain = space.valid() ? b.over(space) : ir::Builder::over(dims_of(item));
  if (domain.dims.empty() && !space.valid()) return body({});
  if (!item.ordered) {
    b.for_each(domain, {}, run);
    return;
  }
  std::size_t apart = 0;
  while (!space.valid() && apart < domain.dims.size() && !runs_in_order(item, item.space.indices[apart])) ++apart;
  if (apart == 0 || apart == domain.dims.size()) {
    b.scan(domain, {}, {}, run);
    return;
  }
  const auto split = domain.dims.begin() + static_cast<std::ptrdiff_t>(apart);
  b.for_each(ir::Builder::over({domain.dims.begin(), split}), {}, [&](const Values& outer) -> Values {
    b.scan(ir::Builder::over({split, domain.dims.end()}), {}, {}, [&](const Values& inner) -> Values {
      Values at = outer;
      at.insert(at.end(), inner.begin(), inner.end());
      return run(at);
    });
    return {};
  });
}

void ModelWriter::write_let(Body& f, const elaborate::LetItem& item) {
  if (!lets_.contains(item.symbol)) {
    f.env->bind(item.symbol, f.writer->coerce(f.writer->scalar(*item.value, f.env), item.symbol->type, f.env));
    return;
  }
  const std::vector<const Symbol*> indices(item.space.indices.begin(), item.space.indices.end());
  run_in_order(f, item, [&](const Values& at) { store_let(f, item, scope_at(f, indices, at), at); });
}

void ModelWriter::store_let(Body& f, const elaborate::LetItem& item, const Scope& scope, const Values& at) {
  ir::Builder& b = *f.builder;
  const auto store = [&]() -> Values {
    b.store(lets_.at(item.symbol), at, f.writer->coerce(f.writer->scalar(*item.value, scope), item.symbol->type, scope));
    return {};
  };
  const auto gaps = presence_.find(item.symbol);
  if (gaps == presence_.end())
    store();
  else  // a cell that is missing has no value
    b.branch(b.load(gaps->second, at), store, []() -> Values { return {}; });
}

// Which cells of a let are there is known from data, also where their values are not.
void ModelWriter::write_presence(Body& f, const elaborate::LetItem& item) {
  const std::vector<const Symbol*> indices(item.space.indices.begin(), item.space.indices.end());
  run_in_order(f, item, [&](const Values& at) { f.builder->store(presence_.at(item.symbol), at, f.writer->presence(*item.value, scope_at(f, indices, at))); });
}

}  // namespace lacuna::density
