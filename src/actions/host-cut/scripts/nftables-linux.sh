#!/bin/sh
# --- Rules of nftables: one table of Cordon's own, put in place in one transaction. -------------------
# What other tables accept goes through this one nevertheless: in nftables only a drop is final. The
# priority is after the translation of addresses, so that what leaves is judged by where it really goes.
# A table of the same name that somebody else made is deleted; the saved ruleset has it.
elements() { # <type> <lines>
  [ -z "$2" ] && echo "{ type $1; }" && return
  echo "{ type $1; elements = { $(echo "$2" | sed 's/ / . /' | paste -sd, -) } }"
}
nft_rules() {
  users=$(resolver_users | sort -u | paste -sd, -)
  names=$(resolvers)
  cat <<END
add table inet cordon
delete table inet cordon
table inet cordon {
  set agent4 $(elements 'ipv4_addr . inet_service' "$(echo "$pairs" | four)")
  set agent6 $(elements 'ipv6_addr . inet_service' "$(echo "$pairs" | six)")
  set names4 $(elements 'ipv4_addr . inet_service' "$(echo "$names" | four)")
  set names6 $(elements 'ipv6_addr . inet_service' "$(echo "$names" | six)")
  chain input {
    type filter hook input priority 300; policy drop;
    iif lo accept
    tcp flags & (syn | ack) == syn drop
    ip saddr . tcp sport @agent4 accept
    ip6 saddr . tcp sport @agent6 accept
    ip saddr . tcp sport @names4 accept
    ip6 saddr . tcp sport @names6 accept
    ip saddr . udp sport @names4 accept
    ip6 saddr . udp sport @names6 accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
  }
  chain output {
    type filter hook output priority 300; policy drop;
    oif lo udp dport 53 meta skuid != 0 drop
    oif lo tcp dport 53 meta skuid != 0 drop
    oif lo accept
    meta skuid 0 ip daddr . tcp dport @agent4 accept
    meta skuid 0 ip6 daddr . tcp dport @agent6 accept
    meta skuid { $users } ip daddr . udp dport @names4 accept
    meta skuid { $users } ip6 daddr . udp dport @names6 accept
    meta skuid { $users } ip daddr . tcp dport @names4 accept
    meta skuid { $users } ip6 daddr . tcp dport @names6 accept
    udp sport 68 udp dport 67 accept
    udp sport 546 udp dport 547 accept
    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp flags & rst == rst accept
    meta l4proto tcp reject with tcp reset
  }
  chain forward {
    type filter hook forward priority 300; policy drop;
    meta l4proto tcp reject with tcp reset
  }
}
END
}
by_nft() {
  has nft && nft list ruleset >/dev/null 2>&1 || return 1
  keep before.nft nft list ruleset || return 1
  # A second run puts back what the first let through. If the first has not come so far, the agent may
  # have found another server since.
  nft list table inet cordon >/dev/null 2>&1 || rm -f -- "$state/cut.nft"
  keep cut.nft nft_rules || return 1
  nft -f "$state/cut.nft" && nft list chain inet cordon output >/dev/null && method=nft
}
