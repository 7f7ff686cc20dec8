#!/usr/bin/env bash
# Builds the sample modules from their sources for the kernel whose headers are in KDIR, and takes the snapshot of that
# kernel which goes with them. Debug information is left out: it is most of the files, and holds paths of this machine.
#   scripts/build-sample.sh /usr/src/linux-headers-6.1.0-50-amd64
set -euo pipefail
cd "$(dirname "$0")/.."
KDIR=${1:?usage: scripts/build-sample.sh KDIR}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build DIRECTORY NAME TREE
build() {
  mkdir "$work/$2"
  cp "$1/$2.c" "$1/Makefile" "$work/$2/"
  make -s -C "$work/$2" KDIR="$3" modules
  objcopy --strip-debug --remove-section=.BTF "$work/$2/$2.ko" "$1/$2.ko"
}

build media/workspace/greeter greeter "$KDIR"
# What the tests of the editor are tried on.
build test/editor/sample hello "$KDIR"

# The tree of a vendor, as far as exports go: one function more, no namespaces, another checksum.
mkdir "$work/vendor"
cp -rs "$KDIR/." "$work/vendor"
rm "$work/vendor/Module.symvers"
awk -F '\t' -v OFS='\t' '
  { $5 = "" }
  $2 == "register_reboot_notifier" { $1 = "0x51a7c0de" }
  { print }
  END { print "0xe007de41", "kallsyms_lookup_name", "vmlinux", "EXPORT_SYMBOL_GPL", "" }
' "$KDIR/Module.symvers" > "$work/vendor/Module.symvers"
build media/workspace/trouble trouble "$work/vendor"

node scripts/build.mjs
node dist/cli.js capture --kernel "$KDIR" | brotli -q 11 -w 24 -c > media/workspace/kernels/debian-12.kernel.json.br
# A newer one to compare with: as test/kernel recorded it.
cp test/kernel/recorded/7.2.*/target.json.br media/workspace/kernels/debian-14.kernel.json.br
ls -l test/editor/sample media/workspace/*
