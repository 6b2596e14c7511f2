#include "compiler/syntax/rule_parser.h"
#include "compiler/syntax/rule_parser.h"
