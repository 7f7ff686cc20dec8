// Dumps of modules as a recording stores them: what repeats, and what is as it mostly is, is left out.
import type { ModuleDump } from './recording';

/** Addresses by section name, as the kernel shows them. */
export type SectionAddresses = Readonly<Record<string, string>>;

/** The lowest address and the distance of each section from it; or which of the lists stored so far it repeats. */
export type StoredSections = number | readonly [lowest: string, distances: Readonly<Record<string, number>>];

type Parameters = ModuleDump['parameters'];

/** A dump without what is 0 or empty. */
export interface StoredDump extends Partial<Omit<ModuleDump, 'sections' | 'parameters'>> {
  readonly sections?: StoredSections;
  /** Their values, or which of those stored so far they repeat. */
  readonly parameters?: number | Parameters;
}

/** Remembers what was stored, in order. */
class Known<T> {
  private readonly numbers = new Map<string, number>();
  private readonly values: T[] = [];

  /** The number of an equal value stored before, or null for a new one. */
  repeats(value: T): number | null {
    const key = JSON.stringify(value);
    const number = this.numbers.get(key);
    if (number !== undefined) return number;
    this.numbers.set(key, this.numbers.size);
    return null;
  }

  add(value: T): T {
    this.values.push(value);
    return value;
  }

  get(number: number): T | undefined {
    return this.values[number];
  }
}

/** Turns addresses into their stored form. */
export class SectionWriter {
  private readonly known = new Known<StoredSections>();

  store(sections: SectionAddresses): StoredSections {
    const sorted = Object.entries(sections)
      .map(([name, address]): [string, bigint] => [name, BigInt(address)])
      .sort(([a, one], [b, two]) => (one === two ? (a < b ? -1 : 1) : one < two ? -1 : 1));
    const lowest = sorted[0]?.[1] ?? 0n;
    const distances = Object.fromEntries(sorted.map(([name, address]) => [name, Number(address - lowest)]));
    const stored: StoredSections = [`0x${lowest.toString(16)}`, distances];
    return this.known.repeats(stored) ?? stored;
  }
}

/** The way back, in the same order. */
export class SectionReader {
  private readonly known = new Known<SectionAddresses>();

  restore(stored: StoredSections): SectionAddresses {
    if (typeof stored === 'number') return this.known.get(stored) ?? {};
    const [lowest, distances] = stored;
    const entries = Object.entries(distances).map(([name, distance]): [string, string] => [
      name,
      `0x${(BigInt(lowest) + BigInt(distance)).toString(16)}`,
    ]);
    return this.known.add(Object.fromEntries(entries));
  }
}

/** Stores dumps, one recording from its beginning to its end. */
export class DumpWriter {
  private readonly sections = new SectionWriter();
  private readonly parameters = new Known<Parameters>();

  store({ sections, parameters, initsize, refcnt, holders, ...rest }: ModuleDump): StoredDump {
    return {
      ...rest,
      ...(initsize === '0' ? {} : { initsize }),
      ...(refcnt === '0' ? {} : { refcnt }),
      ...(holders.length === 0 ? {} : { holders }),
      ...(Object.keys(parameters).length === 0
        ? {}
        : { parameters: this.parameters.repeats(parameters) ?? parameters }),
      ...(sections === undefined ? {} : { sections: this.sections.store(sections) }),
    };
  }
}

/** The way back, in the same order. */
export class DumpReader {
  private readonly sections = new SectionReader();
  private readonly parameters = new Known<Parameters>();

  restore({ sections, parameters, ...rest }: StoredDump): ModuleDump {
    return {
      coresize: '0',
      initsize: '0',
      taint: '',
      refcnt: '0',
      holders: [],
      ...rest,
      parameters: this.restoreParameters(parameters),
      ...(sections === undefined ? {} : { sections: this.sections.restore(sections) }),
    };
  }

  private restoreParameters(stored: number | Parameters | undefined): Parameters {
    if (stored === undefined) return {};
    if (typeof stored === 'number') return this.parameters.get(stored) ?? {};
    return this.parameters.add(stored);
  }
}
