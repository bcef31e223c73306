import { errorMessage } from '../errors/app-error.ts';

/** What DuckDB says of a failure, where the connection has `errors_as_json` on. */
export interface DuckDbFailure {
  /** Binder, Catalog, Conversion, Out of Range, Invalid Input, IO, Out of Memory, INTERRUPT, Parser… */
  readonly type: string;
  readonly message: string;
  /** Bytes from the start of the SQL that was run. */
  readonly position?: number;
  /** COLUMN_NOT_FOUND, MISSING_ENTRY, NO_MATCHING_FUNCTION, … */
  readonly subtype?: string;
  readonly name?: string;
  readonly candidates: readonly string[];
}

const PLAIN = /^(?:Error: )?(?<type>[A-Za-z -]+?) Error: (?<message>[\s\S]*)$/;

/** Takes apart what DuckDB's bindings throw, in Node and in the tab: its JSON, or its plain text where there is none. */
export function readDuckDbFailure(error: unknown): DuckDbFailure {
  const text = errorMessage(error);
  const json = parseObject(text.slice(Math.max(0, text.indexOf('{'))));
  if (json !== null && typeof json['exception_message'] === 'string') {
    const position = Number(json['position']);
    return {
      type: typeof json['exception_type'] === 'string' ? json['exception_type'] : 'Unknown',
      message: json['exception_message'],
      ...(json['position'] !== undefined && Number.isSafeInteger(position) ? { position } : {}),
      ...(typeof json['error_subtype'] === 'string' ? { subtype: json['error_subtype'] } : {}),
      ...(typeof json['name'] === 'string' ? { name: json['name'] } : {}),
      candidates: typeof json['candidates'] === 'string' ? json['candidates'].split(',') : [],
    };
  }
  const plain = PLAIN.exec(text);
  return {
    type: plain?.groups?.['type'] ?? 'Unknown',
    message: plain?.groups?.['message'] ?? text,
    candidates: [],
  };
}

/** Faults of the query and its data, which DuckDB finds while it runs: SQL_RUNTIME. */
const QUERY_FAILURES = new Set([
  'Conversion',
  'Out of Range',
  'Invalid Input',
  'Mismatch Type',
  'Constraint',
  'Divide by Zero',
  'Executor',
  'Parameter Not Allowed',
  'Serialization',
  'Syntax',
]);

export function isQueryFailure({ type }: DuckDbFailure): boolean {
  return QUERY_FAILURES.has(type);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
