// Files read into memory, and written in one step.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace lacuna::driver {

struct FileText {
  std::string text;
  std::string problem;  // in words, when the file cannot be read: "it is a folder"
};

// The first `limit` bytes of a file; `-` is standard input. Pipes and devices are read as far as they go.
FileText read_file(const std::string& path, std::size_t limit);

// Replaces a file by `text`: written beside it under another name, then renamed, so that no half-written file is ever seen.
// Keeps the file's permissions, and follows links. The problem in words, empty when done.
std::string replace_file(const std::string& path, std::string_view text);

}  // namespace lacuna::driver
