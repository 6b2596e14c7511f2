#include "compiler/ir/printer.h"
#include "compiler/ir/printer.h"
