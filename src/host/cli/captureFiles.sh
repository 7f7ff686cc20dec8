#!/bin/sh
# Prints what this machine has of its running kernel, as JSON with files in it: insmod-lens takes it as --kernel.
# Needs a shell, cat, and base64 or od (POSIX; BusyBox has them). Changes nothing. It takes: the kernel's image and configuration,
# Module.symvers, the lists of built-in modules, and one of the kernel's own modules. No addresses, no logs, no names of the machine.
set -u
root=${INSMOD_LENS_ROOT:-}
release=${INSMOD_LENS_RELEASE:-$(uname -r)}
machine=$(uname -m)
modules=
for directory in "/lib/modules/$release" "/usr/lib/modules/$release"; do
  if [ -d "$root$directory" ]; then modules=$directory; break; fi
done

if command -v base64 >/dev/null 2>&1; then
  encoding=base64
  encoded() { base64 "$1" | tr -d '\n'; }
else
  encoding=hex
  encoded() { od -An -v -tx1 "$1" | tr -d ' \n'; }
fi

comma=
found=
# take FILE [PLACE]: the first file of a kind that can be read
take() {
  [ -f "$root$1" ] && [ -r "$root$1" ] || return 1
  printf '%s\n"%s":"' "$comma" "${2:-$1}"
  encoded "$root$1"
  printf '"'
  comma=,
}
first() {
  for file in "$@"; do
    if take "$file"; then return 0; fi
  done
  return 1
}

case $release in
*[!A-Za-z0-9.+~_-]*)
  echo "insmod-lens: the release of this kernel has characters that are not expected: $release" >&2
  exit 2
  ;;
esac

printf '{"schema":1,"kind":"files","release":"%s","machine":"%s","encoding":"%s","files":{' "$release" "$machine" "$encoding"
first "/boot/vmlinuz-$release" "/boot/vmlinux-$release" "/boot/Image-$release" "/boot/kernel-$release" "$modules/vmlinuz" \
  "$modules/vmlinux" "$modules/Image" /boot/vmlinuz /boot/Image /boot/Image.gz /boot/zImage /boot/uImage /boot/bzImage \
  /boot/kernel8.img /boot/kernel_2712.img /boot/kernel7l.img /boot/kernel7.img /boot/firmware/kernel8.img \
  /boot/firmware/vmlinuz && found=image
first "/boot/config-$release" "$modules/config" "$modules/build/.config" /proc/config.gz
first "$modules/build/Module.symvers" "/usr/src/linux-headers-$release/Module.symvers" "$modules/symvers" "$modules/symvers.gz" \
  && found="$found symvers"
take "$modules/modules.builtin"
take "$modules/modules.builtin.modinfo"
for part in include/config/auto.conf include/generated/utsrelease.h include/config/kernel.release .config; do
  first "$modules/build/$part" "/usr/src/linux-headers-$release/$part"
done
for name in fs/nls/nls_utf8 fs/nls/nls_iso8859-1 drivers/net/dummy drivers/block/loop crypto/crc32_generic; do
  if first "$modules/kernel/$name.ko" "$modules/kernel/$name.ko.xz" "$modules/kernel/$name.ko.zst" \
    "$modules/kernel/$name.ko.gz"; then break; fi
done
printf '\n}}\n'
if [ -z "$found" ]; then
  echo "insmod-lens: neither an image of this kernel nor its Module.symvers was found (in /boot, /lib/modules, /usr/src)" >&2
  exit 1
fi
