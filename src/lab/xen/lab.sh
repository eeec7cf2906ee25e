#!/bin/bash
# Two real Xen hosts with libvirt, each inside a QEMU virtual machine without hardware virtualisation, for live-migration
# tests of PVH guests. Only loopback addresses are used; one lab a machine. See ../README.md.
#
#   lab.sh deps                    install the Debian packages needed
#   lab.sh build                   make what is missing in the work folder (hypervisor, kernels, dom0 image; about 1 GB)
#   lab.sh up                      start hosts a and b, wait until both answer
#   lab.sh down                    stop both; their disks are forgotten
#   lab.sh status                  hosts, guests, free memory
#   lab.sh start a|b NAME [MiB] [key=val ...]   start a PVH guest (default 96 MiB; keys fill, dirty: see guest-init)
#   lab.sh xml NAME [MiB] [key=val ...]         only print the domain XML
#   lab.sh await a|b NAME          wait until the guest has reported on its console for the first time
#   lab.sh check a|b NAME [pass]   the guest's last console line; fails on err!=0 or no progress within STILL s. With 'pass'
#                                  it waits until the guest has verified its data once more
#   lab.sh libvirtd-restart a|b    the daemon alone; guests go on
#   lab.sh enter a|b CMD...        run a shell command in dom0
#
# Connect:  host a  xen+tcp://127.0.0.1:17001/system    host b  xen+tcp://127.0.0.1:17002/system
#           The same URIs work inside both dom0s, so they serve for peer-to-peer migration too.
# Settings: LAB work folder    MEM=640 MiB per host, DOM0_MEM=320 of it for dom0    TB=192 MiB of JIT cache    CPU=model
#           seconds: WAIT=600 for 'up' and 'await', STILL=90 until 'check' calls a guest dead, PASS_SECONDS=300 for a pass
#           (start, xml) PERSIST=1 define, then start    UUID
set -euo pipefail
umask 022

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
LAB=$(realpath -m "${LAB:-${XDG_RUNTIME_DIR:-/var/tmp}/migration-lab/xen}")
MIN_GUEST_MIB=96
BUILD_COMMANDS=(mmdebstrap mke2fs cpio depmod modprobe dpkg-deb apt-get /usr/bin/python3)
RUN_COMMANDS=(qemu-system-x86_64 virsh setsid)
# shellcheck source=/dev/null
SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

die() { echo "lab: $*" >&2; exit 1; }
say() { echo "lab: $*"; }
usage() { sed -n '/^#   lab/,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$HERE/lab.sh" >&2; exit 2; }
number() { case ${1:-} in a) echo 1 ;; b) echo 2 ;; *) die "the host is a or b, not '${1:-}'" ;; esac; }
uri_of() { local n; n=$(number "${1:-}") || exit 1; echo "xen+tcp://127.0.0.1:1700$n/system"; }
need_root() { [ "$EUID" = 0 ] || die "'$1' must run as root"; }
need_name() { [[ ${1:-} =~ ^[A-Za-z0-9._-]+$ ]] || die "bad or missing guest name '${1:-}'"; }
need_commands() {
  local c missing=()
  for c; do command -v "$c" >/dev/null || missing+=("$c"); done
  [ ${#missing[@]} = 0 ] || die "missing: ${missing[*]} (run 'lab.sh deps')"
}
# the QEMU process of a host, if it is ours and alive
qemu_pid() {
  local pid
  pid=$(cat "$LAB/$1.pid" 2>/dev/null) && grep -qsz "^xen$1\$" "/proc/$pid/cmdline" && echo "$pid"
}

deps() {
  command -v apt-get >/dev/null || die "the lab installs its packages with apt: it needs Debian"
  if (need_commands "${BUILD_COMMANDS[@]}" "${RUN_COMMANDS[@]}" zstd lz4) 2>/dev/null; then return; fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=600 update -q
  apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends \
    qemu-system-x86 libvirt-clients mmdebstrap e2fsprogs kmod cpio python3-minimal zstd lz4
}

# --- build -------------------------------------------------------------------------------------------------------------

# the machine's own Debian sources as one-line entries, from sources.list and *.sources alike
apt_sources() {
  # shellcheck disable=SC2016
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)|$(ORIGIN)|$(CODENAME)' 'Created-By: Packages' |
    sed -n "s/|Debian|${SUITE}[a-z-]*\$//p" | sort -u
}
# the machine's apt settings that matter for downloads, for mmdebstrap's apt, which does not read them
apt_settings() { apt-config dump | grep -E '^Acquire::(https?::.*|Check-[A-Za-z-]*|Retries) "' || true; }
# the package a meta package stands for today
behind() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1; }

