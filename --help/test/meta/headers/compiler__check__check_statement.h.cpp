#include "compiler/check/check_statement.h"
#include "compiler/check/check_statement.h"
