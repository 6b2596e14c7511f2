// A stretch of a target: which elements, which cells, which keys.
#include "runtime/predict/cut.h"

#include "test/unit/runtime/data_fixture.h"

namespace lacuna::runtime::predict {
namespace {

using data::index_of;
using data::kReal;
using data::Signature;
using Wholes = std::vector<std::int64_t>;
using Keys = std::vector<std::uint64_t>;

// N has 4 elements, P 2; x: real[N, P], t: real[P, N], c: J[N], u: real[P], s: real[N, P] of which three cells are listed.
struct Whole {
  Signature signature{{{"N"}, {"P"}, {"J"}},
                      {{"x", kReal, {0, 1}},
                       {"t", kReal, {1, 0}},
                       {"c", index_of(2), {0}},
                       {"u", kReal, {1}},
                       {"s", kReal, {0, 1}, LACUNA_SPARSE}}};
  Target target;

  Whole() {
    target.dataset.dimensions = {{"N", 4, {}, {}}, {"P", 2, {}, {}}, {"J", 3, {}, {}}};
    target.units.resize(3);
    target.units[0].known = target.units[0].given = {-1, 7, -1, 5};
    data::Array x, t, c, u, s;
    for (data::Array* a : {&x, &t, &c, &u, &s}) a->given = true;
    x.sizes = {4, 2}, x.real = {0, 1, 10, 11, 20, 21, 30, 31};
    t.sizes = {2, 4}, t.real = {0, 1, 2, 3, 10, 11, 12, 13};
    c.sizes = {4}, c.whole = {2, 1, 0, 1}, c.present = {1, 0, 1, 1};
    u.sizes = {2}, u.real = {8, 9};
    s.sizes = {4, 2}, s.sparse = true, s.coordinates = {{0, 2, 1}, {1, 0, 1}}, s.real = {1, 2, 3};
    target.dataset.arguments = {x, t, c, u, s};
  }
};

TEST(Cut, TakesCellsAlongTheAxisWhereverItStands) {
  const Whole whole;
  const Target some = cut(whole.signature.metadata, whole.target, 0, 1, 3);
  const auto& arguments = some.dataset.arguments;
  EXPECT_EQ(arguments[0].sizes, (Wholes{2, 2}));
  EXPECT_EQ(arguments[0].real, (std::vector<double>{10, 11, 20, 21}));
  EXPECT_EQ(arguments[1].sizes, (Wholes{2, 2}));
  EXPECT_EQ(arguments[1].real, (std::vector<double>{1, 2, 11, 12}));
  EXPECT_EQ(arguments[2].whole, (Wholes{1, 0}));
  EXPECT_EQ(arguments[2].present, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(arguments[3].real, (std::vector<double>{8, 9}));
  EXPECT_EQ(arguments[4].coordinates, (std::vector<Wholes>{{1, 0}, {0, 1}}));
  EXPECT_EQ(arguments[4].real, (std::vector<double>{2, 3}));
  EXPECT_EQ(some.units[0].known, (Wholes{7, -1}));
}

TEST(Cut, ElementsWithoutLabelsKeepTheirPositionsAsKeys) {
  Whole whole;
  EXPECT_EQ(cut(whole.signature.metadata, whole.target, 0, 2, 4).dataset.dimensions[0].keys, (Keys{2, 3}));
  whole.target.dataset.dimensions[0].labels = {"a", "b", "c", "d"};
  whole.target.dataset.dimensions[0].keys = {11, 12, 13, 14};
  const Target some = cut(whole.signature.metadata, whole.target, 0, 2, 4);
  EXPECT_EQ(some.dataset.dimensions[0].keys, (Keys{13, 14}));
  EXPECT_EQ(some.dataset.dimensions[0].labels, (std::vector<std::string>{"c", "d"}));
}

}  // namespace
}  // namespace lacuna::runtime::predict
