// Why a file cannot be used, and why a path or a name is no target: templates of notes (see notes.ts).

export const INPUT_NOTES = {
  // Why a file cannot be used
  'bad-profile': 'is not a profile: expected RELEASE or RELEASE-ARCH, as in 2.6.39-i386',
  'no-such-file': 'no such file or directory',
  'no-such-directory': 'no such directory',
  'is-directory': 'is a directory',
  'directory-for-check': 'is a directory: "insmod-lens check" takes one, with all modules in it',
  'no-directory': 'is not a directory',
  'no-regular-file': 'is not a regular file',
  'permission-denied': 'permission denied',
  'too-many-links': 'too many levels of symbolic links',
  'dangling-link': 'is a link to a file that does not exist',
  'name-too-long': 'file name too long',
  'too-large': 'too large to be read',
  'too-many-dependencies': 'it depends on more than {most} other modules',
  unreadable: 'cannot be read ({code})',
  'no-elf': 'is not an ELF file',
  'data-corrupted': 'corrupted {format} data',
  'compressed-corrupted': 'corrupted compressed data',
  'decompresses-to-more': 'decompresses to more than {bytes} bytes',
  'run-unpacks-to-more': 'was not unpacked: the files before it became more than {bytes} bytes',
  'unexpected-end': 'unexpected end',
  'file-rewritten': 'the file was rewritten while it was read',
  'file-incomplete': 'the file is not complete yet',
  'not-shown-for-kernel': 'cannot be shown for this kernel',
  'no-target': 'no target',
  'analysis-stopped': 'the analysis stopped unexpectedly: {reason}',
  'exit-status': 'exit status {status}',
  'no-compile-commands': 'is not a list of compile commands and was not changed',
  'provider-not-found':
    "{module} depends on {needed}, which was found neither beside it nor among the target's modules.",

  // Why a path is no target
  'no-such-target':
    'no such file or directory, and no name of a kernel, as debian:12, debian:trixie/arm64 and profile:6.1-arm64 are',
  'no-such-release':
    'no such file or directory: profile:{release} is a kernel of that release that is not at hand, {fetched} one that is fetched',
  'no-kernel': 'is neither a kernel (vmlinux, vmlinuz, Image) nor a snapshot (.json, .json.gz, .json.br)',
  'no-build': 'is neither a kernel build directory nor a /lib/modules/RELEASE directory',
  'no-running-target':
    'no such directory: name a kernel with --kernel (headers, image, package, or a name as debian:12)',
  'own-target-not-here':
    'was built for {release}, whose headers were not found: install linux-headers-{release}, or name a kernel with --kernel (headers, image, package, or a name as debian:12)',
  'no-own-target':
    'neither the files beside it nor {target} tell its kernel: name one with --kernel (headers, image, package, or a name as debian:12)',
  'not-fetched': 'cannot be fetched ({reason})',
  'server-answers': 'cannot be fetched (the server answers {status})',
  'not-as-listed': 'is not the file that the index of its archive lists',
  'not-signed': 'is not signed by a key of {keyring}',
  'no-mirror':
    'is a kernel of Debian, and no archive of Debian is among the sources of packages here: name one with --mirror',
  'kernel-not-found': 'no such kernel in {suites} for {architecture} on {mirror}',
  'kernel-not-fetched': 'was not fetched yet: choose it in "Select target kernels"',
  'no-kernel-name':
    'is no name of a kernel: wanted is debian:SUITE or debian:RELEASE, as in debian:12, debian:trixie/arm64 or debian:6.1.0-50-amd64',
  'no-package': 'is not a package that can be read (.deb, .rpm, .pkg.tar.zst)',
  'package-without-kernel':
    'holds no kernel: neither an image nor headers with Module.symvers (give linux-image or linux-headers)',
  'no-kernel-inside': 'holds no Linux kernel that can be found',
  'unknown-packing': 'holds a kernel that is packed with {name}, which cannot be unpacked here',
  'not-unpacked-by-lzop': 'holds a kernel that is packed with LZO, which lzop could not unpack (apt install lzop)',
  'kernel-without-modules': 'is the kernel {release}, which was built without support for modules',
  'kernel-without-exports':
    'is the kernel {release}, whose table of exports was not found in it: install linux-headers-{release}, or name the tree it was built in',
  'no-symvers':
    'has no Module.symvers, which lists what the kernel exports: install the headers package of this kernel, or run "make" (not only "make modules_prepare") in its source tree',
  'no-config': 'has no include/config/auto.conf and no .config: configure the kernel, then run "make modules_prepare"',
  'no-release': 'no include/generated/utsrelease.h or include/config/kernel.release; run "make modules_prepare" in it',
  'build-not-found': "the kernel's build directory was not found: install linux-headers-{release}, or name it instead",
  'no-json': 'is not a snapshot: not JSON',
  'no-schema': 'is not a snapshot this version can read: no schema number',
  'unknown-schema': 'is not a snapshot this version can read: schema {schema} is not known',
  'snapshot-incomplete': 'is an incomplete snapshot: release, arch, vermagic, config or exports are missing',
} as const;
