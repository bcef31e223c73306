import type { AppError } from '#shared/errors/app-error.ts';
import { sqlError } from './parse.ts';
import { INSTEAD_OF_SYSTEM_TABLES, isSystemName } from './system-tables.ts';

/** Table functions that compute from their arguments alone. Every other one reads files, settings or catalogs. */
const TABLE_FUNCTIONS = new Set([
  'generate_series',
  'json_each',
  'json_tree',
  'range',
  'repeat',
  'repeat_row',
  'unnest',
]);

const FILE_FUNCTION = /^(read_|glob$|sniff_csv$|parquet_|arrow_scan)/;

/**
 * Scalar functions that tell of the process rather than of the data, run SQL from text, change state, or only
 * keep a thread busy.
 */
const DENIED = new Map<string, string>([
  ['current_connection_id', 'tells of the server, not of the data'],
  ['current_query', 'tells of the server, not of the data'],
  ['current_query_id', 'tells of the server, not of the data'],
  ['current_transaction_id', 'tells of the server, not of the data'],
  ['currval', 'needs a sequence, and there are none'],
  ['getenv', 'reads the environment of the server'],
  ['getvariable', 'needs SET VARIABLE, which is not supported'],
  ['json_serialize_plan', 'runs SQL from text'],
  ['nextval', 'needs a sequence, and there are none'],
  ['pg_get_constraintdef', "reads the engine's own catalog"],
  ['pg_get_viewdef', "reads the engine's own catalog"],
  ['pg_sleep', 'only keeps a thread busy'],
  ['sleep_ms', 'only keeps a thread busy'],
  ['stats', 'tells what the engine knows, which differs between the two'],
  ['txid_current', 'tells of the server, not of the data'],
  ['write_log', "writes to the engine's log"],
]);

/** Settings that say what a query means, and tell nothing of the machine. */
const SETTINGS = [
  'TimeZone',
  'Calendar',
  'default_collation',
  'default_null_order',
  'default_order',
  'ieee_floating_point_ops',
  'integer_division',
  'scalar_subquery_error_on_multiple_rows',
];
const READABLE_SETTINGS = new Set(SETTINGS.map((name) => name.toLowerCase()));

/** Functions whose value is another one at every call, and such whose value is the time of the query. */
const RANDOM = new Set(['gen_random_uuid', 'random', 'setseed', 'uuid', 'uuidv4', 'uuidv7']);
const TIME = new Set([
  'age',
  'ago',
  'current_date',
  'current_localtime',
  'current_localtimestamp',
  'current_time',
  'current_timestamp',
  'get_current_time',
  'get_current_timestamp',
  'localtime',
  'localtimestamp',
  'now',
  'pg_conf_load_time',
  'pg_postmaster_start_time',
  'today',
  'transaction_timestamp',
]);

/** Functions that SQL writes without parentheses, where no column has their name. */
export const BARE_FUNCTIONS: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

/** What repeating a query over the same rows can give: the same, another time's answer, any other answer. */
export type Stability = 'stable' | 'time' | 'random';

export function stabilityOf(functions: Iterable<string>): Stability {
  let stability: Stability = 'stable';
  for (const name of functions) {
    if (RANDOM.has(name)) return 'random';
    if (TIME.has(name)) stability = 'time';
  }
  return stability;
}

/** Why a scalar, aggregate or window function may not be called, or null where it may. */
export function scalarFunctionProblem(name: string, sql: string, position: number | null): AppError | null {
  const reason = DENIED.get(name);
  if (reason === undefined) return null;
  return sqlError('FORBIDDEN', `The function ${name} can't be used here: it ${reason}.`, sql, position, {
    function: name,
  });
}

/**
 * Why current_setting may not be asked for a setting, or null where it may.
 *
 * @param setting null: its name has to be computed, and can be anything
 */
export function settingProblem(
  setting: string | null,
  sql: string,
  position: number | null,
): AppError | null {
  if (setting !== null && READABLE_SETTINGS.has(setting.toLowerCase())) return null;
  const what =
    setting === null
      ? 'The function current_setting takes the name of a setting as text here'
      : `The setting ${setting} can't be read here: it tells of the server, not of the data`;
  return sqlError('FORBIDDEN', `${what}. It may be ${SETTINGS.join(', ')}.`, sql, position, {
    function: 'current_setting',
  });
}

/** Why a function may not stand in FROM, or null where it may. */
export function tableFunctionProblem(name: string, sql: string, position: number | null): AppError | null {
  if (TABLE_FUNCTIONS.has(name)) return null;
  const context = { function: name };
  if (isSystemName([name]))
    return sqlError('FORBIDDEN', `The function ${name} ${INSTEAD_OF_SYSTEM_TABLES}.`, sql, position, context);
  if (FILE_FUNCTION.test(name))
    return sqlError(
      'FORBIDDEN',
      `The function ${name} reads files, which SQL may not do here; load the file as a table and query that.`,
      sql,
      position,
      context,
    );
  return sqlError(
    'FORBIDDEN',
    `The function ${name} can't stand in FROM; ${[...TABLE_FUNCTIONS].join(', ')} and tables can.`,
    sql,
    position,
    context,
  );
}
