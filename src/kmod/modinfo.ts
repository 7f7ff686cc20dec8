// What modinfo(8) of kmod prints of a module file. Debian 12's kmod 30 is matched byte for byte.
import { toHex } from '../formats/bytes/hex';
import { EI_CLASS, EI_NIDENT } from '../formats/elf/constants';
import { readEhdr, structSizes } from '../formats/elf/header';
import { readSections, type SectionTable } from '../formats/elf/sectionByName';
import { modinfoEntries } from '../formats/ko/modinfo';
import { describeSignature } from './signatureInfo';

export interface ModinfoOptions {
  /** The path as it is printed: absolute, but not otherwise tidied up. A byte string. */
  readonly filename: string;
  /** Name of the module for error messages. */
  readonly name: string;
  /** Print only the values of this field; null for everything. `parm` is merged with its types in either case. */
  readonly field: string | null;
  /** -0: end entries with NUL, and write `key=value` without padding. */
  readonly nul: boolean;
}

export interface ModinfoOutput {
  /** Standard output, a byte string. */
  readonly text: string;
  /** Lines for standard error, without the program's name. */
  readonly errors: readonly string[];
  /** Whether modinfo exits with 1. */
  readonly failed: boolean;
}

/** Formats a module (decompressed bytes). Never throws. */
export function formatModinfo(file: Uint8Array, options: ModinfoOptions): ModinfoOutput {
  const head = filenameLine(options, options.filename);
  if (options.field === 'filename') return { text: head, errors: [], failed: false };
  const { entries, problem } = readEntries(file);
  if (problem === null) return formatEntries(entries, options, head);
  return { text: head, errors: [`could not get modinfo from '${options.name}': ${problem}`], failed: true };
}

/**
 * Formats what modules.builtin.modinfo (a byte string) says of a module that is built in: entries `NAME.key=value`, each
 * ended by a NUL, those of one module side by side (libkmod/libkmod-builtin.c).
 */
export function formatBuiltinModinfo(text: string, options: Omit<ModinfoOptions, 'filename'>): ModinfoOutput {
  const { name, field, nul } = options;
  const filename = filenameLine(options, '(builtin)');
  if (field === 'filename') return { text: filename, errors: [], failed: false };
  const end = nul ? '\0' : '\n';
  const nameLine = field === null ? `${'name:'.padEnd(WIDTH)}${name}${end}` : field === 'name' ? name + end : '';
  const all = text.split('\0');
  const isOwn = (entry: string): boolean => entry.startsWith(`${name}.`);
  const own = all.slice(Math.max(0, all.findIndex(isOwn)));
  const after = own.findIndex(entry => !isOwn(entry));
  const entries = own.slice(0, after < 0 ? own.length : after).map(entry => splitEntry(entry.slice(name.length + 1)));
  return formatEntries(entries, options, nameLine + filename);
}

/** With -0 this line alone keeps its padding. */
function filenameLine({ field, nul }: Pick<ModinfoOptions, 'field' | 'nul'>, filename: string): string {
  if (field !== null && field !== 'filename') return '';
  return `${field === null ? 'filename:'.padEnd(WIDTH) : ''}${filename}${nul ? '\0' : '\n'}`;
}

function formatEntries(
  entries: Iterable<ModinfoField>,
  { field, nul }: Pick<ModinfoOptions, 'field' | 'nul'>,
  head: string,
): ModinfoOutput {
  const end = nul ? '\0' : '\n';
  const lines = new Lines(head);
  const errors: string[] = [];
  const params = new Map<string, Param>();
  for (const { key, value } of entries) {
    const isParam = key === 'parm' || key === 'parmtype';
    if (isParam && (field === null || field === 'parm')) {
      if (!addParam(params, key, value)) errors.push(`Found invalid "${key}=${value}": missing ':'`);
    } else if (field === null) {
      lines.add(nul ? `${key}=${value}\0` : `${pad(key)}${value}\n`);
    } else if (key === field) {
      lines.add(value + end);
    }
  }
  // kmod collects parameters in a list that grows at its head.
  const reversed = [...params.values()].reverse();
  for (const param of reversed) lines.add((field === null ? paramLine(param) : paramValue(param)) + end);
  return { text: lines.text(), errors, failed: false };
}

/** Lines on their way into one text. A million of them, all kept to the end, would be copied around by the garbage collector. */
class Lines {
  private readonly joined: string[] = [];
  private latest: string[] = [];

  constructor(first: string) {
    this.add(first);
  }

  add(line: string): void {
    this.latest.push(line);
    if (this.latest.length === LINES_TO_JOIN) this.join();
  }

  text(): string {
    this.join();
    return this.joined.join('');
  }

  private join(): void {
    this.joined.push(this.latest.join(''));
    this.latest = [];
  }
}

const LINES_TO_JOIN = 1000;
const WIDTH = 16;

export interface ModinfoField {
  /** A byte string, as the value is. */
  readonly key: string;
  readonly value: string;
}

