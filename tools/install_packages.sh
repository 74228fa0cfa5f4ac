#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs Debian packages: install_packages.sh LOG PACKAGE...
# As root, or through sudo; says what it does. If it may not, one line names the packages.
set -u

log=$1
shift

refuse() {
  echo "skerry: missing packages: $*; install them as root: apt-get install $*" >&2
  exit 1
}

command -v apt-get >/dev/null || refuse "$@"
if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=sudo # asks for the password where there is somebody to ask
else
  refuse "$@"
fi

apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=120 "$@"
}

mkdir -p "$(dirname "$log")" || exit 1
: >"$log" || exit 1
printf '==> installing %s … ' "$*" >&2
start=$(date +%s)
# Lists may be stale and mirrors moody: the second attempt starts from fresh lists again.
for attempt in 1 2; do
  apt update >>"$log" 2>&1
  if apt install --no-install-recommends "$@" >>"$log" 2>&1; then
    echo "$(($(date +%s) - start)) s" >&2
    exit 0
  fi
  echo "attempt $attempt failed" >>"$log"
done
echo failed >&2
tail -n 20 "$log" >&2
echo "skerry: could not install $*; the whole log is $log" >&2
exit 1
