// The compact file of a fit. Little-endian, 8 bytes a number:
//
//   text     "lacuna fit"        as io::Writer writes texts: length, bytes, zeros up to a multiple of 8
//   number   format
//   number   bytes of the header that follows
//   number   its checksum
//   header   texts, numbers, dimensions, arguments, sites, draws, observed sites
//   number   checksum of the rest
//   rest     zeros up to a multiple of 64 bytes from the file's start; values [value][draw]; log density [draw]; log
//   guide [draw]; terms [scored cell][draw] of the observed sites that are asked for
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/data/labels.h"
#include "runtime/io/bytes.h"
#include "runtime/io/fit.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {
namespace {

constexpr std::string_view kMagic = "lacuna fit";

void put_texts(Writer& out, const std::vector<std::string>& texts) {
  out.number(static_cast<std::int64_t>(texts.size()));
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> get_texts(Reader& in) {
  std::vector<std::string> texts;
  const std::int64_t count = in.whole();
  for (std::int64_t i = 0; i < count && in.good; ++i) texts.push_back(in.text());
  return texts;
}

void put_array(Writer& out, const data::Array& array) {
  out.number(array.sparse ? 1 : 0);
  out.numbers(array.sizes);
  out.numbers(array.real);
  out.numbers(array.whole);
  out.text({reinterpret_cast<const char*>(array.present.data()), array.present.size()});
  out.number(static_cast<std::int64_t>(array.coordinates.size()));
  for (const auto& axis : array.coordinates) out.numbers(axis);
}

data::Array get_array(Reader& in) {
  data::Array array;
  array.given = true;
  array.sparse = in.whole() != 0;
  array.sizes = in.numbers<std::int64_t>();
  array.real = in.numbers<double>();
  array.whole = in.numbers<std::int64_t>();
  const std::string present = in.text();
  array.present.assign(present.begin(), present.end());
  const std::int64_t axes = in.whole();
  for (std::int64_t k = 0; k < axes && in.good; ++k) array.coordinates.push_back(in.numbers<std::int64_t>());
  return array;
}

void put_sites(Writer& out, const std::vector<FitSite>& sites) {
  out.number(static_cast<std::int64_t>(sites.size()));
  for (const FitSite& s : sites) {
    out.text(s.name);
    put_texts(out, s.axes);
    out.numbers(s.sizes);
    out.numbers(s.positions);
    out.number(s.partial ? 1 : 0);
    out.number(s.count);
  }
}

std::vector<FitSite> get_sites(Reader& in) {
  std::vector<FitSite> sites;
  for (std::int64_t n = in.whole(); n > 0 && in.good; --n) {
    FitSite s;
    s.name = in.text();
    s.axes = get_texts(in);
    s.sizes = in.numbers<std::int64_t>();
    s.positions = in.numbers<std::int64_t>();
    s.partial = in.whole() != 0;
    s.count = in.whole();
    sites.push_back(std::move(s));
  }
  return sites;
}

void put_header(Writer& out, const Fit& fit) {
  out.number(static_cast<std::int64_t>(fit.texts.size()));
  for (const auto& [name, text] : fit.texts) out.text(name), out.text(text);
  out.number(static_cast<std::int64_t>(fit.numbers.size()));
  for (const auto& [name, value] : fit.numbers) out.text(name), out.number(value);
  out.number(static_cast<std::int64_t>(fit.dimensions.size()));
  for (const data::Dimension& d : fit.dimensions) {
    out.text(d.name);
    out.number(d.size);
    put_texts(out, d.labels);
  }
  out.number(static_cast<std::int64_t>(fit.arguments.size()));
  for (const FitArgument& a : fit.arguments) {
    out.text(a.name);
    put_texts(out, a.axes);
    out.number(a.kind);
    out.text(a.index_of);
    out.number(a.observed ? 1 : 0);
    put_array(out, *a.array);
  }
  put_sites(out, fit.sites);
  out.number(fit.draws);
  put_sites(out, fit.likelihood);
}

Fit get_header(Reader& in) {
  Fit fit;
  for (std::int64_t n = in.whole(); n > 0 && in.good; --n) {
    const std::string name = in.text();
    fit.texts[name] = in.text();
  }
  for (std::int64_t n = in.whole(); n > 0 && in.good; --n) {
    const std::string name = in.text();
    fit.numbers[name] = in.real();
  }
  for (std::int64_t n = in.whole(); n > 0 && in.good; --n) {
    data::Dimension d;
    d.name = in.text();
    d.size = in.whole();
    d.labels = get_texts(in);
    for (const std::string& label : d.labels) d.keys.push_back(data::label_key(label));
    fit.dimensions.push_back(std::move(d));
  }
  for (std::int64_t n = in.whole(); n > 0 && in.good; --n) {
    FitArgument a;
    a.name = in.text();
    a.axes = get_texts(in);
    a.kind = in.whole();
    a.index_of = in.text();
    a.observed = in.whole() != 0;
    a.array = std::make_shared<const data::Array>(get_array(in));
    fit.arguments.push_back(std::move(a));
  }
  fit.sites = get_sites(in);
  fit.draws = in.whole();
  fit.likelihood = get_sites(in);
  return fit;
}

std::int64_t rest_at(std::size_t end_of_header) {
  return static_cast<std::int64_t>((end_of_header + 8 + 63) / 64 * 64);
}

class LfitWriter final : public FitWriter {
 public:
  LfitWriter(std::string path, const Fit& fit, Problems& problems)
      : path_(std::move(path)), problems_(problems), draws_(fit.draws), values_(fit.value_count()), terms_(fit.term_count()) {
    Writer counted(nullptr);
    put_header(counted, fit);
    header_size_ = counted.size();
    Writer front;
    put_front(front, 0);
    front_size_ = front.size();
    rest_ = rest_at(front_size_ + header_size_);
    size_ = rest_ + (values_ + 2 + terms_) * draws_ * 8;
  }
  ~LfitWriter() override {
    if (memory_) ::munmap(memory_, static_cast<std::size_t>(size_));
    if (!done_) ::unlink(unfinished_name(path_).c_str());
  }

  bool open(const Fit& fit) {
    const int file = ::open(unfinished_name(path_).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return fail();
    // Room for all of it now, so that a full disk is met here and not by a write into memory.
    const int room = ::posix_fallocate(file, 0, size_);
    void* memory = MAP_FAILED;
    if (room == 0)
      memory = ::mmap(nullptr, static_cast<std::size_t>(size_), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) {
      errno = room ? room : errno;
      return fail();
    }
    memory_ = static_cast<char*>(memory);
    // The header, with the data, where it will stay: it may be as large as they are.
    Writer header(memory_ + front_size_), front(memory_);
    put_header(header, fit);
    put_front(front, checksum({memory_ + front_size_, header_size_}));
    return true;
  }

  bool add(std::int64_t first, std::int64_t count, const Draws& draws) override {
    double* const to = reinterpret_cast<double*>(memory_ + rest_) + first;
    turn(draws.values, values_, count, to);
    std::memcpy(to + values_ * draws_, draws.log_density, static_cast<std::size_t>(count) * 8);
    std::memcpy(to + (values_ + 1) * draws_, draws.log_guide, static_cast<std::size_t>(count) * 8);
    turn(draws.terms, terms_, count, to + (values_ + 2) * draws_);
    return true;
  }

  bool finish() override {
    const std::uint64_t sum = checksum({memory_ + rest_, static_cast<std::size_t>(size_ - rest_)});
    std::memcpy(memory_ + front_size_ + header_size_, &sum, 8);
    done_ = ::msync(memory_, static_cast<std::size_t>(size_), MS_SYNC) == 0 && finish_file(path_, problems_);
    return done_;
  }

 private:
  void put_front(Writer& out, std::uint64_t sum) const {
    out.text(kMagic);
    out.number(kFitFormat);
    out.number(static_cast<std::int64_t>(header_size_));
    out.number(sum);
  }
  // [draw][number] to [number][draw].
  void turn(const double* from, std::int64_t width, std::int64_t count, double* to) const {
    for (std::int64_t v = 0; v < width; ++v) {
      for (std::int64_t d = 0; d < count; ++d) to[v * draws_ + d] = from[d * width + v];
    }
  }
  bool fail() {
    const char* const reason = std::strerror(errno);
    problems_.report(Id::CannotWrite, path_, reason);
    return false;
  }
  std::string path_;
  Problems& problems_;
  std::size_t front_size_ = 0, header_size_ = 0;
  std::int64_t draws_, values_, terms_, rest_ = 0, size_ = 0;
  char* memory_ = nullptr;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<FitWriter> write_lfit(const std::string& path, const Fit& header, Problems& problems) {
  auto made = std::make_unique<LfitWriter>(path, header, problems);
  if (!made->open(header)) return nullptr;
  return made;
}

std::optional<Fit> read_lfit(const std::string& path, Problems& problems) {
  const std::unique_ptr<data::Text> text = data::Text::read(path, problems);
  if (!text) return std::nullopt;
  const std::string_view bytes(text->begin(), text->size());
  const auto damaged = [&](const char* why) {
    problems.report(Id::DamagedFit, path, why);
    return std::nullopt;
  };
  Reader in(bytes);
  if (in.text() != kMagic) {
    problems.report(Id::NotAFit, path, "it does not begin as one");
    return std::nullopt;
  }
  const std::int64_t format = in.whole();
  if (in.good && format != kFitFormat) {
    problems.report(Id::OtherVersion, path, format, kFitFormat);
    return std::nullopt;
  }
  const std::int64_t size = in.whole(), sum = in.whole();
  const std::size_t front = in.at();
  if (!in.good || size < 0 || size > static_cast<std::int64_t>(bytes.size() - front) - 8)
    return damaged("it ends too early");
  const std::string_view header = bytes.substr(front, static_cast<std::size_t>(size));
  if (static_cast<std::uint64_t>(sum) != checksum(header)) return damaged("its header's checksum is wrong");
  Reader inside(header);
  Fit fit = get_header(inside);
  if (!inside.good || fit.draws < 0) return damaged("its header makes no sense");
  const std::int64_t end = static_cast<std::int64_t>(front) + size, rest = rest_at(static_cast<std::size_t>(end));
  const std::int64_t values = fit.value_count(), wanted = (values + 2 + fit.term_count()) * fit.draws * 8;
  if (static_cast<std::int64_t>(bytes.size()) != rest + wanted) return damaged("its length is wrong");
  Reader after(bytes.substr(static_cast<std::size_t>(end)));
  if (static_cast<std::uint64_t>(after.whole()) != checksum(bytes.substr(static_cast<std::size_t>(rest))))
    return damaged("its draws' checksum is wrong");
  const char* from = bytes.data() + rest;
  const std::size_t column = static_cast<std::size_t>(fit.draws);
  fit.values.resize(static_cast<std::size_t>(values) * column);
  fit.terms.resize(static_cast<std::size_t>(fit.term_count()) * column);
  fit.log_density.resize(column);
  fit.log_guide.resize(column);
  const auto take = [&from](std::vector<double>& to) {
    if (!to.empty()) std::memcpy(to.data(), from, to.size() * 8);
    from += to.size() * 8;
  };
  take(fit.values);
  take(fit.log_density);
  take(fit.log_guide);
  take(fit.terms);
  return fit;
}

}  // namespace lacuna::runtime::io
