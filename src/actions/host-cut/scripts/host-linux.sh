#!/bin/sh
# What every script on a host begins with. The parts run as one script, in the order of ../document.ts.
#
# Everything here is read from a host that somebody else may have had in hand: no program is found by
# the caller's PATH, no name of a process is believed, and nothing is written through a link. Whoever
# is root on the host can undo all of it.
#
# Not every script uses all of this, and some of it is called by its name:
# shellcheck disable=SC2329
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset IFS ENV BASH_ENV CDPATH LD_PRELOAD LD_LIBRARY_PATH
umask 077
cd / || exit 1

case_id=${1-} method=none how=none ended=0 left=0 planted=0 allowed=''

# The last line on stdout, in JSON. Every value in it is a word of this script, a number, or an address
# that was checked.
finish() { # <ok> <error>
  printf '{"cordon":"host-cut","action":"%s","case":"%s","ok":%s,"error":"%s","method":"%s","how":"%s","ended":%d,"left":%d,"planted":%d,"allowed":"%s"}\n' \
    "$action" "$case_id" "$1" "$2" "$method" "$how" "$ended" "$left" "$planted" \
    "$(printf '%s' "$allowed" | tr '\n' ',')"
  [ "$1" = true ]
  exit
}
has() { command -v "$1" >/dev/null 2>&1; }

begin() { # <cut|restore>
  action=$1
  case $case_id in
    '' | *[!A-Za-z0-9-]*)
      case_id=''
      finish false bad-case
      ;;
  esac
  [ "$(id -u)" = 0 ] || finish false not-root
  state=/var/lib/cordon/$case_id
}

# --- What was before, for people: never written over, and readable for root alone. ---------------------
aside() { # <path>: what is not root's own, or is a link, is moved out of the way and not followed
  planted=$((planted + 1))
  mv -f -- "$1" "$1.planted.$$"
}
own_directory() {
  if [ -L "$1" ] || { [ -e "$1" ] && { [ ! -d "$1" ] || [ "$(stat -c %u -- "$1")" != 0 ]; }; }; then
    aside "$1" || return 1
  fi
  [ -d "$1" ] || mkdir -- "$1" || return 1
  chmod 700 -- "$1"
}
is_own() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c %u -- "$1")" = 0 ]; }
keep() { # <name> <command…>: what the command says, whole or not at all, unless it is there already
  file=$state/$1
  shift
  is_own "$file" && return 0
  if [ -L "$file" ] || [ -e "$file" ]; then aside "$file" || return 1; fi
  rm -f -- "$file.new" && (set -C && "$@" >"$file.new") && mv -f -- "$file.new" "$file"
}
# Two at once would count each other's work; the lock ends with the process, however that ends.
alone() {
  has flock || return 0
  if [ -L "$state/lock" ]; then aside "$state/lock" || return 1; fi
  exec 9>>"$state/lock"
  flock -w 20 9
}
