#!/bin/sh
# Formats the C++ files that differ from main (all, with --all); with --check, only says which are not formatted.
#
#   tools/dev/format.sh [--check] [--all] [BASE]
set -eu
cd "$(dirname "$0")/../.."
formatter=$(command -v clang-format-22 || command -v clang-format) || { echo "format.sh: install clang-format-22" >&2; exit 1; }
mode=-i
all=
base=main
for word in "$@"; do
  case "$word" in
    --check) mode="--dry-run -Werror" ;;
    --all) all=1 ;;
    *) base=$word ;;
  esac
done
if [ -n "$all" ]; then
  list() { git ls-files '*.cpp' '*.h' '*.c'; }
else
  list() { git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.h' '*.c'; git ls-files --others --exclude-standard -- '*.cpp' '*.h' '*.c'; }
fi
# shellcheck disable=SC2086  # the mode is two words
list | sort -u | xargs -r "$formatter" $mode
