#include "compiler/transform/passes.h"

#include "compiler/transform/carry_recurrences.h"
#include "compiler/transform/cut_into_segments.h"
#include "compiler/transform/eliminate_common_subexpressions.h"
#include "compiler/transform/eliminate_dead_code.h"
#include "compiler/transform/flatten_branches.h"
#include "compiler/transform/fuse_loops.h"
#include "compiler/transform/gather_inputs.h"
#include "compiler/transform/hoist_invariants.h"
#include "compiler/transform/multiply_by_reciprocals.h"
#include "compiler/transform/separate_stages.h"
#include "compiler/transform/share_bound_data.h"
#include "compiler/transform/share_softmax.h"
#include "compiler/transform/simplify.h"
#include "compiler/transform/split_branches.h"
#include "compiler/transform/split_rows.h"
#include "compiler/transform/split_sums.h"
#include "compiler/transform/store_first_sums.h"
#include "compiler/transform/store_inner_invariants.h"
#include "compiler/transform/sum_logs.h"
#include "compiler/transform/sum_over_values.h"
#include "compiler/transform/take_reciprocals_of_data.h"

namespace lacuna::transform {

const std::vector<Pass>& passes() {
  static const std::vector<Pass> list = {
#define LACUNA_PASS(function, meaning) {#function, meaning, function},
#include "compiler/transform/passes.def"
#undef LACUNA_PASS
  };
  return list;
}

}  // namespace lacuna::transform
