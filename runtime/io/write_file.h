// A file that is there whole or not at all: written under another name beside the wanted one, and renamed when
// complete.
#pragma once
#include <string>
#include <string_view>

#include "runtime/diagnostics/diagnostic.h"

namespace lacuna::runtime::io {

// The name under which `path` is written until it is complete: the same for every run, so that nothing is left lying
// about.
std::string unfinished_name(const std::string& path);

// Reports R0754 when `path` exists and may not be replaced, R0753 when its folder cannot be written to.
bool may_write(const std::string& path, bool force, Problems& problems);

// Moves the complete file `unfinished_name(path)` to `path`, after its bytes have reached the disk.
bool finish_file(const std::string& path, Problems& problems);

// All of it in one step.
bool write_file(const std::string& path, std::string_view bytes, Problems& problems);

}  // namespace lacuna::runtime::io
