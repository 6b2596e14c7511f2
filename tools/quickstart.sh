#!/bin/sh
# From a fresh machine to a result: installs what is missing, builds the release tree, and runs the main job on real input.
# The command is then build/release/bin/lacuna.
set -eu
cd "$(dirname "$0")/.."
tools/setup.sh

mkdir -p build
cmake --preset release >build/release-configure.log 2>&1 || { cat build/release-configure.log; exit 1; }
cmake --build --preset release --target lacuna

lacuna=build/release/bin/lacuna
echo "\$ lacuna check test/programs/gallery/*.ppl"
"$lacuna" check test/programs/gallery/*.ppl
echo "no complaints about $(ls test/programs/gallery/*.ppl | wc -l) programs"
