#include "compiler/check/distribution_call.h"
#include "compiler/check/distribution_call.h"
