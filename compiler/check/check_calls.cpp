#include "compiler/check/check_calls.h"

#include <unordered_set>
#include <vector>

#include "compiler/check/walk.h"
#include "compiler/syntax/limits.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

// What is written out where it is called: a function, or a member of a distribution.
using Callee = const void*;

struct Call {
  Callee callee;
  std::string_view name;  // of the function or distribution
  SourceRange range;
};

class CallGraph {
 public:
  // The calls that stand in a body.
  std::vector<Call> calls(const Expr* body) {
    std::vector<Call> found;
    if (!body) return found;
    // Objects of members: of these, only the member is written out. A body that is a distribution (`marginal`) is one that its caller asks.
    std::unordered_set<const Expr*> objects = {body};
    for_each_expr(*body, [&](const Expr& e) {
      if (const auto* call = e.get_if<FunctionCallExpr>()) {
        functions_[call->function] = call->function;
        found.push_back({call->function, call->function->name, e.range});
      } else if (const auto* member = e.get_if<MemberExpr>()) {
        const auto* object = member->object->get_if<DistributionExpr>();
        if (object && object->distribution) add_members(found, *object->distribution, member->member, e.range);
        objects.insert(member->object);
      } else if (const auto* drawn = e.get_if<DistributionExpr>(); drawn && drawn->distribution && !objects.contains(&e)) {
        add_members(found, *drawn->distribution, {}, e.range);
      }
    });
    return found;
  }

  // The calls in what a callee stands for.
  std::vector<Call> calls_of(Callee callee) {
    if (const auto member = members_.find(callee); member != members_.end()) return calls(member->second->body);
    const Function& f = *functions_.at(callee);
    std::vector<Call> all = calls(f.body);
    for (const Expr* value : f.let_values) {
      const std::vector<Call> more = calls(value);
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  // Takes the body away of what must not be written out, as of everything that is wrong.
  void poison(Callee callee) {
    if (const auto member = members_.find(callee); member != members_.end())
      const_cast<DistributionMember*>(member->second)->body = nullptr;
    else
      const_cast<Function*>(functions_.at(callee))->body = nullptr;
  }

  void add(const Function& f) { functions_[&f] = &f; }
  void add(const DistributionMember& m) { members_[&m] = &m; }

 private:
  // The member called, or all, when another stands in for it or the distribution is passed on.
  void add_members(std::vector<Call>& found, const Distribution& d, std::string_view name, SourceRange range) {
    bool written = false;
    for (const DistributionMember& m : d.members) written |= m.name == name;
    for (const DistributionMember& m : d.members) {
      if (written && m.name != name) continue;
      members_[&m] = &m;
      found.push_back({&m, d.name, range});
    }
  }

  std::unordered_map<Callee, const Function*> functions_;
  std::unordered_map<Callee, const DistributionMember*> members_;
};

// Walks the graph without recursion: its depth is the author's.
class CallWalk {
 public:
  CallWalk(Context& c, CallGraph& graph) : c_(c), graph_(graph) {}

  void from(Callee start) {
    if (known_.contains(start)) return;
    open(start);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      if (frame.next == frame.calls.size()) {
        close();
        continue;
      }
      const Call call = frame.calls[frame.next++];
      const auto seen = known_.find(call.callee);
      if (seen == known_.end()) {
        frame.through = call.range;
        open(call.callee);
      } else if (seen->second == kOpen) {
        c_.sink.report(Id::RecursiveFunction, call.range, call.name).note("functions and members are written out where they are called, so they cannot call themselves");
        graph_.poison(frame.callee);
      } else {
        deepen(frame, seen->second, call.range);
      }
    }
  }

 private:
  static constexpr std::uint32_t kOpen = 0;

  struct Frame {
    Callee callee;
    std::vector<Call> calls;
    std::size_t next = 0;
    std::uint32_t depth = 1;
    SourceRange through;  // the call that is being followed
  };

  void open(Callee callee) {
    known_[callee] = kOpen;
    path_.push_back({callee, graph_.calls_of(callee), 0, 1, {}});
  }

  void close() {
    const std::uint32_t depth = path_.back().depth;
    known_[path_.back().callee] = depth;
    path_.pop_back();
    if (!path_.empty()) deepen(path_.back(), depth, path_.back().through);
  }

  void deepen(Frame& frame, std::uint32_t below, SourceRange call) {
    frame.depth = std::max(frame.depth, below + 1);
    if (frame.depth <= syntax::kMaximumNesting) return;
    graph_.poison(frame.callee);
    frame.depth = 1;
    if (told_) return;
    const std::uint32_t limit = syntax::kMaximumNesting;
    c_.sink.report(Id::TooDeep, call, limit).note("what is called here is written out here, with all that it calls itself");
    told_ = true;  // for this one, not for all that call it
  }

  Context& c_;
  CallGraph& graph_;
  std::unordered_map<Callee, std::uint32_t> known_;  // how deep its calls go, once that is known
  std::vector<Frame> path_;
  bool told_ = false;
};

}  // namespace

void check_calls(Context& c, const CheckedProgram& program) {
  CallGraph graph;
  CallWalk walk(c, graph);
  for (const Function* f : program.functions) {
    graph.add(*f);
    walk.from(f);
  }
  for (const Distribution* d : program.distributions) {
    for (const DistributionMember& m : d->members) {
      graph.add(m);
      walk.from(&m);
    }
  }
}

}  // namespace lacuna::check
