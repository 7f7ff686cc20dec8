// Parameters as modinfo lists them, for a module that every target refuses before it reads parameters.
import { decodeUtf8 } from '../../../formats/bytes/strings';
import type { SectionTable } from '../../../formats/elf/sectionByName';
import { modinfoValues } from '../../../formats/ko/modinfo';
import type { ParameterReport } from '../../../protocol/analysis';

/** Permissions and values stay unknown: only memory of the module holds them. */
export function declaredParameters(table: SectionTable): ParameterReport[] {
  const modinfo = table.find('.modinfo')?.bytes ?? new Uint8Array();
  const descriptions = new Map(modinfoValues(modinfo, 'parm').map(splitAtColon));
  return modinfoValues(modinfo, 'parmtype').map(entry => {
    const [name, type] = splitAtColon(entry);
    const description = descriptions.get(name);
    return {
      name,
      type,
      perm: 0,
      value: null,
      description: description === undefined ? null : decodeUtf8(description),
      location: null,
    };
  });
}

function splitAtColon(entry: string): [string, string] {
  const colon = entry.indexOf(':');
  return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
}
