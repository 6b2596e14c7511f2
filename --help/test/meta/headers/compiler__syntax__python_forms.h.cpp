#include "compiler/syntax/python_forms.h"
#include "compiler/syntax/python_forms.h"
