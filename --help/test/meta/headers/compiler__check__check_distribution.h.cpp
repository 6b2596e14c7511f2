#include "compiler/check/check_distribution.h"
#include "compiler/check/check_distribution.h"
