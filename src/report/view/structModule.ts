// struct module as it fills: its members where BTF or DWARF declares them, and what each stage writes into them.
import { note, type Note } from '../../findings/notes';
import { decodeUtf8, nameString } from '../../formats/bytes/strings';
import { structInDwarf } from '../../formats/dwarf/structShape';
import { openObject } from '../../formats/ko/objectFile';
import { thisModuleShape } from '../../formats/ko/thisModule';
import { memberAt, type PlacedMember, type StructMember, type StructShape } from '../../formats/structMembers';
import { kernelStruct } from '../../linux/kernel/module/fillStructModule';
import { sectionBytes } from '../../linux/kernel/module/loadInfo';
import { REGION_TYPES } from '../../linux/kernel/module/regions';
import { nameField } from '../../linux/kernel/module/thisModule';
import type { Load } from '../../linux/kernel/module/types';
import type { LoadTrace, StructValue } from '../../linux/trace/types';
import type { StructModuleModel } from './types';

/** struct module has about a hundred members; hostile types could have millions. */
const MOST_MEMBERS = 1000;
/** Bytes of a member that are looked at; a name has 60. */
const MOST_CONTENT = 4096;

/** null for a file in which the loader found no struct module. */
export function structModuleModel(load: Load, { structModule, stages }: LoadTrace): StructModuleModel | null {
  const section = load.info.sechdrs[load.info.index.mod];
  if (!section || section.index === 0) return null;
  const { source, shape } = shapeOf(load);
  const members = new Members(shape, sectionBytes(load.info, section.index), load);
  const writes: StructModuleModel['writes'][number][] = [];
  const write = (stage: number, by: string, path: string, value: string | Note): void => {
    const member = members.index(path);
    if (member !== null && members.changes(member, value)) writes.push({ stage, by, member, value });
  };
  let relocated = structModule.relocated;
  const relocate = (before: number): void => {
    if (!relocated || relocated.stage >= before) return;
    const { stage, bytes } = relocated;
    relocated = null;
    for (const path of ['init', 'exit']) {
      const value = members.pointer(path, bytes);
      if (value !== null && value !== 0n) write(stage, 'apply_relocations', path, hex(value));
    }
  };
  for (const { stage, by, path, value } of structModule.writes) {
    relocate(stage);
    write(stage, by, path, valueText(shape, value));
  }
  relocate(stages.length);
  return { source, size: section.sh_size, ...members.sorted(writes) };
}

/** The kernel's own types, else those the module was built with, else what every kernel has had at its beginning. */
function shapeOf(load: Load): { source: StructModuleModel['source']; shape: StructShape } {
  const { facts, features, info } = load;
  const btf = kernelStruct(facts, features.is64, 'module');
  if (btf) return { source: 'btf', shape: btf };
  const object = openObject(info.bytes);
  const dwarf = object && structInDwarf(object, () => null, 'module');
  if (dwarf && memberAt(dwarf.members, 'name')) return { source: 'dwarf', shape: dwarf };
  return { source: 'prefix', shape: prefix(load) };
}

/** include/linux/module.h: state, list and name come first; where init and exit are, relocations tell. */
function prefix({ facts, features, info }: Load): StructShape {
  const word = features.is64 ? 8 : 4;
  const member = (name: string, offset: number, size: number): StructMember => {
    return { name, offset, size, pointee: 0, members: () => [] };
  };
  const name = nameField(features.is64);
  const { init, exit } = facts.structModule ?? thisModuleShape(info.bytes) ?? { init: null, exit: null };
  const functions = [
    ...(init === null ? [] : [member('init', init, word)]),
    ...(exit === null ? [] : [member('exit', exit, word)]),
  ];
  return {
    size: 0,
    members: [
      member('state', 0, 4),
      member('list', word, 2 * word),
      member('name', name.offset, name.size),
      ...functions,
    ],
  };
}

type Shown = StructModuleModel['members'][number];

/** Rows of members: those of the struct itself, and those inside of them that something is written to. */
class Members {
  private readonly rows: Shown[] = [];
  private readonly byPath = new Map<string, number | null>();
  private readonly now: (string | Note)[] = [];

