import type { DuckDBConnection } from '@duckdb/node-api';
import type { SqlFunction } from '#shared/contract/functions.ts';
import { parseJson } from '#shared/util/json.ts';
import { openSandbox } from '../duckdb/sandbox.ts';

/** Enough to list functions with. */
const MEMORY = '64MB';
/** Overloads beyond these say nothing new: sum has forty that differ in the width of a number. */
const MOST_SIGNATURES = 8;
/** The table functions that need no file. */
const TABLE_FUNCTIONS = ['generate_series', 'range', 'unnest'];

/** Those that DuckDB has in its grammar, and therefore not in its list. */
const COALESCE: SqlFunction = {
  name: 'coalesce',
  kind: 'scalar',
  signatures: [{ parameters: [{ name: 'value', type: 'ANY' }], varargs: 'ANY', returns: null }],
  examples: ['coalesce(NULL, 2)'],
};
const WINDOW_FUNCTIONS: readonly (readonly [string, readonly string[], string | null])[] = [
  ['cume_dist', [], 'DOUBLE'],
  ['dense_rank', [], 'BIGINT'],
  ['first_value', ['expr'], null],
  ['lag', ['expr', 'offset', 'default'], null],
  ['last_value', ['expr'], null],
  ['lead', ['expr', 'offset', 'default'], null],
  ['nth_value', ['expr', 'nth'], null],
  ['ntile', ['buckets'], 'BIGINT'],
  ['percent_rank', [], 'DOUBLE'],
  ['rank', [], 'BIGINT'],
  ['row_number', [], 'BIGINT'],
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
 * Every function that a query may call, each name once, as the pinned DuckDB describes them itself.
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
  for (const [name, parameters, returns] of WINDOW_FUNCTIONS)
    found.set(name, {
      name,
      kind: 'window',
      signatures: [{ parameters: parameters.map((each) => ({ name: each, type: null })), returns }],
      examples: [],
    });
  found.set(COALESCE.name, { ...COALESCE, signatures: [...COALESCE.signatures] });
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
