#include "compiler/check/distribution_overload.h"
#include "compiler/check/distribution_overload.h"
