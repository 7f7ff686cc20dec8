// An esbuild plugin that counts which branches of src/ are taken, for the fuzzers.
//
// Of the fuzzers of npm, @jazzer.js/core 4 was tried: it carries its libFuzzer in the package, built against glibc 2.38,
// and does not load on Debian 12; 2.1 fetches its binary when it is installed. V8's own coverage takes milliseconds to ask
// for after every run. A counter per branch costs next to nothing and tells how often as well.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './setup.mjs';

/** Name of the counters in the bundle: one number per branch. */
export const COUNTERS = '__branches';

/** Its worker runs a function from its text, where the counters do not exist. */
const LEFT_ALONE = ['xzSync.ts'];

/**
 * The plugin, and what it found: how many branches, and the literals that inputs are compared with. Without `counting` the
 * code stays as it is, and only literals are found.
 */
export function instrument({ counting }) {
  const found = { branches: 0, words: new Set(), numbers: new Set() };
  const plugin = {
    name: 'instrument',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const relative = path.relative(root, file).split(path.sep);
        if (relative[0] !== 'src' || LEFT_ALONE.includes(path.basename(file))) return null;
        const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
          fileName: file,
          compilerOptions: {
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.ESNext,
            inlineSourceMap: true,
          },
          transformers: { before: [context => source => transform(context, source, found)] },
        });
        if (!counting) return null;
        return { contents: outputText, loader: 'js' };
      });
    },
  };
  return { plugin, found };
}

function transform(context, source, found) {
  const { factory } = context;
  const count = () =>
    factory.createPostfixIncrement(
      factory.createElementAccessExpression(factory.createIdentifier(COUNTERS), found.branches++),
    );
  const counted = expression => factory.createParenthesizedExpression(factory.createComma(count(), expression));
  const statement = () => factory.createExpressionStatement(count());
  const block = node =>
    ts.isBlock(node)
      ? factory.updateBlock(node, [statement(), ...node.statements])
      : factory.createBlock([statement(), node]);
  const visit = node => {
    note(node, found);
    const seen = ts.visitEachChild(node, visit, context);
    if (ts.isIfStatement(seen))
      return factory.updateIfStatement(
        seen,
        seen.expression,
        block(seen.thenStatement),
        seen.elseStatement ? block(seen.elseStatement) : factory.createBlock([statement()]),
      );
    if (ts.isForStatement(seen))
      return factory.updateForStatement(
        seen,
        seen.initializer,
        seen.condition,
        seen.incrementor,
        block(seen.statement),
      );
    if (ts.isForOfStatement(seen))
      return factory.updateForOfStatement(
        seen,
        seen.awaitModifier,
        seen.initializer,
        seen.expression,
        block(seen.statement),
      );
    if (ts.isWhileStatement(seen)) return factory.updateWhileStatement(seen, seen.expression, block(seen.statement));
    if (ts.isCaseClause(seen))
      return factory.updateCaseClause(seen, seen.expression, [statement(), ...seen.statements]);
    if (ts.isDefaultClause(seen)) return factory.updateDefaultClause(seen, [statement(), ...seen.statements]);
    if (ts.isConditionalExpression(seen))
      return factory.updateConditionalExpression(
        seen,
        seen.condition,
        seen.questionToken,
        counted(seen.whenTrue),
        seen.colonToken,
        counted(seen.whenFalse),
      );
    if (ts.isBinaryExpression(seen) && DECIDING.has(seen.operatorToken.kind))
      return factory.updateBinaryExpression(seen, seen.left, seen.operatorToken, counted(seen.right));
    if (ts.isArrowFunction(seen) && !ts.isBlock(seen.body))
      return factory.updateArrowFunction(
        seen,
        seen.modifiers,
        seen.typeParameters,
        seen.parameters,
        seen.type,
        seen.equalsGreaterThanToken,
        counted(seen.body),
      );
    // Bodies of functions and catch clauses.
    if (ts.isBlock(seen) && (ts.isFunctionLike(node.parent) || ts.isCatchClause(node.parent))) return block(seen);
    return seen;
  };
  return ts.visitEachChild(source, visit, context);
}

const DECIDING = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/** Literals are what a fuzzer would otherwise have to guess. */
function note(node, { words, numbers }) {
  if (
    ts.isStringLiteral(node) &&
    node.text.length > 1 &&
    node.text.length <= 32 &&
    !ts.isImportDeclaration(node.parent)
  )
    words.add(node.text);
  if (ts.isNumericLiteral(node) && Number(node.text) > 255) numbers.add(Number(node.text));
}
