// A module of the time of the books, step by step, for doc/walk.md: what the walk through the loader remembers, as tables.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { System, type LoadResult, type ModuleFile } from '../../src/index';
import type { StepsModel, StepSymbols } from '../../src/report/view/types';
import { readSections } from '../../src/formats/elf/sectionByName';
import { profileFacts } from '../../src/target/profile';
import { repositoryRoot } from '../kernel/lib/paths';

const DIRECTORY = path.join(repositoryRoot(), 'media', 'classic');
const ARGUMENTS = 'dolphin=10 bobcat=hello';

/** doc/walk.md with its tables made anew. */
export function walkPage(): string {
  const demodev = classic('2.6.39').trace(moduleFile('demodev'), ARGUMENTS);
  const steps = demodev.steps();
  const today = classic('6.1').trace(moduleFile('demodev'), ARGUMENTS).steps();
  const blocks: Readonly<Record<string, readonly string[]>> = {
    stages: stages(steps, today),
    headers: headers(steps),
    strings: strings(moduleFile('demodev').bytes),
    symbols: steps.symbols ? symbols(steps, steps.symbols) : [],
    relocation: relocation(steps),
    parameters: parameters(demodev.result),
    users: users(),
  };
  const page = readFileSync(path.join(repositoryRoot(), 'doc', 'walk.md'), 'utf8');
  return page.replaceAll(
    /(<!-- (\w+): made by npm run docs -->\n)[^]*?(<!-- end of \2 -->)/g,
    (_, begin: string, name: string, end: string) => {
      const lines = blocks[name];
      if (!lines) throw new Error(`doc/walk.md wants ${name}, which nobody makes`);
      return [begin, ...lines, '', end].join('\n');
    },
  );
}

const classic = (release: string): System => new System(profileFacts({ release, arch: 'i386' }));

function moduleFile(name: string): ModuleFile {
  return { path: `${name}.ko`, bytes: readFileSync(path.join(DIRECTORY, `${name}.ko`)) };
}

const hex = (value: number | bigint | undefined, digits = 8): string => (value ?? 0).toString(16).padStart(digits, '0');
const code = (text: string): string => `\`${text}\``;

function table(...rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map(row => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [...rows.slice(0, 1).map(line), line(widths.map(width => '-'.repeat(width))), ...rows.slice(1).map(line)];
}

/** The stages of both kernels, with the state of the module behind each. */
function stages(old: StepsModel, today: StepsModel): string[] {
  const column = ({ stages: all }: StepsModel): string[] =>
    all
      // What this kernel does not have, or was not asked to do.
      .filter(({ outcome }) => outcome !== 'skipped')
      .map(({ name, state }) => (state === null ? code(name) : `${code(name)} ${state.toUpperCase()}`));
  const [left, right] = [column(old), column(today)];
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [left[i] ?? '', right[i] ?? '']);
  return table(['2.6.39', '6.1'], ...rows);
}

/** sh_addr as the file has it, and after each of both rewrites. */
function headers({ headers: states, sectionNames }: StepsModel): string[] {
  const rows = sectionNames.map((name, i) => [
    String(i),
    name === '' ? '' : code(name),
    ...states.map(state => hex(state.sh_addr[i])),
    hex(states[0]?.sh_size[i], 1),
  ]);
  const titles = states.map(({ stage }) => (stage === null ? 'in the file' : code(stage)));
  return table(['', 'section', ...titles, 'size'], ...rows);
}

/** The beginning of both string tables: an offset, and the name that begins there. */
function strings(bytes: Uint8Array): string[] {
  const sections = readSections(bytes);
  if (!sections) throw new Error('no object file');
  const begins = (section: Uint8Array): string[] => {
    const found: string[] = [];
    for (let at = 0; at < section.length && found.length < 10;) {
      const end = section.indexOf(0, at);
      const name = Buffer.from(section.subarray(at, end)).toString('latin1');
      found.push(`${hex(at, 2)} ${name === '' ? '(no name)' : code(name)}`);
      at = end + 1;
    }
    return found;
  };
  const [ofSections, ofSymbols] = ['.shstrtab', '.strtab'].map(name =>
    begins(sections.find(name)?.bytes ?? new Uint8Array(0)),
  );
  return table(['`.shstrtab`', '`.strtab`'], ...(ofSections ?? []).map((left, i) => [left, ofSymbols?.[i] ?? '']));
}

