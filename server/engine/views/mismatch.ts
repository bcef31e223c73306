/** Why a query, or a part of it, can't be answered from a materialized view: in words that follow "not used, because". */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

export function mismatch(why: string): Mismatch {
  return new Mismatch(why);
}

/** What `work` gives, or why not. */
export function attempt<T>(work: () => T): T | Mismatch {
  try {
    return work();
  } catch (error) {
    if (error instanceof Mismatch) return error;
    throw error;
  }
}
