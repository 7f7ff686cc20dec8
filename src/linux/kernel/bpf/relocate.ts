// btf_relocate() (tools/lib/bpf/btf_relocate.c, which the kernel shares): the few types that a module brings along in
// .BTF.base are found again among those of the kernel, by name and size.
import * as Kind from '../../../formats/btf/kinds';
import { EINVAL, ENOENT } from '../../errno';
import { TYPE_SIZE, type Btf } from './btf';
import { baseTypes, type BaseType } from './baseTypes';
import type { VerifierLog } from './verifierLog';

export interface Relocated {
  readonly errno: number;
  /** The type whose member the kernel follows to nowhere, or without end; null when all is well. */
  readonly lost: number | null;
}

/** Kinds that .BTF.base may hold, each with a name. */
const DISTILLED: readonly number[] = [Kind.INT, Kind.FLOAT, Kind.ENUM, Kind.STRUCT, Kind.UNION, Kind.FWD];

/** Fits `split`, which builds on `distilled`, to the types of the kernel. */
export function relocate(split: Btf, distilled: Btf, vmlinux: Btf, log: VerifierLog): Relocated {
  if (!validate(distilled, log)) return refused(EINVAL);
  const embedded = new Set<number>();
  const seen = new Map<number, number>();
  for (let id = distilled.count; id < split.count; id++)
    if (!markEmbedded(split, id, distilled.count, embedded, seen)) return { errno: 0, lost: id };
  const names = mapDistilled(distilled, vmlinux, embedded, log);
  if (names === null) return refused(EINVAL);
  const lost = typeOutside(split, distilled.count);
  if (lost !== null) return { errno: 0, lost };
  return refused(unmappedString(split, distilled, names, log) ? ENOENT : 0);
}

const refused = (errno: number): Relocated => ({ errno, lost: null });

/** btf_relocate_validate_distilled_base() */
function validate(distilled: Btf, log: VerifierLog): boolean {
  for (let id = 1; id < distilled.count; id++) {
    const kind = distilled.kindOf(id);
    const isDistilled = DISTILLED.includes(kind);
    if (isDistilled && nameOffset(distilled, id) !== 0) continue;
    log.warn(
      isDistilled
        ? `type [${id}], kind [${kind}] is invalid for distilled base BTF; it is anonymous`
        : `type [${id}] in distilled based BTF has unexpected kind [${kind}]`,
    );
    return false;
  }
  return true;
}

function word(btf: Btf, id: number, offset: number): number {
  const found = btf.find(id);
  return found && found.at >= 0 ? found.btf.u32(found.at + offset) : 0;
}

const nameOffset = (btf: Btf, id: number): number => word(btf, id, 0);

/**
 * btf_mark_embedded_composite_type_ids(): structs that are members of those of the module must have the same size.
 * Whether the kernel comes to an end.
 *
 * @param seen types that were followed, and from which one
 */
function markEmbedded(
  split: Btf,
  id: number,
  distilledCount: number,
  embedded: Set<number>,
  seen: Map<number, number>,
): boolean {
  const found = split.find(id);
  if (!found || !Kind.isComposite(split.kindOf(id))) return true;
  for (let i = 0; i < split.vlenAt(found.at); i++) {
    const walk = seen.size;
    for (let next = split.u32(found.at + TYPE_SIZE + 12 * i + 4); next !== 0;) {
      const kind = split.kindOf(next);
      if (kind < 0) return false;
      const before = seen.get(next);
      if (before !== undefined) {
        // Arrays may go round; what an earlier member led to came to an end.
        if (before === walk) return false;
        break;
      }
      seen.set(next, walk);
      if (Kind.isComposite(kind) && next < distilledCount) embedded.add(next);
      next = Kind.isModifier(kind) ? word(split, next, 8) : kind === Kind.ARRAY ? word(split, next, TYPE_SIZE) : 0;
    }
  }
  return true;
}

/** One pair of types with the same name, and the same size where that is asked. */
interface Candidate {
  readonly base: BaseType;
  readonly distilled: number;
}

/**
 * btf_relocate_map_distilled_base(): offsets of names that were found again; null when a type has several
 * counterparts or none.
 */
