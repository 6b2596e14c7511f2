#include "compiler/syntax/program_reader.h"
#include "compiler/syntax/program_reader.h"
