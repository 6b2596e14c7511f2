#include "compiler/support/sha256.h"
#include "compiler/support/sha256.h"
