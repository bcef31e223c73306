import { significantTokens } from './tokenize.ts';

/** Whether DuckDB SQL that parses says AT (VERSION => …) or AT (TIMESTAMP => …) somewhere: nothing else in it reads so. */
export function readsHistory(sql: string): boolean {
  const tokens = significantTokens(sql).map(({ start, end }) => sql.slice(start, end).toUpperCase());
  return tokens.some((token, index) => {
    const [open, unit = '', equals, greater] = tokens.slice(index + 1, index + 5);
    const says = open === '(' && equals === '=' && greater === '>';
    return token === 'AT' && says && (unit === 'VERSION' || unit === 'TIMESTAMP');
  });
}
