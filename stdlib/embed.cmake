# cmake -DROOT=CHECKOUT -DFILES=a.ppl|b.ppl -DOUT=FILE.cpp -P embed.cmake
#
# Writes a C++ file that defines `lacuna::check::embedded_library()`: for each `dist Name` or `fn name` at the beginning of a line of
# the given files, the name, the path and the file's text.
string(REPLACE "|" ";" FILES "${FILES}")
set(texts "")
set(entries "")
set(number 0)
foreach(path IN LISTS FILES)
  file(READ "${ROOT}/${path}" text)
  string(FIND "${text}" ")LACUNA\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${path} contains )LACUNA\", which ends the literal that it is embedded in")
  endif()
  string(APPEND texts "constexpr std::string_view kText${number} = R\"LACUNA(${text})LACUNA\";\n")
  string(REGEX MATCHALL "(^|\n)(dist|fn) [A-Za-z0-9_]+" declared "${text}")
  set(names "")
  foreach(declaration IN LISTS declared)
    string(REGEX REPLACE "^.*(dist|fn) " "" name "${declaration}")
    list(APPEND names ${name})
  endforeach()
  list(REMOVE_DUPLICATES names)
  foreach(name IN LISTS names)
    string(APPEND entries "    {\"${name}\", \"${path}\", kText${number}},\n")
  endforeach()
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUT}" "// Made by stdlib/embed.cmake.
#include <array>

#include \"compiler/check/library.h\"

namespace {
${texts}
}  // namespace

namespace lacuna::check {
std::span<const LibraryFile> embedded_library() {
  static constexpr auto kFiles = std::to_array<LibraryFile>({
${entries}  });
  return kFiles;
}
}  // namespace lacuna::check
")
