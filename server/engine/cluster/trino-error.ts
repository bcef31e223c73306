import { AppError } from '#shared/errors/app-error.ts';
import { present } from '#shared/util/present.ts';

/** An error of a statement, as Trino's protocol has it. */
export interface TrinoFailure {
  readonly message?: string;
  readonly errorName?: string;
  readonly errorType?: string;
}

/** Of the rows, and not of the words: another engine would fail too. */
const OF_THE_ROWS = new Set([
  'DIVISION_BY_ZERO',
  'NUMERIC_VALUE_OUT_OF_RANGE',
  'INVALID_CAST_ARGUMENT',
  'INVALID_FUNCTION_ARGUMENT',
  'GENERIC_USER_ERROR',
  'SUBQUERY_MULTIPLE_ROWS',
  'EXCEEDED_FUNCTION_MEMORY_LIMIT',
]);
const TIME = new Set(['EXCEEDED_TIME_LIMIT', 'ABANDONED_QUERY']);
const MEMORY = new Set([
  'EXCEEDED_LOCAL_MEMORY_LIMIT',
  'EXCEEDED_GLOBAL_MEMORY_LIMIT',
  'CLUSTER_OUT_OF_MEMORY',
  'EXCEEDED_SPILL_LIMIT',
  'OUT_OF_SPILL_SPACE',
]);

/** What a failure of Trino's is here. What it says of places is about SQL that nobody wrote. */
export function trinoError({ message = 'no word why', errorName = '', errorType }: TrinoFailure): AppError {
  const said = message.replace(/^line \d+:\d+: /, '').slice(0, 500);
  const context = present({ cluster: errorName === '' ? undefined : errorName });
  if (OF_THE_ROWS.has(errorName))
    return new AppError('SQL_RUNTIME', `${said}, says the cluster.`, { context });
  if (TIME.has(errorName))
    return new AppError(
      'TIMEOUT',
      `The cluster stopped the query: ${said}. Read less, or raise its limits.`,
      { context },
    );
  if (MEMORY.has(errorName))
    return new AppError('OUT_OF_MEMORY', `The cluster lacks memory for the query: ${said}.`, { context });
  if (errorType === 'USER_ERROR')
    return new AppError('UNSUPPORTED', `The cluster does not take the query: ${said}.`, { context });
  return new AppError('UNAVAILABLE', `The cluster failed: ${said}.`, { context });
}
