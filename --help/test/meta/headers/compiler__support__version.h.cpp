#include "compiler/support/version.h"
#include "compiler/support/version.h"
