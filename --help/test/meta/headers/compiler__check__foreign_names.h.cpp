#include "compiler/check/foreign_names.h"
#include "compiler/check/foreign_names.h"
