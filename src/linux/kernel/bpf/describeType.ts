// btf_verifier_log_type() and its siblings (kernel/bpf/btf.c): a type, its details, and what is wrong with it.
import * as Kind from '../../../formats/btf/kinds';
import { TYPE_SIZE } from './btf';
import type { Looked } from './looked';

/**
 * Prints what is wrong with a type.
 *
 * @param basic whether its details are left out: they may be what is missing
 */
export function describeType(type: Looked, text: string, basic: boolean): void {
  if (isQuiet(type)) return;
  const { btf, at, id, kind, log } = type;
  const head = `[${id}] ${NAMES[kind] ?? ''} ${btf.nameForLog(btf.u32(at))}`;
  if (basic) log.print(head);
  else log.print(`${head} `, ...details(type));
  log.print(' ', text, '\n');
}

/** btf_type_str() */
const NAMES =
  'UNKNOWN INT PTR ARRAY STRUCT UNION ENUM FWD TYPEDEF VOLATILE CONST RESTRICT FUNC FUNC_PROTO VAR DATASEC FLOAT DECL_TAG TYPE_TAG ENUM64'.split(
    ' ',
  );

const isQuiet = ({ btf, log }: Looked): boolean => log.quiet && btf.base !== null;

const ENCODINGS: Readonly<Record<number, string>> = { 0: '(none)', 1: 'SIGNED', 2: 'CHAR', 4: 'BOOL' };

/** log_details() of the kind, in the pieces that the kernel prints one by one. */
function details({ btf, at, kind }: Looked): string[] {
  const word = btf.u32(at + 8);
  const extra = (n: number): number => btf.u32(at + TYPE_SIZE + 4 * n);
  switch (kind) {
    case Kind.INT: {
      const data = extra(0);
      const encoding = ENCODINGS[(data >>> 24) & 0xf] ?? 'UNKN';
      return [`size=${word} bits_offset=${(data >>> 16) & 0xff} nr_bits=${data & 0xff} encoding=${encoding}`];
    }
    case Kind.ARRAY:
      return [`type_id=${extra(0)} index_type_id=${extra(1)} nr_elems=${extra(2)}`];
    case Kind.STRUCT:
    case Kind.UNION:
    case Kind.ENUM:
    case Kind.ENUM64:
    case Kind.DATASEC:
      return [`size=${word} vlen=${btf.vlenAt(at)}`];
    case Kind.FWD:
      return [btf.kflagAt(at) ? 'union' : 'struct'];
    case Kind.FUNC_PROTO:
      return prototype(btf.vlenAt(at), word, n => ({ type: extra(2 * n + 1), name: btf.nameForLog(extra(2 * n)) }));
    case Kind.VAR:
      return [`type_id=${word} linkage=${extra(0)}`];
    case Kind.FLOAT:
      return [`size=${word}`];
    case Kind.DECL_TAG:
      return [`type=${word} component_idx=${extra(0) | 0}`];
    default:
      return [`type_id=${word}`];
  }
}

/** btf_func_proto_log() */
function prototype(
  count: number,
  result: number,
  argument: (n: number) => { readonly type: number; readonly name: string },
): string[] {
  const pieces = [`return=${result} args=(`];
  for (let n = 0; n < count; n++) {
    const { type, name } = argument(n);
    const last = n === count - 1;
    const text = last && type === 0 ? 'vararg' : `${type} ${name}`;
    pieces.push(n === 0 ? text : `, ${text}`);
  }
  if (count === 0) pieces.push('void');
  return [...pieces, ')'];
}

/** btf_verifier_log_member(). The kernel prints nothing about the struct itself here. */
export function describeMember(type: Looked, member: number, text: string): void {
  if (isQuiet(type)) return;
  const { btf, at, log } = type;
  const [name, id, offset] = [btf.u32(member), btf.u32(member + 4), btf.u32(member + 8)];
  const place = btf.kflagAt(at)
    ? `bitfield_size=${offset >>> 24} bits_offset=${offset & 0xff_ffff}`
    : `bits_offset=${offset}`;
  log.print(`\t${btf.nameForLog(name)} type_id=${id} ${place}`, ' ', text, '\n');
}

/** btf_verifier_log_vsi(), which permitted mismatches do not silence. */
export function describeVariable({ btf, log }: Looked, at: number, text: string): void {
  log.print(`\t type_id=${btf.u32(at)} offset=${btf.u32(at + 4)} size=${btf.u32(at + 8)}`, ' ', text, '\n');
}
