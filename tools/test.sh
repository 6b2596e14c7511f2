#!/bin/sh
# Installs what is missing, builds the release tree and runs all tests but those labelled `nightly`. With --sanitizers, first, the trees under
# ASan + UBSan, and under TSan for what runs on several threads, are built and tested too. The last lines are ctest's summaries.
#
#   tools/test.sh [--sanitizers] [CTEST ARGUMENT...]      e.g. tools/test.sh -R lit
set -eu
cd "$(dirname "$0")/.."
tools/setup.sh
mkdir -p build
jobs=$(nproc)

build() {  # PRESET [TARGET...]
  echo "== building $1"
  cmake --preset "$1" >"build/$1-configure.log" 2>&1 || { cat "build/$1-configure.log"; return 1; }
  preset=$1; shift
  cmake --build --preset "$preset" -- -j"$jobs" --quiet "$@"
}

run_tests() {  # PRESET [CTEST ARGUMENT...]
  preset=$1; shift
  echo "== testing $preset"
  ctest --preset "$preset" -j"$jobs" "$@" 2>&1 | tee "build/$preset-test.log" || true
  grep -q '^100% tests passed' "build/$preset-test.log" || failed="$failed $preset"
}

sanitizers=
if [ "${1:-}" = --sanitizers ]; then sanitizers=yes; shift; fi

failed=
build release
run_tests ci "$@"
trees="ci"
if [ -n "$sanitizers" ]; then
  build dev
  run_tests dev "$@"
  trees="ci dev"
fi
if [ -n "$sanitizers" ] && grep -rqs "lacuna_unit_test(.* THREADS " test/*/*/CMakeLists.txt && [ $# = 0 ]; then
  build tsan lacuna_thread_tests
  run_tests tsan
  trees="$trees tsan"
fi

for preset in $trees; do
  echo "== $preset: $(grep 'tests passed' "build/$preset-test.log" || echo 'no summary: ctest stopped early')"
done
if [ -n "$failed" ]; then
  echo "failed:$failed" >&2
  exit 1
fi
