/** The request was withdrawn: no one waits for its answer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
