#!/bin/sh
# Installs what is missing, builds the two trees (release; ASan + UBSan) and runs all tests but those labelled `nightly`.
# The last lines are ctest's summaries of both.
#
#   tools/test.sh [CTEST ARGUMENT...]      e.g. tools/test.sh -R lit
set -eu
cd "$(dirname "$0")/.."
tools/setup.sh
mkdir -p build
jobs=$(nproc)

build() {  # PRESET
  echo "== building $1"
  cmake --preset "$1" >"build/$1-configure.log" 2>&1 || { cat "build/$1-configure.log"; return 1; }
  cmake --build --preset "$1" -- -j"$jobs" --quiet
}

run_tests() {  # PRESET [CTEST ARGUMENT...]
  preset=$1; shift
  echo "== testing $preset"
  ctest --preset "$preset" -j"$jobs" "$@" 2>&1 | tee "build/$preset-test.log" || true
  grep -q '^100% tests passed' "build/$preset-test.log" || failed="$failed $preset"
}

failed=
build release
run_tests ci "$@"
build dev
run_tests dev "$@"

for preset in ci dev; do
  echo "== $preset: $(grep 'tests passed' "build/$preset-test.log" || echo 'no summary: ctest stopped early')"
done
if [ -n "$failed" ]; then
  echo "failed:$failed" >&2
  exit 1
fi
