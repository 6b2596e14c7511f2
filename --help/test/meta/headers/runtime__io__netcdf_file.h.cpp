#include "runtime/io/netcdf_file.h"
#include "runtime/io/netcdf_file.h"
