#include "compiler/check/program.h"
#include "compiler/check/program.h"
