import { SERVER_ALONE, YOU_CHOSE } from '#shared/contract/engine-reasons.ts';
import type { EnginePreference, Plan, TabEngine } from '#shared/contract/plan.ts';
import type { SqlUsage } from '../analyze/usage.ts';
import {
  COLLATIONS,
  MISSING_FUNCTIONS,
  MISSING_TYPES,
  ZONED_PARAMETERS,
  ZONED_RESULTS,
} from './browser-gaps.ts';

export interface EngineChoiceInput {
  readonly usage: SqlUsage;
  /** DuckDB types of the columns that are read. */
  readonly columnTypes: readonly string[];
  /** Some of them have nanoseconds in UTC. */
  readonly utcNanoseconds: boolean;
  /** Some of them say which row a row is; see metadata-columns.ts. */
  readonly metadataColumns: boolean;
  readonly bytes: number;
  readonly browserBytes: number;
  readonly preference: EnginePreference;
  /** What the lakehouse lets the tab do. */
  readonly tabEngine?: TabEngine;
  /** Functions and types that the server's engine has by its extensions, in lower case. */
  readonly serverNames?: ReadonlySet<string>;
  /** Metadata has the answer. */
  readonly answered: boolean;
}

/** Of a query whose rows are no data file's. */
export const NO_FILES = 'It needs no data files.';

const ZONED = 'timestamp with time zone';

/** Spellings of functions that no list of functions has. */
const SPELLINGS = new Map([
  ['->', '->>'],
  ['current_time', 'get_current_time'],
  ['current_timestamp', 'get_current_timestamp'],
  ['localtime', 'current_localtime'],
  ['localtimestamp', 'current_localtimestamp'],
]);

/** Where a query should run, and why in a sentence, which the page shows as it is. */
export function chooseEngine(input: EngineChoiceInput): Plan['engine'] {
  if (input.answered)
    return {
      choice: isElsewhere(input.preference) ? 'server' : 'browser',
      reason: 'Answered from metadata, 0 bytes read.',
      browserCapable: true,
    };
  const gap =
    languageGap(input.usage, input.columnTypes) ??
    extensionGap(input) ??
    columnGap(input) ??
    sizeGap(input) ??
    policyGap(input);
  const browserCapable = gap === null;
  if (isElsewhere(input.preference)) return { choice: 'server', reason: YOU_CHOSE.server, browserCapable };
  if (!browserCapable) return { choice: 'server', reason: gap, browserCapable };
  const reason =
    input.preference === 'browser'
      ? YOU_CHOSE.browser
      : input.bytes === 0
        ? NO_FILES
        : `It needs ${formatBytes(input.bytes)}, which fits in the tab.`;
  const loadAhead = input.tabEngine === 'asked' ? { loadAhead: false } : {};
  return { choice: 'browser', reason, browserCapable, ...loadAhead };
}

/** Whether a query that asks for the cluster can be there is for who knows the cluster; see services/query/cluster.ts. */
function isElsewhere(preference: EnginePreference): boolean {
  return preference === 'server' || preference === 'cluster';
}

/** What of the query the browser's DuckDB lacks, as a sentence for people; null where it has it all. */
export function languageGap(usage: SqlUsage, columnTypes: readonly string[]): string | null {
  const functions = [...usage.functions];
  for (const name of functions)
    if (MISSING_FUNCTIONS.has(SPELLINGS.get(name) ?? name)) return `The tab’s engine has no ${name}.`;
  for (const type of usage.types)
    if (MISSING_TYPES.has(type)) return `The tab’s engine has no type ${type.toUpperCase()}.`;
  for (const collation of usage.collations)
    if (!collation.split('.').every((part) => COLLATIONS.has(part)))
      return `The tab’s engine has no collation ${collation}.`;

  if (columnTypes.some((type) => /\bVARIANT\b/.test(type)))
    return 'The tab’s engine can’t read columns of type VARIANT.';

  // It has no time zone and no calendar, and is its own in others.
  if (functions.includes('current_setting')) return "settings are those of the server's engine";

  // It makes a zoned timestamp of one without a zone, too.
  if (functions.includes('timezone')) return 'The tab’s engine has no time zones.';

  const zoned =
    usage.types.has(ZONED) ||
    columnTypes.some((type) => type.toLowerCase().includes(ZONED)) ||
    functions.some((name) => ZONED_RESULTS.has(SPELLINGS.get(name) ?? name));
  if (!zoned) return null;
  const onZoned = functions.find((name) => ZONED_PARAMETERS.has(name));
  // Which of the query's values it is of, only the binder knows.
  if (onZoned !== undefined)
    return `The query has timestamps with time zone, and the tab’s engine has no ${onZoned} of those.`;
  return usage.types.size > 0 ? 'The tab’s engine has no casts of timestamps with time zone.' : null;
}

function extensionGap({ usage, serverNames }: EngineChoiceInput): string | null {
  const name = [...usage.functions, ...usage.types].find((each) => serverNames?.has(each) === true);
  return name === undefined ? null : `Only the server’s engine has the extension with ${name}.`;
}

function columnGap({ utcNanoseconds, metadataColumns }: EngineChoiceInput): string | null {
  if (metadataColumns) return 'The tab’s engine has no columns like _file and _row_id.';
  return utcNanoseconds ? 'The tab’s engine can’t read columns of type timestamptz_ns.' : null;
}

function sizeGap(input: EngineChoiceInput): string | null {
  if (input.bytes <= input.browserBytes) return null;
  return `It needs ${formatBytes(input.bytes)}; the tab takes up to ${formatBytes(input.browserBytes)}.`;
}

/** What needs no data is no matter of where data goes. */
function policyGap({ bytes, tabEngine }: EngineChoiceInput): string | null {
  return tabEngine === 'off' && bytes > 0 ? SERVER_ALONE : null;
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