const UNDEFINED = 0;

/** What became of st_value: of the symbols that the module lacks, and of some that it has. */
function symbols({ sectionNames }: StepsModel, { names, before, after, st_shndx }: StepSymbols): string[] {
  const shown = new Set(['init_module', 'cleanup_module', '__this_module', 'dolphin', 'bobcat', 'table']);
  const rows = names.flatMap((name, i) => {
    const index = st_shndx[i] ?? UNDEFINED;
    if (name === '' || !(index === UNDEFINED || shown.has(name))) return [];
    const where = index === UNDEFINED ? 'undefined' : code(sectionNames[index] ?? '');
    return [[code(name), where, hex(before[i]), hex(after[i])]];
  });
  return table(['symbol', 'section', 'in the file', '`simplify_symbols`'], ...rows);
}

/** The call of printk() in .init.text: R_386_PC32, whose addend stands in the field itself. */
function relocation(model: StepsModel): string[] {
  const { relocations: all, sectionNames, headers: states, symbols: found } = model;
  if (!all || !found) throw new Error('nothing was relocated');
  const init = sectionNames.indexOf('.init.text');
  const i = all.target.findIndex((target, at) => target === init && all.symbolNames[all.symbol[at] ?? 0] === 'printk');
  const place = (states.at(-1)?.sh_addr[init] ?? 0n) + BigInt(all.offset[i] ?? 0);
  const [addend, result] = [all.before[i] ?? 0n, all.after[i] ?? 0n];
  const symbol = found.after[found.names.indexOf('printk')];
  const inMemory = (value: bigint): string => hex(value).replaceAll(/../g, '$& ').trim().split(' ').reverse().join(' ');
  return table(
    ['', 'value', 'where it comes from'],
    ['type', code(all.typeNames[all.type[i] ?? 0] ?? ''), '`ELF32_R_TYPE(r_info)`'],
    ['S', hex(symbol), 'the address of `printk`'],
    ['A', hex(addend), `the field in the file: bytes ${code(inMemory(addend))}, which is -4`],
    ['P', hex(place), `\`.init.text\` and \`r_offset\`, ${hex(all.offset[i], 1)}`],
    ['S + A - P', hex(result), `written as bytes ${code(inMemory(result))}`],
  );
}

function parameters({ params }: LoadResult): string[] {
  const rows = params.map(({ name, type, value, perm }) => [
    code(name),
    type,
    code(String(value)),
    perm === 0 ? 'no file in sysfs' : perm.toString(8).padStart(4, '0'),
  ]);
  return table(['parameter', 'type', 'value', 'permissions'], ...rows);
}

/** Three modules on one machine, and the wish to have the first of them back. */
function users(): string[] {
  const machine = classic('2.6.39');
  const lines: string[] = [];
  for (const name of ['owner', 'mod_a', 'mod_b']) {
    const { errno } = machine.insmod(moduleFile(name));
    if (errno !== 0) throw new Error(`${name} is refused`);
    lines.push(`# insmod ${name}.ko`);
  }
  lines.push('# cat /proc/modules');
  for (const { name, coresize, holders } of machine.modules)
    lines.push(`${name} ${coresize} ${holders.length} ${holders.length === 0 ? '-' : `${holders.join(',')},`}`);
  for (const name of ['owner', 'mod_b', 'mod_a', 'owner']) {
    const { errnoName } = machine.rmmod(name);
    lines.push(`# rmmod ${name}`, ...(errnoName === null ? [] : [errnoName]));
  }
  return ['```console', ...lines, '```'];
}
