#include "compiler/entries/describe.h"
#include "compiler/entries/describe.h"
