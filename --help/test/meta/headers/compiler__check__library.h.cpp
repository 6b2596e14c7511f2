#include "compiler/check/library.h"
#include "compiler/check/library.h"
