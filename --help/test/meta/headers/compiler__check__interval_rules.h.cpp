#include "compiler/check/interval_rules.h"
#include "compiler/check/interval_rules.h"
