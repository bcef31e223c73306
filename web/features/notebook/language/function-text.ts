import type { SqlFunction } from '#shared/contract/functions.ts';
import { isNumeric, parseSqlType, shortTypeName } from '#web/lib/format/duckdb-type.ts';

type Signature = SqlFunction['signatures'][number];

/** As the head of a result says it; T and its like stand for any type. */
export function typeText(sqlType: string): string {
  if (/^[A-Z](\[\])*$/.test(sqlType)) return sqlType;
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

/** What a function gives, as far as its signatures agree; else what it is. */
export function returnsText({ kind, signatures }: SqlFunction): string {
  const types = [...new Set(signatures.map(({ returns }) => (returns === null ? 'ANY' : typeText(returns))))];
  if (!types.includes('ANY') && !types.includes('any') && types.length > 0) {
    if (types.length <= 2) return `→ ${types.join(' | ')}`;
    if (signatures.every(({ returns }) => isNumeric(parseSqlType(returns ?? '')))) return '→ number';
  }
  return kind === 'scalar' ? 'function' : `${kind} function`;
}

/** "(part, timestamp)": what is written between the parentheses, by its first signature. */
export function argumentsText({ signatures }: SqlFunction): string {
  const [first] = signatures;
  if (first === undefined) return '';
  const names = first.parameters.map(({ name }) => name);
  return `(${[...names, ...(first.varargs === undefined ? [] : ['…'])].join(', ')})`;
}

/** More signatures than these are not read. */
const MOST_SIGNATURES = 3;

/** What a person reads beside its name in a list: how it is called, what it does, an example. */
export function functionAbout(found: SqlFunction): string {
  const { name, signatures, description, examples } = found;
  const [example] = examples;
  const shown = signatures.slice(0, MOST_SIGNATURES).map((each) => signatureText(name, each));
  const more = signatures.length - shown.length;
  return [
    [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    description,
    example === undefined ? undefined : `Example: ${example}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
}
