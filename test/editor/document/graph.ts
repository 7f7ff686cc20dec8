// The dependencies of a module: drawing and tree hold the engine's numbers, and lead on to other modules.
import assert from 'node:assert/strict';
import type { Deed } from '../lib/deeds';
import { helloOn } from './setting';

export const GRAPH: readonly Deed[] = [
  {
    name: 'what a module needs, with the CRCs the engine found',
    run: async hands => {
      await hands.openFile('sample/hello.ko');
      await hands.document.locator('vscode-panel-tab#tab-graph').click();
      await hands.document.locator('#view-graph svg.graph .node').first().waitFor();
      await hands.document.locator('#view-graph .rows [role=row]').first().waitFor();
      const rows = await hands.document.locator('#view-graph .rows [role=row]').allTextContents();
      const { symbols } = helloOn(0);
      assert.equal(rows.length, symbols.length);
      for (const { name, wanted, found } of symbols) {
        const row = rows.find(text => text.startsWith(name)) ?? '';
        assert.ok(row.includes(wanted ?? '') && row.includes(found ?? ''), `${name}: ${row}`);
      }
    },
  },
  {
    name: 'a provider and its user, and a broken edge that stands out',
    run: async hands => {
      await hands.openFile('built/exporter.ko');
      await hands.document.locator('vscode-panel-tab#tab-graph').click();
      const nodes = hands.document.locator('#view-graph svg.graph .node');
      await nodes.filter({ hasText: 'user' }).waitFor();
      await hands.picture('document-dependencies');
      await hands.openFile('debug/located.ko');
      await hands.document.locator('vscode-panel-tab#tab-graph').click();
      await hands.document.locator('#view-graph svg.graph .broken').first().waitFor();
    },
  },
  {
    name: 'by keyboard alone: the tree of the graph leads to the document of another module',
    run: async hands => {
      await hands.openFile('built/exporter.ko');
      await hands.document.locator('#view-graph vscode-tree-item').first().waitFor();
      const item = hands.document.locator('#view-graph vscode-tree-item', { hasText: /^\s*user/ }).last();
      await item.click();
      await hands.document.locator('#view-graph [data-action=open]').focus();
      await hands.press('Enter');
      await hands.page.waitForSelector('.tab.active[data-resource-name="user.ko"]');
    },
  },
];
