// Causes that a build decides: versions, symbols, relocations, the shape of the file.
import {
  btfMismatch,
  compressedFile,
  duplicateExport,
  forcedLoadRefused,
  missingNamespaceImport,
  noCommon,
  notLoadable,
  proprietaryProvider,
  relocation,
  symbolVersion,
  thisModuleSize,
  unknownSymbol,
  vermagic,
} from '../../findings/definitions';
import { MISSING_SYMBOL, NOT_EXPORTED } from '../../findings/unknownSymbol';
import { safe, type Cause } from './types';

const BUILD = 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules';

const refused = (codes: readonly string[], advise: Cause['advise']): Cause => ({ effect: 'refused', codes, advise });

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
      'The release matches, the build does not: the types that describe a module differ between the headers and the running kernel. Another configuration, patch or compiler made them. Nothing in your source causes this.',
    ),
    command: BUILD,
    apart: t(
      'Compare the configuration of the headers with /boot/config-$(uname -r) or /proc/config.gz. If they are equal, Module.symvers of the headers comes from another build. Do not copy another Module.symvers over it.',
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
  symbolVersion: refused([symbolVersion.id], ({ symbol = '' }, t) => ({
    why: t(
      'The module was built with another checksum of {0} than the one in the running system. The kernel, or the module that exports the symbol, was rebuilt.',
      symbol,
    ),
    command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
    apart: t(
      'If vmlinux exports it, build from clean against the headers of the running kernel. If another module exports it (graphics, OFED, ZFS), build against the Module.symvers of that module with KBUILD_EXTRA_SYMBOLS. Parameters have nothing to do with it.',
    ),
  })),
  noSymbolVersion: refused([symbolVersion.id, forcedLoadRefused.id], ({ symbol = '' }, t) => ({
    why: t(
      'The module has no checksum for {0}. It was built without a complete Module.symvers. Some kernels, Debian among them, refuse this; others only print the line.',
      symbol,
    ),
    command: BUILD,
    apart: t('Look in the build log for "Symbol version dump … is missing" or a modpost warning about this symbol.'),
  })),
  symbolMissing: refused(MISSING_SYMBOL, ({ symbol = '', module }, t) => ({
    why: t(
      'The kernel found no usable symbol {0}. Usually another module exports it and is not loaded yet: insmod inserts one file, without its dependencies.',
      symbol,
    ),
    command: `sudo modprobe ${safe(module, 'MODULE')}`,
    apart: t(
      'grep the symbol in /lib/modules/$(uname -r)/build/Module.symvers. If a module exports it, load that module first. If vmlinux exports it with EXPORT_SYMBOL_GPL, check MODULE_LICENSE. If nothing exports it, this kernel lacks it: an option is off, or the interface changed.',
    ),
  })),
  compilerSymbol: refused([NOT_EXPORTED], ({ symbol = '' }, t) => ({
    why: t(
      'The compiler put the call to {0} in. The kernel was built with other compiler options or another compiler, so it does not have it.',
      symbol,
    ),
    command: BUILD,
    apart: t(
      'Use the compiler named in /proc/version and do not override CFLAGS. A symbol for division or floating point comes from the source instead: use div_u64 or do_div, and no floating point.',
    ),
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
    codes: [],
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
  relocation: refused([relocation.id], ({ type }, t) => ({
    why:
      type === undefined
        ? t(
            'An address in the module does not fit where its code wants it: the code was compiled for another code model.',
          )
        : t(
            'This kernel cannot apply relocation type {0}. The compiler, the assembler or options such as -fPIC produced code that this kernel does not expect.',
            type,
          ),
    command: BUILD,
    apart: t(
      'If a clean build with the compiler of the kernel gives the same, compare the options in the .cmd file: your Makefile must not add -fPIC, -fpie or -mcmodel. If the options are right, the toolchain is newer than the kernel.',
    ),
  })),
  btf: refused([btfMismatch.id], (_, t) => ({
    why: t(
      'The type data (BTF) of the module belongs to another build of the kernel. The code may be fine. Some kernels refuse the module for this, others only print the line.',
    ),
    command: BUILD,
    apart: t(
      'If you cannot build against the exact kernel, remove the data: objcopy --remove-section=.BTF --remove-section=.BTF.ids MODULE.ko, then sign again.',
    ),
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
    advise: ({ symbol = '' }, t) => ({
      why: t(
        'The build found no exporter of {0}. Loaded like this, the module would be refused with "Unknown symbol".',
        symbol,
      ),
      command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
      apart: t(
        'If a sibling module exports it, set KBUILD_EXTRA_SYMBOLS to the Module.symvers of that module. If a source file of your own defines it, add its object to the Kbuild list. Otherwise this kernel does not export it.',
      ),
    }),
  },
  modpostOther: {
    effect: 'objection',
    codes: [],
    advise: (_, t) => ({
      why: t('modpost objects to the module at build time. The kernel may refuse for the same reason.'),
      command: null,
      apart: null,
    }),
  },
  symvers: {
    effect: 'objection',
    codes: [forcedLoadRefused.id],
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
  noCommon: refused([noCommon.id], (_, t) => ({
    why: t('A variable in the module was compiled as a common symbol.'),
    command: null,
    apart: t('Initialize the variable, or declare it extern in the header, and build without -fcommon.'),
  })),
} satisfies Readonly<Record<string, Cause>>;
