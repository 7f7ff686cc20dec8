// What a person does in a window, one thing after another, with what they must see.
import { PATIENCE, type Hands } from './hands';

export interface Deed {
  readonly name: string;
  readonly run: (hands: Hands) => Promise<void>;
  /**
   * Whether it loads the window anew. On a busy machine the editor's own connection to its extensions may stay away then, for
   * ever: only loading it once more helps, and that is done before the second try.
   */
  readonly reloads?: boolean;
}

/** Does all of it in order; the number of things that went wrong, each with a picture of the window then. */
export async function doAll(hands: Hands, deeds: readonly Deed[], pictures: string): Promise<number> {
  let failures = 0;
  for (const { name, run, reloads = false } of deeds) {
    // Windows of busy machines swallow a key or a click now and then: what fails is done once more, and that is said. Only the
    // second try waits as long as the slowest machine may take. A window that is loaded anew takes longer than anything in it.
    hands.page.setDefaultTimeout(reloads ? PATIENCE : PATIENCE / 2);
    const first = await attempt(hands, run, `${pictures}-failed-${failures + 1}`);
    if (first !== null) console.log(`    … ${name}: at the first try:\n      ${first}`);
    hands.page.setDefaultTimeout(2 * PATIENCE);
    if (first !== null && reloads) await hands.page.reload();
    const last = first === null ? null : await attempt(hands, run, `${pictures}-failed-${failures + 1}-again`);
    if (last === null) console.log(`    ✔ ${name}${first === null ? '' : ' (at the second try)'}`);
    else {
      failures++;
      console.log(`    ✖ ${name}\n      ${last}`);
    }
  }
  return failures;
}

/** Why it went wrong, or null. */
async function attempt(hands: Hands, run: Deed['run'], picture: string): Promise<string | null> {
  try {
    await run(hands);
    return null;
  } catch (error) {
    await hands.picture(picture);
    await hands.press('Escape', 'Escape');
    return error instanceof Error ? error.message.split('\n').slice(0, 12).join('\n      ') : String(error);
  }
}