function mapDistilled(
  distilled: Btf,
  vmlinux: Btf,
  embedded: ReadonlySet<number>,
  log: VerifierLog,
): ReadonlySet<number> | null {
  const index = baseTypes(vmlinux);
  const candidates: Candidate[] = [];
  for (let id = 1; id < distilled.count; id++) {
    const size = word(distilled, id, 8) & 0x7fff_ffff;
    for (const base of index.get(distilled.name(nameOffset(distilled, id)) ?? '') ?? [])
      if (!base.needsSize || (base.size & 0x7fff_ffff) === size) candidates.push({ base, distilled: id });
  }
  // The kernel goes through its own types, and looks up each among the distilled ones.
  candidates.sort((a, b) => a.base.id - b.base.id);
  const mapped = new Map<number, BaseType>();
  for (const { base, distilled: id } of candidates) {
    if (!matches(base, distilled, id, embedded.has(id))) continue;
    const before = mapped.get(id);
    if (before) {
      log.warn(
        `distilled base BTF type '${base.name}' [${id}], size ${base.size} has multiple candidates of the same size (ids [${base.id}, ${before.id}]) in base BTF`,
      );
      return null;
    }
    mapped.set(id, base);
  }
  for (let id = 1; id < distilled.count; id++) {
    if (mapped.has(id)) continue;
    const name = distilled.name(nameOffset(distilled, id)) ?? '';
    log.warn(`distilled base BTF type '${name}' [${id}] is not mapped to base BTF id`);
    return null;
  }
  return new Set([...mapped.keys()].map(id => nameOffset(distilled, id)));
}

/** Whether a type of the kernel can stand for a distilled one of that name. */
function matches(base: BaseType, distilled: Btf, id: number, embedded: boolean): boolean {
  const kind = distilled.kindOf(id);
  const flagged = word(distilled, id, 4) >>> 31 === 1;
  switch (kind) {
    case Kind.FWD:
      // The flag of a forward declaration says that it is of a union; of others the kernel asks it as well.
      if (base.kind === Kind.FWD) return flagged === base.flagged;
      return (base.kind === Kind.STRUCT && !base.flagged) || (base.kind === Kind.UNION && base.flagged);
    case Kind.INT:
      return base.kind === kind && base.encoding === ((word(distilled, id, TYPE_SIZE) >>> 24) & 0xf);
    case Kind.FLOAT:
      return base.kind === kind;
    case Kind.ENUM:
      return base.kind === kind || base.kind === Kind.ENUM64;
    default:
      return !embedded || base.size === word(distilled, id, 8);
  }
}

/** btf_relocate_rewrite_type_id(): the first type that names one behind the last, which the kernel looks up unchecked. */
function typeOutside(split: Btf, first: number): number | null {
  for (let id = first; id < split.count; id++)
    for (const other of idsOf(split, id)) if (other >= split.count) return id;
  return null;
}

/** btf_field_iter_next() over ids: the one of a type, then those of what follows it. */
function* idsOf(split: Btf, id: number): Generator<number> {
  const found = split.find(id);
  if (!found) return;
  const kind = split.kindOf(id);
  const behind = found.at + TYPE_SIZE;
  if (REFERRING.has(kind)) yield split.u32(found.at + 8);
  if (kind === Kind.ARRAY) yield* [split.u32(behind), split.u32(behind + 4)];
  const [step, offset] = ITEMS_WITH_IDS[kind] ?? [0, 0];
  for (let i = 0; step > 0 && i < split.vlenAt(found.at); i++) yield split.u32(behind + i * step + offset);
}

const REFERRING: ReadonlySet<number> = new Set([
  ...[Kind.FWD, Kind.CONST, Kind.VOLATILE, Kind.RESTRICT, Kind.PTR, Kind.TYPEDEF],
  ...[Kind.FUNC, Kind.VAR, Kind.DECL_TAG, Kind.TYPE_TAG, Kind.FUNC_PROTO],
]);

/** Bytes of an item, and where its id stands. */
const ITEMS_WITH_IDS: Readonly<Record<number, readonly [size: number, offset: number]>> = {
  [Kind.STRUCT]: [12, 4],
  [Kind.UNION]: [12, 4],
  [Kind.FUNC_PROTO]: [8, 4],
  [Kind.DATASEC]: [12, 0],
};

/** btf_relocate_rewrite_strs(): whether a name of the module's types is one of .BTF.base that was not found again. */
function unmappedString(split: Btf, distilled: Btf, names: ReadonlySet<number>, log: VerifierLog): boolean {
  for (let id = distilled.count; id < split.count; id++)
    for (const offset of stringsOf(split, id))
      if (offset !== 0 && offset < distilled.header.strLen && !names.has(offset)) {
        log.warn(`string '' [offset ${offset}] is not mapped to base BTF`);
        return true;
      }
  return false;
}

/** btf_field_iter_next() over strings: the name of a type, then those of what follows it. */
function* stringsOf(split: Btf, id: number): Generator<number> {
  const found = split.find(id);
  if (!found) return;
  yield split.u32(found.at);
  const kind = split.kindOf(id);
  const step = ITEMS_WITH_NAMES[kind] ?? 0;
  for (let i = 0; step > 0 && i < split.vlenAt(found.at); i++) yield split.u32(found.at + TYPE_SIZE + i * step);
}

const ITEMS_WITH_NAMES: Readonly<Record<number, number>> = {
  [Kind.ENUM]: 8,
  [Kind.FUNC_PROTO]: 8,
  [Kind.STRUCT]: 12,
  [Kind.UNION]: 12,
  [Kind.ENUM64]: 12,
};
