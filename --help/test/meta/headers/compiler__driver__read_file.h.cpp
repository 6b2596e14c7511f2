#include "compiler/driver/read_file.h"
#include "compiler/driver/read_file.h"
