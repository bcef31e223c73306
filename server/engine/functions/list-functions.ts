import type { DuckDBConnection } from '@duckdb/node-api';
import type { SqlFunction } from '#shared/contract/functions.ts';
import { parseJson } from '#shared/util/json.ts';
import { openSandbox } from '../duckdb/sandbox.ts';
import { withTexts } from './add-texts.ts';

/** Enough to list functions with. */
const MEMORY = '64MB';
/** Overloads beyond these say nothing new: sum has forty that differ in the width of a number. */
const MOST_SIGNATURES = 8;
/** The table functions that need no file. */
const TABLE_FUNCTIONS = ['generate_series', 'range', 'unnest'];

/** Those that DuckDB has in its grammar, and therefore not in its list. */
const IN_GRAMMAR: readonly (readonly [string, SqlFunction['kind'], readonly string[]])[] = [
  ['coalesce', 'scalar', ['coalesce(NULL, 2)']],
  ['cume_dist', 'window', []],
  ['dense_rank', 'window', []],
  ['first_value', 'window', []],
  ['lag', 'window', ['lag(price) OVER (ORDER BY day)']],
  ['last_value', 'window', []],
  ['lead', 'window', ['lead(price) OVER (ORDER BY day)']],
  ['nth_value', 'window', []],
  ['ntile', 'window', ['ntile(4) OVER (ORDER BY price)']],
  ['percent_rank', 'window', []],
  ['rank', 'window', ['rank() OVER (ORDER BY price DESC)']],
  ['row_number', 'window', ['row_number() OVER (PARTITION BY symbol ORDER BY day)']],
];

const SQL = `
  SELECT to_json({
    name: function_name,
    kind: CASE function_type WHEN 'table_macro' THEN 'macro' ELSE function_type END,
    parameters: parameters, types: parameter_types, varargs: varargs, returns: return_type,
    description: description, examples: examples
  }) AS line
  FROM duckdb_functions()
  WHERE (function_type IN ('scalar', 'aggregate', 'macro')
         OR (function_type = 'table' AND list_contains([${TABLE_FUNCTIONS.map((name) => `'${name}'`).join(', ')}], function_name)))
    AND regexp_full_match(function_name, '[a-z][a-z0-9_]*')
    AND schema_name = 'main'
  ORDER BY function_name, function_type, len(parameters), function_oid`;

interface Line {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'macro' | 'table';
  readonly parameters: readonly string[] | null;
  readonly types: readonly (string | null)[] | null;
  readonly varargs: string | null;
  readonly returns: string | null;
  readonly description: string | null;
  readonly examples: readonly string[] | null;
}

/**
 * Every function that a query may call, each name once, as the pinned DuckDB describes them itself, and as our own lines
 * do where it says nothing.
 *
 * @param extensions what the engines load
 */
export async function listFunctions(
  extensions: readonly string[] = [],
): Promise<{ version: string; functions: SqlFunction[] }> {
  const instance = await openSandbox({ allowedDirectories: [], memoryLimit: MEMORY, threads: 1, extensions });
  try {
    const connection = await instance.connect();
    const lines = (await column(connection, SQL)).map((text) => parseJson(text) as Line);
    const [version = ''] = await column(connection, 'SELECT version()');
    return { version, functions: byName(lines) };
  } finally {
    instance.closeSync();
  }
}

async function column(connection: DuckDBConnection, sql: string): Promise<string[]> {
  return (await (await connection.run(sql)).getRows()).map(([value]) => String(value));
}

type Draft = Omit<SqlFunction, 'signatures'> & { readonly signatures: SqlFunction['signatures'][number][] };

function byName(lines: readonly Line[]): SqlFunction[] {
  const found = new Map<string, Draft>();
  for (const line of lines) {
    const known = found.get(line.name);
    const entry: Draft = known ?? { name: line.name, kind: line.kind, signatures: [], examples: [] };
    const description = entry.description ?? line.description ?? undefined;
    const examples = entry.examples.length > 0 ? entry.examples : [...(line.examples ?? [])];
    found.set(line.name, { ...entry, ...(description === undefined ? {} : { description }), examples });
    addSignature(entry.signatures, line);
  }
  for (const [name, kind, examples] of IN_GRAMMAR)
    found.set(name, { name, kind, signatures: [], examples: [...examples] });
  return [...found.values()].map(withTexts).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function addSignature(signatures: SqlFunction['signatures'], line: Line): void {
  const parameters = (line.parameters ?? []).map((name, index) => ({
    name,
    type: line.types?.[index] ?? null,
  }));
  const signature = {
    parameters,
    ...(line.varargs === null ? {} : { varargs: line.varargs }),
    returns: line.returns,
  };
  if (signatures.length < MOST_SIGNATURES) signatures.push(signature);
}
