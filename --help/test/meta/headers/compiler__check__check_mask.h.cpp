#include "compiler/check/check_mask.h"
#include "compiler/check/check_mask.h"
