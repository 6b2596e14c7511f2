// A main for fuzz targets that needs no libFuzzer: feeds LLVMFuzzerTestOneInput with mutations of a corpus.
//
//   NAME [--seconds S] [--inputs AT_LEAST] [--seed N] [--only ITERATION] [--print] [--words] CORPUS_FOLDER...
//   NAME --file INPUT
//
// Input i depends on the seed, i and the corpus alone. When an input crashes or takes longer than 20 s of processor time, its seed
// and number are printed; `--seed N --only i` runs just that one, and `--print` shows it. `--words` does nothing but put a word for another.
#include <fmt/format.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
#ifdef __SANITIZE_ADDRESS__
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace {

constexpr unsigned kSlowestInput = 20;  // seconds of processor time, so that a busy machine is no finding

struct Options {
  double seconds = 20;
  std::uint64_t seed = 1;
  std::uint64_t inputs = 0;  // at least, however long they take
  std::int64_t only = -1;
  std::string file;  // this input alone, as it is
  bool print = false;
  bool words = false;  // nothing but words of the same text in the place of others
  std::vector<std::string> folders;
};

// What a signal handler can reach: which input is running.
std::uint64_t running_seed;
volatile std::uint64_t running_input;

void say_which() {
  std::array<char, 128> text{};
  const auto end = fmt::format_to_n(text.data(), text.size(), "\nfuzz: this was --seed {} --only {}\n", running_seed, std::uint64_t{running_input});
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), end.size);
}

void on_signal(int signal) {
  say_which();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Runs of letters and digits, and single other characters: near enough to tokens for making new texts.
std::vector<std::string_view> pieces_of(std::string_view text) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0; };
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t j = i + 1;
    while (is_word(text[i]) && j < text.size() && is_word(text[j])) ++j;
    pieces.push_back(text.substr(i, j - i));
    i = j;
  }
  return pieces;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, bool words) : words_(words), corpus_(std::move(corpus)) {
    for (const auto& text : corpus_) {
      for (auto piece : pieces_of(text)) pieces_.emplace_back(piece);
    }
    std::sort(pieces_.begin(), pieces_.end());
    pieces_.erase(std::unique(pieces_.begin(), pieces_.end()), pieces_.end());
  }

  std::string input(std::uint64_t seed, std::uint64_t number) {
    std::seed_seq mixed{seed, seed >> 32U, number, number >> 32U};
    random_.seed(mixed);
    if (!words_ && below(8) == 0) return stream_of_pieces();
    std::string text = corpus_[below(corpus_.size())];
    if (words_) {
      exchange_words(text);
      return text;
    }
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) mutate(text);
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
  const std::string& piece() { return pieces_[below(pieces_.size())]; }

  std::string stream_of_pieces() {
    std::string text;
    for (std::size_t left = below(200); left > 0; --left) text += piece() + (below(3) == 0 ? "" : " ");
    return text;
  }

  void mutate(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(below(40), text.size() - at);
    switch (below(9)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, piece()); break;
      case 2: text.replace(at, length, piece()); break;
      case 3: text.insert(below(text.size() + 1), text.substr(at, length)); break;
      case 4: text.resize(at); break;
      case 5: text.insert(at, 1, static_cast<char>(random_())); break;
      case 6: replace_word(text); break;
      case 7: repeat_piece(text, at); break;
      default: splice(text, at); break;
    }
  }

  // One word of the text becomes another word: the mutation that most often still parses.
  void replace_word(std::string& text) {
    const auto found = pieces_of(text);
    if (found.empty()) return;
    const auto chosen = found[below(found.size())];
    text.replace(static_cast<std::size_t>(chosen.data() - text.data()), chosen.size(), piece());
  }

  // One or two words become other words of the same text: such programs often check, and so reach what comes after.
  void exchange_words(std::string& text) {
    for (std::size_t times = 1 + below(2); times > 0; --times) {
      const auto found = pieces_of(text);
      if (found.empty()) return;
      const auto chosen = found[below(found.size())];
      text.replace(static_cast<std::size_t>(chosen.data() - text.data()), chosen.size(), std::string(found[below(found.size())]));
    }
  }

  void repeat_piece(std::string& text, std::size_t at) {
    const std::string unit = piece() + (below(2) == 0 ? " " : "");
    std::string run;
    for (std::size_t times = below(600); times > 0; --times) run += unit;
    text.insert(at, run);
  }

  void splice(std::string& text, std::size_t at) {
    const std::string& other = corpus_[below(corpus_.size())];
    text = text.substr(0, at) + other.substr(below(other.size() + 1));
  }

  bool words_;
  std::vector<std::string> corpus_;
  std::vector<std::string> pieces_;
  std::mt19937_64 random_;
};

std::vector<std::string> read_corpus(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

Options parse(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto value = [&] { return i + 1 < count ? words[++i] : "0"; };
    if (word == "--seconds") {
      options.seconds = std::atof(value());
    } else if (word == "--seed") {
      options.seed = std::strtoull(value(), nullptr, 10);
    } else if (word == "--inputs") {
      options.inputs = std::strtoull(value(), nullptr, 10);
    } else if (word == "--only") {
      options.only = std::strtoll(value(), nullptr, 10);
    } else if (word == "--print") {
      options.print = true;
    } else if (word == "--words") {
      options.words = true;
    } else if (word == "--file") {
      options.file = value();
    } else if (std::filesystem::is_directory(word)) {
      options.folders.emplace_back(word);
    } else {
      fmt::print(stderr, "fuzz: `{}` is neither an option (--seconds, --inputs, --seed, --only, --print, --words, --file) nor a folder with programs\n", word);
      std::exit(2);
    }
  }
  return options;
}

void stop_after(unsigned seconds) {
  const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = static_cast<time_t>(seconds), .tv_usec = 0}};
  setitimer(ITIMER_PROF, &timer, nullptr);
}

void run_one(const std::string& text) {
  stop_after(kSlowestInput);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  stop_after(0);
}

}  // namespace

int main(int count, char** words) {
  const Options options = parse(count, words);
  if (!options.file.empty()) {
    std::ifstream file(options.file, std::ios::binary);
    run_one({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    return 0;
  }
  std::vector<std::string> corpus = read_corpus(options.folders);
  if (corpus.empty()) {
    fmt::print(stderr, "fuzz: no corpus: name a folder with programs\n");
    return 2;
  }
  Mutator mutator(std::move(corpus), options.words);
  running_seed = options.seed;
  for (int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS, SIGPROF}) std::signal(signal, on_signal);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(say_which);
#endif

  if (options.only >= 0) {
    running_input = static_cast<std::uint64_t>(options.only);
    const std::string text = mutator.input(options.seed, running_input);
    if (options.print) {
      fmt::print("{}\n", text);
      std::fflush(stdout);  // it may crash
    }
    run_one(text);
    return 0;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  std::uint64_t tried = 0;
  while (elapsed() < options.seconds || tried < options.inputs) {
    running_input = tried;
    run_one(mutator.input(options.seed, tried++));
  }
  fmt::print("{} inputs in {:.1f} s, seed {}\n", tried, elapsed(), options.seed);
  return 0;
}
