// The parameters of a module: as a kernel has them after parsing, or as the module declares them.
import type { ModuleSummary, ModuleTables } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import { recordTable } from '../table/records';
import { t } from '../l10n';

type ParameterRow = ModuleTables['parameters'][number][number];

/** `perm`: null where no kernel came to read it. */
type Shown = Omit<ParameterRow, 'perm' | 'location'> & { readonly perm: number | null };

/** Parameters as .modinfo declares them: all that is known when a kernel refuses the module before it reads them. */
export function declaredParameters(modinfo: ModuleSummary['modinfo']): Shown[] {
  const found = new Map<string, { type: string; description: string | null }>();
  for (const [field, value] of modinfo) {
    const colon = value.indexOf(':');
    if (colon < 0 || (field !== 'parm' && field !== 'parmtype')) continue;
    const name = value.slice(0, colon);
    const text = value.slice(colon + 1);
    const known = found.get(name) ?? { type: '', description: null };
    found.set(name, field === 'parm' ? { ...known, description: text } : { ...known, type: text });
  }
  return [...found].map(([name, parts]) => ({ name, ...parts, perm: null, value: null, defaultValue: null }));
}

/** @param open is told the name whose row is opened */
export function parameterTable(parameters: readonly Shown[], open: (name: string) => void): TableModel {
  return recordTable(
    parameters,
    [
      { key: 'name', title: t('Parameter'), mono: true, width: 20, grow: 1, text: ({ name }) => name },
      { key: 'type', title: t('Type'), mono: true, width: 14, text: ({ type }) => type },
      {
        key: 'permissions',
        title: t('Permissions'),
        mono: true,
        width: 17,
        text: ({ perm }) => permissionsText(perm),
        sort: ({ perm }) => perm ?? -1,
      },
      {
        key: 'default',
        title: t('Default'),
        mono: true,
        width: 12,
        grow: 1,
        text: row => valueText(row.defaultValue, row),
      },
      {
        key: 'value',
        title: t('Value after loading'),
        mono: true,
        width: 20,
        grow: 1,
        text: row => valueText(row.value, row),
      },
      { key: 'description', title: t('Description'), width: 30, grow: 4, text: row => row.description ?? '' },
    ],
    ({ name }) => open(name),
  );
}

/** Octal, and as ls(1) has them: `0644 rw-r--r--`. */
export function permissionsText(perm: number | null): string {
  if (perm === null) return t('not known');
  if (perm === 0) return t('0 not in sysfs');
  const letters = [...'rwxrwxrwx'].map((letter, i) => (perm & (1 << (8 - i)) ? letter : '-')).join('');
  return `0${perm.toString(8)} ${letters}`;
}

function valueText(value: string | null, { perm }: Shown): string {
  if (value !== null) return value.trimEnd() === '' ? t('(empty)') : value.trimEnd();
  return perm === null ? t('not known') : t('known to the code of the module only');
}
