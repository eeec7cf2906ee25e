#!/usr/bin/env bash
# Drover's libvirt client against the C library on the same real daemon; results go to src/bench/results/libvirt-client-*
#
#   src/bench/libvirt-client/run.sh        root on Debian or Ubuntu; installs what it needs, takes about twenty minutes
#
# Settings: LAB_ID=0..9 and LAB as for src/lab/qemu/lab.sh   BENCH_CLASSPATH=… classes built already
#           BENCH_OPTIONS="-Dbench.rounds.calls=… -Dbench.slice=seconds -Dbench.rounds.idle=… -Dbench.rounds.migration=…"; 0 rounds leave a part out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

[ "$EUID" = 0 ] || { echo "bench: it needs root, for network namespaces" >&2; exit 1; }
command -v apt-get >/dev/null || { echo "bench: it installs its packages with apt, so it needs Debian or Ubuntu" >&2; exit 1; }

export LAB=${LAB:-$PWD/ear/target/bench-lab} LAB_ID=${LAB_ID:-0}
lab=src/lab/qemu/lab.sh
h1=qemu+tcp://10.77.$LAB_ID.11/system h2=qemu+tcp://10.77.$LAB_ID.12/system
work=$PWD/ejb/target/bench
mkdir -p "$work"

$lab deps
if ! command -v gcc >/dev/null || ! pkg-config --exists libvirt 2>/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends gcc libc6-dev pkg-config libvirt-dev
fi
# shellcheck disable=SC2046
gcc -O2 -Wall -Wextra -Werror -o "$work/client" src/bench/libvirt-client/client.c $(pkg-config --cflags --libs libvirt) -lpthread
if [ -z "${BENCH_CLASSPATH:-}" ]; then
  mvn -B -q -pl ejb test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath"
  BENCH_CLASSPATH=ejb/target/test-classes:ejb/target/classes:$(cat "$work/classpath")
fi

trap '$lab down' EXIT
ulimit -n "$(ulimit -Hn)"     # the daemon holds the idle connections too
$lab down
$lab up 2
for guest in bench1 bench2; do $lab start h1 $guest 64 fill=8; done
# shellcheck disable=SC2086
java ${BENCH_OPTIONS:-} -cp "$BENCH_CLASSPATH" dev.drover.driver.libvirt.bench.ClientBenchmark "$work/client" "$h1" "$h2" bench1 src/bench/results
