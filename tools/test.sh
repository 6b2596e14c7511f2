#!/bin/sh
# Installs what is missing, then builds and tests: the release tree, all but what is labelled `nightly`; the layers' unit tests and the fuzz mains
# under ASan and UBSan; and what runs on several threads under TSan. The last lines are ctest's summaries.
#
#   tools/test.sh [--release] [CTEST ARGUMENT...]      e.g. tools/test.sh --release -R lit
#
# --release: that tree alone. CTEST ARGUMENTs choose among the tests of each tree.
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

failed=
trees=
run_tests() {  # PRESET [CTEST ARGUMENT...]
  preset=$1; shift
  trees="$trees $preset"
  echo "== testing $preset"
  ctest --preset "$preset" -j"$jobs" "$@" 2>&1 | tee "build/$preset-test.log" || true
  grep -Eq '^100% tests passed|^No tests were found!!!' "build/$preset-test.log" || failed="$failed $preset"
}

sanitizers=yes
if [ "${1:-}" = --release ]; then sanitizers=; shift; fi

build release
run_tests ci "$@"
if [ -n "$sanitizers" ]; then
  # A choice of tests may leave these trees without any.
  [ $# = 0 ] || set -- --no-tests=ignore "$@"
  build dev lacuna_sanitized_tests
  run_tests dev "$@"
  build tsan lacuna_thread_tests
  run_tests tsan "$@"
fi

for preset in $trees; do
  echo "== $preset: $(grep -E 'tests passed|No tests were found' "build/$preset-test.log" || echo 'no summary: ctest stopped early')"
done
if [ -n "$failed" ]; then
  echo "failed:$failed" >&2
  exit 1
fi
