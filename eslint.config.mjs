import tseslint from 'typescript-eslint';

/** What a folder of src/ must not import; the map in src/README.md gives the reasons. */
const borders = [
  {
    files: ['src/core/**'],
    forbid: ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**', '../../index*'],
  },
  {
    files: ['src/core/bytes/**', 'src/core/elf/**'],
    forbid: ['node:*', 'vscode', '**/ko/**', '**/kernel/**', '**/load/**', '**/findings/**', '**/report/**'],
  },
  { files: ['src/core/ko/**'], forbid: ['node:*', 'vscode', '**/kernel/**', '**/load/**', '**/report/**'] },
  { files: ['src/core/kernel/**'], forbid: ['node:*', 'vscode', '**/load/**', '**/findings/**', '**/report/**'] },
  {
    files: ['src/core/graph/**'],
    forbid: ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**', '**/protocol/**', '**/findings/**'],
  },
  {
    files: ['src/core/modprobe/**'],
    forbid: ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**', '**/protocol/**', '**/findings/**'],
  },
  {
    files: ['src/core/screen/**'],
    forbid: ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**', '**/protocol/**', '**/findings/**'],
  },
  { files: ['src/node/**', 'src/index.ts'], forbid: ['vscode', '**/cli/**', '**/extension/**'] },
  { files: ['src/protocol/**'], forbid: ['node:*', 'vscode', '**/node/**', '**/cli/**', '**/extension/**'] },
  // What decides is kept apart from the editor, so that it can be tested without one.
  {
    files: ['src/extension/model/**'],
    forbid: ['vscode', '**/node/**', '**/cli/**', '**/features/**', '../worker/**'],
  },
  { files: ['src/extension/worker/**'], forbid: ['vscode', '**/cli/**', '**/features/**'] },
  // The extension host is never blocked by a simulation: that is the worker's.
  {
    files: ['src/extension/*.ts', 'src/extension/features/**'],
    forbid: ['node:fs', '**/src/index', '**/core/load/**', '**/node/**', '**/cli/**'],
  },
  { files: ['src/cli/**'], forbid: ['vscode', '**/extension/**'] },
  // Runs in browsers: of what is Node's only texts.
  {
    files: ['src/web/**'],
    forbid: ['node:*', '**/src/index', '../index*', '**/cli/**', '**/worker/**', '**/features/**'],
  },
  // Draws what it is told: decides nothing, and reaches nothing but the messages.
  {
    files: ['webview/**'],
    forbid: ['node:*', 'vscode', '**/src/core/**', '**/src/node/**', '**/extension/**', '**/cli/**'],
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
      // What is loaded on demand, from code that cannot wait for an import().
      '@typescript-eslint/no-require-imports': [
        'error',
        { allow: ['^\\./(?:pkcs7|kernelDecompress)$', '/core/ko/asn1$', '^web-tree-sitter$'] },
      ],
      'no-console': 'off',
    },
  },
  { files: ['src/core/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'error' } },
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
