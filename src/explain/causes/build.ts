// Causes that a build decides: versions, the shape of the file, errors of the build itself.
import {
  btfMismatch,
  compressedFile,
  duplicateExport,
  forcedLoadRefused,
  missingNamespaceImport,
  noCommon,
  notLoadable,
  relocation,
  symbolVersion,
  thisModuleSize,
  vermagic,
} from '../../findings/definitions';
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import { isOfImage } from '../providers';
import { BUILD, note, objection, refused, safe, type Cause } from './types';

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
  modpost: {
    effect: 'objection',
    codes: [NOT_EXPORTED],
    refusesWith: [2],
    advise: ({ symbol = '' }, t) => ({
      why: t(
        'The build found no exporter of {0}. Loaded like this, the module would be refused with "Unknown symbol".',
        symbol,
      ),
      command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
      apart: isOfImage(symbol)
        ? t(
            'The symbol is part of the kernel image in common kernels. If the file does not list it, this kernel does not export it: an option is off, its unused exports were trimmed (CONFIG_TRIM_UNUSED_KSYMS, as in hardened kernels), or the interface is gone. Use a kernel without that option, or a version of the driver made for this kernel.',
          )
        : t(
            'If a sibling module exports it, set KBUILD_EXTRA_SYMBOLS to the Module.symvers of that module. If a source file of your own defines it, add its object to the Kbuild list. Otherwise this kernel does not export it.',
          ),
    }),
  },
  modpostAll: {
    effect: 'objection',
    codes: [NOT_EXPORTED, forcedLoadRefused.id],
    refusesWith: [2, 8, 22],
    advise: ({ symbol = '' }, t) => ({
      why: t(
        'Even {0} has no exporter, which every kernel exports: the tree that the module is built against has no complete Module.symvers. It was prepared, but never built with its modules.',
        symbol,
      ),
      command: 'ls -l /lib/modules/$(uname -r)/build/Module.symvers',
      apart: t(
        'If the file is missing or empty, build that kernel fully (make, then make modules), or install the headers package of the running kernel. If it is there, its unused exports may have been trimmed (CONFIG_TRIM_UNUSED_KSYMS).',
      ),
    }),
  },
  modpostNamespace: {
    effect: 'objection',
    codes: [missingNamespaceImport.id],
    refusesWith: [22],
    advise: ({ ns = '', symbol = '' }, t) => ({
      why: t('{0} is exported in the namespace {1}, which the module does not import.', symbol, ns),
      command: null,
      apart: t(
        'Add MODULE_IMPORT_NS("{0}"); next to MODULE_LICENSE; before Linux 6.13 without the quotes. Then build again. A newer version of the driver may have the line already.',
        ns,
      ),
    }),
  },
  modpostTwice: {
    effect: 'objection',
    codes: [duplicateExport.id],
    refusesWith: [8],
    advise: ({ symbol = '', owner = '' }, t) => ({
      why: t(
        'The module exports {0}, which {1} exports already: the same driver is built into the kernel, or comes twice in this build.',
        symbol,
        owner,
      ),
      command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
      apart: t(
        'If vmlinux exports it, the driver is built in: use that one, or remove EXPORT_SYMBOL from your copy and expect that both want the device. If every symbol is listed twice, an old Module.symvers was added to the build: make clean, and check KBUILD_EXTRA_SYMBOLS.',
      ),
    }),
  },
  modpostLicense: {
    effect: 'objection',
    codes: ['gpl-only'],
    advise: ({ file = '' }, t) => ({
      why: t('{0} declares no license. modpost stops, and the kernel would count the module as proprietary.', file),
      command: 'grep -rn MODULE_LICENSE --include="*.c" .',
      apart: t(
        'Add MODULE_LICENSE("GPL"); to a source file of the module. If the line is there, the file that holds it is not in the Kbuild list, or has the name of the module itself: rename one of them.',
      ),
    }),
  },
  modpostNote: note((_, t) => ({
    why: t('modpost reports this while building. The line refuses nothing.'),
    command: null,
    apart: null,
  })),
  modpostOther: {
    effect: 'objection',
    codes: [],
    advise: (_, t) => ({
      why: t(
        'modpost objects to the module at build time. The line names the reason; a kernel may refuse the module for it.',
      ),
      command: null,
      apart: null,
    }),
  },
  modpostGpl: {
    effect: 'objection',
    codes: ['gpl-only'],
    advise: ({ symbol = '' }, t) => ({
      why: t(
        '{0} is exported to GPL-compatible modules only, and the license of this module is not one. The build stops here; the kernel would not find the symbol either.',
        symbol,
      ),
      command: 'grep -rn MODULE_LICENSE --include="*.c" .',
      apart: t(
        'If the source does not use the symbol itself, an inline function of the headers does: newer kernels made some of them GPL-only. A newer version of the driver avoids it.',
      ),
    }),
  },
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
