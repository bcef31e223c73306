import type { SqlFunction } from '#shared/contract/functions.ts';
import { parseSqlType, shortTypeName } from '#web/lib/format/duckdb-type.ts';

type Signature = SqlFunction['signatures'][number];

/** As the head of a result says it. */
export function typeText(sqlType: string): string {
  return shortTypeName(parseSqlType(sqlType));
}

/** "part: varchar", as one of the parameters between the parentheses. */
export function parameterText({ name, type }: Signature['parameters'][number]): string {
  return type === null || type === 'ANY' ? name : `${name}: ${typeText(type)}`;
}

/** date_trunc(part: varchar, timestamp: timestamp) → timestamp */
export function signatureText(name: string, { parameters, varargs, returns }: Signature): string {
  const all = [...parameters.map(parameterText), ...(varargs === undefined ? [] : ['…'])];
  const result = returns === null || returns === 'ANY' ? '' : ` → ${typeText(returns)}`;
  return `${name}(${all.join(', ')})${result}`;
}

/** What a function gives, where all its signatures agree; else what it is. */
export function returnsText({ kind, signatures }: SqlFunction): string {
  const types = new Set(signatures.map(({ returns }) => returns));
  const [only] = types;
  if (types.size === 1 && only !== null && only !== undefined && only !== 'ANY') return `→ ${typeText(only)}`;
  return kind === 'scalar' ? 'function' : `${kind} function`;
}
