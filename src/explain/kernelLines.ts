// Kernel lines that need more than the form of a finding: whose meaning depends on a value in them, that other
// architectures and older releases print, or that come from outside the loader. Tried before the forms.
import type { CauseId } from './causes';
import type { Told } from './causes/types';

export interface LineRow {
  /** A word that the line contains, in letters only: most lines of a log need no pattern then. */
  readonly word: string;
  readonly pattern: RegExp;
  readonly cause: CauseId | ((told: Told) => CauseId);
}

/** `M: `, after which the kernel's text follows; some architectures put another prefix before it. */
const M = String.raw`^(?:\S+\s)?(?:module: |kmod: |Modules: |module_\d+: )?(?:module )?(?<module>[\w-]+): `;
const line = (word: string, source: string, cause: LineRow['cause']): LineRow => ({
  word,
  pattern: new RegExp(source),
  cause,
});
const ofModule = (word: string, source: string, cause: LineRow['cause']): LineRow => line(word, M + source, cause);

/** Functions that compilers call. */
const COMPILER =
  /^_{0,2}(?:stack_chk_\w+|fentry__|mcount|gnu_mcount\w*|x86_\w*thunk\w*|[ak]csan_\w+|asan_\w+|hwasan_\w+|ubsan_\w+|sanitizer_\w+|gcov_\w+|u?divdi3|u?moddi3|aeabi_\w+|floats?i\w+|muldf3|adddf3)$/;

function unknownSymbol({ symbol = '', err }: Told): CauseId {
  if (err === '-22' || err === '-8') return 'symbolRejected';
  if (err === '-13') return 'symbolProtected';
  return COMPILER.test(symbol) ? 'compilerSymbol' : 'symbolMissing';
}

