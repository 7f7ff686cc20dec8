// Single bytes changed at random (always the same ones) where the loader reads text and tables.
import type { KoSection } from '../lib/koFile';
import { number } from '../lib/koFile';
import { mutant, type Kit, type Topic } from './kit';

interface Field {
  readonly fixture: string;
  readonly section: string;
  readonly count: number;
}

/** Symbols and relocations only of fixtures without code: code that is patched wrongly crashes the machine. */
const TEXT_AND_TABLES: readonly Field[] = [
  { fixture: 'minimal', section: '.modinfo', count: 25 },
  { fixture: 'tagged', section: '.modinfo', count: 25 },
  { fixture: 'paramkinds', section: '.strtab', count: 30 },
  { fixture: 'exporter', section: '__ksymtab_strings', count: 10 },
  { fixture: 'exporter', section: '.strtab', count: 15 },
  { fixture: 'noinit', section: '.shstrtab', count: 40 },
  { fixture: 'notext', section: '.symtab', count: 30 },
  { fixture: 'paramkinds', section: '__versions', count: 20 },
  { fixture: 'notext', section: '.rodata', count: 5 },
];

/** Bytes of each section header whose change the kernels survive: name, type, low flags, alignment. */
const SHDR_BYTES = [0, 4, 8, 40, 44, 48, 56] as const;

function randomByte(section: KoSection, random: (below: number) => number): [number, string] {
  return [section.sh_offset + random(section.sh_size), random(256).toString(16).padStart(2, '0')];
}

function inSections(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(2611);
  return TEXT_AND_TABLES.flatMap(({ fixture, section, count }) => {
    const ko = kit.ko(fixture);
    if (!ko.hasSection(section)) return [];
    return Array.from({ length: count }, (_, i) =>
      mutant(`mutants/${fixture}/${section}/${i}`, ko, [randomByte(ko.section(section), random)]),
    );
  });
}

function inHeaders(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(4096);
  const ko = kit.ko('notext');
  const plain = ko.sections.filter(
    s => s.index > 0 && s.name !== '.gnu.linkonce.this_module' && !s.name.startsWith('.rela'),
  );
  const shoff = ko.bytes.length - ko.sections.length * 64;
  return plain.flatMap(({ index, name }) =>
    [0, 1].map(round => {
      const byte = SHDR_BYTES[random(SHDR_BYTES.length)] ?? 0;
      return mutant(`mutants/headers/${name}-${index}/${round}`, ko, [
        number(shoff + index * 64 + byte, 1, 1 << random(7)),
      ]);
    }),
  );
}

export const randomMutants: Topic = kit => [...inSections(kit), ...inHeaders(kit)];
