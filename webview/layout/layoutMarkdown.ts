// The layout as Markdown, for an issue or a commit message.
import type { LayoutModel } from '../../src/protocol/view';
import { hex } from '../text';
import { markdownTable } from '../export/markdown';

export function layoutMarkdown(name: string, model: LayoutModel): string {
  const rows = model.regions.flatMap(region =>
    region.protections.flatMap(protection =>
      protection.sections.map(section => [
        region.init ? `${region.name} (freed after init)` : region.name,
        `${protection.protection} ${protection.kind}`,
        `\`${section.name}\``,
        hex(section.offset),
        String(section.size),
        String(section.align),
        String(section.paddingBefore),
      ]),
    ),
  );
  const table = markdownTable(['region', 'protection', 'section', 'offset', 'size', 'align', 'padding before'], rows);
  return `## Layout of ${name} on ${model.release}\n\ncore ${model.coresize} bytes, init ${model.initsize} bytes\n\n${table}`;
}
