#include "compiler/autodiff/adjoint_rules.h"
#include "compiler/autodiff/adjoint_rules.h"
