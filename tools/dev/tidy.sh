#!/bin/sh
# Runs clang-tidy, with the short list in .clang-tidy, over the files given or else those that differ from main.
#
#   tools/dev/tidy.sh [FILE.cpp...]
set -eu
cd "$(dirname "$0")/../.."
tidy=$(command -v clang-tidy-22 || command -v clang-tidy) || { echo "tidy.sh: install clang-tidy-22" >&2; exit 1; }
cmake --preset release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
if [ $# -gt 0 ]; then
  printf '%s\n' "$@"
else
  git diff --name-only --diff-filter=d main -- '*.cpp'
fi | xargs -r -P"$(nproc)" -n1 "$tidy" --quiet -p build/release
