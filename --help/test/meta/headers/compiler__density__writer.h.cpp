#include "compiler/density/writer.h"
#include "compiler/density/writer.h"
