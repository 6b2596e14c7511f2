// A fit in a C++ program: opened once, then asked for predictions, for a county that it knows and for one that it does not.
#include <algorithm>
#include <cstdio>
#include <lacuna/lacuna.hpp>

#include "model.h"

namespace {

// What the draws say: their mean, and the interval that holds nine tenths of them.
void show(const char* what, double floor, std::vector<double> draws) {
  std::sort(draws.begin(), draws.end());
  double sum = 0;
  for (double each : draws) sum += each;
  const auto at = [&](double share) { return draws[static_cast<std::size_t>(share * static_cast<double>(draws.size() - 1))]; };
  std::printf("%-14s floor %.0f: %6.2f, from %6.2f to %6.2f\n", what, floor, sum / static_cast<double>(draws.size()), at(0.05), at(0.95));
}

void run(const char* path) {
  const lacuna::Fit fit(*lacuna_new_groups(), path);
  const int64_t draws = fit.draws();

  // One row of data; the counties are those of the fit, and one more.
  const int64_t counties = fit.size(new_groups_dimension_County);
  std::vector<int64_t> county_map;
  for (int64_t e = 0; e < counties; ++e) county_map.push_back(e);
  county_map.push_back(-1);
  std::vector<uint64_t> keys;
  for (int64_t e = 0; e < counties; ++e) keys.push_back(lacuna_label_key(lacuna_fit_label(fit.get(), new_groups_dimension_County, e)));
  keys.push_back(lacuna_label_key("somewhere new"));

  int64_t county = 0;
  double floor = 0;
  new_groups_inputs inputs{};
  inputs.County = counties + 1;
  inputs.keys[new_groups_dimension_County] = keys.data();
  inputs.N = 1;
  inputs.county = &county;
  inputs.floor = &floor;
  new_groups_arrays arrays;
  new_groups_fill(&inputs, &arrays);
  const int64_t* maps[new_groups_dimension_count] = {};
  maps[new_groups_dimension_County] = county_map.data();

  lacuna::Predictor predictor(fit, arrays, {new_groups_site_log_radon}, draws, maps);
  std::vector<double> out(static_cast<std::size_t>(draws));
  double* const outs[] = {out.data()};
  for (const int64_t where : {fit.element(new_groups_dimension_County, "county 03"), counties}) {
    for (const double level : {0.0, 1.0}) {
      county = where;
      floor = level;
      predictor.bind(arrays);
      predictor.run(0, draws, 1, outs);
      show(where < counties ? "county 03" : "somewhere new", level, out);
    }
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "embed_cpp FIT.lfit\n");
    return 2;
  }
  try {
    run(words[1]);
  } catch (const lacuna::Error& error) {
    std::fprintf(stderr, "embed_cpp: %s\n", error.what());
    return 1;
  }
  return 0;
}
