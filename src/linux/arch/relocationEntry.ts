// One entry of a relocation section while it is applied. 64-bit values are pairs of 32-bit halves: exact, and nothing is allocated
// on the way.
import { relocation as relocationFinding, type RelocationProblem } from '../../findings/relocation';
import type { LogLine } from '../../findings/types';
import { SHN_UNDEF } from '../../formats/elf/constants';
import { ENOEXEC } from '../errno';
import { sectionName } from '../kernel/module/loadInfo';
import type { Symtab } from '../kernel/module/symtab';
import type { Errno, LinkTable, Load, LoadedSection } from '../kernel/module/types';

const TWO_32 = 0x1_0000_0000;

/** The entry that is applied; one object serves all entries of a section. Letters as in the psABIs: S, A and P. */
export class Relocation {
  /** Number of the entry in the file's table. */
  index = 0;
  /** Its turn: another number only where an architecture sorted the table. */
  position = 0;
  type = 0;
  symbol = 0;
  /** r_offset, bytes from the start of the target section. */
  offset = 0;
  /** The same, from the start of `view`. */
  at = 0;
  /** S + A until {@link subtract} was called; the low half unsigned, the high one signed and 0 in 32-bit files. */
  low = 0;
  high = 0;
  addendLow = 0;
  addendHigh = 0;
  /** P */
  placeLow = 0;
  placeHigh = 0;

  constructor(
    readonly load: Load,
    readonly symtab: Symtab,
    readonly section: LoadedSection,
    readonly target: LoadedSection,
    /** The memory that holds the target section. */
    readonly view: DataView,
  ) {}

  /** S + A or S + A - P as a number; rounded beyond 53 bits, where only its size matters any more. */
  get value(): number {
    return this.high * TWO_32 + this.low;
  }

  get place(): bigint {
    return BigInt.asUintN(this.symtab.is64 ? 64 : 32, this.target.sh_addr + BigInt(this.offset));
  }

  /** S + A as one unsigned number, for texts. */
  get wide(): bigint {
    const value = (BigInt(this.high) << 32n) | BigInt(this.low);
    return BigInt.asUintN(this.symtab.is64 ? 64 : 32, value);
  }

  /** Sets the value that later calls work on. */
  set(low: number, high: number): void {
    this.low = low >>> 0;
    this.high = high | 0;
  }

  /** Takes an address away from the value: P, a TOC or a global offset table. */
  subtract(low: number, high: number): void {
    const borrow = this.low < low >>> 0 ? 1 : 0;
    this.low = (this.low - low) >>> 0;
    this.high = (this.high - high - borrow) | 0;
  }

  /** Makes the value S + A again. */
  restore(): void {
    const sum = this.symbolValue + ((BigInt(this.addendHigh) << 32n) | BigInt(this.addendLow >>> 0));
    this.set(Number(BigInt.asUintN(32, sum)), this.symtab.is64 ? Number(BigInt.asIntN(32, sum >> 32n)) : 0);
  }

  /** Adds to the value, in halves. */
  add(low: number, high: number): void {
    const sum = this.low + (low >>> 0);
    this.low = sum >>> 0;
    this.high = (this.high + high + (sum >= TWO_32 ? 1 : 0)) | 0;
  }

  /** S + A - P */
  subtractPlace(): void {
    this.subtract(this.placeLow, this.placeHigh);
  }

  /** Whether `min` <= value <= `max`; a trial is undecided where another address of the module could change it. */
  within(min: number, max: number): boolean {
    const { value } = this;
    const fits = value >= min && value <= max;
    const { trial } = this.load.machine;
    if (trial && fits && (value - trial.reach < min || value + trial.reach > max) && this.isUndefined())
      trial.undecided = true;
    return fits;
  }

  /** A trial cannot decide what depends on more than the distance of a symbol that another module may define. */
  dependsOnAddress(): void {
    const { trial } = this.load.machine;
    if (trial && this.isUndefined()) trial.undecided = true;
  }

  /**
   * IS_ERR_VALUE() of S: the last page of addresses stands for errors. Some kernels look at each symbol so, although
   * simplify_symbols() did already.
   */
  isErrorValue(): boolean {
    const { view, entrySize, valueOffset, is64, littleEndian, count } = this.symtab;
    const at = this.symbol * entrySize + valueOffset;
    if (this.symbol >= count && at + (is64 ? 8 : 4) > view.byteLength) return false;
    if (!is64) return view.getUint32(at, littleEndian) >= 0xffff_f001;
    const [low, high] = littleEndian ? [0, 4] : [4, 0];
    return (
      view.getUint32(at + high, littleEndian) === 0xffff_ffff && view.getUint32(at + low, littleEndian) >= 0xffff_f001
    );
  }

  /** st_shndx of the symbol; 0 where a symbol behind the table ends outside of what is there. */
  get st_shndx(): number {
    const { view, entrySize, is64, littleEndian } = this.symtab;
    const at = this.symbol * entrySize + (is64 ? 6 : 14);
    return at + 2 <= view.byteLength ? view.getUint16(at, littleEndian) : SHN_UNDEF;
  }

  /** S, as simplify_symbols() left it. */
  get symbolValue(): bigint {
    const { view, entrySize, valueOffset, is64, littleEndian } = this.symtab;
    const at = this.symbol * entrySize + valueOffset;
    return is64 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
  }

  /** Binding of the symbol. */
  get binding(): number {
    return this.st_info >> 4;
  }

  /** Kind of the symbol: STT_FUNC and others. */
  get symbolType(): number {
    return this.st_info & 0xf;
  }

  /** Name of the symbol, as a byte string. */
  get symbolName(): string {
    const { info, machine } = this.load;
    const { view, entrySize, littleEndian } = this.symtab;
    const at = this.symbol * entrySize;
    const name = at + 4 <= view.byteLength ? view.getUint32(at, littleEndian) : 0;
    return machine.kernel.names.textAt(info.bytes, info.strtab + name);
  }

  /** Tells those who look on that the field gets the address of an entry of a table, which leads to `target`. */
  leadsThrough(table: LinkTable, section: LoadedSection | string, offset: number, target: bigint): void {
    const { info, observer } = this.load;
    observer?.linked(table, typeof section === 'string' ? section : sectionName(info, section), offset, target);
  }

  /** Refuses the module. */
  refuse(kind: RelocationProblem, lines: readonly LogLine[], errno: Errno = ENOEXEC): Errno {
    const { load, section, target, type, index } = this;
    load.report(relocationFinding, {
      module: load.mod.name,
      kind,
      type,
      value: `0x${this.wide.toString(16)}`,
      place: `0x${this.place.toString(16)}`,
      section: section.index,
      sectionName: sectionName(load.info, target),
      index,
      style: 'printed',
      arch: load.arch.name,
      lines: lines.map(({ level, text }) => ({ level, text })),
      errno,
      ...(kind === 'unknown' && load.arch.foreignGot.has(type) ? { got: true } : {}),
    });
    return errno;
  }

  private get st_info(): number {
    const { view, entrySize, is64 } = this.symtab;
    const at = this.symbol * entrySize + (is64 ? 4 : 12);
    return at < view.byteLength ? view.getUint8(at) : 0;
  }

  private isUndefined(): boolean {
    return this.st_shndx === SHN_UNDEF;
  }
}
