#include "runtime/infer/checkpoint.h"

#include "runtime/io/bytes.h"

namespace lacuna::runtime::infer {
namespace {

constexpr std::string_view kMagic = "lacuna checkpoint 2";

io::Writer begin(std::string_view identity) {
  io::Writer out;
  out.text(kMagic);
  out.text(identity);
  return out;
}

std::string finish(io::Writer& out) {
  out.number(io::checksum(out.bytes));
  return std::move(out.bytes);
}

// A reader behind the identity; empty with R0707.
std::optional<io::Reader> open(std::string_view bytes, std::string_view identity, const std::string& path,
                               Problems& problems) {
  const auto refuse = [&](const char* why) {
    problems.report(Id::OtherCheckpoint, path, why);
    return std::nullopt;
  };
  if (bytes.size() < 8) return refuse("it is damaged");
  io::Reader sum(bytes.substr(bytes.size() - 8));
  if (static_cast<std::uint64_t>(sum.whole()) != io::checksum(bytes.substr(0, bytes.size() - 8)))
    return refuse("it is damaged");
  io::Reader in(bytes);
  if (in.text() != kMagic) return refuse("it is not a checkpoint of this version");
  if (in.text() != identity) return refuse("its program, data, options or seed differ");
  return in;
}

void put(io::Writer& out, const LbfgsResult& at) {
  out.numbers(at.x);
  out.numbers(at.gradient);
  out.number(at.value);
  out.number(at.iterations);
  out.number(static_cast<int>(at.end));
}

LbfgsResult get_result(io::Reader& in) {
  LbfgsResult made;
  made.x = in.numbers<double>();
  made.gradient = in.numbers<double>();
  made.value = in.real();
  made.iterations = static_cast<int>(in.whole());
  made.end = static_cast<LbfgsEnd>(in.whole());
  return made;
}

}  // namespace

std::string save_state(const ClimbState& state, std::string_view identity) {
  io::Writer out = begin(identity);
  out.number(state.start);
  out.number(state.done);
  put(out, state.best);
  put(out, state.ascent.now);
  out.number(static_cast<std::int64_t>(state.ascent.pairs.size()));
  for (const LbfgsPair& pair : state.ascent.pairs) {
    out.numbers(pair.s);
    out.numbers(pair.y);
    out.number(pair.rho);
  }
  out.numbers(std::vector<double>(state.ascent.values.begin(), state.ascent.values.end()));
  return finish(out);
}

std::optional<ClimbState> load_climb(std::string_view bytes, std::string_view identity, const std::string& path,
                                     Problems& problems) {
  std::optional<io::Reader> in = open(bytes, identity, path, problems);
  if (!in) return std::nullopt;
  ClimbState state;
  state.start = static_cast<int>(in->whole());
  state.done = in->whole();
  state.best = get_result(*in);
  state.ascent.now = get_result(*in);
  for (std::int64_t n = in->whole(); n > 0 && in->good; --n) {
    LbfgsPair& pair = state.ascent.pairs.emplace_back();
    pair.s = in->numbers<double>();
    pair.y = in->numbers<double>();
    pair.rho = in->real();
  }
  const std::vector<double> values = in->numbers<double>();
  state.ascent.values.assign(values.begin(), values.end());
  if (in->good) return state;
  problems.report(Id::OtherCheckpoint, path, "it is damaged");
  return std::nullopt;
}

std::string save_state(const SviState& state, std::string_view identity) {
  io::Writer out = begin(identity);
  out.number(static_cast<int>(state.guide->kind()));
  out.numbers(state.guide->centre);
  out.numbers(state.guide->base);
  out.numbers(state.guide->parameters);
  out.numbers(state.adam.first);
  out.numbers(state.adam.second);
  out.number(state.adam.power_first);
  out.number(state.adam.power_second);
  out.numbers(state.sum);
  out.numbers(state.previous);
  for (const std::int64_t n : {state.step, state.phase_step, state.averaged, state.rejected}) out.number(n);
  out.number(state.phase);
  out.number(static_cast<int>(state.estimator));
  for (const double x : {state.elbo, state.change, state.largest_change}) out.number(x);
  out.number(state.converged ? 1 : 0);
  out.number(state.finished ? 1 : 0);
  return finish(out);
}

std::optional<SviState> load_state(std::string_view bytes, std::string_view identity, const std::string& path,
                                   Problems& problems) {
  std::optional<io::Reader> opened = open(bytes, identity, path, problems);
  if (!opened) return std::nullopt;
  io::Reader& in = *opened;
  SviState state;
  const auto kind = static_cast<GuideKind>(in.whole());
  std::vector<double> centre = in.numbers<double>(), base = in.numbers<double>();
  state.guide = kind == GuideKind::FullRank ? make_full_rank(std::move(centre), std::move(base))
                                            : make_mean_field(std::move(centre), std::move(base));
  state.guide->parameters = in.numbers<double>();
  state.adam.first = in.numbers<double>();
  state.adam.second = in.numbers<double>();
  state.adam.power_first = in.real();
  state.adam.power_second = in.real();
  state.sum = in.numbers<double>();
  state.previous = in.numbers<double>();
  for (std::int64_t* n : {&state.step, &state.phase_step, &state.averaged, &state.rejected}) *n = in.whole();
  state.phase = static_cast<int>(in.whole());
  state.estimator = static_cast<Estimator>(in.whole());
  for (double* x : {&state.elbo, &state.change, &state.largest_change}) *x = in.real();
  state.converged = in.whole() != 0;
  state.finished = in.whole() != 0;
  if (in.good) return state;
  problems.report(Id::OtherCheckpoint, path, "it is damaged");
  return std::nullopt;
}

}  // namespace lacuna::runtime::infer
