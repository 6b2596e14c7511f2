#include "compiler/elaborate/scalar_form.h"
#include "compiler/elaborate/scalar_form.h"
