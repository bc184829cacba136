#!/bin/sh
# Writes the memory of this host onto a volume that carries the nonce of a case, and nothing anywhere
# else but a few small files under /run. It stops, with one sentence, before it writes to anything
# that is not that very volume. The last line of its output is one JSON object. Whatever it says is
# the claim of a host that may be compromised: the image is hashed and judged elsewhere.
#
# Given: CORDON_CASE, CORDON_INSTANCE, CORDON_NONCE, CORDON_VOLUME_BYTES, CORDON_TOOL,
# CORDON_TOOL_SHA256 (or none), and of both volumes the id and the name that EC2 was asked for:
# CORDON_BLANK_VOLUME, CORDON_BLANK_DEVICE, CORDON_TOOLS_VOLUME, CORDON_TOOLS_DEVICE.
# CORDON_ROOT stands before every path of the system; the document empties it, tests set it.
set -u
umask 077
export LC_ALL=C
unset LD_PRELOAD LD_LIBRARY_PATH
root=$CORDON_ROOT
work=$root/run/cordon-memory
begun=''

clean() { tr -c 'A-Za-z0-9 .,:/()+_~-' ' ' | tr -s ' '; }

report() { # outcome code sentence
  printf '{"cordon":"memory","outcome":"%s","code":"%s","sentence":"%s"}\n' "$1" "$2" "$3"
}

# Nothing was written, and nothing is going to be.
refuse() { report refused "$1" "$2" && exit 3; }

fail() { report failed "$1" "$2" && exit 4; }

# When a process began, in the clock of the kernel; nothing where it has ended.
born() { sed -n 's/.*) //; /^Z/!p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

remember() { printf '%s %s\n' "$2" "$(born "$2")" >"$work/$1"; }

# The id of a process that an earlier run has remembered, while it lives.
living() {
  [ -f "$work/$1" ] && read -r id when <"$work/$1" || return 1
  case $id in '' | *[!0-9]*) return 1 ;; esac
  [ -n "$when" ] && [ "$(born "$id")" = "$when" ] && printf %s "$id"
}

tidy() {
  for process in tool copying hashing; do
    id=$(living "$process") && kill "$id" 2>/dev/null
  done
  umount "$work/tools" 2>/dev/null
  rm -f "$work"/tool "$work"/copying "$work"/hashing "$work"/image "$work"/stream "$work"/sum \
    "$work"/copied "$work"/teed "$work"/count "$work"/said "$work"/header "$work"/origin "$work"/run
  rmdir "$work/tools" "$work" 2>/dev/null
}

# Only one run at a time; what one left behind that was killed is ended and tidied up first.
take_turn() {
  if ! mkdir "$work" 2>/dev/null; then
    id=$(living run) && refuse busy "Process $id of this host is already at work for a case."
    for process in tool copying; do
      id=$(living "$process") && kill "$id" 2>/dev/null
      tries=30
      while [ "$tries" -gt 0 ] && living "$process" >/dev/null; do sleep 1 && tries=$((tries - 1)); done
      [ "$tries" -gt 0 ] || refuse busy "An earlier run still writes, and does not end."
    done
    tidy
    mkdir "$work" || refuse busy "There is no room under /run for the small files of a run."
  fi
  begun=1
  remember run $$
}

finish() {
  status=$?
  trap - EXIT INT TERM HUP
  exec 3>&-
  [ -z "$begun" ] || tidy
  exit "$status"
}

serial_of() { dd if="$1/device/serial" bs=64 count=1 2>/dev/null | tr -cd 'A-Za-z0-9'; }

# NVMe devices bear the id of their volume; those of Xen only the letter that EC2 was asked for.
find_device() { # volume name
  wanted=$(printf %s "$1" | tr -d -)
  device=''
  for entry in "$root"/sys/block/*; do
    case ${entry##*/} in *[!A-Za-z0-9]*) continue ;; esac
    [ "$(serial_of "$entry")" = "$wanted" ] || continue
    [ -z "$device" ] || refuse two-devices "Two devices of this host bear the serial of $1."
    device=${entry##*/}
  done
  for name in "xvd${2##*/sd}" "sd${2##*/sd}"; do
    if [ -z "$device" ] && [ -d "$root/sys/block/$name" ]; then
      [ -n "$(serial_of "$root/sys/block/$name")" ] || device=$name
    fi
  done
  [ -n "$device" ] || refuse no-device "No device of this host bears the serial of $1."
  [ -b "$root/dev/$device" ] || { [ -n "$root" ] && [ -f "$root/dev/$device" ]; } ||
    refuse no-device "The device /dev/$device of $1 is not there."
}

