#include "tools/lacuna/interrupt.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace lacuna::tool {

namespace {

// Set by Ctrl-C: the one thing that a signal handler may do.
volatile std::sig_atomic_t stopped = 0;
void on_interrupt(int) {
  stopped = 1;
}

}  // namespace

void watch_interrupts() {
  std::signal(SIGINT, on_interrupt);
}

bool interrupted() {
  return stopped != 0;
}

ProgressBar::ProgressBar(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + std::chrono::seconds(terminal_ ? 1 : 30)) {}

ProgressBar::~ProgressBar() {
  if (shown_ && terminal_) fmt::print(stderr, "\r{:60}\r", "");
}

void ProgressBar::show(double share) {
  const Clock::time_point now = Clock::now();
  if (quiet_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(terminal_ ? 100 : 30000);
  shown_ = true;
  const int percent = static_cast<int>(100 * share), full = percent * 40 / 100;
  if (terminal_) {
    fmt::print(stderr, "\r  [{:<40}] {:>3} %", std::string(static_cast<std::size_t>(full), '='), percent);
    std::fflush(stderr);
  } else {
    fmt::print(stderr, "{} %\n", percent);
  }
}

}  // namespace lacuna::tool
