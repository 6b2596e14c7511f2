// JSON: one object of scalars and nested arrays, as CmdStan writes and reads it.
//
// simdjson does the reading, on demand, straight into columns. It is strict where files in the world are not: bare NaN
// and Infinity, which Python and R write, are first turned in place into `{ }`, `{"+":0}` and `{"-":0}` of the same
// lengths. An object has no other meaning inside an array, so nothing is taken for what it is not.
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "runtime/data/cells.h"
#include "runtime/data/interner.h"

namespace lacuna::runtime::data {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMaxRank = 8;

void replace_bare_words(char* text, std::size_t size) {
  bool inside = false;
  const auto is = [&](std::size_t at, std::string_view word) {
    return size - at >= word.size() && std::memcmp(text + at, word.data(), word.size()) == 0;
  };
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    if (c == '"') inside = !inside;
    if (inside) {
      if (c == '\\') ++i;
      continue;
    }
    if (c == 'N' && is(i, "NaN")) std::memcpy(text + i, "{ }", 3);
    if (c == '-' && is(i, "-Infinity")) std::memcpy(text + i, "{\"-\":0}  ", 9);
    if (c == 'I' && is(i, "Infinity")) std::memcpy(text + i, "{\"+\":0} ", 8);
  }
}

// Where the first bracketed value has ended, if anything but white space follows it; else null.
const char* end_of_first_value(const char* text, std::size_t size) {
  bool inside = false;
  int depth = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    if (c == '"') inside = !inside;
    if (inside) {
      if (c == '\\') ++i;
      continue;
    }
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    if (depth > 0 || (c != '}' && c != ']')) continue;
    for (++i; i < size; ++i) {
      if (static_cast<unsigned char>(text[i]) > ' ') return text + i;
    }
  }
  return nullptr;
}

// Numbers that are written as text, as CmdStan does.
bool number_word(std::string_view word, double& out) {
  if (is_missing_word(word)) return out = kNaN, true;
  if (word == "Inf" || word == "+Inf" || word == "inf" || word == "Infinity" || word == "+inf")
    return out = kInfinity, true;
  if (word == "-Inf" || word == "-inf" || word == "-Infinity") return out = -kInfinity, true;
  return false;
}

// Reads one value of the object into cells.
class ArrayReader {
 public:
  ArrayReader(const Request& request, Cells& cells) : request_(request), cells_(cells) {
    if (request.missing) missing_ = std::atof(request.missing->c_str());
  }

  enum class Outcome { Read, Ragged, TooDeep, BadText };

  Outcome read(value from) {
    const Outcome outcome = read_level(from, 0);
    if (outcome == Outcome::Read) cells_.labels = labels_.take();
    return outcome;
  }

  std::vector<std::pair<std::int64_t, std::string>> refused;
  std::int64_t refused_count = 0;
  std::string ragged;  // which element breaks the shape, and how

 private:
  std::int64_t count() const {
    return static_cast<std::int64_t>(cells_.as == Wanted::Real ? cells_.real.size() : cells_.whole.size());
  }

  Outcome read_level(value from, std::size_t depth) {
    json_type type{};
    if (from.type().get(type)) return Outcome::BadText;
    if (type != json_type::array) {
      if (leaf_depth_ < 0) leaf_depth_ = static_cast<int>(depth);
      if (leaf_depth_ != static_cast<int>(depth)) return break_shape("a number where arrays stand before");
      return read_scalar(from, type) ? Outcome::Read : Outcome::BadText;
    }
    if (depth >= kMaxRank) return Outcome::TooDeep;
    if (leaf_depth_ >= 0 && static_cast<int>(depth) >= leaf_depth_) return break_shape("an array where numbers stand before");
    simdjson::ondemand::array array;
    if (from.get_array().get(array)) return Outcome::BadText;
    std::int64_t length = 0;
    for (auto element : array) {
      value inner;
      at_.resize(depth);
      at_.push_back(length);
      if (element.get(inner)) return Outcome::BadText;
      const Outcome outcome = read_level(inner, depth + 1);
      if (outcome != Outcome::Read) return outcome;
      ++length;
    }
    if (cells_.sizes.size() <= depth) cells_.sizes.resize(depth + 1, -1);
    at_.resize(depth);
    if (cells_.sizes[depth] >= 0 && cells_.sizes[depth] != length)
      return break_shape(fmt::format("{}, and {} in those before", counted(length, "element"), cells_.sizes[depth]));
    cells_.sizes[depth] = length;
    return Outcome::Read;
  }

  // At the element that is being read.
  Outcome break_shape(std::string_view how) {
    ragged = request_.name;
    for (const std::int64_t i : at_) ragged += fmt::format("[{}]", i);
    ragged += fmt::format(": {}", how);
    return Outcome::Ragged;
  }

