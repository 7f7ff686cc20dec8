// What stages and hosts say beside findings: why something was not checked, what was assumed, why a file cannot be used.
// A note is an id with facts; its text is made where it is shown.
import { BOOT_NOTES } from './bootNotes';
import { INPUT_NOTES } from './inputNotes';
import { english, type Translate } from './words';

/** English templates of notes; what stands in braces are their facts. */
const STAGE_NOTES = {
  /** Words that are not ours: the kernel's, a tool's, another program's. */
  verbatim: '{text}',
  /** A file or directory, and what is wrong with it. */
  about: '{path}: {reason}',

  // Stages of load_module()
  'no-blacklist': 'this kernel knows no module_blacklist=',
  'modversions-off': 'CONFIG_MODVERSIONS is off: symbol versions do not exist',
  'no-module-layout': 'the target lists no symbol module_layout',
  'release-not-compared': 'the release differs; it does not count because the module carries symbol versions',
  'no-rwx-check': 'CONFIG_STRICT_MODULE_RWX is off, or this kernel does not have the check',
  'signatures-off': 'CONFIG_MODULE_SIG is off: signatures are not looked at',
  'no-signatures': 'this kernel does not know signatures of modules',
  'signature-era': 'signatures with the name of a signer and a key identifier, as before 4.3, are not verified',
  'static-call-symbol': 'whether {symbol}, which .static_call_sites names, is code is not known',
  'rules-from-sources': 'rules for {release} come from its sources; not verified by a booted kernel',
  'profile-vermagic': 'vermagic and the options in it are taken from the module, because this kernel is not at hand',
  'profile-release': 'the module was built for another release, and the CRC of module_layout is not known',
  'profile-signatures': 'whether this kernel wants signatures, and of whom, is not known',
  'profile-config': 'options that decide how much memory is padded, and how many symbols are kept, are not known',
  'kallsyms-all-unknown':
    'whether this kernel keeps every symbol of a module (CONFIG_KALLSYMS_ALL), and so how large its core is, is not known',
  'profile-force-load': 'whether this kernel takes a module with "{reason}" (CONFIG_MODULE_FORCE_LOAD) is not known',
  'profile-exports':
    'symbols taken for exported by this kernel, to any module and with the versions it was built with: {count}',
  'profile-unversioned': 'whether this kernel exports {symbols} is not known: the module has no version for it',
  'no-finit-module': 'this kernel has no finit_module(2): insmod falls back to init_module(2)',
  'no-signature-verifier': 'no verifier for PKCS#7 signatures is at hand; the signature counts as good',
  'struct-module-unknown':
    'sizeof(struct module) of this kernel is not known. Put its image beside the headers, or install its own modules in /lib/modules',
  'struct-module-unvouched': 'nothing shows that module and kernel agree about struct module: no size, CRC or release',
  'btf-unknown':
    "the module carries BTF; its types were not checked because the BTF of this kernel's vmlinux is not at hand",
  'relocations-not-simulated': 'relocations of {arch} are not simulated',
  'relocations-repeated': 'the sections of relocations are many times the same bytes of the file',
  'sections-not-prepared': 'module_frob_arch_sections() of {arch} is not simulated',
  'parameters-not-read': 'parameters are not read, because relocations were not applied',
  'arguments-not-read': 'arguments are not looked at, because relocations were not applied',
  'livepatch-vmlinux': 'livepatch relocations against vmlinux are not simulated',
  'memory-not-made':
    'The contents of memory were not made, because the sections are many times the same bytes of the file.',
  'entries-left': 'of the entries of {section} only the first {count} were looked at',
  'symbols-left': 'of the symbols that are no part of the module only the first {count} were looked at',
  'findings-left': 'only the first {count} findings are listed',
  'parameter-outside': 'a parameter points outside of module memory',
  'parameter-unknown': 'parameter {param} is set by code of the module; its value and verdict are not known ({reason})',
  'file-not-unpacked': 'What the kernel makes of this file was not checked, because {reason}.',

  // Why a packed file is not known to unpack
  'no-decoder': 'no decoder is at hand',
  'dictionary-too-large': 'it needs a larger dictionary than can be had here',
  'unpacks-to-more': 'it unpacks to more than {bytes} bytes',
  'unpacking-takes-long': 'unpacking takes longer than {seconds} s',
  'decoder-says': 'the decoder says: {text}',

  // Why code that sets a parameter could not be evaluated
  'array-of-custom': 'it is an array of such values',
  'another-before': 'another one ran before',
  'code-of-arch': 'code of {arch} is not evaluated',
  'parameter-form': 'parameters of this kernel have another form',
  'lock-state': 'it returns with a lock in another state',
  'no-error-number': 'it returns {result}, which is no error number',
  'runs-long': 'it runs for long',
  'stack-order': 'its stack is out of order',
  'result-unknown': 'what it returns is not known',
  'stores-unknown': 'it stores values that are not known',
  'calls-outside': 'it calls code outside of the module',
  calls: 'it calls {function}()',
  'instruction-patched': 'an instruction that the kernel patches',
  'instruction-unknown': 'an instruction that is not known',
  'jump-unknown': 'a jump to an address that is not known',
  'address-unknown': 'an address that is not known',
  'memory-unknown': 'memory that is not known',
  'memory-foreign': 'memory that is not its own to write',
  'per-cpu-data': 'per-cpu data',
  'stack-unknown': 'a stack that is not known',
  'flag-unknown': 'a flag that is not known',
  'shift-unknown': 'a shift that is not known',
  'division-unknown': 'a division that is not known',
  'bit-unknown': 'a bit that is not known',
  'count-unknown': 'a count that is not known',
  'comparison-unknown': 'a comparison that is not known',
  'lea-register': 'LEA of a register',

  // Fields that this kernel does not check
  'lone-quote': 'arguments end in a quote that opens nothing; it is looked for 4 GiB behind them',
  'relocation-symbol': '{section}: relocation {index} names symbol {symbol}, outside of what the file holds',
  'relocation-offset': '{section}: relocation {index} writes at offset {offset}, outside of what the file holds',
  'entries-uncounted':
    '{section} has room for {count} entries: this kernel counts only those that relocations of code need',
  'btf-lost':
    'type [{id}] in .BTF refers to a type that does not exist, or to itself without end; this kernel does not check that',
  'relocation-endless':
    '{section}: relocation {index} produces a negative number, and this kernel never stops writing it',
  'symbol-section': 'symbol {symbol} names section {section}, which does not exist',
  'names-outside': '{count} names in {section} lie outside of the module',
  'section-names-empty': 'the table of section names is empty, and the byte before it is looked at',
  'section-name-outside': 'section {section} has its name at offset {offset} of the names, outside of the file',
  'symbol-name-outside': 'symbol {symbol} has its name at offset {offset} of a string table of {size} bytes',
  'section-alignment': '{section} is aligned to {align}',
  'this-module-empty': '.gnu.linkonce.this_module has no contents',
  'this-module-read-only': '.gnu.linkonce.this_module is read-only, and the kernel writes to it',
  'this-module-small': '.gnu.linkonce.this_module is smaller than struct module',
  'this-module-content': '.gnu.linkonce.this_module holds more than a name',
  'this-module-relocation': 'a relocation writes to offset {offset} of .gnu.linkonce.this_module',

  // Signatures
  'signature-malformed': 'The signature is malformed.',
  'signature-certificate': 'The signature carries a malformed certificate.',
  'signature-no-certificate': 'The signature carries something that is not a certificate.',
  'signature-content': 'The signature carries its own content, but must be detached.',
  'signature-no-data': 'The signature is not one of plain data.',
  'signature-no-signed-data': 'The signature is not PKCS#7 signed data.',
  'signature-content-kind': 'The signature signs a kind of content the kernel does not know.',
  'signature-version': 'The signature has a version the kernel does not know.',
  'signature-signer-version': 'The signature has a signer of a version the kernel does not know.',
  'signature-signer-differs': 'The signature has a signer of another version than its own.',
  'signature-attributes': 'The signature has authenticated attributes, which module signatures must not have.',
  'signature-attributes-refused': 'The signature has authenticated attributes the kernel does not accept.',
  'signature-attributes-some': 'The signature has authenticated attributes for only some of its signers.',
  'signature-authenticode': 'The signature is of Authenticode, but has no attributes.',
  'signature-no-signer': 'The signature has no signer.',
  'signature-nameless': 'The signature does not say who its signer is.',
  'signature-digest': 'The signature uses the digest {oid}, which the kernel does not know.',
  'signature-algorithm': 'The signature uses the signature algorithm {oid}, which the kernel does not know.',
  'signature-differs': 'The signature does not match the module, or a certificate it carries.',
  'signature-key-differs': 'The signature does not match the module and the key of {key} in {keyring}.',
  'signature-trusted': 'Signed by {key}, trusted by {keyring}.',
  'signature-untrusted': 'The signer is not among the certificates of {keyring}.',
  'signature-built-without': 'The kernel is built without {algorithms}.',
  'algorithm-pair': '{digest} with {signature}',
  either: '{first} or {second}',
  'signature-assumed':
    "Assumed valid: the signer is the one of the kernel's own modules. The signature itself was not checked, because the certificates in this kernel's keyring are not known.",
  'signature-assumed-own':
    "Assumed valid: the module is part of the kernel's tree. Whether this kernel knows its signer is not known, because neither its certificates nor one of its own modules is at hand.",
  'signature-signer-not-known':
    'Assumed unknown. Whether this kernel knows the signer is not known, because neither its certificates nor one of its own modules is at hand.',
  'signature-assumed-unknown':
    "Assumed unknown: the kernel's own modules are not signed by this signer. This was not checked, because the certificates in this kernel's keyring are not known.",

  // What stages checked
  yes: 'yes',
  no: 'no',
  none: 'none',
  refused: 'refused',
  bytes: '{count} bytes',
  'at-least': 'at least {size}',
  'at-most': 'at most {size}',
  below: 'below {limit}',
  known: 'known: {values}',
  'not-known': 'not known',
  'not-empty': 'not empty',
  there: 'there',
  'not-there': 'not there',
  'something-else': 'something else',
  'kernel-unpacks': 'unpacked by the kernel',
  'headers-end': 'section headers end at',
  'file-ends': 'file ends at {offset}',
  'symbol-table': 'symbol table',
  'string-table': 'string table',
  'symbol-versions': 'symbol versions',
  'per-cpu': 'per-CPU data',
  'flags-of': 'sh_flags of {section}',
  'alloc-taken': 'SHF_ALLOC taken away',
  'crc-of': 'CRC of {symbol}',
  crc: 'CRC {crc}',
  'crc-gpl': 'CRC {crc}, GPL only',
  'crc-any': 'CRC {crc}, for any license',
  'vermagic-unknown':
    "the words that this architecture adds to vermagic are not known; one of the kernel's own modules would show them",
  'vermagic-rest': 'vermagic, from the first space on',
  gpl: 'GPL-compatible',
  'not-gpl': 'not GPL-compatible',
  'signature-verified': 'signature verified',
  'none-loaded': 'no module is loaded',
  loaded: 'loaded: {names}',
  'with-crcs': 'with CRCs',
  'without-crcs': 'without CRCs',
  'undefined-symbols': 'undefined symbols',
  resolved: '{good} resolved, {bad} not',
  relocations: '{count} relocations',
  of: 'of {section}',
  set: 'set',
  'not-set': 'not set',
  'not-removable': 'cannot be removed',
  'exported-by': 'exported by {owner}',
  'write-exec': 'section both writable and executable',
  entries: '{count} entries',
  'section-bytes': '{section}, {count} bytes',
  'hears-ftrace': 'turns the calls of the tracer into no-ops',
  'hears-livepatch': 'applies the patches that wait for this module',
  'hears-jump-labels': 'sorts the entries and sets each branch',
  'hears-static-calls': 'finds the key of each call and patches the call',
  'hears-tracepoints': 'makes the tracepoints known',
  'hears-events': 'makes the events in tracefs',
  'hears-trace-printk': 'keeps the formats of trace_printk()',
  'hears-btf': 'checks the types and shows them in /sys/kernel/btf',
  'hears-raw-tracepoints': 'makes the tracepoints known to BPF',
  'hears-srcu': 'initializes the structures',
  'hears-kprobes': 'keeps probes out of these functions',
  'hears-kunit': 'runs the test suites once the module is live',
  'patches-paravirt': 'replaces calls that only a virtual machine needs',
  'patches-retpolines': 'replaces indirect calls by what this CPU needs against Spectre',
  'patches-fineibt': 'checks the hashes of indirect calls in another way',
  'patches-returns': 'replaces returns by what this CPU needs',
  'patches-calls': 'makes calls count their depth, where that is switched on',
  'patches-alternatives': 'puts in the instructions that this CPU is best with',
  'patches-endbr': 'removes the marks of functions that nothing calls indirectly',
  'patches-locks': 'removes lock prefixes on a machine with one CPU',
  'patches-orc': 'sorts the table for unwinding the stack',
  'patches-scs': 'replaces signed return addresses by a shadow stack, where the CPU cannot sign them',
  'patches-expolines': 'takes out protected branches that are switched off',
  'patches-features': 'removes what this CPU cannot do or does not need',
  'kernel-address': 'a kernel address',
  'list-empty': 'an empty list',
  'all-together': 'all together',
  'left-of-reserve': '{size} left of the reserve',
  'no-value': 'no value',
  'no-parameter': 'not a parameter of the module',
  files: '{count} files',
  'none-to-run': 'none to run',
  'init-returns': 'init returns',
  'init-assumed': 'assumed: code of the module is never run',
} as const;

