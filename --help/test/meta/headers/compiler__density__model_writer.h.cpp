#include "compiler/density/model_writer.h"
#include "compiler/density/model_writer.h"
