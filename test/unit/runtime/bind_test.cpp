// From the text of a file to a bound model.
#include "runtime/data/bind.h"

#include "test/unit/runtime/data_fixture.h"
#include "test/unit/runtime/models/models.h"

namespace lacuna::runtime::data {
namespace {

TEST(Bind, GapsAndMasksAreLeftOut) {
  Reading r;
  r.csv("x,y,keep\n1,2,1\n2,NA,1\n3,5,0\n4,7,1\n");
  const lacuna_model& model = test::missing_outcome();
  const auto data = match(*model.metadata, r.sources, r.options, {}, r.problems);
  ASSERT_TRUE(data) << r.said();
  const auto bound = BoundModel::bind(model, *data, r.problems);
  ASSERT_TRUE(bound) << r.said();
  EXPECT_EQ(bound->coordinates(), 3);
  EXPECT_EQ(bound->site_scored[3], 2);
  EXPECT_EQ(bound->site_left_out[3], 2);
  // Only the first and the last row count: the same value with other numbers in the rest.
  Reading other;
  other.csv("x,y,keep\n1,2,1\n-9,NA,1\n8,-50,0\n4,7,1\n");
  const auto more = match(*model.metadata, other.sources, other.options, {}, other.problems);
  const auto second = BoundModel::bind(model, *more, other.problems);
  const double point[3] = {0.3, 1.1, -0.2};
  double a = 0, b = 1;
  model.log_density(bound->bound(), point, LACUNA_JACOBIAN, nullptr, &a, nullptr);
  model.log_density(second->bound(), point, LACUNA_JACOBIAN, nullptr, &b, nullptr);
  EXPECT_EQ(a, b);
}

// What the model itself refuses is said by the names of the data and the lines of the program.
TEST(Bind, ErrorsOfAModelAreSaidByName) {
  Reading r;
  r.json(R"({"y": [1, 2], "sigma": [1, 1]})");
  const lacuna_model& model = test::eight_schools();
  const auto data = match(*model.metadata, r.sources, r.options, {}, r.problems);
  ASSERT_TRUE(data) << r.said();
  const auto said = [&](lacuna_error error) {
    Problems problems;
    report_error(*model.metadata, &*data, error, problems);
    return render(problems.list().at(0), model.metadata);
  };
  EXPECT_EQ(said({LACUNA_VALUE, 1, 1}),
            "error[R0731]: `sigma` has a value outside its type\n  --> data.json\n   | sigma[1]\n"
            "  --> eight_schools.ppl:2:38\n   |\n 2 | model eight_schools(y: real[School], sigma: positive[School]) {\n"
            "   |                                      ^^^^^\n");
  EXPECT_NE(said({LACUNA_OVERLAP, 3, 4}).find("error[R0738]: two statements score the same cell of `y`"),
            std::string::npos);
  EXPECT_NE(said({LACUNA_DIMENSION, 0, 1}).find("error[R0725]: the dimension `School` is empty"), std::string::npos);
  EXPECT_NE(said({LACUNA_CHECK, 7, 1}).find("error[R0737]: "), std::string::npos);
}

}  // namespace
}  // namespace lacuna::runtime::data
