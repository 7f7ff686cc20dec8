// What a person sees whose editor speaks Chinese: words of ours in Chinese, words of the kernel as they are.
import type { Deed } from './lib/deeds';

export const CHINESE = 'zh-cn';

const EXPLANATION = /此内核及其任何模块都没有导出 kallsyms_lookup_name。/;

export const CHINESE_DEEDS: readonly Deed[] = [
  {
    name: 'in Chinese, problems are explained, and lines of the kernel are as they are',
    run: async hands => {
      await hands.openFile('trouble/trouble.c');
      await hands.see('.statusbar-item', /trouble: 被拒绝（EINVAL）/);
      await hands.command('Problems: Focus on Problems View');
      await hands.see('.markers-panel', /trouble: module uses symbol \(dma_buf_get\) from namespace DMA_BUF/);
      await hands.see('.markers-panel', /请在模块的源代码中为 DMA_BUF 添加 MODULE_IMPORT_NS。/);
      await hands.picture('chinese-1-problems');
      await hands.openFile('trouble/trouble.c');
      await hands.goTo(36, 1);
      await hands.pointAt('kallsyms_lookup_name("sys_call_table")', 'kallsyms_lookup_name');
      await hands.see('.monaco-hover', /trouble: Unknown symbol kallsyms_lookup_name \(err -2\)/);
      await hands.see('.monaco-hover', EXPLANATION);
      await hands.picture('chinese-2-hover');
      await hands.press('Escape');
    },
  },
  {
    name: 'in Chinese, a module opens as a document',
    run: async hands => {
      await hands.openFile('trouble/trouble.ko');
      await hands.document.locator('vscode-panel-tab#tab-steps', { hasText: '逐步加载' }).click();
      await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
      await hands.document.locator('.purpose', { hasText: '给每个符号赋予地址' }).waitFor();
      await hands.document.locator('.why', { hasText: EXPLANATION }).waitFor();
      await hands.document.locator('.log', { hasText: 'Unknown symbol kallsyms_lookup_name (err -2)' }).waitFor();
      await hands.picture('chinese-3-document');
    },
  },
];
