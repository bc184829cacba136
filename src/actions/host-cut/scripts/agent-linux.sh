#!/bin/sh
# --- Who the agent is: the programs of its package, by device and inode, run by root. ------------------
# The name of a process is what the process says, and so is its path inside a container.
agent_files() {
  for file in amazon-ssm-agent ssm-agent-worker ssm-document-worker; do
    for folder in /usr/bin /snap/amazon-ssm-agent/current; do
      [ -n "$(find -L "$folder/$file" -maxdepth 0 -type f -user 0 ! -perm /022 2>/dev/null)" ] &&
        stat -L -c %d:%i -- "$folder/$file"
    done
  done
}
agent_sockets() { # the inodes of its sockets
  files=" $(agent_files | tr '\n' ' ')"
  stat -L -c '%n %d:%i' /proc/[0-9]*/exe 2>/dev/null | while read -r exe id; do
    case $files in *" $id "*) ;; *) continue ;; esac
    process=${exe%/exe}
    [ "$(stat -c %u -- "$process" 2>/dev/null)" = 0 ] || continue
    # shellcheck disable=SC2012 # The agent has opened these; find on a small host prints no targets.
    ls -l -- "$process/fd" 2>/dev/null | sed -n 's/.* -> socket:\[\([0-9]*\)\]$/\1/p'
  done
}
agent_connections() { # <local> <peer> of each, as `ss` writes them
  inodes=" $(agent_sockets | tr '\n' ' ')"
  # The first `ino:` is the kernel's; what comes after it may hold names that others chose.
  ss -H -t -n -e state established | awk -v inodes="$inodes" '{
    for (i = 5; i <= NF; i++) if ($i ~ /^ino:[0-9]+$/) {
      if (index(inodes, " " substr($i, 5) " ")) print $3, $4
      break
    }
  }' | grep -vE '(^| )(127\.|\[::1\]|\[::ffff:127\.)'
}

# --- What is let through: `<address> <port>`. ----------------------------------------------------------
# A public endpoint has more addresses than the one that the agent talks to now, and the agent must come
# back after a lost connection: so what the endpoints' names resolve to belongs to it. The agent tells
# its commands the Region.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
endpoints() {
  region=${AWS_SSM_REGION_NAME-}
  case $region in '' | *[!a-z0-9-]*) return ;; cn-*) suffix=amazonaws.com.cn ;; *) suffix=amazonaws.com ;; esac
  for service in ssm ssmmessages ec2messages; do
    timeout 3 getent ahosts "$service.$region.$suffix" | awk '{ print $1, 443 }'
  done
}
only_addresses() { # drops everything that is no address and port, and the brackets of IPv6
  sed -nE 's/^\[?(::ffff:)?([0-9a-f.:]+)\]? ([0-9]{1,5})$/\2 \3/p' |
    grep -vE '^(127\.|::1 |0\.|:: |fe80:)' | sort -u
}
resolvers() {
  cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null |
    awk '$1 == "nameserver" { print $2, 53 }' | only_addresses
}
resolver_users() { # root asks by itself; a resolver on this host asks under its own name
  echo 0
  for user in systemd-resolve dnsmasq unbound; do id -u "$user" 2>/dev/null; done
}
four() { grep -F . | grep -v :; }
six() { grep -F :; }

# The least that keeps the agent alive, and why:
# - its servers, for root alone: other users' programs could hide among its connections;
# - names, for root and the host's own resolver: an address of a public endpoint does not last;
# - the metadata service, for root alone: the agent renews its credentials there;
# - DHCP and neighbour discovery: without them the host loses its address, and the agent with it;
# - a bare reset, outwards: it tells NAT gateways, load balancers and the peer that a connection is over.
allowed_pairs() {
  {
    agent_connections | awk '{ print $2 }' | sed -E 's/:([0-9]+)$/ \1/'
    endpoints
    echo '169.254.169.254 80'
    echo 'fd00:ec2::254 80'
  } | only_addresses
}
