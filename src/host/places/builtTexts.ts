// Sources as they were when a module was built: debug information counts their lines, whatever was edited since.
import type { SourceLocation } from '../../findings/types';
import { mappingOf, type TextMapping } from '../services/textMapping';

/** Characters kept in all; the module that was looked at longest ago goes first. */
const MOST_KEPT = 2 ** 25;

/** By module, then by source. */
const kept = new Map<string, Map<string, string>>();
let characters = 0;

/** The sources of one module: their present texts, and those of its last build. */
export class BuiltTexts {
  private readonly mappings = new Map<string, TextMapping | null>();
  private readonly texts = new Map<string, string | null>();

  /**
   * @param read text of a file as it is now, or null
   * @param isNewer whether a file was written after the module
   */
  constructor(
    private readonly module: string,
    private readonly read: (file: string) => string | null,
    private readonly isNewer: (file: string) => boolean,
  ) {}

  /** The text of a file as it is now; null when it cannot be read. */
  now(file: string): string | null {
    let text = this.texts.get(file);
    if (text === undefined) this.texts.set(file, (text = this.read(file)));
    return text;
  }

  /** The text the module was built from if it is known, otherwise the present one. */
  built(file: string): string | null {
    const now = this.now(file);
    if (now === null) return null;
    if (this.isNewer(file)) return kept.get(this.module)?.get(file) ?? now;
    keep(this.module, file, now);
    return now;
  }

  /** A place of the last build in the present text. */
  present(place: SourceLocation): SourceLocation {
    const mapping = this.mappingOf(place.file);
    if (!mapping || place.deleted) return place;
    const found = mapping(place);
    return found ? { file: place.file, ...found } : { ...place, deleted: true };
  }

  private mappingOf(file: string): TextMapping | null {
    let mapping = this.mappings.get(file);
    if (mapping === undefined) {
      const before = this.isNewer(file) ? kept.get(this.module)?.get(file) : undefined;
      const now = before === undefined ? null : this.now(file);
      mapping = before === undefined || now === null || now === before ? null : mappingOf(before, now);
      this.mappings.set(file, mapping);
    }
    return mapping;
  }
}

function keep(module: string, file: string, text: string): void {
  const texts = kept.get(module) ?? new Map<string, string>();
  // Looked at last stands last.
  kept.delete(module);
  kept.set(module, texts);
  characters += text.length - (texts.get(file)?.length ?? 0);
  texts.set(file, text);
  for (const [oldest, its] of kept) {
    if (characters <= MOST_KEPT || oldest === module) break;
    for (const each of its.values()) characters -= each.length;
    kept.delete(oldest);
  }
}
