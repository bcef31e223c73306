import type { ZodError } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';

/** Parts of a request, as Hono's validators call them. */
export type RequestPart = 'json' | 'query' | 'param' | (string & {});
type Issue = ZodError['issues'][number];

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const UNKNOWN = 'is not known here: check how it is written; /openapi.json has the fields that there are';

/**
 * What does not fit in a request: one sentence that names each field, and the same as data for programs.
 *
 * @param given the part of the request as it came
 */
export function invalidInput(error: ZodError, part: RequestPart, given: unknown): AppError {
  const problems = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), problem: UNKNOWN }))
      : { field: fieldName(issue.path), problem: problemOf(issue, at(given, issue.path)) },
  );
  const sentence = problems.map(({ field, problem }) => `${subject(field, part)} ${problem}`).join('; ');
  return new AppError('INVALID_INPUT', `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`, {
    context: { in: part === 'json' ? 'body' : part, problems },
  });
}

function subject(field: string, part: RequestPart): string {
  if (field === '') return part === 'json' ? "the request's body" : 'the request';
  if (part === 'query') return `the query parameter "${field}"`;
  return part === 'param' ? `"${field}" in the address` : `"${field}"`;
}

function problemOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return `is missing; it is ${TYPES[issue.expected] ?? issue.expected}`;
      return `must be ${TYPES[issue.expected] ?? issue.expected}, not ${nameOf(value)}`;
    case 'too_small':
      return `must ${limit('at least', Number(issue.minimum), issue.origin)}`;
    case 'too_big':
      return `must ${limit('at most', Number(issue.maximum), issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}${value === undefined ? '' : `, not ${nameOf(value)}`}`;
    case 'invalid_format':
      if (issue.format === 'datetime') return 'must be a time in ISO 8601, such as 2026-11-14T14:02:00Z';
      return `is malformed: ${issue.message}`;
    case 'invalid_union':
      return value === undefined ? 'is missing' : 'is none of the forms that it may have';
    default:
      return `does not fit: ${issue.message}`;
  }
}

function limit(most: string, count: number, origin: string): string {
  if (origin === 'string' && most === 'at least' && count === 1) return 'not be empty';
  if (origin === 'string') return `have ${most} ${count.toLocaleString('en')} characters`;
  if (origin === 'array') return `have ${most} ${count.toLocaleString('en')} entries`;
  return `be ${most} ${count.toLocaleString('en')}`;
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? 'this text' : JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** cells[1].source */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** Why a request's body is no JSON. @param text as it came @param contentType its header */
export function notJson(text: string, contentType: string | undefined): AppError {
  const problem = whyNotJson(text, contentType);
  return new AppError('INVALID_INPUT', `The request's body ${problem}.`, { context: { in: 'body' } });
}

function whyNotJson(text: string, contentType: string | undefined): string {
  if (text.trim() === '') return 'is empty; send JSON, such as {"sql": "SELECT 1"}';
  try {
    JSON.parse(text);
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  return `is sent as ${contentType ?? 'no type of content'}; send the header content-type: application/json`;
}