  bool read_scalar(value from, json_type type) {
    if (type == json_type::null) {
      push_missing();
      return !from.is_null().error();
    }
    if (type == json_type::object) {
      std::string_view raw;
      if (simdjson::to_json_string(from).get(raw)) return false;
      if (raw.find('+') != raw.npos)
        push_number(kInfinity);
      else if (raw.find('-') != raw.npos)
        push_number(-kInfinity);
      else if (raw == "{ }" || raw == "{}")
        push_missing();
      else
        refuse(raw);
      return true;
    }
    if (type == json_type::string) {
      std::string_view text;
      if (from.get_string().get(text)) return false;
      push_text(text);
      return true;
    }
    if (type == json_type::boolean) {
      bool yes = false;
      if (from.get_bool().get(yes)) return false;
      push_number(yes ? 1 : 0);
      return true;
    }
    return read_number(from);
  }

  bool read_number(value from) {
    if (cells_.as == Wanted::Real) {
      double real = 0;
      if (from.get_double().get(real)) return false;
      push_number(real);
      return true;
    }
    const std::string_view raw = from.raw_json_token();
    std::int64_t whole = 0;
    if (!from.get_int64().get(whole)) {
      push_whole(whole, raw);
      return true;
    }
    double real = 0;
    if (from.get_double().get(real)) return false;
    push_number(real, raw);
    return true;
  }

  void push_present() {
    if (any_missing_) cells_.present.push_back(1);
  }
  void push_missing() {
    if (!any_missing_) {
      any_missing_ = true;
      cells_.present.assign(static_cast<std::size_t>(count()), 1);
    }
    cells_.present.push_back(0);
    if (cells_.as == Wanted::Real)
      cells_.real.push_back(kNaN);
    else
      cells_.whole.push_back(0);
  }
  void push_whole(std::int64_t whole, std::string_view raw) {
    if (request_.missing && static_cast<double>(whole) == missing_) return push_missing();
    if (cells_.labelled) whole = labels_.code(trim_right(raw));
    cells_.whole.push_back(whole);
    push_present();
  }
  void push_number(double number, std::string_view raw = {}) {
    if (std::isnan(number) || (request_.missing && number == missing_)) return push_missing();
    if (cells_.as == Wanted::Real) {
      cells_.real.push_back(number);
      return push_present();
    }
    if (number == std::floor(number) && std::abs(number) <= 9007199254740992.0) {
      const std::int64_t whole = static_cast<std::int64_t>(number);
      return push_whole(whole, raw.empty() ? std::string_view(std::to_string(whole)) : raw);
    }
    if (cells_.as == Wanted::Label && !raw.empty()) return push_label(trim_right(raw));
    refuse(raw.empty() ? std::string_view("inf") : trim_right(raw));
  }
  void push_text(std::string_view text) {
    double number = 0;
    if (request_.missing && text == *request_.missing) return push_missing();
    if (cells_.as == Wanted::Label) {
      if (is_missing_word(text)) return push_missing();
      return push_label(text);
    }
    if (number_word(text, number)) return push_number(number);
    refuse(text);
  }
  void push_label(std::string_view text) {
    if (!cells_.labelled) {
      cells_.labelled = true;
      for (std::size_t i = 0; i < cells_.whole.size(); ++i) {
        if (cells_.is_present(static_cast<std::int64_t>(i)))
          cells_.whole[i] = labels_.code(std::to_string(cells_.whole[i]));
      }
    }
    cells_.whole.push_back(labels_.code(text));
    push_present();
  }
  void refuse(std::string_view text) {
    if (!request_.lenient) {
      if (refused.size() < Diagnostic::kShownRows) refused.emplace_back(count(), text);
      ++refused_count;
    }
    push_missing();
  }
  static std::string_view trim_right(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return text;
  }

  const Request& request_;
  Cells& cells_;
  Interner labels_;
  double missing_ = kNaN;
  int leaf_depth_ = -1;
  std::vector<std::int64_t> at_;  // the subscripts of the element that is being read
  bool any_missing_ = false;
};

class JsonSource final : public Source {
 public:
  JsonSource(std::string path, const Text& text) : path_(std::move(path)), json_(text.begin(), text.size()) {
    replace_bare_words(json_.data(), json_.size());
  }

  const std::string& path() const override { return path_; }
  bool is_table() const override { return false; }
  const std::vector<std::string>& names() const override { return names_; }

