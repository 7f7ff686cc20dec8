// The page that a webview begins with.
import * as vscode from 'vscode';
import { pageHtml, type Page } from '../extension/model/pageHtml';

/** @param root the directory with the script and the style of our pages */
export function webviewPage(webview: vscode.Webview, root: vscode.Uri, page: Pick<Page, 'title' | 'element'>): string {
  const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  return pageHtml({
    ...page,
    script: resource('main.js'),
    style: resource('main.css'),
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID().replaceAll('-', ''),
    language: vscode.env.language,
    words: vscode.l10n.bundle,
  });
}
