#include "compiler/syntax/prescan.h"
#include "compiler/syntax/prescan.h"
