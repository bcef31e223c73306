/** Any text as a DuckDB identifier: always quoted, so keywords and odd characters need no thought. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `['bronze', 'flights']` as `"bronze"."flights"`. */
export function quoteQualifiedName(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join('.');
}

/**
 * Any text as a DuckDB string literal. A NUL ends a string inside DuckDB's parser, so text that holds one is
 * put together from its pieces with chr(0).
 */
export function quoteLiteral(text: string): string {
  const pieces = text.split('\0').map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return pieces.length === 1 ? (pieces[0] ?? "''") : `(${pieces.join(' || chr(0) || ')})`;
}

const BARE_IDENTIFIER = /^[a-z_][a-z0-9_]*$/i;

/** For people: quoted only where the name does not stand for itself. Keywords are not looked at. */
export function displayIdentifier(name: string): string {
  return BARE_IDENTIFIER.test(name) ? name : quoteIdentifier(name);
}