/** Every entry of .modinfo in the order of the file, without the signature; none for what is no module. */
export function readModinfoFields(file: Uint8Array): ModinfoField[] {
  const modinfo = readSections(file)?.find('.modinfo');
  return modinfo ? Array.from(modinfoEntries(modinfo.bytes), splitEntry) : [];
}

/** The signature as modinfo(8) lists it; none for an unsigned module. */
export function readSignatureFields(file: Uint8Array): ModinfoField[] {
  return signatureEntries(file);
}

interface Param {
  readonly name: string;
  description: string | null;
  type: string | null;
}

interface Entries {
  /** Made as they are taken: there may be a million. */
  readonly entries: Iterable<ModinfoField>;
  readonly problem: string | null;
}

function readEntries(file: Uint8Array): Entries {
  const failed = (problem: string): Entries => ({ entries: [], problem });
  // Too short for the longest magic number of a compressed file, which is looked for first.
  if (file.length < 6) return failed('Invalid argument');
  const sections = file.length > EI_NIDENT ? readSections(file) : null;
  if (!sections) return failed('Exec format error');
  if (!isValidElf(file, sections)) return failed('Invalid argument');
  const modinfo = sections.find('.modinfo');
  if (!modinfo) return failed('No such file or directory');
  if (modinfo.bytes.length < modinfo.shdr.sh_size) return failed('Invalid argument');
  return { entries: fieldsOf(modinfo.bytes, file), problem: null };
}

function* fieldsOf(modinfo: Uint8Array, file: Uint8Array): Generator<ModinfoField> {
  for (const entry of modinfoEntries(modinfo)) yield splitEntry(entry);
  yield* signatureEntries(file);
}

/** What kmod demands of the headers (libkmod/libkmod-elf.c, elf_identify() and kmod_elf_new()). */
function isValidElf(file: Uint8Array, { format, shdrs }: SectionTable): boolean {
  const [elfClass = 0, encoding = 0] = file.subarray(EI_CLASS);
  if (![1, 2].includes(elfClass) || ![1, 2].includes(encoding)) return false;
  const sizes = structSizes(format.is64);
  const { e_shoff, e_shnum, e_shentsize, e_shstrndx } = readEhdr(file, format);
  if (file.length <= sizes.ehdr || e_shentsize !== sizes.shdr || e_shoff + e_shnum * sizes.shdr > file.length)
    return false;
  // The names of the sections lie in the file and end.
  const names = shdrs[e_shstrndx];
  const end = names ? names.sh_offset + names.sh_size : 0;
  return names !== undefined && names.sh_size > 0 && end <= file.length && file[end - 1] === 0;
}

/** Text without `=` is a key without value. */
function splitEntry(text: string): ModinfoField {
  const equals = text.indexOf('=');
  return equals < 0 ? { key: text, value: '' } : { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function signatureEntries(file: Uint8Array): ModinfoField[] {
  const signature = describeSignature(file);
  if (!signature) return [];
  return [
    { key: 'sig_id', value: signature.idType },
    { key: 'signer', value: signature.signer },
    { key: 'sig_key', value: hexLines(signature.key) },
    { key: 'sig_hashalgo', value: signature.hashAlgorithm },
    { key: 'signature', value: hexLines(signature.signature) },
  ];
}

const BYTES_PER_LINE = 20;

/** Pairs of hex digits with colons, 20 to a line; further lines start with two tabs. */
function hexLines(bytes: Uint8Array): string {
  const pairs = toHex(bytes).toUpperCase().match(/../g) ?? [];
  const lines: string[] = [];
  for (let i = 0; i < pairs.length; i += BYTES_PER_LINE) lines.push(pairs.slice(i, i + BYTES_PER_LINE).join(':'));
  return lines.join(':\n\t\t');
}

/**
 * `key:` in 16 columns. A longer key gets as many spaces as it is too long: kmod gives printf a negative width, which
 * means the same width, left-justified.
 */
function pad(key: string): string {
  return `${key}:${' '.repeat(Math.abs(WIDTH - 1 - key.length))}`;
}

/** Notes a `parm` or `parmtype`; a later one of the same name replaces it. False when it lacks the colon. */
function addParam(params: Map<string, Param>, key: 'parm' | 'parmtype', value: string): boolean {
  const colon = value.indexOf(':');
  if (colon < 0) return false;
  const name = value.slice(0, colon);
  const param = params.get(name) ?? { name, description: null, type: null };
  params.set(name, param);
  param[key === 'parm' ? 'description' : 'type'] = value.slice(colon + 1);
  return true;
}

/** A parameter among all fields. */
function paramLine({ name, description, type }: Param): string {
  const start = 'parm:'.padEnd(WIDTH) + name + ':';
  if (description === null) return start + (type ?? '');
  return start + description + (type === null ? '' : ` (${type})`);
}

/** A parameter where only parameters are asked for. */
function paramValue({ name, description, type }: Param): string {
  return `${name}:${description ?? ''}${type === null ? '' : ` (${type})`}`;
}
