// Causes that a build decides: versions, the shape of the file, errors of the build itself.
import {
  btfMismatch,
  compressedFile,
  forcedLoadRefused,
  noCommon,
  notLoadable,
  relocation,
  symbolVersion,
  thisModuleSize,
  vermagic,
} from '../../findings/definitions';
import { BUILD, objection, refused, type Cause } from './types';

export const BUILD_CAUSES = {
  vermagic: refused([vermagic.id], ({ mod = '', kernel = '' }, t) => ({
    why: t(
      "The module was built for '{0}'; this kernel is '{1}'. It was built against other headers than those of the running kernel, or the kernel was updated and the old objects were kept.",
      mod.trim(),
      kernel.trim(),
    ),
    command: BUILD,
    apart: t(
      'If only a later word differs (SMP, preempt, a CPU model), choose the headers of that flavor. If the running kernel is older than the newest directory in /lib/modules, reboot first.',
    ),
  })),
  randstruct: refused([vermagic.id], (_, t) => ({
    why: t(
      'Both kernels randomize the layout of structures (RANDSTRUCT), with different seeds. The release may be the same, but the structures are not.',
    ),
    command: BUILD,
    apart: t(
      'The headers must come from the same build as the running kernel: the seed lies in scripts/basic/randstruct.seed. A kernel rebuilt without that file gets a new seed.',
    ),
  })),
  layout: refused([symbolVersion.id, thisModuleSize.id], (_, t) => ({
    why: t(
      'The types that describe a module differ between the headers and the running kernel: they are of another release, or of another configuration, patch or compiler. Nothing in your source causes this.',
    ),
    command: BUILD,
    apart: t(
      'Compare modinfo -F vermagic MODULE.ko with uname -r first. If the release is the same, compare the configuration of the headers with /boot/config-$(uname -r) or /proc/config.gz. If they are equal, Module.symvers of the headers comes from another build. Do not copy another Module.symvers over it.',
    ),
  })),
  thisModule: refused([thisModuleSize.id, relocation.id], (_, t) => ({
    why: t(
      "The module's struct module has another layout than the kernel's. The headers were prepared with another configuration or another compiler than the running kernel, under the same release name.",
    ),
    command: BUILD,
    apart: t(
      'If a clean build changes nothing, the headers package is not of this kernel build: reinstall it and reboot into the kernel it belongs to.',
    ),
  })),
  btf: objection([btfMismatch.id], [22], (_, t) => ({
    why: t(
      'The type data (BTF) of the module belongs to another build of the kernel. The code may be fine. Some kernels refuse the module for this, others only print the line.',
    ),
    command: BUILD,
    apart: t(
      'If you cannot build against the exact kernel, remove the data: objcopy --remove-section=.BTF --remove-section=.BTF.ids MODULE.ko, then sign again.',
    ),
  })),
  architecture: refused([notLoadable.id], (_, t) => ({
    why: t('The module was built for another kind of machine, such as 32 bits instead of 64, or another processor.'),
    command: 'uname -m; file MODULE.ko',
    apart: t(
      'When cross-compiling, set ARCH and CROSS_COMPILE to those of the target. On a Raspberry Pi, a 64-bit kernel may run under a 32-bit system: build for the kernel.',
    ),
  })),
  notUnpacked: refused([compressedFile.id, notLoadable.id], (_, t) => ({
    why: t(
      'The kernel was handed a file that is no ELF file. Most often it is a compressed module (.xz, .zst, .gz) that the tool passed on without unpacking it, because the tool is too old or was built without that format.',
    ),
    command: 'file MODULE.ko*; kmod --version',
    apart: t(
      'Unpack the module and run depmod -a, or update kmod. BusyBox 1.36 prints this line even when it succeeds at the second try. A text file or a page from a download gives the same line.',
    ),
  })),
  xzCheck: refused([compressedFile.id], (_, t) => ({
    why: t(
      "The kernel's own decoder does not accept how the module was compressed. For xz it wants the integrity check CRC32 or none; the default of xz is CRC64, which programs read without trouble.",
    ),
    command:
      'xz --list --verbose MODULE.ko.xz; unxz MODULE.ko.xz && xz --check=crc32 --lzma2=dict=1MiB MODULE.ko && sudo depmod -a',
    apart: t(
      'A module left uncompressed works as well. If it is compressed right, the file is damaged: compare it with the original.',
    ),
  })),
  otherCompression: refused([compressedFile.id], (_, t) => ({
    why: t('The kernel unpacks modules of one format only, and this file has another.'),
    command: 'cat /sys/module/compression; file MODULE.ko*',
    apart: t('Compress the module in that format, or leave it uncompressed, and run depmod -a.'),
  })),
  stripped: refused([notLoadable.id], (_, t) => ({
    why: t('The module has no symbol table: it was stripped completely.'),
    command: 'file MODULE.ko; readelf -S MODULE.ko | grep symtab',
    apart: t('Build again and use strip --strip-debug, which leaves what the kernel needs. Sign after that.'),
  })),
  plainObject: refused([notLoadable.id], (_, t) => ({
    why: t('The file is an object file (.o) and not the finished module: it lacks the section that modpost adds.'),
    command: 'ls -l *.ko; readelf -S MODULE.ko | grep this_module',
    apart: t('Load the .ko next to it. If there is none, the build stopped before modpost: look at its output.'),
  })),
  file: refused([notLoadable.id, compressedFile.id], (_, t) => ({
    why: t(
      'The file is not a complete module: it was cut off, is compressed, or is another kind of file, such as a plain .o.',
    ),
    command: 'file MODULE.ko; ls -l MODULE.ko',
    apart: t(
      'A size smaller than that of the original means a broken copy. "XZ compressed" or "gzip" means: unpack it. An object without .gnu.linkonce.this_module is a .o from before modpost: take the .ko.',
    ),
  })),
  symvers: {
    effect: 'objection',
    codes: [forcedLoadRefused.id],
    refusesWith: [8, 22],
    advise: (_, t) => ({
      why: t(
        'The build had no Module.symvers, so the module carries no checksums. A kernel with MODVERSIONS refuses it without a message.',
      ),
      command: BUILD,
      apart: t(
        'Install the headers package of the running kernel, or build that kernel fully: modules_prepare makes no Module.symvers.',
      ),
    }),
  },
  compileError: refused([], (_, t) => ({
    why: t(
      'The compiler stopped, so there is no module to load: the source does not fit the headers it was built with.',
    ),
    command: 'make 2>&1 | grep -m 5 -e "error:"',
    apart: t(
      'The first error counts. A member or function that is missing, or has other arguments, means that the interface of the kernel changed: take a version of the driver made for this kernel. A missing file of linux/ means headers of another kernel.',
    ),
  })),
  compilerDiffers: {
    effect: 'objection',
    codes: [],
    advise: (_, t) => ({
      why: t(
        'The module is built with another compiler than the kernel. With the same major version this is harmless; otherwise structures and options may differ.',
      ),
      command: 'cat /proc/version; gcc --version',
      apart: null,
    }),
  },
  noCommon: refused([noCommon.id], (_, t) => ({
    why: t('A variable in the module was compiled as a common symbol.'),
    command: null,
    apart: t('Initialize the variable, or declare it extern in the header, and build without -fcommon.'),
  })),
} satisfies Readonly<Record<string, Cause>>;
