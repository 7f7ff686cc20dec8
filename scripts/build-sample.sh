#!/usr/bin/env bash
# Builds media/sample/hello.ko from its source for the kernel whose headers are in KDIR, and takes the snapshot of that
# kernel which goes with it. Debug information is left out: it is most of the file, and holds paths of this machine.
#   scripts/build-sample.sh /usr/src/linux-headers-6.1.0-50-amd64
set -euo pipefail
cd "$(dirname "$0")/.."
KDIR=${1:?usage: scripts/build-sample.sh KDIR}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp media/sample/hello.c media/sample/Makefile "$work/"
make -s -C "$work" KDIR="$KDIR" modules
strip --strip-debug -o media/sample/hello.ko "$work/hello.ko"
node scripts/build.mjs
node dist/cli.js capture --kernel "$KDIR" | brotli -q 11 -w 24 -c > media/sample/kernel.json.br
ls -l media/sample
