#include "runtime/io/netcdf_library.h"
#include "runtime/io/netcdf_library.h"
