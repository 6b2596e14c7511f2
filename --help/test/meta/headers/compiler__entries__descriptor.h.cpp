#include "compiler/entries/descriptor.h"
#include "compiler/entries/descriptor.h"
