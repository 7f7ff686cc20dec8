// Pictures of the sample workspace, as a person sees it, for the walkthrough and the documentation.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { progress } from '../kernel/lib/shell';
import { Hands } from './lib/hands';
import { EDITORS, installBrowser, installEditor } from './lib/install';
import { openWindow } from './lib/window';

const root = repositoryRoot();
/** Where pictures go: those of the walkthrough are part of the package. */
const WALKTHROUGH = path.join(root, 'media', 'walkthrough');
const DOCUMENTATION = path.join(root, 'doc', 'pictures');
/** What a reader downloads for one picture. */
const MOST_BYTES = 60_000;
const SIZE = { width: 1080, height: 680 };

/** A picture is what the window shows after something was done. */
interface Shot {
  readonly name: string;
  readonly into: string;
  readonly run: (hands: Hands) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  {
    name: 'problems',
    into: WALKTHROUGH,
    run: async hands => {
      await hands.openFile('trouble/trouble.c');
      await hands.see('.squiggly-error', /^$/);
      await hands.command('View: Toggle Primary Side Bar Visibility');
      await hands.goTo(29, 40);
      await hands.pointAt('dma_buf_get(descriptor)', 'dma_buf_get');
      await hands.see('.monaco-hover', /DMA_BUF/);
    },
  },
  {
    name: 'view',
    into: WALKTHROUGH,
    run: async hands => {
      await hands.openFile('greeter/greeter.c');
      await hands.command('Kernel modules: Focus on Kernel modules View');
      await hands.see('.monaco-list-row', /trouble\.ko/);
      for (const row of ['trouble.ko', '6.1.0']) {
        await hands.page.locator('.monaco-list-row', { hasText: row }).locator('.monaco-tl-twistie').first().click();
        await hands.page.waitForTimeout(500);
      }
      await hands.openFile('greeter/greeter.c');
      await hands.goTo(42, 1);
      await hands.see('.codelens-decoration', /would load/);
    },
  },
  {
    name: 'targets',
    into: WALKTHROUGH,
    run: async hands => {
      await hands.command('Insmod Lens: Select target kernels');
      await hands.see('.quick-input-list .monaco-list-row', /7\.2/);
    },
  },
  {
    name: 'simulate',
    into: WALKTHROUGH,
    run: async hands => {
      await hands.press('Escape');
      await hands.command('Insmod Lens: Simulate insmod');
      await hands.page.waitForTimeout(1500);
      await hands.page.keyboard.type('whom=you tims=2');
      await hands.page.waitForTimeout(800);
      await hands.press('Enter');
      await hands.see('.part.panel .view-line', /tims/);
    },
  },
  {
    name: 'layout',
    into: DOCUMENTATION,
    run: async hands => {
      await hands.command('View: Hide Panel');
      await hands.command('View: Toggle Primary Side Bar Visibility');
      await hands.openFile('greeter/greeter.ko');
      await hands.document.locator('vscode-tree-item', { hasText: 'core' }).first().waitFor();
      await hands.page.waitForTimeout(1500);
    },
  },
  {
    name: 'steps',
    into: WALKTHROUGH,
    run: async hands => {
      await hands.openFile('trouble/trouble.ko');
      await hands.document.locator('vscode-panel-tab#tab-steps').click();
      await hands.document.locator('.timeline li[data-stage=simplify_symbols]').click();
      await hands.page.waitForTimeout(1500);
    },
  },
  {
    name: 'explain',
    into: DOCUMENTATION,
    run: async hands => {
      await hands.page.evaluate(
        'navigator.clipboard.writeText("[ 4123.7] trouble: disagrees about version of symbol register_reboot_notifier\\n[ 4123.7] trouble: Unknown symbol register_reboot_notifier (err -22)\\ninsmod: ERROR: could not insert module trouble.ko: Invalid parameters")',
      );
      await hands.command('Insmod Lens: Explain kernel log');
      await hands.page.waitForTimeout(3000);
    },
  },
];

async function main(vsix: string): Promise<void> {
  const version = EDITORS.at(-1);
  if (!version) return;
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'pictures-')), 'workspace');
  cpSync(path.join(root, 'media', 'workspace'), folder, { recursive: true });
  quiet(folder);
  const window = await openWindow({
    editor: installEditor(version),
    browser: installBrowser(),
    folder,
    extension: null,
    vsix,
    tests: null,
    trusted: true,
  });
  try {
    await window.page.setViewportSize(SIZE);
    const hands = new Hands(window.page);
    await hands.see('.statusbar-item', /4/);
    await hands.command('View: Toggle Secondary Side Bar Visibility');
    for (const { name, into, run } of SHOTS) {
      mkdirSync(into, { recursive: true });
      try {
        await run(hands);
      } catch (error) {
        progress(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
      const picture = path.join(into, `${name}.png`);
      // What fades in is there by then.
      await window.page.waitForTimeout(1000);
      await window.page.screenshot({ path: picture, animations: 'disabled' });
      shrink(picture, into === WALKTHROUGH ? FEW : MANY);
      if (into === WALKTHROUGH) packWebp(picture);
    }
  } finally {
    await window.close();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  }
}

/** Nothing in the picture but what it is about. */
function quiet(folder: string): void {
  const file = path.join(folder, '.vscode', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const extra = {
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'editor.minimap.enabled': false,
    'workbench.colorTheme': 'Default Light Modern',
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
  };
  writeFileSync(file, JSON.stringify({ ...settings, ...extra }));
}

/** Enough for a window: pngquant makes a third of it. */
const FEW = 24;
/** For legends of colours. */
const MANY = 64;

function shrink(file: string, colours: number): void {
  convert('pngquant', ['--force', '--skip-if-larger', '--strip', '--nofs', '--output', file, String(colours), file]);
  const { size } = statSync(file);
  progress(`${path.basename(file)}: ${size} bytes`);
  if (size > MOST_BYTES) process.exitCode = 1;
}

/** The same picture in three quarters of the bytes, in place of the PNG. */
function packWebp(file: string): void {
  convert('cwebp', ['-quiet', '-lossless', '-exact', '-z', '9', file, '-o', file.replace(/png$/, 'webp')]);
  rmSync(file);
}

function convert(program: string, args: readonly string[]): void {
  const run = spawnSync(program, args, { encoding: 'utf8' });
  if (run.error) throw new Error(`${program} is not installed`);
}

void main(process.argv[2] ?? '');
