#include "compiler/syntax/slice.h"
#include "compiler/syntax/slice.h"