export const KERNEL_LINES: readonly LineRow[] = [
  ofModule('Unknown', String.raw`Unknown symbol (?<symbol>[^\s(]+)(?: \(err (?<err>-?\d+)\))?\.?$`, unknownSymbol),
  ofModule('Protected', String.raw`Protected symbol:? (?<symbol>\S+?)(?: \(err -?\d+\))?$`, 'symbolProtected'),
  ofModule('protected', String.raw`exports protected symbol (?<symbol>\S+)`, 'symbolProtected'),
  ofModule(
    'namespace',
    String.raw`module uses symbol \(?(?<symbol>\w+)\)? from namespace "?(?<ns>\S+?)"?, but does not import it`,
    ({ ns = '' }) => (ns.startsWith('module:') ? 'namespaceRestricted' : 'namespace'),
  ),
  ofModule(
    'magic',
    String.raw`version magic '(?<mod>[^']*)' should be '(?<kernel>[^']*)'`,
    ({ mod = '', kernel = '' }) =>
      /RANDSTRUCT_/.test(mod) && /RANDSTRUCT_/.test(kernel) && mod.split(' ')[0] === kernel.split(' ')[0]
        ? 'randstruct'
        : 'vermagic',
  ),
  ofModule('disagrees', String.raw`disagrees about version of symbol (?<symbol>\S+)`, ({ symbol }) =>
    symbol === 'module_layout' || symbol === 'struct_module' ? 'layout' : 'symbolVersion',
  ),
  ofModule('version', String.raw`no (?:extended )?symbol version for (?<symbol>\S+)`, 'noSymbolVersion'),
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
    String.raw`(?:[Uu]nknown|[Uu]nsupport(?:ed)?) (?:RELA |REL |rela |rel |ADD )?relocation(?: type)?:? ?(?<type>\w+)?`,
    'relocation',
  ),
  ofModule('relocation', String.raw`.*\brelocation\b.*\b(?:out of range|overflow|dangerous|bad)`, 'relocation'),
  ofModule('relocation', String.raw`(?:relocation overflow|overflow in relocation|dangerous |bad TOC16)`, 'relocation'),
  line('relocation', String.raw`^(?:module: )?overflow in relocation type (?<type>\d+)`, 'relocation'),
  ofModule('relocation', String.raw`The unexpected relocation type '(?<type>\w+)'`, 'relocation'),
  ofModule('offset', String.raw`target \S+ can ?not be addressed by the 32-bit offset`, 'relocation'),
  ofModule('range', String.raw`REL\d+ \S+ out of range`, 'relocation'),
  ofModule('interworking', String.raw`.*unsupported interworking call`, 'relocation'),
  // The file.
  line('truncated', String.raw`^Module len (?<len>\d+) truncated`, 'file'),
  line('object', String.raw`^(?:\S+: )?No module found in object`, 'file'),
  line('ELF', String.raw`^(?:\S+: )?Invalid ELF header (?:magic|len|type)`, 'file'),
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
  line(
    'probe',
    String.raw`^(?:(?<module>[\w-]+) )?\S+: probe (?:of \S+ failed )?with(?: driver (?<driver>\S+) failed with)? error (?<err>-\d+)`,
    'probe',
  ),
  line('probe', String.raw`^(?<module>[\w-]+): probe of \S+ failed with error (?<err>-\d+)`, 'probe'),
  // Memory.
  line('vmap', String.raw`vmap allocation for size (?<len>\d+) failed`, 'memory'),
  line('allocation', String.raw`^(?:insmod|modprobe): (?:page allocation failure|vmalloc)`, 'memory'),
  // Keys and policy.
  line('Request', String.raw`^Request for unknown module key '(?<key>[^']*)' err (?<err>-?\d+)`, 'oldKey'),
  line('unknown', String.raw`module signed with unknown public key`, 'oldKey'),
  line('signature', String.raw`^(?:\S+: )?Module signature verification failed`, 'oldKey'),
  line('Loading', String.raw`Loading of .* is rejected`, 'signature'),
  line('module', String.raw`Lockdown: (?<comm>[^:]+): (?:unsigned )?module loading is restricted`, 'signature'),
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
  line('apparmor', String.raw`apparmor="DENIED".*(?:capname="sys_module"|\bmodule\b)`, 'apparmor'),
  line('LoadPin', String.raw`LoadPin: kernel-module(?:-\w+)? denied(?: obj="(?<file>[^"]*)")?`, 'loadpin'),
  line('data', String.raw`op=appraise_data .*cause=(?<what>[\w-]+).*(?:name="(?<file>[^"]*\.ko[^"]*)")`, 'ima'),
  line(
    'appraise',
    String.raw`\bima: .*appraise_data.*(?:invalid-signature|missing-hash|invalid-hash|IMA-signature-required)`,
    'ima',
  ),
  // Crashes.
  line('ENDBR', String.raw`Missing ENDBR: (?<symbol>\w+)(?:\+\S+)?(?: \[(?<module>[\w-]+)\])?`, 'endbr'),
  line('thunk', String.raw`Unpatched return thunk in use`, 'thunk'),
  line(
    'CFI',
    String.raw`CFI failure (?:at (?<place>\S+?)(?: \[(?<module>[\w-]+)\])? )?\(target: (?<symbol>[^\s;)+]+)`,
    'cfi',
  ),
  line('BTI', String.raw`Oops - BTI`, 'bti'),
  line(
    'task',
    String.raw`task (?:modprobe|insmod|systemd-modules|kmod|kmodloader|\(udev-worker\)|systemd-udevd)\S*:\d+ blocked for more than`,
    'hung',
  ),
  line('ftrace', String.raw`ftrace (?:bug|failed to modify)|Initializing ftrace call sites`, 'ftrace'),
  line('BUG', String.raw`^BUG: (?:unable to handle|kernel NULL pointer|KASAN)`, 'crash'),
  line('kernel', String.raw`^Unable to handle kernel|^kernel BUG at`, 'crash'),
  line('protection', String.raw`^(?:Oops: )?general protection fault`, 'crash'),
  line('Oops', String.raw`^(?:Internal error: )?Oops`, 'crash'),
  // modpost, which people paste as well.
  line(
    'undefined',
    String.raw`^(?:ERROR|WARNING): (?:modpost: )?"?(?<symbol>[^\s"]+)"? \[(?<file>[^\]]+)\] undefined`,
    'modpost',
  ),
  line(
    'modpost',
    String.raw`^ERROR: modpost: .*GPL-incompatible module (?<file>\S+) uses GPL-only symbol '(?<symbol>[^']+)'`,
    'modpostOther',
  ),
  line('missing', String.raw`Symbol version dump "?[^"]*"? is missing|Module\.symvers is missing`, 'symvers'),
  line('modpost', String.raw`^(?:ERROR|WARNING): modpost: `, 'modpostOther'),
  line('BTF', String.raw`^Skipping BTF generation for`, 'harmless'),
];

/** Lines of a call trace that say whose code was running; they belong to the crash before them. */
export const TRACE_LINES: readonly RegExp[] = [
  /\b(?:do_init_module|do_one_initcall|load_module|init_module_from_file)\+0x/,
  /(?:RIP: \w+:|pc : |PC is at |epc : |^|\s)(?<place>[\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+) \[(?<module>[\w-]+)/,
  /Modules linked in:.*?\b(?<module>[\w-]+)\((?:[A-Z]*)\+\)/,
];
