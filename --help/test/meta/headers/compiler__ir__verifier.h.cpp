#include "compiler/ir/verifier.h"
#include "compiler/ir/verifier.h"
