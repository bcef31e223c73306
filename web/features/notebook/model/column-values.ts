import { displayIdentifier, quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import type { QuerySession } from '#web/duckdb/types.ts';
import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { isOffline } from '#web/lib/kept-answers.ts';
import { readTopValues } from '#web/lib/relation/column-stats.ts';
import type { CompletionTable, KnownValues } from '../language/language-facts.ts';
import type { ValuePlace } from '../language/value-place.ts';

/** Nobody reads a longer list; what is typed finds the others. */
const MOST_VALUES = 500;
/** Rows of a table up to which all are counted: a fraction of a second for one column. */
const MOST_ROWS = 5_000_000;
/** Rows that are looked at of a larger table, or of one whose number is not known. */
const SAMPLED_ROWS = 1_000_000;
/** A value longer than this is a text, which nobody writes into a condition. */
const LONGEST = 200;
/** A list that takes longer comes too late, and the engine has better to do. */
const PATIENCE_MS = 5000;
const MOST_KEPT = 300;

const NONE: KnownValues = { values: [], whole: true };

/**
 * The commonest values of columns (of dates the newest), as the engine counts them: each column once for a snapshot,
 * and only when somebody is about to write one. Of large tables the first rows are counted, never all.
 */
class ColumnValues {
  readonly #session: Pick<QuerySession, 'run'>;
  readonly #known = new Map<string, KnownValues>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(session: Pick<QuerySession, 'run'>) {
    this.#session = session;
  }

  /** @param ref where the text reads its tables */
  of(place: ValuePlace, ref: string): KnownValues | null {
    const key = keyOf(place, ref);
    return (
      this.#known.get(key + prefixOf(place)) ??
      this.#whole(key, prefixOf(place)) ??
      this.#known.get(key) ??
      null
    );
  }

  /** An answer for less of what is typed that has all there is. */
  #whole(key: string, typed: string): KnownValues | null {
    for (let length = 0; length < typed.length; length += 1) {
      const known = this.#known.get(key + typed.slice(0, length));
      if (known?.whole === true) return known;
    }
    return null;
  }

  /** Asks for them; null where nothing is missing, or where they can't be asked for. */
  want(place: ValuePlace, ref: string): Promise<void> | null {
    if (!canBeAsked(place)) return null;
    const key = keyOf(place, ref);
    const first = this.#known.get(key);
    const prefix = first === undefined || this.#whole(key, prefixOf(place)) ? '' : prefixOf(place);
    const known = this.#known.get(key + prefix);
    if (known !== undefined) {
      // What was used last goes last.
      this.#known.delete(key + prefix);
      this.#known.set(key + prefix, known);
      return null;
    }
    return this.#ask(place, ref, prefix);
  }

  #ask(place: ValuePlace, ref: string, prefix: string): Promise<void> {
    const key = keyOf(place, ref) + prefix;
    const running = this.#asked.get(key);
    if (running !== undefined) return running;
    const asking = this.#learn(place, ref, prefix).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asking);
    return asking;
  }

  async #learn(place: ValuePlace, ref: string, prefix: string): Promise<void> {
    const key = keyOf(place, ref) + prefix;
    try {
      this.#keep(key, await this.#values(place, ref, prefix));
    } catch (error) {
      // Whoever writes SQL is not told that help failed, nor is the same asked for at every key.
      if (!isOffline(error)) this.#keep(key, NONE);
    }
  }

  async #values(place: ValuePlace, ref: string, prefix: string): Promise<KnownValues> {
    const { table } = place;
    const bounded = isLarge(table);
    const handle = this.#session.run({
      sql: valuesSql(place, prefix),
      ref,
      // The tab would load the whole column of a large table for it.
      preference: bounded && table.local !== true ? 'server' : 'auto',
      maxRows: MOST_VALUES,
    });
    const late = setTimeout(() => handle.cancel(), PATIENCE_MS);
    const { table: rows } = await handle.result.finally(() => clearTimeout(late));
    const values = readTopValues(rows).flatMap(({ label, count }) =>
      label === null ? [] : [{ value: label, rows: count }],
    );
    return {
      values,
      whole: values.length < MOST_VALUES,
      ...(bounded
        ? { about: `Counted in the first ${formatInteger(SAMPLED_ROWS)} rows of ${table.id}.` }
        : {}),
    };
  }

  #keep(key: string, values: KnownValues): void {
    this.#known.set(key, values);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest);
  }
}

const ofSessions = new WeakMap<object, ColumnValues>();

/** The same for all notebooks of a tab: what a column holds does not depend on who asks. */
export function columnValuesOf(session: Pick<QuerySession, 'run'>): ColumnValues {
  const values = ofSessions.get(session) ?? new ColumnValues(session);
  ofSessions.set(session, values);
  return values;
}

function prefixOf({ typed }: ValuePlace): string {
  return typed.toLowerCase();
}

function keyOf({ table, column }: ValuePlace, ref: string): string {
  return [ref, table.id, table.updatedAt ?? '', column.name, ''].join('\n');
}

/** What a view or a cell would take to compute is not known; nested values are not written so. */
function canBeAsked({ table, column }: ValuePlace): boolean {
  if (table.view === true || table.cell !== undefined) return false;
  return ['text', 'integer', 'date', 'timestamp', 'timestamptz'].includes(parseSqlType(column.sqlType).kind);
}

function isLarge({ rows, rowsAre, local }: CompletionTable): boolean {
  return local === true || rowsAre === 'unknown' || Number(rows) > MOST_ROWS;
}

function valuesSql({ table, column }: ValuePlace, prefix: string): string {
  const { kind } = parseSqlType(column.sqlType);
  const dates = ['date', 'timestamp', 'timestamptz'].includes(kind);
  const name = quoteIdentifier(column.name);
  const of = [...table.namespace, table.name].map(displayIdentifier).join('.');
  const limit = isLarge(table) ? ` LIMIT ${SAMPLED_ROWS}` : '';
  const value = 'CAST(value AS VARCHAR)';
  const conditions = [
    'value IS NOT NULL',
    ...(kind === 'text' ? [`length(${value}) <= ${LONGEST}`] : []),
    ...(prefix === '' ? [] : [`contains(lower(${value}), ${quoteLiteral(prefix)})`]),
  ];
  return `SELECT ${value}, count(*) AS n
FROM (SELECT ${dates ? `CAST(${name} AS DATE)` : name} AS value FROM ${of}${limit}) AS v
WHERE ${conditions.join(' AND ')}
GROUP BY value
ORDER BY ${dates ? 'value DESC' : 'n DESC, value'}
LIMIT ${MOST_VALUES}`;
}
