#include "compiler/syntax/habits.h"
#include "compiler/syntax/habits.h"