type Templates = typeof STAGE_NOTES & typeof INPUT_NOTES & typeof BOOT_NOTES;

export type NoteId = keyof Templates;

/** Not joined: an object of so many members takes milliseconds to make, at every start of the command. */
const TABLES: readonly Readonly<Partial<Templates>>[] = [STAGE_NOTES, INPUT_NOTES, BOOT_NOTES];

function templateOf(id: NoteId): string {
  for (const table of TABLES) {
    const template = table[id];
    if (template !== undefined) return template;
  }
  return '';
}

/** Every template by the id of its note, for those who translate or list them. */
export const noteTemplates = (): Templates => ({ ...STAGE_NOTES, ...INPUT_NOTES, ...BOOT_NOTES });

/** A text as data: it crosses threads, is part of JSON, and is put into words where it is shown. */
export interface Note {
  readonly id: NoteId;
  /** Values of the template; one may be a note in its turn. */
  readonly facts: Readonly<Record<string, string | number | Note>>;
}

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type FactsOf<Id extends NoteId> = Readonly<Record<Names<Templates[Id]>, string | number | Note>>;
/** Ids of notes without facts. */
export type PlainNote = { [Id in NoteId]: Names<Templates[Id]> extends never ? Id : never }[NoteId];

/** Makes a note; with exactly the facts of its template. */
export function note<Id extends NoteId>(
  id: Id,
  ...[facts]: Names<Templates[Id]> extends never ? [] : [facts: FactsOf<Id>]
): Note {
  return { id, facts: facts ?? {} };
}

export function noteText({ id, facts }: Note, t: Translate = english): string {
  const values = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'object' ? noteText(value, t) : value,
  ]);
  return t(templateOf(id), Object.fromEntries(values) as Record<string, string | number>);
}

/** An error whose reason people are told in their own language. */
export class ReasonedError extends Error {
  constructor(readonly reason: Note) {
    super(noteText(reason));
  }
}

/** Why something was thrown, as a note. */
export function reasonOf(error: unknown): Note {
  if (error instanceof ReasonedError) return error.reason;
  return note('verbatim', { text: error instanceof Error ? error.message : String(error) });
}
