// The page that is a browser-only VS Code: the workbench, told what to open and which extensions there are.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { QUIET } from '../lib/workspace';
import { FILES_SCHEME, FOLDER } from './files';

const SETTINGS = { ...QUIET, 'workbench.secondarySideBar.defaultVisibility': 'hidden' };

/** HTML of the page; `port` is that of the site. */
export function workbenchPage(vscode: string, port: number): string {
  const { version } = JSON.parse(readFileSync(path.join(vscode, 'package.json'), 'utf8')) as { version: string };
  const own = (folder: string): object => ({ scheme: 'http', authority: `localhost:${port}`, path: `/${folder}` });
  const configuration = {
    // Four things that the workbench of code-server asks for.
    userDataPath: '/',
    isEnabledFileDownloads: false,
    isEnabledFileUploads: false,
    isEnabledCoderGettingStarted: false,
    folderUri: { scheme: FILES_SCHEME, path: `/${FOLDER}` },
    additionalBuiltinExtensions: [own('extension'), own('files-extension')],
    webviewEndpoint: `http://127.0.0.1:${port}/vscode/out/vs/workbench/contrib/webview/browser/pre`,
    productConfiguration: { nameShort: 'VS Code', nameLong: 'VS Code', version, enableTelemetry: false },
    configurationDefaults: SETTINGS,
  };
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta id="vscode-workbench-web-configuration" data-settings="${attribute(JSON.stringify(configuration))}" />
    <link rel="stylesheet" href="/vscode/out/vs/code/browser/workbench/workbench.css" />
  </head>
  <body></body>
  <script>globalThis._VSCODE_FILE_ROOT = new URL('/vscode/out/', location).toString();</script>
  <script type="module" src="/vscode/out/nls.messages.js"></script>
  <script type="module" src="/vscode/out/vs/code/browser/workbench/workbench.js"></script>
</html>`;
}

/** package.json of the extension that supplies the files. */
export function filesManifest(): object {
  return {
    name: 'virtual-files',
    publisher: 'insmod-lens-test',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    browser: './virtualFiles.js',
    activationEvents: [`onFileSystem:${FILES_SCHEME}`],
    capabilities: { virtualWorkspaces: true },
  };
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
