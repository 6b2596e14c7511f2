#include "tools/lacuna/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace lacuna::tool {

namespace {

constexpr double kTerminalSeconds = 0.1, kLogSeconds = 10;
constexpr int kBarWidth = 24;

std::string time_words(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 90 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

void ProgressLine::show(const runtime::infer::Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (first_ < 0) first_ = progress.step;
  const double since = std::chrono::duration<double>(now - last_).count(), spent = std::chrono::duration<double>(now - start_).count();
  if (since < (terminal_ ? kTerminalSeconds : kLogSeconds)) return;
  last_ = now;
  std::string bar, left;
  if (progress.until > 0) {
    const double share = std::min(1.0, static_cast<double>(progress.step) / static_cast<double>(progress.until));
    const int full = static_cast<int>(share * kBarWidth);
    bar = "[" + std::string(static_cast<std::size_t>(full), '#') + std::string(static_cast<std::size_t>(kBarWidth - full), '.') + "]  ";
    // Inference stops when it has converged, which may be at the end of this phase or of a later one.
    if (progress.step > first_)
      left = fmt::format("   {} left, at least",
                         time_words(spent * static_cast<double>(progress.until - progress.step) / static_cast<double>(progress.step - first_)));
  }
  if (terminal_)
    fmt::print(stderr, "\r{}step {}   {} {:.6g}{}\x1b[K", bar, progress.step, what_, progress.value, left);
  else
    fmt::print(stderr, "step {}, {} {:.6g}{}\n", progress.step, what_, progress.value, left);
  shown_ = terminal_;
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace lacuna::tool
