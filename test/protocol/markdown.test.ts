// Whatever a name holds, the editor's own Markdown shows it as text.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Lexer, type Token } from 'marked';
import { codeBlock, inCode, oneLine, plain } from '../../src/protocol/markdown';

/** Text as strangers would write it: marks of Markdown, and what stands between them. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '`',
        '``',
        '*',
        '_',
        '__',
        '[',
        ']',
        '](',
        ')',
        '!',
        '<',
        '>',
        '<img src=x>',
        '|',
        '~~',
        '#',
        '# ',
        '- ',
        '+ ',
      ],
      ...[
        '1. ',
        '1) ',
        '=',
        '---',
        '\\',
        '&amp;',
        '&',
        '\n',
        '\r\n',
        '\t',
        ' ',
        'a',
        'module_layout',
        'https://e.x/?a=',
        ':',
      ],
      ...['command:x', 'www.e.x', 'a@e.x', '$(pass)', '"', "'", '\0', '\u2028', '0x1', '.', '```'],
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''));

/** The text that tokens show; throws for what is more than text. */
function shown(tokens: readonly Token[]): string {
  return tokens
    .map(token => {
      if (token.type === 'paragraph') return shown(token.tokens ?? []);
      assert.ok(token.type === 'text' || token.type === 'escape', `${token.type}: ${token.raw}`);
      return (token as { text: string }).text;
    })
    .join('');
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

test('in the middle of a line, and as a paragraph of its own', () => {
  fc.assert(
    fc.property(hostile, text => {
      assert.equal(squeezed(shown(new Lexer().lex(`x ${plain(text)} y`))), squeezed(`x ${oneLine(text)} y`));
      const alone = plain(text.trim());
      if (squeezed(alone) !== '') assert.equal(squeezed(shown(new Lexer().lex(alone))), squeezed(oneLine(text)));
    }),
    { numRuns: 5000 },
  );
});

test('between backticks, and in a block', () => {
  fc.assert(
    fc.property(hostile, text => {
      const [paragraph] = new Lexer().lex(`x \`${inCode(text) || ' '}\` y`);
      const kinds = (paragraph as { tokens: Token[] }).tokens.map(({ type }) => type);
      assert.deepEqual(kinds, ['text', 'codespan', 'text']);
      const [block, ...rest] = new Lexer().lex([...codeBlock(text.split('\n')), 'y'].join('\n'));
      assert.equal(block?.type, 'code');
      assert.deepEqual(
        rest.map(({ raw }) => raw),
        ['y'],
      );
    }),
    { numRuns: 2000 },
  );
});

test('what needs no escaping stays as it is', () => {
  const texts = ['hello: Unknown symbol __x86_return_thunk (err -2)', 'loading out-of-tree module taints kernel.'];
  assert.deepEqual(texts.map(plain), ['hello: Unknown symbol \\_\\_x86_return_thunk (err -2)', texts[1]]);
});
