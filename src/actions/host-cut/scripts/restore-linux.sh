#!/bin/sh
# Takes away what cut-linux.sh has put in place, and nothing else. What was saved before is never loaded:
# it would undo what was changed since; it is for people. Running it twice does no more than once.

nft_gone() { ! has nft || ! nft list table inet cordon >/dev/null 2>&1; }
away_from_nft() {
  nft_gone && return
  nft delete table inet cordon && method=nft
}
chains_gone() { # <iptables|ip6tables>
  ! has "$1" || ! "$1" -w 5 -S 2>/dev/null | grep -qE '^-[NA] .*CORDON-(IN|OUT|FWD)( |$)'
}
away_from_tables() { # <iptables|ip6tables>
  chains_gone "$1" && return
  for hook in INPUT:IN OUTPUT:OUT FORWARD:FWD; do
    while "$1" -w 5 -D "${hook%:*}" -j "CORDON-${hook#*:}" 2>/dev/null; do :; done
    "$1" -w 5 -F "CORDON-${hook#*:}" 2>/dev/null
    "$1" -w 5 -X "CORDON-${hook#*:}" 2>/dev/null
  done
  method=iptables
}

begin restore
has_folder() { [ -d "$state" ] && [ ! -L "$state" ]; }
if has_folder; then alone || finish false busy; fi
away_from_nft
away_from_tables iptables
away_from_tables ip6tables
nft_gone || finish false still-there
chains_gone iptables || finish false still-there
chains_gone ip6tables || finish false still-there
# What the agent needed then is not what a later cut would let through.
if has_folder; then rm -f -- "$state/cut.nft" "$state/pairs"; fi
finish true ''
