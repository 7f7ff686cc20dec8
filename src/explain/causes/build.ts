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
import { providerOf } from '../providers';
import { safe, type Cause } from './types';

const BUILD = 'make -C /lib/modules/$(uname -r)/build M=$PWD clean modules';

const refused = (codes: readonly string[], advise: Cause['advise']): Cause => ({ effect: 'refused', codes, advise });
const objection = (codes: readonly string[], refusesWith: readonly number[], advise: Cause['advise']): Cause => ({
  effect: 'objection',
  codes,
  refusesWith,
  advise,
});

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
      '{0} belongs to the kernel image, not to a module, and this kernel does not export it to this module. The module was built for another kernel version or another configuration.',
      symbol,
    ),
    command: `grep -w ${safe(symbol, 'SYMBOL')} /lib/modules/$(uname -r)/build/Module.symvers`,
    apart: t(
      'If the file lists the symbol, build from clean against these headers; with EXPORT_SYMBOL_GPL, check MODULE_LICENSE too. If not, this kernel lacks it: an option is off, or the interface is no longer exported. Then use a version of the driver made for this kernel.',
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
            'An address in the module does not fit where its code wants it: the code was compiled for another code model, or the module lies too far from what it calls.',
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
  relocationGot: refused([relocation.id], ({ type = '' }, t) => ({
    why: t(
      'Relocation type {0} goes through a global offset table, which this kernel does not have: a part of the module was compiled as position-independent code (-fPIC or -fpie).',
      type,
    ),
    command: "grep -o -e '-f[Pp][Ii][CcEe]' .*.cmd; readelf -r *.o | grep GOT",
    apart: t(
      'Remove the option from the Makefile and from CFLAGS, add -fno-pic if the compiler has it as its default, and build through kbuild. If the object is prebuilt, its maker must do that.',
    ),
  })),
  relocationNew: refused([relocation.id], ({ type = '' }, t) => ({
    why: t(
      'This kernel does not know relocation type {0}: the compiler or binutils that built the module are newer than the kernel, or of another vendor.',
      type,
    ),
    command: 'cat /proc/version; gcc --version; ld --version',
    apart: t(
      'Build with the compiler and binutils that /proc/version names, or use a newer kernel, which knows the type. A part compiled with -fPIC gives the same line with another type.',
    ),
  })),
  relocationPage: refused([relocation.id], ({ type = '' }, t) => ({
    why: t(
      'Relocation type {0} is page-relative. A kernel built for CPUs with erratum 843419 refuses it in modules; its own options avoid it.',
      type,
    ),
    command: BUILD,
    apart: t(
      'Build through kbuild with the configuration of the running kernel. For old kernels that means -mcmodel=large: a build that sets its own CFLAGS has to add it.',
    ),
  })),
  relocationFar: refused([relocation.id], (_, t) => ({
    why: t(
      'A call or branch in the module does not reach its target: modules lie too far from the kernel, and the kernel or the module has no tables to jump through (PLT).',
    ),
    command: 'zcat /proc/config.gz | grep -e MODULE_PLTS -e THUMB2 -e RANDOMIZE; readelf -S MODULE.ko | grep plt',
    apart: t(
      'Build through kbuild, so that the linker script of the kernel adds the tables. On ARM, CONFIG_ARM_MODULE_PLTS must be on. Fewer or smaller modules leave room near the kernel.',
    ),
  })),
  relocationThumb: refused([relocation.id], (_, t) => ({
    why: t('ARM and Thumb code are mixed: the module and the kernel were built for different instruction sets.'),
    command: 'zcat /proc/config.gz | grep THUMB2_KERNEL; readelf -A MODULE.ko',
    apart: t(
      'Build the module through kbuild with the configuration of the running kernel, and without -mthumb or -marm of your own.',
    ),
  })),
  relocationRelax: refused([relocation.id], (_, t) => ({
    why: t('The assembler left places for linker relaxation, which this kernel does not carry out.'),
    command: BUILD,
    apart: t('Build through kbuild, which passes -mno-relax; a build with its own CFLAGS has to add it.'),
  })),
  relocationModel: refused([relocation.id], (_, t) => ({
    why: t('An address in the module does not fit into 32 bits: the code was not compiled with -mcmodel=kernel.'),
    command: BUILD,
    apart: t(
      'Build through kbuild, and look for -mcmodel in your Makefile. Assembler code must not use absolute 32-bit addresses.',
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
