#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sets Facsim beside the loopback limit of this machine, beside the limit of a server that keeps its data, and beside
# nfs-ganesha, all in one run, and prints the shares of the limits with their goals. Large reads and writes are measured
# twice: while the file lies in memory in its own order, and after as many bytes as it has were overwritten at random.
# benchmarks/compare-nfs.sh [OPTION VALUE]...
#
#   --rounds N     every workload on every server so often; the best round counts; 3
#   --seconds S    what one load lasts; 1
#   --minutes M    instead: only Facsim, the same loads in turn for so long, and whether rate and memory stay as they are
#   --vers 3,4.1   instead: only Facsim, every load over NFSv3 and over NFSv4.1 by turns, and the ratios of their rates,
#                  which are to be 0.8 at least, and of their CPU; NFSv4.1 has no create + remove; 2 minutes
#   --console open  instead: only Facsim, every load with an open web console and without one by turns, of which below 2 %
#                  is to be lost; once with the console's pages and once with the journal's page that follows
#   --before F     instead: this build beside another one, whose program facsim is F (a path), and beside itself, which
#                  shows the noise; exit code 1 if this build is slower by more than 3 % beyond the noise. Says first how
#                  long it lasts: 2 minutes with --rounds 3 --seconds 0.3
#   --file-mib N   the data; 256
#
# The generator and the limit are our own, src/main/c beside this script, and need gcc. nfs-ganesha needs root, since
# it registers with an rpcbind of its own in a network namespace of its own, and the Debian packages nfs-ganesha,
# nfs-ganesha-vfs, rpcbind and iproute2; without them it is skipped, by name. Its files lie in tmpfs. It is tuned:
# replies leave through four threads and the duplicate request cache is off, without which it is half as fast.
# Nothing is paced: where the host's congestion control is BBR, the limit, the generator and nfs-ganesha get CUBIC, as
# Facsim's connections do by themselves. KEEP_CONGESTION_CONTROL=1 in the environment leaves them what the host chose.
# Exit code 1 if a goal is missed.
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
root=$(dirname "$here")
programs=$here/target/nfs
fail() { printf 'compare-nfs: %s\n' "$1" >&2; exit 2; }

build() {
  "$root/facsim" --help >/dev/null || exit 2
  "$here/launch" - '' || exit 2
  command -v gcc >/dev/null || fail 'gcc is needed to compile the load generator'
  mkdir -p "$programs"
  c=$here/src/main/c
  gcc -O2 -Wall -Wextra -Werror -o "$programs/nfs_limit" "$c/nfs_limit.c"
  gcc -O2 -Wall -Wextra -Werror -o "$programs/nfs_load" "$c/nfs_load.c" "$c"/load_*.c
}

# The other build must be there before the clock runs: its launcher builds first what is not current.
built_before() {
  while [ $# -gt 1 ]; do
    [ "$1" != --before ] || "$2" --help >/dev/null || exit 2
    shift 2
  done
}

run() {
  exec env FACSIM_BENCHMARKS_BUILT=1 "$here/launch" org.facsim.benchmarks.NfsTable '-Xmx64m -XX:+UseSerialGC' \
    "$root/facsim" "$programs" "$@"
}

# What keeps nfs-ganesha from being compared, or nothing.
no_ganesha() {
  [ "$(id -u)" -eq 0 ] || { echo 'only root can start it'; return; }
  for tool in ganesha.nfsd rpcbind unshare ip; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed"; return; }
  done
  [ -e /usr/lib/ganesha/libfsalvfs.so ] || [ -n "$(find /usr/lib -name libfsalvfs.so 2>/dev/null)" ] ||
    { echo 'nfs-ganesha-vfs is not installed'; return; }
  unshare --net --mount --pid --fork true 2>/dev/null || echo 'namespaces are not allowed here'
}

# CUBIC for every connection of this network namespace, nfs-ganesha's included. A host's BBR, which sends by a timer, is
# not what is measured. The namespace's default can only be set to what the host allows everybody, which CUBIC need not
# be; a route, however, may name any that the host has, for those who connect and for those who accept.
unpaced() {
  [ -z "${KEEP_CONGESTION_CONTROL:-}" ] || return 0
  case $(sysctl -n net.ipv4.tcp_congestion_control) in bbr*) ;; *) return 0 ;; esac
  for places in 127.0.0.0/8 127.0.0.1; do
    ip route change local "$places" dev lo proto kernel scope host src 127.0.0.1 table local congctl cubic 2>/dev/null ||
      { sysctl -qw net.ipv4.tcp_congestion_control=reno; echo 'every connection sends by RENO, CUBIC is not there'; return 0; }
  done
  echo 'every connection sends by CUBIC'
}

# In namespaces of our own, which take everything with them when this script ends.
inside() {
  ip link set lo up
  unpaced
  mount -t tmpfs tmpfs /run
  mkdir -p /run/rpcbind /run/ganesha /run/export
  mount -t tmpfs tmpfs /run/export
  chmod 777 /run/export
  rpcbind -w 2>/run/rpcbind.log || rpcbind 2>>/run/rpcbind.log || true
  cat >/run/ganesha.conf <<'END'
NFS_CORE_PARAM {
  Protocols = 3; NFS_Port = 22049; MNT_Port = 22048; Enable_NLM = false; Enable_RQUOTA = false;
  RPC_Ioq_ThrdMax = 4;
  DRC_Disabled = true;
}
EXPORT_DEFAULTS { Attr_Expiration_Time = 60; }
EXPORT {
  Export_Id = 1; Path = /run/export; Pseudo = /run/export; Access_Type = RW; Squash = No_Root_Squash;
  SecType = sys; Transports = TCP; Protocols = 3; MaxRead = 1048576; MaxWrite = 1048576;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = WARN; }
END
  ganesha.nfsd -F -f /run/ganesha.conf -L /run/ganesha.log -p /run/ganesha.pid &
  ganesha=$!
  n=0
  until rpcinfo -t 127.0.0.1 100005 3 >/dev/null 2>&1; do
    n=$((n + 1))
    if [ "$n" -gt 100 ] || ! kill -0 "$ganesha" 2>/dev/null; then
      tail -n 5 /run/ganesha.log /run/rpcbind.log >&2 || true
      run "$@" --no-ganesha 'it did not start (its log is above)'
    fi
    sleep 0.1
  done
  run "$@" --ganesha "22049,22048,/run/export,$ganesha"
}

case ${1:-} in
  --inside)
    shift
    inside "$@"
    ;;
  -h | --help)
    sed -n '3,/^set/{s/^# \{0,1\}//;/^set/!p}' "$0"
    ;;
  *)
    build
    built_before "$@"
    case " $* " in
      *' --minutes '* | *' --before '* | *' --vers '* | *' --console '*) run "$@" --no-ganesha 'only Facsim is asked for' ;;
    esac
    why=$(no_ganesha)
    [ -z "$why" ] || run "$@" --no-ganesha "$why"
    exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" --inside "$@"
    ;;
esac
