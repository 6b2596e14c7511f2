// Models written by hand as tables of functions: two of the gallery, and one whose posterior is known.
#pragma once
#include "lacuna/model.h"

namespace lacuna::test {

// test/programs/gallery/eight_schools.ppl. Coordinates: mu, log tau, z[School] with theta = mu + tau z. At most 16
// schools.
const lacuna_model& eight_schools();

// test/programs/gallery/missing_outcome.ppl. Coordinates: a, b, log sigma. At most 256 rows.
const lacuna_model& missing_outcome();

// mu ~ Normal(0, 1), y[n] ~ Normal(mu, 1) where present. At most 256 rows. Posterior Normal(sum seen / (n + 1), 1 / (n
// + 1)).
const lacuna_model& normal_mean();

// mu ~ Normal(0, 5), a[J] ~ Normal(mu, 1), y[n] ~ Normal(a[county[n]] + x[n], 1) with `J` open, `N` free. It has no
// density and is there to be predicted; values mu, a[J]. At most 64 counties and 256 rows.
const lacuna_model& hierarchy();

// x ~ MultivariateNormal(mean, precision) over D coordinates, no data but the arguments `mean` [D] and `precision` [D,
// D] (row by row, as [D * D]). At most 8 coordinates.
const lacuna_model& gaussian();

}  // namespace lacuna::test