build_root() {
  [ ! -e root.done ] || return 0
  local hypervisor utils sources settings options=() line
  hypervisor=$(behind xen-system-amd64 'xen-hypervisor-[0-9.]*-amd64')
  utils=$(behind xen-system-amd64 'xen-utils-[0-9.]*')
  mapfile -t sources < <(apt_sources)
  mapfile -t settings < <(apt_settings)
  if [ -z "$hypervisor" ] || [ ${#sources[@]} = 0 ]; then die "apt knows no xen-system-amd64 of Debian '$SUITE' (run 'lab.sh deps')"; fi
  for line in 'APT::Install-Recommends "false"' 'Acquire::Languages "none"' 'DPkg::Lock::Timeout "600"' "${settings[@]}"; do
    options+=("--aptopt=${line%;}")
  done
  for line in doc man locale; do options+=("--dpkgopt=path-exclude=/usr/share/$line/*"); done
  rm -rf root root.log
  mmdebstrap --variant=apt --mode=root "${options[@]}" \
    --include="$hypervisor,$utils,xen-utils-common,libvirt-daemon,libvirt-daemon-driver-xen,libvirt-clients" \
    --include=iproute2,kmod,busybox-static,socat,procps,bridge-utils,mount \
    "$SUITE" root "${sources[@]}" 2>root.log || { tail -n 20 root.log >&2; die "mmdebstrap failed, see $LAB/root.log"; }
  rm -rf root/var/lib/apt/lists/* root/var/cache/apt/*.bin root/etc/resolv.conf
  # libvirtd must load the Xen driver alone, and must accept the virtual CPU, which lacks 'sep'
  find root/usr/lib/x86_64-linux-gnu/libvirt/connection-driver -name '*.so' ! -name '*_libxl.so' -delete
  sed -i "/feature name='sep'/d" root/usr/share/libvirt/cpu_map/x86_kvm64.xml
  touch root.done
}

# KIND: package, amd64 for dom0 (the cloud kernel is no dom0), cloud-amd64 for guests (smaller)
fetch_kernel() {
  local package
  package=$(behind "linux-image-$1" "linux-image-[0-9].*")
  [ -n "$package" ] || die "apt knows no linux-image-$1 (run 'lab.sh deps')"
  rm -rf "dl-$1"
  mkdir "dl-$1"
  (cd "dl-$1" && apt-get -q -o DPkg::Lock::Timeout=600 -o APT::Sandbox::User=root download "$package" && dpkg-deb -x ./*.deb . && rm -- *.deb)
}
# modules with what they depend on, in loading order, as paths
modules_of() {
  local version=$1 m
  shift
  for m; do modprobe -d "$LAB/dl-amd64" -S "$version" --show-depends "$m" | awk '$1 == "insmod" { print $2 }'; done | awk '!seen[$0]++'
}
pack() { (cd "$1" && find . | cpio -o -H newc --quiet | gzip -1) >"$2"; }

build_kernels() {
  if [ ! -e guest-kernel ]; then
    fetch_kernel cloud-amd64
    /usr/bin/python3 "$HERE/extract-vmlinux.py" dl-cloud-amd64/boot/vmlinuz-* guest-kernel.new
    mv guest-kernel.new guest-kernel
    rm -rf dl-cloud-amd64
  fi
  [ ! -e dom0-kernel ] || return 0
  local version f n=0
  fetch_kernel amd64
  version=$(basename dl-amd64/lib/modules/*)
  depmod -b dl-amd64 "$version"
  rm -rf modules initrd
  mkdir -p modules initrd/{bin,dev,proc,sys,mnt,modules}
  modules_of "$version" virtio_pci virtio_blk virtio_net ext4 crc32c_generic xen-evtchn xen-gntdev xen-gntalloc xen-privcmd \
    xenfs xen-netback xen-blkback bridge tun loop >modules.list
  while read -r f; do install -D -m644 "$f" "modules/lib/modules/$version/${f#*/"$version"/}"; done <modules.list
  cp dl-amd64/lib/modules/"$version"/modules.{builtin,builtin.modinfo,order} "modules/lib/modules/$version/"
  depmod -b modules "$version"
  modules_of "$version" virtio_pci virtio_blk crc32c_generic ext4 | grep -v crc32c-intel >modules.list
  while read -r f; do n=$((n + 1)); cp "$f" "initrd/modules/$(printf %02d $n)-$(basename "$f")"; done <modules.list
  /usr/bin/python3 "$HERE/extract-vmlinux.py" dl-amd64/boot/vmlinuz-* dom0-kernel.new
  mv dom0-kernel.new dom0-kernel
  rm -rf dl-amd64 modules.list
}

build_image() {
  local f
  for f in "$HERE"/{lab-init,dom0-initrd-init,guest-init,libvirtd.conf} root.done dom0-kernel guest-kernel; do
    [ dom0.img -nt "$f" ] || break
    f=
  done
  [ -n "$f" ] || return 0
  zcat root/boot/xen-*-amd64.gz >hypervisor
  # dom0's first stage: finds the disk
  install -m755 root/bin/busybox initrd/bin/busybox
  install -m755 "$HERE/dom0-initrd-init" initrd/init
  pack initrd dom0-initrd.gz
  # the guest: busybox and one script
  rm -rf guest
  mkdir -p guest/{bin,dev,proc,sys,data}
  install -m755 root/bin/busybox guest/bin/busybox
  install -m755 "$HERE/guest-init" guest/init
  mkdir -p root/var/lib/lab
  pack guest root/var/lib/lab/guest-initrd.gz
  cp guest-kernel root/var/lib/lab/guest-kernel
  # dom0's disk
  rm -rf root/usr/lib/modules guest
  cp -r modules/lib/modules root/usr/lib/modules
  install -m755 "$HERE/lab-init" root/usr/sbin/lab-init
  install -m644 "$HERE/libvirtd.conf" root/etc/libvirt/libvirtd.conf
  printf '127.0.0.1 localhost\n10.77.0.1 xena\n10.77.0.2 xenb\n' >root/etc/hosts
  rm -f dom0.img dom0.img.new
  truncate -s 700M dom0.img.new
  mke2fs -q -F -t ext4 -O '^has_journal' -m 0 -d root dom0.img.new
  mv dom0.img.new dom0.img
}

build() {
  need_root build
  need_commands "${BUILD_COMMANDS[@]}"
  local step t h
  [[ $LAB =~ ^[A-Za-z0-9._/-]+$ ]] || die "LAB may hold only letters, digits and ._/-: $LAB"
  for h in a b; do if qemu_pid $h >/dev/null; then die "host $h is up: run 'lab.sh down' first"; fi; done
  mkdir -p "$LAB"
  cd "$LAB"
  [ -e dom0.img ] || [ "$(df --output=avail -BM . | tail -n 1 | tr -dc 0-9)" -gt 1600 ] || die "less than 1.6 GB free in $LAB (set LAB)"
  for step in root kernels image; do
    t=$SECONDS
    build_$step
    say "$step: $((SECONDS - t)) s"
  done
}

# --- hosts -------------------------------------------------------------------------------------------------------------

run_qemu() {
  local h=$1 n=$2 other=$3 dom0=${DOM0_MEM:-320}M
  rm -f "$h.pid" "$h.monitor" "$h.console"
  : >"$h.log"
  : >"$h.qemu.log"
  # TMPDIR: where snapshot=on keeps what the host writes to its disk
  TMPDIR=$LAB setsid qemu-system-x86_64 -name "xen$h" -uuid "00000000-0000-4000-8000-00000000000$n" \
    -machine pc -accel "tcg,tb-size=${TB:-192}" -cpu "${CPU:-qemu64,+npt}" -smp 1 -m "${MEM:-640}" \
    -nodefaults -no-user-config -display none -no-reboot \
    -kernel hypervisor \
    -append "dom0_mem=$dom0,max:$dom0 dom0_max_vcpus=1 console=com1 com1=115200,8n1,0x3f8,4 loglvl=warning guest_loglvl=warning noreboot=1" \
    -initrd "dom0-kernel console=hvc0 ro quiet loglevel=4 mitigations=off nokaslr audit=0 apparmor=0 lab.name=xen$h lab.ip=10.77.0.$n,dom0-initrd.gz" \
    -drive file=dom0.img,format=raw,if=none,id=disk,snapshot=on,cache=unsafe -device virtio-blk-pci,drive=disk \
    -netdev "user,id=outside,restrict=on,hostfwd=tcp:127.0.0.1:1700$n-:16509,hostfwd=tcp:127.0.0.1:1710$n-:2222" \
    -device "virtio-net-pci,netdev=outside,mac=52:54:00:00:00:0$n,romfile=" \
    -netdev "dgram,id=between,local.type=inet,local.host=127.0.0.1,local.port=1720$n,remote.type=inet,remote.host=127.0.0.1,remote.port=1720$other" \
    -device "virtio-net-pci,netdev=between,mac=52:54:00:77:00:0$n,romfile=" \
    -chardev "socket,id=console,path=$h.console,server=on,wait=off,logfile=$h.log" -serial chardev:console \
    -monitor "unix:$h.monitor,server=on,wait=off" </dev/null >"$h.qemu.log" 2>&1 &
  echo $! >"$h.pid"
}

up() {
  local h x t=$SECONDS wait=${WAIT:-600}
  need_commands "${RUN_COMMANDS[@]}"
  [ -e "$LAB/dom0.img" ] || die "nothing built in $LAB (run 'lab.sh build')"
  [ -w "$LAB" ] || die "$LAB is not writable"
  cd "$LAB"
  if ! qemu_pid a >/dev/null; then run_qemu a 1 2; fi
  if ! qemu_pid b >/dev/null; then run_qemu b 2 1; fi
  sleep 1
  for h in a b; do
    until grep -q '^lab: ready' "$h.log"; do
      for x in a b; do
        qemu_pid $x >/dev/null || { tail -n 20 $x.qemu.log $x.log >&2; die "host $x has died"; }
      done
      [ $((SECONDS - t)) -lt "$wait" ] || { tail -n 20 $h.log >&2; die "host $h is not ready after $wait s"; }
      sleep 0.5
    done
    virsh -q -c "$(uri_of $h)" version >/dev/null
    say "$h $(uri_of $h) ready after $((SECONDS - t)) s"
  done
}

down() {
  local h pid tries
  for h in a b; do
    if pid=$(qemu_pid $h); then
      kill "$pid"
      tries=50
      while [ -e "/proc/$pid" ] && [ $((tries--)) -gt 0 ]; do sleep 0.1; done
      [ ! -e "/proc/$pid" ] || kill -9 "$pid"
    fi
    rm -f "$LAB/$h".{pid,monitor,console}
  done
}

status() {
  local h pid free
  for h in a b; do
    if ! pid=$(qemu_pid $h); then echo "$h down"; continue; fi
    free=$(T=30 enter $h 'xl info free_memory' 2>/dev/null || echo '?')
    echo "$h $(uri_of $h) qemu=$pid free=${free}MiB" \
      "guests: $(timeout 30 virsh -q -c "$(uri_of $h)" list --all --name 2>&1 | grep -vx Domain-0 | xargs)"
  done
}

# a shell behind a port of the host; T seconds of silence end it
enter() {
  local line rc=124 port
  port=1710$(number "${1:-}") || exit 1
  shift
  [ $# -gt 0 ] || usage
  { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || die "the host is not up"
  printf 'bash -c %q </dev/null 2>&1; printf "__rc %%d\\n" $?; exit\n' "$*" >&3
  while IFS= read -r -t "${T:-120}" line <&3; do
    if [[ $line =~ ^(.*)__rc\ ([0-9]+)$ ]]; then
      rc=${BASH_REMATCH[2]}
      [ -z "${BASH_REMATCH[1]}" ] || echo "${BASH_REMATCH[1]}"
      break
    fi
    printf '%s\n' "$line"
  done
  exec 3>&-
  return "$rc"
}

# after SIGTERM a libvirtd first lets a running migration finish
libvirtd_restart() {
  # shellcheck disable=SC2016
  enter "${1:-}" 'kill $(pidof libvirtd); while pidof libvirtd >/dev/null; do sleep 0.2; done
    libvirtd -l -f /etc/libvirt/libvirtd.conf -d >/dev/null 2>&1
    for i in $(seq 100); do virsh -q -c xen+unix:///system version >/dev/null 2>&1 && exit; sleep 0.2; done; exit 1'
}

# --- guests ------------------------------------------------------------------------------------------------------------

xml() {
  need_name "${1:-}"
  local name=$1 mem=$MIN_GUEST_MIB
  shift
  [[ ! ${1:-} =~ ^[0-9]+$ ]] || { mem=$1; shift; }
  [ "$mem" -ge $MIN_GUEST_MIB ] || die "a PVH guest needs $MIN_GUEST_MIB MiB or more"
  cat <<X
<domain type='xen'>
  <name>$name</name>${UUID:+<uuid>$UUID</uuid>}
  <memory unit='MiB'>$mem</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='xenpvh'>xenpvh</type>
    <kernel>/var/lib/lab/guest-kernel</kernel>
    <initrd>/var/lib/lab/guest-initrd.gz</initrd>
    <cmdline>console=hvc0 quiet mitigations=off nokaslr $*</cmdline>
  </os>
  <on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>
  <devices><console type='pty'><target type='xen' port='0'/></console></devices>
</domain>
X
}

start() {
  local uri name=${2:-} file
  uri=$(uri_of "${1:-}")
  need_name "$name"
  file=$LAB/guest-$name.xml
  shift
  xml "$@" >"$file"
  if [ -n "${PERSIST:-}" ]; then
    virsh -q -c "$uri" define "$file"
    virsh -q -c "$uri" start "$name"
  else
    virsh -q -c "$uri" create "$file"
  fi
}

field() { [[ $2 =~ (^| )$1=([0-9]+) ]] && echo "${BASH_REMATCH[2]}"; }

# read in the host by one shell that sleeps until the guest writes: to ask again and again would take the one virtual
# processor away from the guest. Prints the report that decided, or the last one and fails: 3 none within SILENT s, 4 not
# enough passes within SECONDS. The first line may be of an earlier stay on that host, the pass under way then does not count
# usage: reports HOST NAME first|next|pass SILENT SECONDS
reports() {
  T=$(($4 + 60)) enter "$1" "
    exec 3< <(exec tail -n 1 -F /var/log/xen/guest-$2.log 2>/dev/null)
    n=0 last= want= rc=3 end=\$((SECONDS + $5))
    while IFS= read -r -t $4 line <&3; do
      [[ \$line =~ ^seq=.*pass=([0-9]+) ]] || continue
      last=\$line n=\$((n + 1))
      [ $3 != first ] || { rc=0; break; }
      [ \$n -gt 1 ] || continue
      [ $3 != next ] || { rc=0; break; }
      : \${want:=\$((BASH_REMATCH[1] + 2))}
      [ \${BASH_REMATCH[1]} -lt \$want ] || { rc=0; break; }
      [ \$SECONDS -lt \$end ] || { rc=4; break; }
    done
    kill \$! 2>/dev/null
    [ -z \"\$last\" ] || echo \"\$last\"
    exit \$rc" | tr -d '\r'
}

await() {
  number "${1:-}" >/dev/null
  need_name "${2:-}"
  local now
  now=$(reports "$1" "$2" first "${WAIT:-600}" 0) || die "$2: no report on host $1 within ${WAIT:-600} s"
  echo "$2: $now"
}

check() {
  number "${1:-}" >/dev/null
  need_name "${2:-}"
  local h=$1 name=$2 mode=${3:-next} now rc=0
  now=$(reports "$h" "$name" "$mode" "${STILL:-90}" "${PASS_SECONDS:-300}") || rc=$?
  echo "$name: ${now:-(no report yet)}"
  case $rc in
    0) ;;
    4) die "$name: no full pass within ${PASS_SECONDS:-300} s" ;;
    *) die "$name: stands still on host $h" ;;
  esac
  [ "$(field err "$now")" = 0 ] || die "$name: its memory is damaged"
}

cmd=${1:-}
shift || true
case $cmd in
  deps) need_root deps; deps ;;
  build) build ;;
  up) up ;;
  down) down ;;
  status) status ;;
  start) start "$@" ;;
  xml) xml "$@" ;;
  await) await "$@" ;;
  check) check "$@" ;;
  libvirtd-restart) libvirtd_restart "$@" ;;
  enter) enter "$@" ;;
  *) usage ;;
esac
