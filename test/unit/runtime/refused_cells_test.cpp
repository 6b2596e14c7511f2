// Elements of arrays, found again in the files that they came from.
#include "runtime/data/refused_cells.h"

#include "test/unit/runtime/data_fixture.h"

namespace lacuna::runtime::data {
namespace {

using Elements = std::vector<std::int64_t>;

// "place: word" of each element, from the sources read a second time.
std::vector<std::string> found(Reading& first, Reading& again, const Signature& signature, int argument, const Elements& elements) {
  const auto data = match(signature.metadata, first.sources, first.options, {}, first.problems);
  EXPECT_TRUE(data) << first.said();
  std::vector<std::string> texts;
  if (!data) return texts;
  for (const CellInFile& each : find_in_files(signature.metadata, again.sources, again.options, data->dimensions, argument, elements))
    texts.push_back(each.place + ": " + each.word);
  return texts;
}

using Texts = std::vector<std::string>;

// k: J[N] with labels that are declared, x: real[N], both checked where they are read.
const Signature& rows() {
  static const Signature made({{"J", 2, {"ash", "elm"}}, {"N"}}, {{"k", index_of(0), {1}, LACUNA_UNCHECKED}, {"x", kReal, {1}, LACUNA_UNCHECKED}});
  return made;
}

TEST(FindInFiles, ALineAndTheTextOfALabel) {
  const std::string text = "x,k\n1,ash\n\"2\",oak\n\n,elm\n4,\n";
  const auto look = [&](int argument, const Elements& elements) {
    Reading first, again;
    return found(first.csv(text), again.csv(text), rows(), argument, elements);
  };
  EXPECT_EQ(look(0, {1, 3}), (Texts{"line 3: oak", "line 6: "}));
  EXPECT_EQ(look(1, {2, 3}), (Texts{"line 5: ", "line 6: 4"}));
}

TEST(FindInFiles, APathInJson) {
  const std::string text = R"({"x": [1, null, 3], "k": ["ash", "oak", null]})";
  Reading first, again;
  EXPECT_EQ(found(first.json(text), again.json(text), rows(), 0, {1, 2}), (Texts{"k[1]: oak", "k[2]: "}));
}

// Rows stand in the order of their labels once they are matched, not in the file's.
TEST(FindInFiles, RowsThatWerePutInOrder) {
  const Signature signature({{"J"}}, {{"x", kReal, {0}, LACUNA_UNCHECKED}});
  const std::string text = "name,x\nelm,5\nash,-1\noak,7\n";
  Reading first, again;
  first.csv(text).key("J=name");
  again.csv(text).key("J=name");
  EXPECT_EQ(found(first, again, signature, 0, {0, 1, 2}), (Texts{"line 3: -1", "line 2: 5", "line 4: 7"}));
}

TEST(FindInFiles, ColumnsOfAMatrixAndCellsOfALongTable) {
  const Signature signature({{"A"}, {"B"}}, {{"x", kReal, {0, 1}, LACUNA_UNCHECKED}});
  Reading first, again;
  for (Reading* each : {&first, &again}) each->csv("u,v,w\n1,2,3\n4,5,6\n").bind("x=u, w");
  EXPECT_EQ(found(first, again, signature, 0, {1, 2}), (Texts{"line 2, `w`: 3", "line 3, `u`: 4"}));
  Reading list, anew;
  for (Reading* each : {&list, &anew}) each->csv("a,b,v\nq,z,1\np,z,2\np,y,3\nq,y,4\n").bind("x[A, B] = v by a, b");
  EXPECT_EQ(found(list, anew, signature, 0, {0, 1, 3}), (Texts{"line 4: 3", "line 3: 2", "line 2: 1"}));
}

TEST(FindInFiles, NothingInAFileThatIsNoLongerTheSame) {
  Reading first, again;
  EXPECT_EQ(found(first.csv("x,k\n1,ash\n2,elm\n"), again.csv("x,k\n1,ash\n"), rows(), 0, {1}), Texts{});
}

}  // namespace
}  // namespace lacuna::runtime::data
