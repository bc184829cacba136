#!/bin/sh
# Installs the shells whose completion is tried; as root, where there is apt.
set -eu
missing=''
for shell in zsh fish; do
  command -v "$shell" >/dev/null 2>&1 || missing="$missing $shell"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || { echo "install by hand:$missing" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -q
# shellcheck disable=SC2086 # Several packages.
apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends $missing
