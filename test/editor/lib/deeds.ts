// What a person does in a window, one thing after another, with what they must see.
import type { Hands } from './hands';

export interface Deed {
  readonly name: string;
  readonly run: (hands: Hands) => Promise<void>;
}

/** Does all of it in order; the number of things that went wrong, each with a picture of the window then. */
export async function doAll(hands: Hands, deeds: readonly Deed[], pictures: string): Promise<number> {
  let failures = 0;
  for (const { name, run } of deeds) {
    try {
      await run(hands);
      console.log(`    ✔ ${name}`);
    } catch (error) {
      failures++;
      const reason = error instanceof Error ? error.message.split('\n').slice(0, 12).join('\n      ') : String(error);
      console.log(`    ✖ ${name}\n      ${reason}`);
      await hands.picture(`${pictures}-failed-${failures}`);
      await hands.press('Escape', 'Escape');
    }
  }
  return failures;
}