  bool open(Problems& problems) {
    if (std::string_view(json_.data(), json_.size()).find_first_not_of(" \t\r\n") == std::string_view::npos)
      return refuse(problems, "it is empty", nullptr);
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    auto error = parser_.iterate(json_).get(document);
    const bool indexed = !error;
    if (!error) error = document.get_object().get(object);
    if (!error) {
      for (auto field : object) {
        std::string_view key;
        if ((error = field.unescaped_key().get(key))) break;
        names_.emplace_back(key);
        value skipped;
        json_type type{};
        if ((error = field.value().get(skipped)) || (error = skipped.type().get(type))) break;
      }
    }
    const char* at = nullptr;
    if (indexed && document.current_location().get(at)) at = nullptr;
    if (!error && !at) return true;
    if (!error) return refuse(problems, "something follows the object", at);
    if (const char* const after = end_of_first_value(json_.data(), json_.size()))
      return refuse(problems, "something follows the object", after);
    if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || error == simdjson::UNCLOSED_STRING) {
      problems.report(Id::EndsEarly, path_, "a bracket or a quote is never closed");
      return false;
    }
    const char* const reason = error == simdjson::INCORRECT_TYPE ? "what is needed is one object, { \"name\": ... }"
                                                                 : simdjson::error_message(error);
    return refuse(problems, reason, at);
  }

  std::vector<Cells> read(const std::vector<Request>& requests, Problems& problems) override {
    std::vector<Cells> result(requests.size());
    std::vector<bool> seen(requests.size());
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (auto error = parser_.iterate(json_).get(document); error || (error = document.get_object().get(object)))
      return unreadable(document, error, problems);
    for (auto field : object) {
      std::string_view key;
      value content;
      if (const auto error = field.unescaped_key().get(key)) return unreadable(document, error, problems);
      const std::string name(key);
      if (const auto error = field.value().get(content)) return unreadable(document, error, problems);
      for (std::size_t i = 0; i < requests.size(); ++i) {
        if (requests[i].name != name) continue;
        if (seen[i]) {
          problems.report(Id::FoundTwice, name).in(path_);
          return {};
        }
        seen[i] = true;
        if (!read_one(requests[i], content, result[i], problems)) return {};
        break;
      }
    }
    return result;
  }

  std::string place(const Cells& cells, std::int64_t cell) override {
    std::string text;
    for (std::size_t k = cells.sizes.size(); k-- > 0;) {
      const std::int64_t size = std::max<std::int64_t>(cells.sizes[k], 1);
      text = fmt::format("[{}]", cell % size) + text;
      cell /= size;
    }
    return cells.name + text;
  }

 private:
  // Opening skips values without a look inside, so what is wrong between them may first be met when they are read.
  std::vector<Cells> unreadable(simdjson::ondemand::document& document, simdjson::error_code error, Problems& problems) {
    const char* at = nullptr;
    if (document.current_location().get(at)) at = nullptr;
    refuse(problems, simdjson::error_message(error), at);
    return {};
  }

  bool read_one(const Request& request, value content, Cells& cells, Problems& problems) {
    cells.name = request.name;
    cells.as = request.as;
    ArrayReader reader(request, cells);
    switch (reader.read(content)) {
      case ArrayReader::Outcome::Read:
        break;
      case ArrayReader::Outcome::Ragged:
        problems.report(Id::RaggedArray, request.name).in(path_).row(reader.ragged);
        return false;
      case ArrayReader::Outcome::TooDeep:
        return refuse(problems, fmt::format("`{}` has more than {} levels of brackets", request.name, kMaxRank).c_str(),
                      nullptr);
      case ArrayReader::Outcome::BadText:
        return refuse(problems, fmt::format("the value of `{}` cannot be read", request.name).c_str(), nullptr);
    }
    // Zero-length axes hide those below them: [] has rank 1.
    for (std::int64_t& size : cells.sizes) size = std::max<std::int64_t>(size, 0);
    if (reader.refused_count > 0) {
      Diagnostic& made = problems.report(Id::NotANumber, request.name, refused_words(cells.as)).in(path_);
      for (const auto& [cell, word] : reader.refused) made.row(fmt::format("{}: `{}`", place(cells, cell), word));
      made.row_count = reader.refused_count;
    }
    return true;
  }

  bool refuse(Problems& problems, const char* reason, const char* at) {
    Diagnostic& made = problems.report(Id::NotWhatItSays, path_, "JSON", reason);
    if (at && at >= json_.data() && at <= json_.data() + json_.size()) {
      made.in(fmt::format("{}:{}", path_, 1 + std::count(static_cast<const char*>(json_.data()), at, '\n')));
    }
    return false;
  }

  std::string path_;
  simdjson::padded_string json_;
  simdjson::ondemand::parser parser_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Source> open_json(std::string path, std::unique_ptr<Text> text, Problems& problems) {
  const std::string_view all(text->begin(), text->size());
  if (all.starts_with("\x89HDF") || all.starts_with("CDF")) {
    problems.report(Id::NotWhatItSays, path, "JSON", "it is a NetCDF file");
    return nullptr;
  }
  auto source = std::make_unique<JsonSource>(std::move(path), *text);
  if (!source->open(problems)) return nullptr;
  return source;
}

}  // namespace lacuna::runtime::data
