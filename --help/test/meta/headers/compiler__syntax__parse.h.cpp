#include "compiler/syntax/parse.h"
#include "compiler/syntax/parse.h"
