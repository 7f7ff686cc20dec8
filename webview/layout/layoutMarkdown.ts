// The layout as Markdown, for an issue or a commit message.
import type { LayoutModel } from '../../src/protocol/view';
import { t } from '../l10n';
import { hex } from '../text';
import { markdownTable } from '../export/markdown';

export function layoutMarkdown(name: string, model: LayoutModel): string {
  const rows = model.regions.flatMap(region =>
    region.protections.flatMap(protection =>
      protection.sections.map(section => [
        region.init ? t('{0} (freed after init)', region.name) : region.name,
        `${protection.protection} ${protection.kind}`,
        `\`${section.name}\``,
        hex(section.offset),
        String(section.size),
        String(section.align),
        String(section.paddingBefore),
      ]),
    ),
  );
  const table = markdownTable(
    [t('region'), t('protection'), t('section'), t('offset'), t('size'), t('align'), t('padding before')],
    rows,
  );
  return `## ${t('Layout of {0} on {1}', name, model.release)}\n\n${t('core {0} bytes, init {1} bytes', model.coresize, model.initsize)}\n\n${table}`;
}
