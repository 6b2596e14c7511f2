// The table of a fit: one row for each number that was drawn.
//
//   needs    runtime/io/fit.h
//   leaves   text for people or JSON for machines
//   shown by test/unit/runtime/run_fit_test.cpp
#pragma once
#include <string>

#include "runtime/io/fit.h"

namespace lacuna::runtime::assess {

// Columns mean, sd, mcse, 5%, 50%, 95%, ess, r_hat; rows named by labels ("a[Aitkin]", "L[0,1]"); then how the fit went,
// with its warnings. R-hat compares the halves of the draws, which are independent here: it is 1 but for noise, and judges
// no approximation.
std::string summary_text(const io::Fit& fit);
// {"latents": {"a[Aitkin]": {"mean": ..}}, "elbo": .., "pareto_k": .., "warnings": ".."}; what is not a number is null.
std::string summary_json(const io::Fit& fit);

}  // namespace lacuna::runtime::assess
