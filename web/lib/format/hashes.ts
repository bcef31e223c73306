/** The first 8 digits of a commit hash: enough to tell commits apart, and what a reference accepts. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
