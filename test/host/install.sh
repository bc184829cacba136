#!/bin/sh
# Installs what the tests on a host need and a small image may lack; as root, where there is apt.
set -eu
missing=''
for pair in ss:iproute2 nft:nftables iptables:iptables conntrack:conntrack unshare:util-linux; do
  PATH=$PATH:/usr/sbin:/sbin command -v "${pair%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || { echo "install by hand:$missing" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -q
# shellcheck disable=SC2086 # Several packages.
apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends $missing
