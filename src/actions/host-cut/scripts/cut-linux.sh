#!/bin/sh
# Cuts this host off from everything but the agent of Systems Manager, by the host's own firewall, and
# ends the connections that it has. What a security group does not cut, because a NAT gateway, a
# Network Load Balancer or an endpoint tracks it, ends here.

# --- The connections that there are: a rule only silences them, and a restore would wake them again. ---
own_addresses() { ip -o addr show | awk '{ sub("/.*", "", $4); print $4 }'; }
not_local() {
  printf 'not dst 127.0.0.0/8 and not dst [::1]'
  for address in $(own_addresses | grep -vE '^(127\.|::1$|fe80:)'); do
    case $address in *:*) address="[$address]" ;; esac
    printf ' and not dst %s' "$address"
  done
}
not_agents() { # exactly its connections: another program's to the same server ends
  agent_connections | while read -r local peer; do
    printf ' and not ( src %s and dst %s )' "$local" "$peer"
  done
}
not_allowed() { # root may have opened a new one of what is let through
  { echo "$pairs"; resolvers; } | while read -r address port; do
    case $address in *:*) address="[$address]" ;; esac
    [ -z "$address" ] || printf ' and not dst %s:%s' "$address" "$port"
  done
}
connections() { ss -H -t -n state connected exclude time-wait exclude syn-recv "$@"; }
end_connections() {
  how=ss
  for attempt in 1 2 3 4 5; do
    others="$(not_local)$(not_agents)"
    ended=$((ended + $(ss -K -H -t -n state connected "$others" 2>/dev/null | wc -l)))
    # A connection of UDP, such as one of QUIC; names are asked for anew anyway.
    ss -K -H -u -n state connected "$(not_local) and not dport = :53" >/dev/null 2>&1
    left=$(connections "$others$(not_allowed)" | wc -l)
    [ "$left" = 0 ] && return
    sleep "0.$attempt" 2>/dev/null || sleep 1
  done
  # A kernel without CONFIG_INET_DIAG_DESTROY ends none. The rules silence them and answer with a reset
  # as soon as they send; what tracks them forgets them.
  how=rules
  has conntrack || return
  how=conntrack
  connections "$others" | awk '{ print $4, $5 }' | while read -r local peer; do
    conntrack -D -p tcp -s "${local%:*}" --sport "${local##*:}" -d "${peer%:*}" --dport "${peer##*:}" >/dev/null 2>&1
  done
}

begin cut
has ss || finish false no-ss
own_directory /var/lib/cordon || finish false no-state-folder
own_directory "$state" || finish false no-state-folder
alone || finish false busy
[ -n "$(agent_connections)" ] || finish false no-agent
pairs=$(allowed_pairs)
by_nft || by_iptables || finish false no-firewall
allowed=$pairs
end_connections
[ "$left" = 0 ] || finish false connections-left
finish true ''
