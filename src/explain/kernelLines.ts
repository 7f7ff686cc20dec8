// Kernel lines that need more than the form of a finding: whose meaning depends on a value in them, that other
// architectures and older releases print, or that come from outside the loader. Tried before the forms.
import type { CauseId } from './causes';
import type { Told } from './causes/types';
import { line, type LineRow } from './lineRow';
import { MODPOST_LINES } from './modpostLines';
import { unknownSymbol } from './unknownSymbol';

/** `M: `, after which the kernel's text follows; some architectures put another prefix before it. */
const M = String.raw`^(?:\S+\s)?(?:module: |kmod: |Modules: |module_\d+: )?(?:module )?["']?(?<module>[\w*<>-]+)["']?: `;
const ofModule = (word: string, source: string, cause: LineRow['cause']): LineRow => line(word, M + source, cause);

/** Types by the words of the line: x86 says "rela relocation", arm64 "RELA relocation", RISC-V "relocation type". */
function unknownRelocation({ kind = '', word, type = '' }: Told): CauseId {
  const of = kind.trim();
  if (of === 'rela')
    return type === '4' ? 'relocationNew' : ['9', '41', '42'].includes(type) ? 'relocationGot' : 'relocation';
  if (of === 'RELA') {
    if (type === '311' || type === '312') return 'relocationGot';
    return type === '275' || type === '276' ? 'relocationPage' : 'relocation';
  }
  if (type === '') return 'relocation';
  if (word !== undefined) return type === '20' ? 'relocationGot' : 'relocationNew';
  // 32-bit ARM: Thumb branches, and entries of the table; other architectures print the same words.
  return type === '102' ? 'relocationThumb' : ['26', '96'].includes(type) ? 'relocationGot' : 'relocationNew';
}

/** x86: absolute addresses of 32 bits; arm64: branches. */
function overflow(type: string): CauseId {
  if (type === '10' || type === '11') return 'relocationModel';
  return type === '282' || type === '283' ? 'relocationFar' : 'relocation';
}

