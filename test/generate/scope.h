// What a generated program has declared so far, and the source of its choices.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace lacuna::generate {

enum class Kind { Real, Positive, Unit, Count, Bool, Index };

// An argument, latent or derived quantity. Dimensions are positions in the scope's list.
struct Value {
  std::string name;
  Kind kind = Kind::Real;
  std::vector<int> dims;
  int index_of = -1;      // the dimension that a Kind::Index value points into
  bool optional = false;  // may be missing
  bool data = false;      // known once data are bound
};

// A loop variable in scope.
struct Binder {
  std::string name;
  int dim = 0;
};

struct Scope {
  std::vector<std::string> dimensions;
  std::vector<Value> values;
  std::vector<Binder> binders;
  int names = 0;

  std::string fresh(const char* stem) { return stem + std::to_string(names++); }
};

// Choices that depend on the seed alone.
class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}

  int below(int count) { return static_cast<int>(random_() % static_cast<std::uint64_t>(count)); }
  bool one_in(int count) { return below(count) == 0; }
  template <class T>
  const T& any_of(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace lacuna::generate
