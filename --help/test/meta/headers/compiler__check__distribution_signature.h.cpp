#include "compiler/check/distribution_signature.h"
#include "compiler/check/distribution_signature.h"
