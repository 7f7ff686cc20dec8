// Symbols that a module wants or exports.
import {
  duplicateExport,
  forcedLoadRefused,
  missingNamespaceImport,
  proprietaryProvider,
  symbolVersion,
  unknownSymbol,
} from '../../findings/definitions';
import { MISSING_SYMBOL, NOT_EXPORTED } from '../../findings/unknownSymbol';
import { unusedExport } from '../../findings/unusedExport';
import { providerOf } from '../providers';
import { BUILD, objection, refused, safe, type Cause } from './types';

export const SYMBOL_CAUSES = {
  symbolVersion: refused([symbolVersion.id], ({ symbol = '' }, t) => {
    const provider = providerOf(symbol);
    return {
      why:
        provider === null
          ? t(
              'The module was built with another checksum of {0} than the one in the running system. The kernel, or the module that exports the symbol, was rebuilt.',
              symbol,
            )
          : t(
              'The module was built with another checksum of {0} than the one in the running system. The module {1} usually exports it: the two come from different versions or builds.',
              symbol,
              provider,
            ),
      command:
        provider === null
          ? `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`
          : `modinfo -n ${provider}; find /lib/modules/$(uname -r) -name '${provider.replaceAll('_', '?')}.ko*'`,
      apart: t(
        'If vmlinux exports it, build from clean against the headers of the running kernel. If another module exports it (graphics, OFED, ZFS), install both from one version, remove old copies, and build against the Module.symvers of that module with KBUILD_EXTRA_SYMBOLS. Parameters have nothing to do with it.',
      ),
    };
  }),
  noSymbolVersion: objection([symbolVersion.id, forcedLoadRefused.id], [8, 22], ({ symbol = '' }, t) => ({
    why: t(
      'The module has no checksum for {0}. It was built without a complete Module.symvers. Some kernels, Debian among them, refuse this; others only print the line.',
      symbol,
    ),
    command: BUILD,
    apart: t(
      'Look in the build log for "Symbol version dump … is missing" or a modpost warning about this symbol. If another module exports it, name the Module.symvers of that module in KBUILD_EXTRA_SYMBOLS.',
    ),
  })),
  symbolMissing: refused(MISSING_SYMBOL, ({ symbol = '', module }, t) => ({
    why: t(
      'The kernel found no usable symbol {0}. Usually another module exports it and is not loaded yet: insmod inserts one file, without its dependencies.',
      symbol,
    ),
    command: `sudo modprobe ${safe(module, 'MODULE')}`,
    apart: t(
      'grep the symbol in /lib/modules/$(uname -r)/build/Module.symvers. If a module exports it, load that module first. If vmlinux exports it with EXPORT_SYMBOL_GPL, check MODULE_LICENSE. If nothing exports it, this kernel lacks it: an option is off, or the interface changed. If the name is one of the module itself, a source file is missing in its Kbuild list.',
    ),
  })),
  symbolOfModule: refused(MISSING_SYMBOL, ({ symbol = '', module, providers }, t) => {
    const provider = providerOf(symbol) ?? 'MODULE';
    return {
      why: t(
        'The kernel found no usable symbol {0}. The module {1} usually exports it and is not loaded: insmod inserts one file, without its dependencies.',
        symbol,
        provider,
      ),
      command: providers?.includes(' ') ? `sudo modprobe -a ${providers}` : `sudo modprobe ${provider}`,
      apart: t(
        'Then insert {0} again, or install it, run depmod -a and use modprobe. If lsmod lists {1} and the line comes again, its version lacks the symbol: build against the headers of the running kernel. If it exports the symbol with EXPORT_SYMBOL_GPL, check MODULE_LICENSE.',
        module ?? t('the module'),
        provider,
      ),
    };
  }),
  symbolOfImage: refused([NOT_EXPORTED, 'gpl-only'], ({ symbol = '' }, t) => ({
    why: t(
      '{0} is part of the kernel image in common kernels, not of a module, and this kernel does not export it to this module. The module was built for another kernel version or another configuration.',
      symbol,
    ),
    command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
    apart: t(
      'If the file lists the symbol, build from clean against these headers; with EXPORT_SYMBOL_GPL, check MODULE_LICENSE too. If not, this kernel lacks it: an option is off, its unused exports were trimmed (CONFIG_TRIM_UNUSED_KSYMS), or the interface is no longer exported. Then use a version of the driver made for this kernel.',
    ),
  })),
  symbolAfterModprobe: refused(MISSING_SYMBOL, ({ symbol = '', module, providers }, t) => ({
    why:
      providers === undefined
        ? t(
            'The kernel found no usable symbol {0}, although the tool goes through modules.dep before it inserts {1}. Either this kernel does not export it, because the module was made for another version or configuration, or the module that exports it is not in that directory (an image or an initramfs was made without it).',
            symbol,
            module ?? t('the module'),
          )
        : t(
            'The kernel found no usable symbol {0}, although the tool goes through modules.dep before it inserts {1}. The module {2} usually exports it: the one in that directory is of another version without the symbol, it is missing there (an image or an initramfs was made without it), or it failed to load.',
            symbol,
            module ?? t('the module'),
            providers.split(' ').join(', '),
          ),
    command: `sudo depmod -a; modprobe --show-depends ${safe(module, 'MODULE')}${providers === undefined ? `; modinfo -F depends ${safe(module, 'MODULE')}` : `; modinfo -n ${providers}`}`,
    apart: t(
      'A module named in depends that no file in /lib/modules brings must be installed, or added to the image. Where two packages bring the exporting module (OFED, media drivers, graphics), install that package again and build this module against it. With an empty list, or with all of them loaded, this kernel does not export the symbol: the module belongs to another version or configuration. A symbol with EXPORT_SYMBOL_GPL also needs a GPL-compatible MODULE_LICENSE.',
    ),
  })),
  programSymbol: refused([NOT_EXPORTED], ({ symbol = '' }, t) => ({
    why: t(
      '{0} is a function of the C library, or of the support code of a language, for programs. The kernel has none of these, and no module brings them.',
      symbol,
    ),
    command: `nm -u --line-numbers MODULE.ko | grep -w ${safe(symbol, 'SYMBOL')}`,
    apart: t(
      'Use what the kernel offers instead (printk, kmalloc, integers in place of floating point), and build through kbuild without a library for programs. In Rust, leave out crates and features that use floats or std.',
    ),
  })),
  divisionSymbol: refused([NOT_EXPORTED], ({ symbol = '' }, t) => ({
    why: t(
      'The compiler put the call to {0} in for a 64-bit division or for floating point in the source. The kernel has no such function.',
      symbol,
    ),
    command: `grep -rn '[/%]' --include='*.c' .`,
    apart: t(
      'Use div_u64, div64_u64 or do_div for 64-bit numbers on a 32-bit machine, and no floating point. Nothing can be loaded to provide it.',
    ),
  })),
  compilerSymbol: refused([NOT_EXPORTED], ({ symbol = '' }, t) => ({
    why: t(
      'The compiler put the call to {0} in. The kernel was built with other compiler options or another compiler, so it does not have it.',
      symbol,
    ),
    command: BUILD,
    apart: t('Use the compiler named in /proc/version and do not override CFLAGS.'),
  })),
  symbolRejected: refused(
    [symbolVersion.id, missingNamespaceImport.id, unknownSymbol.id],
    ({ symbol = '', module }, t) => ({
      why: t(
        'The symbol {0} exists, but the kernel rejects how the module uses it: its version differs, or it is in a namespace that the module does not import. The line before this one says which.',
        symbol,
      ),
      command: `sudo dmesg | grep -w ${safe(module, 'MODULE')}`,
      apart: t(
        '"disagrees about version" means: build against the headers of the running kernel. "from namespace" means: add MODULE_IMPORT_NS. "no symbol version" means: built without a complete Module.symvers.',
      ),
    }),
  ),
  symbolProtected: refused([], ({ symbol = '' }, t) => ({
    why: t(
      'The kernel reserves {0} for signed modules that were built with it (Android GKI). A vendor module may neither use nor export it.',
      symbol,
    ),
    command: null,
    apart: t(
      'Use only symbols of the KMI symbol list of this kernel, or have the symbol added to that list. Modules that depend on this one then report the error -2; they are not the cause.',
    ),
  })),
  symbolUnused: {
    effect: 'objection',
    codes: [unusedExport.id],
    advise: ({ symbol = '' }, t) => ({
      why: t(
        '{0} is marked as unused in this old kernel and will be removed. The line itself refuses nothing.',
        symbol,
      ),
      command: null,
      apart: t('If the module was refused, another line says why.'),
    }),
  },
  namespace: refused([missingNamespaceImport.id], ({ ns = '', symbol = '' }, t) => ({
    why: t('{0} is exported in the namespace {1}, which the module does not import.', symbol, ns),
    command: null,
    apart: t(
      'Add MODULE_IMPORT_NS("{0}"); next to MODULE_LICENSE; before Linux 6.13 without the quotes. Then build again. The tool says "Invalid parameters", but parameters have nothing to do with it.',
      ns,
    ),
  })),
  namespaceRestricted: refused([missingNamespaceImport.id], ({ ns = '', symbol = '' }, t) => ({
    why: t('{0} is reserved for the modules {1}. No other module can import it.', symbol, ns.replace(/^module:/, '')),
    command: null,
    apart: t('Use another function. A copy of one of these modules must keep its name.'),
  })),
  gplMixed: refused([proprietaryProvider.id, 'gpl-only'], (_, t) => ({
    why: t(
      'The module uses GPL-only symbols and also symbols of a proprietary module. The kernel does not allow both in one module.',
    ),
    command: null,
    apart: t('Use one or the other, or a version of the other module with a GPL-compatible license.'),
  })),
  duplicate: refused([duplicateExport.id], ({ symbol = '', owner = '' }, t) => ({
    why: t('The module exports {0}, which {1} exports already.', symbol, owner),
    command: owner === 'kernel' ? null : `sudo modprobe -r ${safe(owner, 'MODULE')}`,
    apart: t(
      'If the owner is the kernel, the driver is built in: your copy cannot be added. If it is a module, another copy of the driver is in the system: unload it.',
    ),
  })),
} satisfies Readonly<Record<string, Cause>>;
