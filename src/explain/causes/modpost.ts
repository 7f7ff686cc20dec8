// What modpost says while a module is built, which people paste as well.
import { duplicateExport, forcedLoadRefused, missingNamespaceImport } from '../../findings/definitions';
import { NOT_EXPORTED } from '../../findings/unknownSymbol';
import { isOfImage } from '../providers';
import { note, safe, type Cause } from './types';

export const MODPOST_CAUSES = {
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
  modpostDouble: {
    effect: 'objection',
    codes: [duplicateExport.id],
    advise: (_, t) => ({
      why: t(
        'modpost read the exports of the kernel twice: a Module.symvers that lists them was given to the build in addition to that of the headers. No source is wrong.',
      ),
      command: 'find . -name Module.symvers; env | grep -e KBUILD_EXTRA_SYMBOLS -e KBUILD_EXTMOD; make clean',
      apart: t(
        'Remove copies of the Module.symvers of the kernel from the source of the module and from KBUILD_EXTRA_SYMBOLS. If there are none, the headers package is damaged: install it again.',
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
} satisfies Readonly<Record<string, Cause>>;
