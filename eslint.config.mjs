import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Floors of the code, lowest first: each uses only those below it. The map in src/README.md gives the reasons. */
const FLOORS = [
  ['formats'],
  ['findings'],
  ['target'],
  ['linux'],
  ['graph'],
  ['kmod'],
  ['report', 'explain'],
  ['protocol'],
  ['host'],
];
const CORE = ['formats', 'findings', 'target', 'linux', 'graph', 'kmod', 'report', 'explain'];

/** Import paths that lead into a folder of src/. */
const into = folder => [`**/../${folder}/**`, `**/src/${folder}/**`];

const floorBorders = FLOORS.flatMap((floor, i) =>
  floor.map(folder => ({
    files: [`src/${folder}/**`],
    forbid: [
      ...(CORE.includes(folder) ? ['node:*', 'vscode'] : []),
      ...FLOORS.slice(i + 1)
        .flat()
        .flatMap(into),
      '**/src/index',
    ],
  })),
);

/** Further borders inside a floor; each repeats what its floor forbids, since the last rule for a file counts. */
const borders = [
  ...floorBorders.filter(({ files }) => !files.includes('src/host/**')),
  // What opens a target stands above the kernel: it asks the architecture what a configuration means.
  {
    files: ['src/target/sources/**', 'src/target/build/**'],
    forbid: [
      'node:*',
      'vscode',
      ...['graph', 'kmod', 'report', 'explain', 'protocol', 'host'].flatMap(into),
      '**/src/index',
    ],
  },
  {
    files: ['src/host/node/**', 'src/host/places/**', 'src/index.ts'],
    forbid: ['vscode', '**/cli/**', '**/extension/**'],
  },
  // What decides is kept apart from the editor, so that it can be tested without one.
  {
    files: ['src/host/extension/model/**'],
    forbid: ['vscode', '**/node/**', '**/cli/**', '**/features/**', '../worker/**'],
  },
  { files: ['src/host/extension/worker/**'], forbid: ['vscode', '**/cli/**', '**/features/**'] },
  // The extension host is never blocked by a simulation: that is the worker's.
  {
    files: ['src/host/extension/*.ts', 'src/host/extension/features/**'],
    forbid: [
      'node:fs',
      '**/src/index',
      '**/linux/kernel/**',
      '**/host/node/**',
      '../node/**',
      '../../node/**',
      '**/cli/**',
    ],
  },
  { files: ['src/host/cli/**'], forbid: ['vscode', '**/extension/**'] },
  // What every host shares needs no host: no files, no process, no editor.
  {
    files: ['src/host/services/**'],
    forbid: [
      'node:*',
      'vscode',
      '**/src/index',
      '../../index',
      ...['cli', 'node', 'places', 'editor', 'extension', 'web'].map(folder => `../${folder}/**`),
    ],
  },
  // What editors share knows neither files nor a process: one of them may be a page.
  {
    files: ['src/host/editor/**'],
    forbid: [
      'node:*',
      '**/src/index',
      '../../index',
      '../node/**',
      '../places/**',
      '../web/**',
      '**/features/**',
      '**/worker/**',
    ],
  },
  // Runs in browsers: of what is Node's only texts.
  {
    files: ['src/host/web/**'],
    forbid: ['node:*', '**/src/index', '../../index*', '**/cli/**', '**/worker/**', '**/features/**'],
  },
  // Draws what it is told: decides nothing, and reaches nothing but the messages.
  {
    files: ['webview/**'],
    forbid: [
      'node:*',
      'vscode',
      ...CORE.filter(folder => folder !== 'formats').flatMap(into),
      '**/src/host/**',
      '**/src/formats/**',
    ],
  },
];

export default tseslint.config(
  { ignores: ['dist/', '.build/', 'node_modules/', '.lab/'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'webview/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // node:test collects what test() returns by itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['default', 'test', 'describe', 'it'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      // A list that is copied for each of its elements takes time with their square.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.property.name='set'] > ArrayExpression > SpreadElement CallExpression[callee.property.name='get']",
          message: 'Use groupBy(), or push to the list.',
        },
      ],
      // What is loaded on demand, from code that cannot wait for an import().
      '@typescript-eslint/no-require-imports': [
        'error',
        { allow: ['^\\./(?:pkcs7|kernelDecompress)$', '/linux/lib/asn1$', '^web-tree-sitter$'] },
      ],
      'no-console': 'off',
    },
  },
  {
    // Logs, sources and files of strangers are read with these: no text may take time with the square of its length.
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': 'error', 'regexp/no-super-linear-move': 'error' },
  },
  {
    // It stands in for the loader of Node.js.
    files: ['src/host/cli/launch.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: CORE.map(folder => `src/${folder}/**`),
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  },
  ...borders.map(({ files, forbid }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: forbid, message: 'This crosses a border of src/README.md.' }] },
      ],
    },
  })),
);
