#include "compiler/support/utf8.h"
#include "compiler/support/utf8.h"
