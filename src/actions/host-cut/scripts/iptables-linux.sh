#!/bin/sh
# --- The same with iptables, where there is no nft: three chains of Cordon's own, first in their hooks. --
tables_rules() { # <four|six> <listing of what is there>
  family=$1 there=$2
  echo '*filter'
  echo ':CORDON-IN - [0:0]'
  echo ':CORDON-OUT - [0:0]'
  echo ':CORDON-FWD - [0:0]'
  echo '-A CORDON-IN -i lo -j ACCEPT'
  echo '-A CORDON-IN -p tcp --syn -j DROP'
  for protocol in tcp udp; do
    echo "-A CORDON-OUT -o lo -p $protocol --dport 53 -m owner ! --uid-owner 0 -j DROP"
  done
  echo '-A CORDON-OUT -o lo -j ACCEPT'
  echo "$pairs" | $family | while read -r address port; do
    echo "-A CORDON-IN -p tcp -s $address --sport $port -j ACCEPT"
    echo "-A CORDON-OUT -p tcp -d $address --dport $port -m owner --uid-owner 0 -j ACCEPT"
  done
  resolvers | $family | while read -r address port; do
    for protocol in udp tcp; do
      echo "-A CORDON-IN -p $protocol -s $address --sport $port -j ACCEPT"
      for user in $(resolver_users | sort -u); do
        echo "-A CORDON-OUT -p $protocol -d $address --dport $port -m owner --uid-owner $user -j ACCEPT"
      done
    done
  done
  if [ "$family" = four ]; then
    echo '-A CORDON-IN -p udp --sport 67 --dport 68 -j ACCEPT'
    echo '-A CORDON-OUT -p udp --sport 68 --dport 67 -j ACCEPT'
  else
    echo '-A CORDON-IN -p udp --sport 547 --dport 546 -j ACCEPT'
    echo '-A CORDON-OUT -p udp --sport 546 --dport 547 -j ACCEPT'
    for type in 134 135 136; do echo "-A CORDON-IN -p icmpv6 --icmpv6-type $type -j ACCEPT"; done
    for type in 133 135 136; do echo "-A CORDON-OUT -p icmpv6 --icmpv6-type $type -j ACCEPT"; done
  fi
  echo '-A CORDON-IN -j DROP'
  echo '-A CORDON-OUT -p tcp --tcp-flags RST RST -j ACCEPT'
  for chain in OUT FWD; do
    echo "-A CORDON-$chain -p tcp -j REJECT --reject-with tcp-reset"
    echo "-A CORDON-$chain -j DROP"
  done
  for hook in INPUT:IN OUTPUT:OUT FORWARD:FWD; do
    # First, or it does not count: what an earlier rule accepts would never come here.
    first=$(echo "$there" | sed -n "s/^-A ${hook%:*} /&/p" | head -n 1)
    [ "$first" = "-A ${hook%:*} -j CORDON-${hook#*:}" ] ||
      echo "-I ${hook%:*} 1 -j CORDON-${hook#*:}"
  done
  echo COMMIT
}
one_family() { # <iptables|ip6tables> <four|six>
  has "$1" && has "$1-save" && has "$1-restore" && "$1" -w 5 -S >/dev/null 2>&1 || return 1
  keep "before.$1" "$1-save" || return 1
  # As with nftables: what the first run let through, once it has come so far.
  "$1" -w 5 -S CORDON-OUT >/dev/null 2>&1 || [ "$1" = ip6tables ] || rm -f -- "$state/pairs"
  keep pairs echo "$pairs" || return 1
  pairs=$(cat "$state/pairs")
  tables_rules "$2" "$("$1" -w 5 -S)" | "$1-restore" -w 5 --noflush &&
    [ "$("$1" -w 5 -S OUTPUT 1)" = '-A OUTPUT -j CORDON-OUT' ]
}
by_iptables() {
  one_family iptables four || return 1
  # Without rules for IPv6 a host that has IPv6 would stay open by it.
  if grep -qv ' lo$' /proc/net/if_inet6 2>/dev/null; then one_family ip6tables six || return 1; fi
  method=iptables
}
