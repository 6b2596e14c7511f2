#include "compiler/density/operand.h"

namespace lacuna::density {

const Operand* Environment::find(const Symbol* symbol) const {
  for (const Environment* e = this; e; e = e->parent_.get()) {
    const auto found = e->values_.find(symbol);
    if (found != e->values_.end()) return &found->second;
  }
  return nullptr;
}

const Dimension* Environment::resolve(const Dimension* dimension) const {
  for (const Environment* e = this; e; e = e->parent_.get()) {
    const auto found = e->dims_.find(dimension);
    if (found != e->dims_.end() && found->second != dimension) return found->second ? resolve(found->second) : dimension;
  }
  return dimension;
}

}  // namespace lacuna::density
