#include "compiler/ir/body_verifier.h"
#include "compiler/ir/body_verifier.h"
