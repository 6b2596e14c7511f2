// Circles of reads: Tarjan's strongly connected components of a graph.
//
// needs    for each node the nodes that it reads
// leaves   for each node the number of its component, from 1: what a node reads has a lower number, or the same in a circle
// shown by test/lit/elaborate/
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace lacuna::elaborate {

class Circles {
 public:
  explicit Circles(std::vector<std::vector<std::size_t>> reads);
  std::size_t of(std::size_t node) const { return state_[node].component; }

 private:
  struct State {
    std::size_t order = 0, low = 0, component = 0;
    bool on_stack = false;
  };

  void visit(std::size_t root);
  void open(std::size_t v);
  void close(std::size_t v);

  std::vector<std::vector<std::size_t>> edges_;
  std::vector<State> state_;
  std::vector<std::size_t> stack_;
  std::size_t count_ = 0, components_ = 0;
};

}  // namespace lacuna::elaborate
