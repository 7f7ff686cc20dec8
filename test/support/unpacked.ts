// The module of test/locate with its debug information, unpacked.
import assert from 'node:assert/strict';
import { debugSections } from '../../src/formats/dwarf/sections';
import { contents } from '../../src/formats/elf/sectionByName';
import { openObject, type ObjectFile } from '../../src/formats/ko/objectFile';
import { inflate } from '../../src/host/places/inflate';
import { makeElf, type SectionSpec } from './elf';
import { locatedBytes } from './located';

/** The fixture with its debug sections unpacked, so that damage reaches what is inside. */
export function unpackedModule(): {
  readonly bytes: Uint8Array;
  readonly ranges: readonly (readonly [number, number])[];
} {
  const original = openObject(locatedBytes('debug'));
  assert.ok(original);
  const bytes = rebuilt(original);
  const object = openObject(bytes);
  assert.ok(object);
  const ranges = object.sections.shdrs.flatMap((shdr, i) =>
    /debug|symtab/.test(object.sectionNames[i] ?? '') && shdr.sh_size > 0
      ? [[shdr.sh_offset, shdr.sh_size] as const]
      : [],
  );
  return { bytes, ranges };
}

function rebuilt(object: ObjectFile): Uint8Array {
  const sections = debugSections(object, inflate);
  const specs = object.sections.shdrs.slice(1, -1).map((shdr, i): SectionSpec => {
    const name = object.sectionNames[i + 1] ?? '';
    const debug = /^\.debug_(.*)/.exec(name)?.[1];
    const data = (debug === undefined ? null : sections.get(debug)?.r.bytes) ?? contents(object.file, shdr);
    const link = object.sectionNames[shdr.sh_link];
    const info = shdr.sh_type === 4 ? object.sectionNames[shdr.sh_info] : undefined;
    return {
      name,
      type: shdr.sh_type,
      flags: shdr.sh_flags & ~0x800,
      align: shdr.sh_addralign || 1,
      data,
      ...(link ? { link } : {}),
      ...(info ? { info } : {}),
    };
  });
  return makeElf(specs);
}
