// Lines of modpost and of the tools around it, which people paste as they do those of the kernel.
import { line, type LineRow } from './lineRow';
import { isOfPrograms } from './providers';

/** What almost every kernel exports and almost every module uses: where it is missing, the whole table is. */
const ALWAYS_EXPORTED =
  /^(?:_?printk|module_layout|memcpy|memset|kfree|__kmalloc(?:_noprof)?|__fentry__|__stack_chk_fail|__x86_return_thunk|mutex_lock|mutex_unlock|strlen|snprintf|param_ops_int|jiffies|_raw_spin_lock_irqsave|_raw_spin_unlock_irqrestore)$/;

export const MODPOST_LINES: readonly LineRow[] = [
  line(
    'undefined',
    String.raw`^(?:ERROR|WARNING|FATAL): (?:modpost: )?"?(?<symbol>[^\s"]+)"? \[(?<file>[^\]]+)\] undefined`,
    ({ symbol = '' }) =>
      ALWAYS_EXPORTED.test(symbol) ? 'modpostAll' : isOfPrograms(symbol) ? 'programSymbol' : 'modpost',
  ),
  line(
    'namespace',
    String.raw`^(?:ERROR|WARNING): modpost: module (?<module>\S+) uses symbol '?(?<symbol>[^\s']+)'? from namespace '?"?(?<ns>[^\s,'"]+)'?"?, but does not import it`,
    ({ ns = '' }) => (ns.startsWith('module:') ? 'namespaceRestricted' : 'modpostNamespace'),
  ),
  line(
    'twice',
    String.raw`^(?:ERROR|WARNING|FATAL): modpost: (?<file>\S+): '(?<symbol>[^']+)' exported twice\. Previous export was in (?<owner>\S+)`,
    ({ file }) => (file === 'vmlinux' ? 'modpostDouble' : 'modpostTwice'),
  ),
  line(
    'missing',
    String.raw`^(?:ERROR|WARNING|FATAL): modpost: missing MODULE_LICENSE\(\) in (?<file>\S+)`,
    'modpostLicense',
  ),
  line('missing', String.raw`^(?:ERROR|WARNING): modpost: missing MODULE_DESCRIPTION\(\)`, 'modpostNote'),
  line('mismatch', String.raw`^(?:ERROR|WARNING): modpost: .*[Ss]ection mismatch`, 'modpostNote'),
  line(
    'modpost',
    String.raw`^(?:ERROR|FATAL): modpost: .*GPL-incompatible module (?<file>\S+) uses GPL-only symbol '(?<symbol>[^']+)'`,
    'modpostGpl',
  ),
  line('missing', String.raw`Symbol version dump "?[^"]*"? is missing|Module\.symvers is missing`, 'symvers'),
  line('modpost', String.raw`^(?:ERROR|WARNING|FATAL): modpost: `, 'modpostOther'),
  line('BTF', String.raw`^Skipping BTF generation for`, 'harmless'),
  line('BTF', String.raw`^distilled base BTF type '`, 'btf'),
  line('BTF', String.raw`^string '[^']*' \[offset \d+\] is not mapped to base BTF`, 'btf'),
  line('BTF', String.raw`^type \[\d+\](?:, kind \[\d+\] is invalid for| in) distilled based?`, 'btf'),
];