export const KERNEL_LINES: readonly LineRow[] = [
  ofModule('Unknown', String.raw`Unknown symbol (?<symbol>[^\s(]+)(?: \(err (?<err>-?\d+)\))?\.?$`, unknownSymbol),
  line('unresolved', String.raw`(?:^|[\s/])(?<module>[\w-]+)\.k?o: unresolved symbol (?<symbol>\S+)`, unknownSymbol),
  ofModule('Protected', String.raw`Protected symbol:? (?<symbol>\S+?)(?: \(err -?\d+\))?$`, 'symbolProtected'),
  ofModule('protected', String.raw`exports protected symbol (?<symbol>\S+)`, 'symbolProtected'),
  ofModule(
    'namespace',
    String.raw`module uses symbol \(?(?<symbol>\w+)\)? from namespace "?(?<ns>\S+?)"?, but does not import it`,
    ({ ns = '' }) => (ns.startsWith('module:') ? 'namespaceRestricted' : 'namespace'),
  ),
  ofModule(
    'magic',
    String.raw`version magic '(?<mod>[^']*)' should be '(?<kernel>[^']*)(?:'|$)`,
    ({ mod = '', kernel = '' }) =>
      /RANDSTRUCT_/.test(mod) && /RANDSTRUCT_/.test(kernel) && mod.split(' ')[0] === kernel.split(' ')[0]
        ? 'randstruct'
        : 'vermagic',
  ),
  ofModule('disagrees', String.raw`disagrees about version of symbol (?<symbol>\S+)`, ({ symbol }) =>
    symbol === 'module_layout' || symbol === 'struct_module' ? 'layout' : 'symbolVersion',
  ),
  ofModule('version', String.raw`no (?:extended )?symbol version for (?<symbol>\S+)`, 'noSymbolVersion'),
  line('version', String.raw`^no symbol version for (?<symbol>\S+)$`, 'noSymbolVersion'),
  ofModule('proprietary', String.raw`module using GPL-only symbols uses symbols`, 'gplMixed'),
  ofModule('duplicate', String.raw`exports duplicate symbol (?<symbol>\S+) \(owned by (?<owner>\S+)\)`, 'duplicate'),
  ofModule('tainted', String.raw`(?<what>.+): kernel tainted\.?$`, 'forced'),
  line('UNUSED', String.raw`^Symbol (?<symbol>\S+) is marked as UNUSED`, 'symbolUnused'),
  // Relocations of every architecture.
  line(
    'nonzero',
    String.raw`[Ii]nvalid relocation target, existing value is nonzero for (?:sec \d+, idx \d+, )?type (?<type>\d+)`,
    ({ type }) => (type === '1' ? 'thisModule' : 'relocation'),
  ),
  ofModule(
    'relocation',
    String.raw`(?<how>[Uu]nknown|[Uu]nsupport(?:ed)?) (?<kind>RELA |REL |rela |rel |ADD )?relocation(?<word> type)?:? ?(?<type>\w+)?`,
    unknownRelocation,
  ),
  ofModule('relocation', String.raw`.*\brelocation (?<type>\d+) out of range`, 'relocationFar'),
  ofModule('relocation', String.raw`.*\brelocation\b.*\b(?:out of range|overflow|dangerous|bad)`, 'relocation'),
  ofModule('relocation', String.raw`overflow in relocation type (?<type>\d+)`, ({ type = '' }) => overflow(type)),
  ofModule('relocation', String.raw`(?:relocation overflow|dangerous |bad TOC16)`, 'relocation'),
  line('relocation', String.raw`^(?:module: )?overflow in relocation type (?<type>\d+)`, ({ type = '' }) =>
    overflow(type),
  ),
  line('mcmodel', String.raw`likely not compiled with -mcmodel=kernel`, 'relocationModel'),
  ofModule('relocation', String.raw`The unexpected relocation type '(?<type>\w+)'`, 'relocationRelax'),
  ofModule('offset', String.raw`target \S+ can ?not be addressed by the 32-bit offset`, 'relocation'),
  ofModule('range', String.raw`REL\d+ \S+ out of range`, 'relocationFar'),
  ofModule('interworking', String.raw`.*unsupported interworking call`, 'relocationThumb'),
  // The file.
  line('truncated', String.raw`^Module len (?<len>\d+) truncated`, 'file'),
  line('object', String.raw`^(?:\S+: )?No module found in object`, 'plainObject'),
  line('section', String.raw`(?:Only|Exactly) one \.gnu\.linkonce\.this_module section must exist`, 'plainObject'),
  line('ELF', String.raw`Invalid ELF header magic`, 'notUnpacked'),
  line('architecture', String.raw`Invalid (?:module )?architecture in ELF header`, 'architecture'),
  line('ELF', String.raw`^(?:\S+: )?Invalid ELF header (?:len|type)`, 'file'),
  line('stripped', String.raw`module has no symbols \(stripped\?\)`, 'stripped'),
  line('decompression', String.raw`decompression failed with status`, 'xzCheck'),
  line('compressed', String.raw`not a (?:gzip|xz|zstd) compressed module`, 'otherCompression'),
  line('compressed', String.raw`ZSTD-compressed data has`, 'xzCheck'),
  // Init and what follows.
  ofModule('gave', String.raw`gave up waiting for init of module (?<owner>\S+?)\.?$`, 'waiting'),
  line(
    'suspiciously',
    String.raw`^\w+: '(?<module>[^']+)'\s*->\s*init suspiciously returned (?<err>-?\d+)`,
    'initPositive',
  ),
  line('calling', String.raw`^calling\s+(?<symbol>\S+?)\+0x\S+ \[(?<module>[\w-]+)\] @`, 'initCalled'),
  line(
    'initcall',
    String.raw`^initcall (?<symbol>\S+?)\+0x\S+ \[(?<module>[\w-]+)\] returned (?<err>-?\d+) after`,
    ({ err = '' }) => (err.startsWith('-') ? 'initFailed' : 'initCalled'),
  ),
  line('sysfs', String.raw`^sysfs: cannot create duplicate filename '(?<path>[^']+)'`, 'sysfs'),
  line('kobject', String.raw`kobject_add_internal failed for (?<path>\S+) .*-EEXIST`, 'sysfs'),
  line('registered', String.raw`^Error: Driver '(?<module>[^']+)' is already registered`, 'driverRegistered'),
  line(
    'firmware',
    String.raw`(?:Direct firmware load for|failed to load firmware|request_firmware failed:?) (?<file>\S+)(?: failed with error (?<err>-\d+))?`,
    'firmware',
  ),
  line('probe', String.raw`^(?<module>[\w-]+): probe of \S+ failed with error (?<err>-\d+)`, 'probe'),
  line(
    'probe',
    String.raw`^(?:(?<module>[\w-]+) )?\S+: probe (?:of \S+ failed )?with(?: driver (?<driver>\S+) failed with)? error (?<err>-\d+)`,
    'probe',
  ),
  ...['probe', 'Probe'].map(word =>
    line(
      word,
      String.raw`^(?<module>[\w-]+) \S+: ${word} failed(?:,| with| -|:)? ?(?:err(?:or)?|ret|code|status)?[ =:]*(?<err>-?\d+)`,
      'probe',
    ),
  ),
  line(
    'kvm',
    String.raw`^kvm(?:_intel|_amd)?: .*(?:disabled by (?:the )?bios|no hardware support|\b(?:SVM|VMX)\b.*(?:not supported|disabled|not enabled))`,
    'virtualization',
  ),
  line('VMX', String.raw`^VMX \((?:in|out)side TXT\) disabled by BIOS`, 'virtualization'),
  line(
    'VirtualBox',
    String.raw`VirtualBox can't (?:enable the AMD-V extension|operate in VMX root mode)`,
    'virtualizationTaken',
  ),
  line('OpRegion', String.raw`^ACPI Warning: .* conflicts with OpRegion`, 'acpiConflict'),
  line('ACPI', String.raw`^ACPI: If an ACPI driver is available for this device`, 'acpiConflict'),
  line('ACPI', String.raw`^ACPI: OSL: Resource conflict`, 'acpiConflict'),
  line(
    'NVIDIA',
    String.raw`The NVIDIA probe routine was not called for|was loaded and obtained ownership of the NVIDIA`,
    'deviceTaken',
  ),
  line('bound', String.raw`^NVRM: GPU \S+ is already bound to (?<driver>\w+)`, 'deviceTaken'),
  line('NVIDIA', String.raw`^NVRM: No NVIDIA (?:GPU|graphics adapter|devices?) (?:found|probed)`, 'noDevice'),
  line('supported', String.raw`is not supported by the (?<version>[\d.]+)? ?NVIDIA`, 'deviceUnsupported'),
  line('supported', String.raw`^NVRM: installed in this system is(?: not supported|$)`, 'deviceUnsupported'),
  // Memory.
  line('vmap', String.raw`vmap allocation for size (?<len>\d+) failed`, 'memory'),
  line('allocation', String.raw`^(?:(?:insmod|modprobe|kmodloader): )?(?:page allocation failure|vmalloc)`, 'memory'),
  // Live patches.
  line('livepatch', String.raw`^livepatch: symbol '(?<symbol>[^']+)' not found`, 'livepatch'),
  line(
    'livepatch',
    String.raw`^livepatch: (?:unresolvable ambiguity for|symbol position \d+ for) symbol '(?<symbol>[^']+)'`,
    'livepatch',
  ),
  line('livepatch', String.raw`^livepatch: failed to find location for function '(?<symbol>[^']+)'`, 'livepatch'),
  line(
    'refusing',
    String.raw`^livepatch: patch '(?<patch>[^']+)' failed for module '[^']+', refusing to load module '(?<module>[^']+)'`,
    'livepatchRefusal',
  ),
  line('kpatch', String.raw`^kpatch: base kernel mismatch for symbol '(?<symbol>[^']+)'`, 'livepatch'),
  // Keys and policy.
  line('Request', String.raw`^Request for unknown module key '(?<key>[^']*)' err (?<err>-?\d+)`, 'oldKey'),
  line('unknown', String.raw`module signed with unknown public key`, 'oldKey'),
  line('signature', String.raw`^(?:\S+: )?Module signature verification failed`, 'oldKey'),
  line('Loading', String.raw`Loading of .* is rejected`, 'signature'),
  line(
    'module',
    String.raw`Lockdown: (?<comm>[^:]+): (?:(?:unsigned )?module loading|[Ll]oading of (?:an )?unsigned modules?) is restricted`,
    'signature',
  ),
  line('PKCS', String.raw`PKCS#7 signature not signed with a trusted key`, 'signature'),
  line('locked', String.raw`Kernel is locked down from`, 'locked'),
  line('blacklisted', String.raw`^Module (?<module>\S+) is blacklisted`, 'blacklisted'),
  line(
    'avc',
    String.raw`avc:\s+denied\s+\{[^}]*\b(?:module_load|sys_module|module_request)\b[^}]*\}.*?permissive=1`,
    'selinuxPermissive',
  ),
  line(
    'avc',
    String.raw`avc:\s+denied\s+\{[^}]*\bmodule_(?:load|request)\b[^}]*\}(?:.*?path="(?<file>[^"]+)")?`,
    'selinux',
  ),
  line('avc', String.raw`avc:\s+denied\s+\{[^}]*\bsys_module\b`, 'selinux'),
  line(
    'avc',
    String.raw`avc:\s+denied\s+\{ (?:integrity|confidentiality) \}.*lockdown_reason="unsigned module loading".*permissive=1`,
    'selinuxPermissive',
  ),
  line(
    'avc',
    String.raw`avc:\s+denied\s+\{ (?:integrity|confidentiality) \}.*lockdown_reason="unsigned module loading"`,
    'selinuxLockdown',
  ),
  line('apparmor', String.raw`apparmor="DENIED".*(?:capname="sys_module"|\bmodule\b)`, 'apparmor'),
  line('LoadPin', String.raw`LoadPin: kernel-module old-api-denied`, 'loadpinOld'),
  line('Chromium', String.raw`Chromium OS LSM: \w*init_module (?:\w+-)?ignored`, 'loadpinOff'),
  // A terminal cuts the line where it ends.
  ofModule(
    'verification',
    String.raw`module verification failed: signature and/or required key(?!.*tainting kernel)`,
    'harmless',
  ),
  line('LoadPin', String.raw`LoadPin: kernel-module \S*pinning-ignored`, 'loadpinOff'),
  line(
    'Chromium',
    String.raw`Chromium OS LSM: .*\bmodule\b.*\bdenied|Chromium OS LSM: \w*init_module denied(?: module="(?<file>[^"]*)")?`,
    'chromiumLsm',
  ),
  line('LoadPin', String.raw`LoadPin: kernel-module(?:-\w+)? denied(?: obj="(?<file>[^"]*)")?`, 'loadpin'),
  line('data', String.raw`op=appraise_data .*cause=(?<what>[\w-]+).*(?:name="(?<file>[^"]*\.ko[^"]*)")`, 'ima'),
  line(
    'appraise',
    String.raw`\bima: .*appraise_data.*(?:invalid-signature|missing-hash|invalid-hash|IMA-signature-required)`,
    'ima',
  ),
  // Crashes.
  line('ENDBR', String.raw`Missing ENDBR: (?<symbol>\w+)(?:\+\S+)?(?: \[(?<module>[\w-]+)\])?`, ({ module }) =>
    module === undefined ? 'endbrKernel' : 'endbr',
  ),
  line('thunk', String.raw`Unpatched return thunk in use`, 'thunk'),
  line(
    'CFI',
    String.raw`CFI failure (?:at (?<place>\S+?)(?: \[(?<module>[\w-]+)\])? )?\(target: (?<symbol>[^\s;)+]+)`,
    'cfi',
  ),
  line(
    'WARNING',
    String.raw`^WARNING: (?:CPU: \d+ )?PID: \d+ at \S+ ftrace_(?:bug|init|process_locs|failed)`,
    'ftrace',
  ),
  line('WARNING', String.raw`^WARNING: (?:CPU: \d+ )?PID: \d+ at (?<file>\S*ioremap\.c\S*)`, 'ioremap'),
  line('WARNING', String.raw`^WARNING: (?:CPU: \d+ )?PID: \d+ at (?<file>\S+)`, 'kernelWarning'),
  line('BTI', String.raw`Oops - BTI`, 'bti'),
  line(
    'task',
    String.raw`task (?:modprobe|insmod|systemd-modules|kmod|kmodloader|\(udev-worker\)|systemd-udevd)\S*:\d+ blocked for more than`,
    'hung',
  ),
  line('ftrace', String.raw`ftrace (?:bug|failed to modify)|Initializing ftrace call sites`, 'ftrace'),
  line('UBSAN', String.raw`^UBSAN: (?<what>.+?) in (?<file>\S+)`, 'checker'),
  line('Undefined', String.raw`^UBSAN: Undefined behaviou?r in (?<file>\S+)`, 'checker'),
  line(
    'BUG',
    String.raw`^BUG: (?<what>K(?:ASAN|CSAN|FENCE|MSAN): .+?)(?: in (?<place>[\w.]+\+0x\S+)(?: \[(?<module>[\w-]+)\])?)?$`,
    'checker',
  ),
  line(
    'BUG',
    String.raw`^BUG: (?<what>(?:sleeping function|scheduling while atomic|spinlock|using \w+\(\) in preemptible|key \S+ not in .data).*)`,
    'checker',
  ),
  line('circular', String.raw`^WARNING: (?<what>possible circular locking dependency) detected`, 'checker'),
  line('spanning', String.raw`^memcpy: (?<what>detected field-spanning write .*)`, 'checker'),
  line('BUG', String.raw`^BUG: (?:unable to handle|kernel NULL pointer)`, 'crash'),
  line('overflow', String.raw`^detected buffer overflow in `, 'crash'),
  line('kernel', String.raw`^(?:CPU \d+ )?Unable to handle kernel|^kernel (?:BUG at|tried to execute)`, 'crash'),
  line('opcode', String.raw`^invalid opcode: `, 'crash'),
  line('divide', String.raw`^divide error: `, 'crash'),
  line('root', String.raw`^Kernel panic - not syncing: VFS: Unable to mount root fs`, 'rootFs'),
  line(
    'init',
    String.raw`^Kernel panic - not syncing: (?:No (?:working )?init found|Requested init .* failed)`,
    'noInit',
  ),
  line('panic', String.raw`^Kernel panic - not syncing: (?!CFI)`, 'crash'),
  line('protection', String.raw`^(?:Oops: )?general protection fault`, 'crash'),
  line('Oops', String.raw`^(?:Internal error: )?Oops`, 'crash'),
  // modpost, which people paste as well.
  ...MODPOST_LINES,
];
