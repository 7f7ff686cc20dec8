// What a person sees whose editor speaks Chinese: words of ours in Chinese, words of the kernel as they are.
import type { Deed } from './lib/deeds';
import type { Hands } from './lib/hands';

export interface LanguageWords {
  readonly language: string;
  /** What the explanation of a symbol that nobody exports says. */
  readonly explanation: RegExp;
  readonly tab: string;
  readonly purpose: RegExp;
  readonly view: string;
  readonly simulate: string;
  readonly verdict: RegExp;
}

export const LANGUAGES: readonly LanguageWords[] = [
  {
    language: 'zh-cn',
    explanation: /此内核及其任何模块都没有导出 kallsyms_lookup_name。/,
    tab: '逐步加载',
    purpose: /给每个符号赋予地址/,
    view: '内核模块',
    simulate: '模拟 insmod',
    verdict: /被拒绝/,
  },
  {
    language: 'zh-tw',
    explanation: /此核心及其任何模組都沒有匯出 kallsyms_lookup_name。/,
    tab: '逐步載入',
    purpose: /給每個符號賦予位址/,
    view: '核心模組',
    simulate: '模擬 insmod',
    verdict: /被拒絕/,
  },
];

/** The line of the kernel, in whatever language. */
const KERNEL_LINE = /trouble: Unknown symbol kallsyms_lookup_name \(err -2\)/;

export function deedsIn(words: LanguageWords): readonly Deed[] {
  const picture = (hands: Hands, name: string): Promise<void> => hands.picture(`${words.language}-${name}`);
  return [
    {
      name: `${words.language}: problems are explained, and lines of the kernel are as they are`,
      run: async hands => {
        await hands.openFile('trouble/trouble.c');
        await hands.see('.statusbar-item', words.verdict);
        await hands.page.locator('.squiggly-error').first().waitFor();
        await hands.press('Control+Shift+M');
        await hands.see('.markers-panel', KERNEL_LINE);
        await hands.see('.markers-panel', words.explanation);
        await picture(hands, 'problems');
        await hands.press('Control+Shift+M');
        await hands.pointAt('kallsyms_lookup_name("sys_call_table")', 'kallsyms_lookup_name');
        await hands.see('.monaco-hover', words.explanation);
        await picture(hands, 'hover');
        await hands.press('Escape');
      },
    },
    {
      name: `${words.language}: the document of a module`,
      run: async hands => {
        await hands.openFile('trouble/trouble.ko');
        await hands.document.locator('vscode-panel-tab', { hasText: words.tab }).click();
        await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
        await hands.document.locator('.purpose', { hasText: words.purpose }).waitFor();
        await hands.document.locator('.why', { hasText: words.explanation }).waitFor();
        await hands.document.locator('.log', { hasText: KERNEL_LINE }).waitFor();
        await picture(hands, 'steps');
      },
    },
  ];
}
