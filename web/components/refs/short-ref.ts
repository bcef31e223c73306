/** A ref expression for people: the hash in it is cut to what tells commits apart. */
export function shortRef(expression: string): string {
  return expression.replace(/^([0-9a-f]{8})[0-9a-f]{56}$|(@[0-9a-f]{8})[0-9a-f]*$/, '$1$2');
}
