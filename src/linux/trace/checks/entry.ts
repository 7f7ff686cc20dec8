// The system call, the signature, and whether the file is a module at all.
import { ET_REL } from '../../../formats/elf/constants';
import { hasElfMagic, structSizes } from '../../../formats/elf/header';
import { describeSignature } from '../../../kmod/signatureInfo';
import { MODULE_INIT_COMPRESSED_FILE } from '../../kernel/module/elfValidityCheck';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Load } from '../../kernel/module/types';
import type { Check } from '../types';
import { bytes, check, hex, same, yesNo } from './check';

/** finit_module(2) or init_module(2) */
export function systemCall({ options, features, machine, info }: Load): Check[] {
  const disabled = machine.boot.modulesDisabled;
  const checks = [check('modules_disabled', disabled ? 1 : 0, 0, !disabled)];
  if (options.syscall === 'init_module') {
    const { ehdr } = structSizes(features.is64);
    return [...checks, check('length', bytes(info.len), `at least ${bytes(ehdr)}`, info.len >= ehdr)];
  }
  const known = features.finitFlags;
  return [
    ...checks,
    check('flags', hex(options.flags), `known: ${hex(known)}`, known !== 0 && (options.flags & ~known) === 0),
    check('length', bytes(info.len), 'not empty', info.len > 0),
    ...(options.flags & MODULE_INIT_COMPRESSED_FILE ? [check('unpacked by the kernel', 'yes')] : []),
  ];
}

/** module_sig_check() */
export function signature({ info, features, machine }: Load): Check[] {
  if (!features.moduleSig) return [];
  const signed = describeSignature(info.bytes);
  return [
    check('signature', signed ? `${signed.idType}, ${signed.hashAlgorithm}` : 'none'),
    ...(signed ? [check('signer', signed.signer)] : []),
    check('verified', yesNo(info.sigOk)),
    check('sig_enforce', features.moduleSigForce || machine.boot.sigEnforce ? 1 : 0),
    check('lockdown', machine.boot.lockdown),
  ];
}

/** elf_validity_check() */
export function elfHeader({ info, features, arch }: Load): Check[] {
  const { e_type, e_machine, e_shentsize, e_shoff, e_shnum, e_shstrndx } = info.ehdr;
  const { ehdr, shdr } = structSizes(features.is64);
  if (info.len < ehdr) return [check('length', bytes(info.len), `at least ${bytes(ehdr)}`, false)];
  const { machines } = arch;
  const end = e_shoff + e_shnum * shdr;
  return [
    check('e_ident', hasElfMagic(info.bytes) ? '\\x7fELF' : 'something else', '\\x7fELF', hasElfMagic(info.bytes)),
    same('e_type', e_type, ET_REL),
    check('e_machine', e_machine, machines.join(' or '), machines.includes(e_machine)),
    same('e_shentsize', e_shentsize, shdr),
    check('section headers end at', end, `file ends at ${info.len}`, end <= info.len),
    check('e_shnum', e_shnum),
    check('e_shstrndx', e_shstrndx, `below ${e_shnum}`, e_shstrndx !== 0 && e_shstrndx < e_shnum),
  ];
}

/** setup_load_info(): the sections the loader needs. */
export function loadInfo({ info, facts, features }: Load): Check[] {
  const { index } = info;
  const at = (found: number): string => {
    const section = info.sechdrs[found];
    return found > 0 && section ? `[${found}] ${sectionName(info, section)}, ${bytes(section.sh_size)}` : 'not there';
  };
  const size = info.sechdrs[index.mod]?.sh_size ?? 0;
  const expected = facts.structModule?.size;
  const sizeChecked = features.thisModuleSizeChecked && expected !== undefined;
  return [
    check('name', info.name),
    check('.modinfo', at(index.info)),
    check('symbol table', at(index.sym), '', index.sym > 0),
    check('string table', at(index.str)),
    check('.gnu.linkonce.this_module', at(index.mod), '', index.mod > 0),
    check(
      'sizeof(struct module)',
      index.mod > 0 ? bytes(size) : 'none',
      expected === undefined ? 'not known' : bytes(expected),
      sizeChecked ? size === expected : null,
    ),
    check('symbol versions', at(index.versExtCrc > 0 ? index.versExtCrc : index.vers)),
    check('per-CPU data', at(index.pcpu)),
  ];
}
