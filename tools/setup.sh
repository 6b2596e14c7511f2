#!/bin/sh
# Installs the Debian packages of tools/packages.txt that are missing. When none is, it does nothing and needs no network.
# Needs root or sudo; with neither, it says which packages to install.
set -eu
here=$(dirname "$0")

missing=
for package in $(sed 's/#.*//' "$here/packages.txt"); do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=sudo
else
  echo "setup.sh: these packages are missing, and installing them needs root or sudo:" >&2
  echo "  apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

echo "setup.sh: installing$missing"
$as_root apt-get update -q >/dev/null
if ! apt-cache show llvm-22-dev >/dev/null 2>&1; then
  cat >&2 <<'MESSAGE'
setup.sh: LLVM 22 is not among the packages that this machine can install.
  Debian 12 has it in its security archive: enable the suite `bookworm-security` (component `main`) in
  /etc/apt/sources.list or /etc/apt/sources.list.d/, and run this again.
MESSAGE
  exit 1
fi
# shellcheck disable=SC2086  # one word for each package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >/dev/null
