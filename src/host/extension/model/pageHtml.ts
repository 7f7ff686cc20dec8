// The page of a module's document, or of a report. It holds nothing of the module: everything comes as messages and is drawn as text.

export interface Page {
  /** What draws it. */
  readonly element?: 'insmod-lens-module' | 'insmod-lens-report';
  /** The module as the workspace names it, which stands in the heading, too. */
  readonly title: string;
  /** Addresses as the webview reaches them. */
  readonly script: string;
  readonly style: string;
  readonly cspSource: string;
  /** Fresh for every page. */
  readonly nonce: string;
  /** Language of the editor: it decides on fonts, and on how the page is read aloud. */
  readonly language: string;
  /** Translations by the English words; nothing for English. */
  readonly words?: Readonly<Record<string, string>> | undefined;
}

export function pageHtml({
  element = 'insmod-lens-module',
  title,
  script,
  style,
  cspSource,
  nonce,
  language,
  words = {},
}: Page): string {
  const policy = [
    "default-src 'none'",
    // Parts of the page are loaded when they are first looked at, by the script that carries the nonce.
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    // The toolkit finds out with a style element of its own whether :focus-visible is known, and looks for the nonce below.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    // Pictures that are saved are drawn in the page itself.
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta property="csp-nonce" content="${escapeHtml(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${escapeHtml(style)}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<${element} data-words="${escapeHtml(JSON.stringify(words))}"></${element}>
<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, char => names[char] ?? char);
}