require_unused() {
  numbers=$(cat "$root/sys/block/$device/dev" 2>/dev/null)
  for part in "$root/sys/block/$device/$device"* "$root/sys/block/$device/holders"/*; do
    [ ! -e "$part" ] || refuse in-use "The device /dev/$device has partitions, or another device is on it."
  done
  if grep -q -e " ${numbers:-none} " -e " /dev/$device " "$root/proc/self/mountinfo" ||
    grep -q "^/dev/$device " "$root/proc/swaps" 2>/dev/null; then
    refuse in-use "The device /dev/$device is mounted, or the host swaps to it."
  fi
}

line() { printf '%-127s\n' "$1"; }

origin() {
  line 'CORDON-MEMORY 1'
  line "case: $CORDON_CASE"
  line "instance: $CORDON_INSTANCE"
  line "nonce: $CORDON_NONCE"
  line "volume-bytes: $CORDON_VOLUME_BYTES"
}

field() { sed -n "s/^$1: *//p" "$work/header" | clean | sed 's/ *$//'; }

# The device is the blank volume only if size, nonce, case and the emptiness behind them fit.
require_blank() {
  sectors=$(tr -cd 0-9 <"$root/sys/block/$device/size")
  [ "$((${sectors:-0} * 512))" = "$CORDON_VOLUME_BYTES" ] ||
    refuse wrong-size "The device /dev/$device is not $CORDON_VOLUME_BYTES bytes large."
  dd if="$root/dev/$device" of="$work/header" bs=4096 count=1 2>/dev/null
  origin >"$work/origin"
  [ "$(dd if="$work/header" bs=640 count=1 2>/dev/null | sha256sum)" = "$(sha256sum <"$work/origin")" ] ||
    refuse wrong-nonce "The device /dev/$device does not begin with the nonce of this case."
  others=$(dd if="$root/dev/$device" bs=4096 skip=1 count=127 2>/dev/null | tr -d '\000' | wc -c)
  [ "$others" -eq 0 ] || refuse not-blank "The device /dev/$device holds other data behind its header."
}

write_header() { # state
  {
    origin
    line "state: $1"
    line "tool: $CORDON_TOOL"
    line "tool-sha256: $sum"
    line "source: $source"
    line "kernel: $(uname -r | tr -cd 'A-Za-z0-9._+~-')"
    line "started: $started"
    line "finished: ${finished-}"
    line "length: ${length-}"
    line "image-sha256: ${image-}"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do line ''; done
  } >"$work/header"
  dd if="$work/header" of="$root/dev/$blank" bs=4096 count=1 conv=notrunc,fsync 2>/dev/null
}

mount_tools() {
  find_device "$CORDON_TOOLS_VOLUME" "$CORDON_TOOLS_DEVICE"
  [ "$device" != "$blank" ] || refuse no-device "The two volumes are the same device."
  mkdir "$work/tools"
  mount -t ext4 -o ro,noload,nosuid,nodev "$root/dev/$device" "$work/tools" 2>/dev/null ||
    refuse no-tools "The volume of tools could not be mounted: it must be one ext4 file system."
  tool=$work/tools/$CORDON_TOOL
  [ -f "$tool" ] && [ -x "$tool" ] && [ ! -L "$tool" ] ||
    refuse no-tools "The volume of tools has no program $CORDON_TOOL."
  # Programs of the examiner's own, where the volume has some, and not those of this host.
  [ ! -d "$work/tools/bin" ] || PATH=$work/tools/bin:$PATH
  sum=$(sha256sum <"$tool" | cut -d ' ' -f 1)
  while read -r hash name; do
    [ "${name#\*}" != "$CORDON_TOOL" ] || [ "$hash" != "$sum" ] || listed=1
  done <"$work/tools/SHA256SUMS"
  [ "$CORDON_TOOL_SHA256" != none ] || CORDON_TOOL_SHA256=$sum
  [ -n "${listed-}" ] && [ "$CORDON_TOOL_SHA256" = "$sum" ] ||
    refuse wrong-tool "The SHA-256 of $CORDON_TOOL is $sum, which is not the published one."
}

require_host() {
  [ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] ||
    refuse wrong-machine "This host is not Linux on x86_64: use LiME on arm64, and WinPmem on Windows."
  grep -q '\[confidentiality\]' "$root/sys/kernel/security/lockdown" 2>/dev/null &&
    refuse lockdown "The kernel is locked down and shows its memory to nobody: use a signed LiME module."
  available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' "$root/proc/meminfo")
  total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' "$root/proc/meminfo")
  [ "${available:-0}" -ge 65536 ] || refuse low-memory "The host has less than 64 MiB of memory left."
  [ "$((${total:-0} * 1024 + 524288))" -le "$CORDON_VOLUME_BYTES" ] ||
    refuse volume-too-small "The host has more memory than the volume has room."
  source=''
  for each in /proc/kcore /dev/crash /dev/mem; do
    [ -n "$source" ] || [ ! -r "$root$each" ] || source=$each
  done
  [ -n "$source" ] || refuse no-source "The kernel offers no way to its memory: use a LiME module."
}

# The page cache of the host stays out of it where dd can: it is memory too, and would be replaced.
copy_options() {
  case $(dd --version 2>/dev/null | head -n 1) in
    'dd (coreutils) '* | 'dd (GNU coreutils) '*)
      dd if="$work/header" of="$root/dev/$blank" bs=4096 count=1 conv=notrunc oflag=direct 2>/dev/null &&
        echo oflag=direct
      ;;
  esac
}

