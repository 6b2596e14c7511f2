// Fits written and read back in both formats; damaged, foreign and refused files.
#include "runtime/io/fit.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "runtime/data/labels.h"
#include "runtime/io/netcdf_library.h"
#include "runtime/io/write_file.h"
#include "test/unit/runtime/data_fixture.h"
#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::io {
namespace {

// A fit with a labelled dimension, gaps, an index column, a list of cells, and a matrix over one dimension twice.
Fit example() {
  Fit fit;
  fit.texts = {{"program", "model m() {\n}\n"}, {"model", "m"}, {"version", "0.1"}};
  fit.numbers = {{"seed", 7}, {"elbo", -12.25}};
  fit.dimensions = {{"J", 2, {"Aitkin", "São"}, {data::label_key("Aitkin"), data::label_key("São")}}, {"N", 3, {}, {}}};
  data::Array y, county;
  y.given = county.given = true;
  y.sizes = county.sizes = {3};
  y.real = {1.5, data::kGap, -2};
  y.present = {1, 0, 1};
  county.whole = {1, 0, 1};
  fit.arguments = {{"county", {"N"}, LACUNA_INDEX_OF, "J", false, std::make_shared<const data::Array>(county)}, {"y", {"N"}, LACUNA_REAL, "", true, std::make_shared<const data::Array>(y)}};
  fit.sites = {{"mu", {}, {}, {}, false, 1},
               {"a", {"J"}, {2}, {}, false, 2},
               {"L", {"J", "J"}, {2, 2}, {}, false, 4},
               {"y.imputed", {"N"}, {3}, {1}, true, 1}};
  fit.likelihood = {{"y", {"N"}, {3}, {0, 2}, true, 2}};
  fit.draws = 5;
  return fit;
}

// Value v of draw d is 10 d + v + 1/8, its terms are d / 4 and d / 4 - 1.
bool write(const std::string& path, const Fit& fit, Problems& problems, std::int64_t block, bool force = false) {
  const auto writer = write_fit(path, fit, force, problems);
  if (!writer) return false;
  for (std::int64_t first = 0; first < fit.draws; first += block) {
    const std::int64_t count = std::min(block, fit.draws - first), width = fit.value_count();
    std::vector<double> values, lp, lq, terms;
    for (std::int64_t d = first; d < first + count; ++d) {
      for (std::int64_t v = 0; v < width; ++v) values.push_back(static_cast<double>(10 * d + v) + 0.125);
      lp.push_back(-static_cast<double>(d));
      lq.push_back(static_cast<double>(d) / 2);
      for (const double less : {0, 1}) terms.push_back(static_cast<double>(d) / 4 - less);
    }
    if (!writer->add(first, count, {values.data(), lp.data(), lq.data(), terms.data()})) return false;
  }
  return writer->finish();
}

std::string path_of(const std::string& name) {
  return testing::TempDir() + "lacuna_" + std::to_string(::getpid()) + "_" + name;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Files : public testing::TestWithParam<const char*> {};

TEST_P(Files, AFitIsReadAsItWasWritten) {
  const std::string path = path_of(std::string("fit") + GetParam());
  const Fit wanted = example();
  Problems problems;
  ASSERT_TRUE(write(path, wanted, problems, 2)) << render(problems.list()[0], nullptr);
  const auto fit = read_fit(path, problems);
  ASSERT_TRUE(fit) << render(problems.list()[0], nullptr);
  for (const auto& [name, text] : wanted.texts) EXPECT_EQ(fit->texts.at(name), text);
  for (const auto& [name, number] : wanted.numbers) EXPECT_EQ(fit->numbers.at(name), number);
  EXPECT_EQ(fit->draws, 5);
  ASSERT_EQ(fit->sites.size(), 4u);
  EXPECT_EQ(fit->sites[2].axes, (std::vector<std::string>{"J", "J"}));
  EXPECT_TRUE(fit->sites[3].partial);
  EXPECT_EQ(fit->sites[3].axes, (std::vector<std::string>{"N"}));
  EXPECT_EQ(fit->sites[3].sizes, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(fit->sites[3].positions, (std::vector<std::int64_t>{1}));
  ASSERT_EQ(fit->values.size(), 40u);
  for (int v = 0; v < 8; ++v) {
    for (int d = 0; d < 5; ++d) EXPECT_EQ(fit->values[static_cast<std::size_t>(v * 5 + d)], 10 * d + v + 0.125);
  }
  EXPECT_EQ(fit->log_density, (std::vector<double>{0, -1, -2, -3, -4}));
  EXPECT_EQ(fit->log_guide, (std::vector<double>{0, 0.5, 1, 1.5, 2}));
  if (std::string(GetParam()) == ".lfit") {
    EXPECT_EQ(fit->likelihood.at(0).positions, (std::vector<std::int64_t>{0, 2}));
    EXPECT_EQ(fit->terms, (std::vector<double>{0, 0.25, 0.5, 0.75, 1, -1, -0.75, -0.5, -0.25, 0}));
  }
  std::map<std::string, FitArgument> arguments;
  for (const FitArgument& a : fit->arguments) arguments[a.name] = a;
  EXPECT_TRUE(arguments.at("y").observed);
  data::expect_reals(arguments.at("y").array->real, {1.5, data::kGap, -2});
  EXPECT_EQ(arguments.at("y").array->present, (std::vector<std::uint8_t>{1, 0, 1}));
  EXPECT_EQ(arguments.at("county").array->whole, (std::vector<std::int64_t>{1, 0, 1}));
  EXPECT_EQ(arguments.at("county").index_of, "J");
  for (const data::Dimension& d : fit->dimensions) {
    const bool labelled = d.name == "J";
    EXPECT_EQ(d.labels, labelled ? (std::vector<std::string>{"Aitkin", "São"}) : std::vector<std::string>()) << d.name;
    if (d.name == "N") {
      EXPECT_EQ(d.size, 3);
    }
  }
  EXPECT_NE(::access(path.c_str(), F_OK), -1);
  EXPECT_EQ(::access(unfinished_name(path).c_str(), F_OK), -1);
  std::remove(path.c_str());
}

TEST_P(Files, TheSameFitGivesTheSameBytes) {
  const std::string one = path_of(std::string("one") + GetParam()), two = path_of(std::string("two") + GetParam());
  Problems problems;
  ASSERT_TRUE(write(one, example(), problems, 5));
  ::sleep(1);
  ASSERT_TRUE(write(two, example(), problems, 2));
  EXPECT_EQ(bytes_of(one), bytes_of(two));
  std::remove(one.c_str());
  std::remove(two.c_str());
}

TEST_P(Files, AnExistingFileIsReplacedOnlyByForce) {
  const std::string path = path_of(std::string("there") + GetParam());
  Problems problems;
  ASSERT_TRUE(write(path, example(), problems, 5));
  const std::string before = bytes_of(path);
  EXPECT_FALSE(write(path, example(), problems, 5));
  EXPECT_EQ(render(problems.list().back(), nullptr),
            "error[R0754]: `" + path + "` exists\n   = help: `--force` replaces it\n");
  EXPECT_TRUE(write(path, example(), problems, 5, true));
  EXPECT_EQ(bytes_of(path), before);
  std::remove(path.c_str());
  EXPECT_FALSE(write("/no/such/folder/fit" + std::string(GetParam()), example(), problems, 5));
  EXPECT_NE(render(problems.list().back(), nullptr).find("error[R0753]: cannot write `/no/such/folder/fit"),
            std::string::npos);
}

TEST_P(Files, WhatIsNotFinishedLeavesNothing) {
  const std::string path = path_of(std::string("half") + GetParam());
  Problems problems;
  {
    const auto writer = write_fit(path, example(), false, problems);
  }
  EXPECT_EQ(::access(path.c_str(), F_OK), -1);
  EXPECT_EQ(::access(unfinished_name(path).c_str(), F_OK), -1);
}

INSTANTIATE_TEST_SUITE_P(Formats, Files, testing::Values(".nc", ".lfit"),
                         [](const auto& format) { return format.param + 1; });

TEST(Lfit, DamageIsFound) {
  const std::string path = path_of("damage.lfit");
  Problems problems;
  ASSERT_TRUE(write(path, example(), problems, 5));
  const std::string good = bytes_of(path);
  const auto code_of = [&](const std::string& bytes) {
    Problems own;
    EXPECT_TRUE(write_file(path, bytes, own));
    EXPECT_FALSE(read_lfit(path, own));
    return own.list().empty() ? std::string() : std::string(entry(own.list().back().id).code);
  };
  for (std::size_t cut = 40; cut < good.size(); cut += 61) EXPECT_EQ(code_of(good.substr(0, cut)), "R0751") << cut;
  for (std::size_t at = 40; at < good.size(); at += 7) {
    std::string wrong = good;
    wrong[at] = static_cast<char>(wrong[at] ^ 16);
    // Zeros between the header and the draws hold nothing.
    Problems own;
    EXPECT_TRUE(write_file(path, wrong, own));
    const auto read = read_lfit(path, own);
    EXPECT_TRUE(!read || (good[at] == 0 && read->values == read_lfit(path, own)->values)) << at;
  }
  EXPECT_EQ(code_of("nothing like it, but long enough to hold a few numbers"), "R0750");
  std::string version = good;
  version[24] = 9;
  EXPECT_EQ(code_of(version), "R0752");
  std::remove(path.c_str());
}

TEST(NetcdfFit, OtherFilesAreNoFits) {
  const std::string path = path_of("other.nc");
  Problems problems;
  ASSERT_TRUE(write_file(path, "this is not NetCDF", problems));
  EXPECT_FALSE(read_netcdf_fit(path, problems));
  EXPECT_NE(render(problems.list().back(), nullptr).find("error[R0750]: "), std::string::npos);
  ASSERT_TRUE(write(path, example(), problems, 5, true));
  const std::string good = bytes_of(path);
  ASSERT_TRUE(write_file(path, good.substr(0, good.size() / 2), problems));
  const std::size_t before = problems.list().size();
  EXPECT_FALSE(read_netcdf_fit(path, problems));
  EXPECT_GT(problems.list().size(), before);
  std::remove(path.c_str());
}

TEST(NetcdfLibrary, WhereItIsNotFoundThatIsSaid) {
  Problems problems;
  EXPECT_EQ(NetcdfLibrary::load(problems, "libnetcdf_of_nobody.so"), nullptr);
  ASSERT_EQ(problems.list().size(), 1u);
  EXPECT_NE(render(problems.list()[0], nullptr)
                .find("error[R0755]: NetCDF files need the NetCDF library, which is not found: "),
            std::string::npos);
}

TEST(NetcdfData, FilesThatAreNotWhatTheySay) {
  Problems problems;
  const std::string path = path_of("x.nc");
  EXPECT_EQ(data::open_source(path, data::Format::ByExtension, problems), nullptr);
  ASSERT_TRUE(write_file(path, "not NetCDF", problems));
  EXPECT_EQ(data::open_source(path, data::Format::ByExtension, problems), nullptr);
  EXPECT_NE(render(problems.list().back(), nullptr).find("error[R0711]: "), std::string::npos);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace lacuna::runtime::io
