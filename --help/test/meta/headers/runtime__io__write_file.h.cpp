#include "runtime/io/write_file.h"
#include "runtime/io/write_file.h"
