#!/bin/sh
# Installs the browser that the tests of pages run in, where there is none; as root, where there is apt.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" 2>/dev/null; then exit 0; fi
done
command -v apt-get >/dev/null 2>&1 || { echo "install Chromium by hand" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -q >&2
apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends chromium >&2
command -v chromium
