#include "compiler/check/facts.h"
#include "compiler/check/facts.h"