# The tool writes into a pipe: AVML refuses to follow /dev/stdout, and would truncate a file.
acquire() {
  "$tool" --help 2>/dev/null | grep -q '^ *acquire ' && set -- acquire
  mkfifo "$work/image" "$work/stream" || fail no-pipe "No pipe could be made under /run."
  direct=$(copy_options)
  sha256sum <"$work/stream" >"$work/sum" &
  hashing=$! && remember hashing "$hashing"
  (
    { tee "$work/stream" <"$work/image"; echo $? >"$work/teed"; } |
      dd of="$root/dev/$blank" bs=524288 seek=1 iflag=fullblock conv=notrunc,fsync ${direct:+"$direct"} \
        2>"$work/count"
    echo $? >"$work/copied"
  ) &
  copying=$! && remember copying "$copying"
  exec 3>"$work/image"
  "$tool" "$@" --source "$source" "$work/image" >"$work/said" 2>&1 3>&- &
  running=$! && remember tool "$running"
  wait "$running" && ended=0 || ended=$?
  exec 3>&-
  wait "$copying" "$hashing"
}

require_image() {
  said=$(tail -c 200 "$work/said" 2>/dev/null | clean)
  grep -q 'No space left' "$work/count" &&
    fail volume-full "The image did not fit on the volume, and is not complete."
  [ "$ended" = 0 ] || fail tool-failed "The tool $CORDON_TOOL ended with status $ended: $said"
  [ "$(cat "$work/copied" "$work/teed" | tr '\n' ' ')" = '0 0 ' ] ||
    fail not-written "The image could not be written onto the volume: $(tail -n 1 "$work/count" | clean)"
  length=$(sed -n 's/^\([0-9][0-9]*\) bytes.*/\1/p' "$work/count")
  image=$(cut -d ' ' -f 1 "$work/sum")
  [ "${length:-0}" -gt 0 ] && [ "${#image}" = 64 ] || fail tool-failed "The tool $CORDON_TOOL wrote nothing: $said"
}

tell() { # outcome
  printf '{"cordon":"memory","outcome":"%s","device":"/dev/%s"' "$1" "$blank"
  for key in tool tool-sha256 source kernel started finished length image-sha256; do
    printf ',"%s":"%s"' "$key" "$(field "$key")"
  done
  printf '}\n'
}

trap finish EXIT
trap 'exit 143' INT TERM HUP
take_turn
find_device "$CORDON_BLANK_VOLUME" "$CORDON_BLANK_DEVICE"
blank=$device
require_unused
require_blank
if [ "$(field state)" = complete ]; then tell already && exit 0; fi
require_host
mount_tools
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
write_header writing || fail not-written "The header could not be written onto the volume."
acquire
require_image
finished=$(date -u +%Y-%m-%dT%H:%M:%SZ)
write_header complete || fail not-written "The header could not be written onto the volume."
tell 'done'
