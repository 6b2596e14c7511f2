#include "compiler/driver/compiler_library.h"
#include "compiler/driver/compiler_library.h"
