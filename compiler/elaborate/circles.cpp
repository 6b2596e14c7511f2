#include "compiler/elaborate/circles.h"

#include <algorithm>

namespace lacuna::elaborate {

Circles::Circles(std::vector<std::vector<std::size_t>> reads) : edges_(std::move(reads)), state_(edges_.size()) {
  for (std::size_t i = 0; i < edges_.size(); ++i)
    if (state_[i].order == 0) visit(i);
}

// Iterative, since a model may have very many items in a chain.
void Circles::visit(std::size_t root) {
  std::vector<std::pair<std::size_t, std::size_t>> calls{{root, 0}};
  open(root);
  while (!calls.empty()) {
    auto& [v, next] = calls.back();
    if (next < edges_[v].size()) {
      const std::size_t w = edges_[v][next++];
      if (state_[w].order == 0) {
        open(w);
        calls.push_back({w, 0});
      } else if (state_[w].on_stack) {
        state_[v].low = std::min(state_[v].low, state_[w].order);
      }
      continue;
    }
    const std::size_t done = v;
    calls.pop_back();
    if (!calls.empty()) state_[calls.back().first].low = std::min(state_[calls.back().first].low, state_[done].low);
    if (state_[done].low == state_[done].order) close(done);
  }
}

void Circles::open(std::size_t v) {
  state_[v].order = state_[v].low = ++count_;
  state_[v].on_stack = true;
  stack_.push_back(v);
}

void Circles::close(std::size_t v) {
  ++components_;
  for (std::size_t w = stack_.size(); w-- > 0;) {
    const std::size_t top = stack_.back();
    stack_.pop_back();
    state_[top].on_stack = false;
    state_[top].component = components_;
    if (top == v) break;
  }
}

}  // namespace lacuna::elaborate
