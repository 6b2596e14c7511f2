#include "compiler/support/source.h"
#include "compiler/support/source.h"