  constructor(
    private readonly shape: StructShape,
    private readonly file: Uint8Array,
    private readonly load: Load,
  ) {
    for (const { name } of shape.members.slice(0, MOST_MEMBERS)) if (name !== '') this.index(name);
  }

  /** null for a member that this struct does not have. */
  index(path: string): number | null {
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    const found = this.rows.length < MOST_MEMBERS ? memberAt(this.shape.members, path) : null;
    const index = found && isSound(found) ? this.add(path, found) : null;
    this.byPath.set(path, index);
    return index;
  }

  private add(path: string, { offset, size }: PlacedMember): number {
    const bytes = this.file.subarray(offset, offset + Math.min(size, MOST_CONTENT));
    const initial = path === 'name' ? decodeUtf8(nameString(bytes, 0)) : contentText(bytes, this.load);
    this.now.push(initial);
    return this.rows.push({ name: shownPath(path), offset, size, initial }) - 1;
  }

  /** Whether a value is new for a member. */
  changes(member: number, value: string | Note): boolean {
    if (JSON.stringify(this.now[member]) === JSON.stringify(value)) return false;
    this.now[member] = value;
    return true;
  }

  pointer(path: string, bytes: Uint8Array): bigint | null {
    const found = memberAt(this.shape.members, path);
    return found && found.size <= 8
      ? numberIn(bytes.subarray(found.offset, found.offset + found.size), this.load)
      : null;
  }

  /** In the order they lie in; a member whose parts are shown is left out itself. */
  sorted(writes: StructModuleModel['writes']): Pick<StructModuleModel, 'members' | 'writes'> {
    const written = new Set(writes.map(({ member }) => member));
    const parts = new Set([...this.byPath].flatMap(([path, i]) => (i !== null && written.has(i) ? [path] : [])));
    const hasParts = (path: string): boolean => [...parts].some(part => part.startsWith(`${path}.`));
    const kept = [...this.byPath].flatMap(([path, i]) => {
      const isShown = i !== null && (written.has(i) || (!path.includes('.') && !hasParts(path)));
      return isShown ? [i] : [];
    });
    kept.sort((a, b) => (this.rows[a]?.offset ?? 0) - (this.rows[b]?.offset ?? 0) || a - b);
    const place = new Map(kept.map((old, i) => [old, i]));
    return {
      members: kept.flatMap(i => this.rows[i] ?? []),
      writes: writes.map(each => ({ ...each, member: place.get(each.member) ?? 0 })),
    };
  }
}

const isSound = ({ offset, size }: PlacedMember): boolean =>
  Number.isSafeInteger(offset) && Number.isSafeInteger(size) && offset >= 0 && size >= 0;

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** `mem.0.base` as C has it: `mem[MOD_TEXT].base`. */
function shownPath(path: string): string {
  return path.replace(/\.(\d+)/g, (_, index: string) => {
    const type = path.startsWith('mem.') ? REGION_TYPES[Number(index)] : undefined;
    return `[${type === undefined ? index : `MOD_${type}`}]`;
  });
}

function valueText({ members }: StructShape, value: StructValue): string | Note {
  switch (value.kind) {
    case 'address':
      return value.address === null ? note('kernel-address') : hex(value.address);
    case 'number':
      return String(value.number);
    case 'count':
      return String(Math.floor(value.bytes / (memberAt(members, value.pointer)?.pointee || 1)));
    case 'within':
      return `&mod->${value.member}`;
    case 'list':
      return value.modules.length === 0 ? note('list-empty') : value.modules.map(decodeUtf8).join(', ');
    case 'state':
      return `MODULE_STATE_${value.state.toUpperCase()}`;
  }
}

function numberIn(bytes: Uint8Array, { features }: Load): bigint {
  const ordered = features.littleEndian ? [...bytes].reverse() : [...bytes];
  return ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Contents of a member in the file: kbuild fills in nothing but the name. */
function contentText(bytes: Uint8Array, load: Load): string {
  if (bytes.every(byte => byte === 0)) return '0';
  if (bytes.length <= 8) return hex(numberIn(bytes, load));
  const shown = [...bytes.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 16 ? `${shown} …` : shown;
}
