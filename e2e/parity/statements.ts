import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a statement of the suite says of itself, in the line above it. */
export interface Statement {
  readonly name: string;
  readonly sql: string;
  /** False with @unordered: its ORDER BY, if it has one, does not say all about the order. */
  readonly ordered: boolean;
  /** With @approx: floats that are summed up in an order of each engine's own are compared by 12 digits. */
  readonly digits: number | null;
  /** `server` with @server: the tab lacks something that it needs, and the planner knows. */
  readonly runsIn: 'tab' | 'server';
  /** With @empty: no row is the answer; any other statement has rows to compare. */
  readonly empty: boolean;
}

export interface Family {
  readonly name: string;
  readonly statements: readonly Statement[];
}

const APPROXIMATE_DIGITS = 12;
const TAGS = new Set(['unordered', 'approx', 'server', 'empty']);

/** Every .sql file of a folder is a family: a line `-- name @tag…` begins a statement, which goes on to the next. */
export function readFamilies(folder: string): readonly Family[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => ({
      name: file.replace(/\.sql$/, ''),
      statements: readFileSync(join(folder, file), 'utf8')
        .split(/^-- /m)
        .slice(1)
        .map((text) => statementOf(text, file)),
    }));
}

function statementOf(text: string, file: string): Statement {
  const end = text.indexOf('\n');
  const [name = '', ...tags] = text
    .slice(0, end)
    .split('@')
    .map((part) => part.trim());
  const unknown = tags.find((tag) => !TAGS.has(tag));
  const sql = text.slice(end).trim().replace(/;$/, '');
  if (unknown !== undefined || sql === '' || name === '')
    throw new Error(`${file}: the statement ${name} has no SQL, or a tag that is none: ${unknown}`);
  return {
    name,
    sql,
    ordered: !tags.includes('unordered'),
    digits: tags.includes('approx') ? APPROXIMATE_DIGITS : null,
    runsIn: tags.includes('server') ? 'server' : 'tab',
    empty: tags.includes('empty'),
  };
}
