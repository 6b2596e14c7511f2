#include "compiler/transform/split_sums.h"
#include "compiler/transform/split_sums.h"
