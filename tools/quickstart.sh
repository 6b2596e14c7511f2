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
example=examples/regression_with_gaps
echo
echo "The programs of the gallery are checked:"
echo "\$ lacuna check test/programs/gallery/*.ppl"
"$lacuna" check test/programs/gallery/*.ppl
echo
echo "A hundred rows, twenty of them without an outcome: the log density of what is there, and its gradient:"
echo "\$ lacuna log-density $example/model.ppl $example/train.csv --at $example/point.json --gradient"
"$lacuna" log-density "$example/model.ppl" "$example/train.csv" --at "$example/point.json" --gradient
echo
echo "The posterior, from the same data:"
echo "\$ lacuna fit $example/model.ppl $example/train.csv -o build/quickstart.lfit"
"$lacuna" fit "$example/model.ppl" "$example/train.csv" -o build/quickstart.lfit --force
echo "\$ lacuna summary build/quickstart.lfit"
"$lacuna" summary build/quickstart.lfit
echo
echo "Predictions for 50 new rows, for one, and for a thousand:"
for rows in 50 1 1000; do
  echo "\$ lacuna predict build/quickstart.lfit $example/new_$rows.csv -o build/quickstart_$rows.csv --summary mean,sd,q05,q95"
  "$lacuna" predict build/quickstart.lfit "$example/new_$rows.csv" -o "build/quickstart_$rows.csv" --summary mean,sd,q05,q95 --force
done
echo "\$ head -4 build/quickstart_50.csv"
head -4 build/quickstart_50.csv
