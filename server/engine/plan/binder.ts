import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { AppError } from '#shared/errors/app-error.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { isLong } from '../analyze/take-turns.ts';
import { Mutex } from '../duckdb/mutex.ts';
import { isInterrupt } from '../duckdb/runtime-error.ts';
import { FUNCTION_KINDS_SQL, type FunctionKinds } from '../views/function-kinds.ts';
import type { ColumnNames } from './column-names.ts';
import {
  emptyColumnName,
  emptyTableName,
  hasLoops,
  planShape,
  readExplain,
  type PlanShape,
  type ScanUse,
} from './explain.ts';

export interface BindTable {
  readonly view: string;
  readonly columns: readonly { readonly name: string; readonly sqlType: string }[];
  /** The view has a name that other queries may use otherwise, and goes with this one. */
  readonly passing?: true;
}

export interface Bound {
  readonly columns: readonly ResultColumn[];
  /** One per table. */
  readonly uses: readonly (ScanUse | null)[];
  readonly shape: PlanShape | null;
  /** See hasLoops; null where there is no plan, as no table is read. */
  readonly loops: boolean | null;
  /** One per table, where conditions above scans are worth it. */
  readonly names?: readonly ColumnNames[];
}

interface Held {
  readonly view: string;
  /** Makes the empty table and the view of it. */
  readonly sql: string;
}

/** Passes that look at what tables hold (nothing, here) or whose outcome EXPLAIN can't show. */
export const PLANNER_DISABLED_OPTIMIZERS = [
  'statistics_propagation',
  'empty_result_pullup',
  'late_materialization',
  'join_order',
  'build_side_probe_side',
  'compressed_materialization',
  'column_lifetime',
  'limit_pushdown',
  'row_group_pruner',
  'sampling_pushdown',
  'top_n',
  'top_n_window_elimination',
  'join_filter_pushdown',
  'sum_rewriter',
] as const;

/**
 * Folding a constant may compute for as long as it likes, and what the optimizer does grows with the square of how many
 * conditions there are. Waiting for a binder and reading the SQL are no part of it.
 */
export const BINDING_MS = 15_000;
/** An interrupt between two statements stops nothing: it is sent until something has stopped. */
const AGAIN_MS = 20;

/**
 * Lets DuckDB resolve and optimize a query over empty tables with the right columns: it then says which result
 * columns there are, which columns are read, and which conditions hold at each scan.
 */
export class Binder {
  readonly #connection: DuckDBConnection;
  readonly #mutex = new Mutex();
  /** What the empty tables stand for now, by their numbers: the next query mostly reads the same ones. */
  #held: readonly (Held | null)[] = [];
  #kinds: Promise<FunctionKinds> | undefined;
  /** Whether the connection does; null where who was interrupted left that open. */
  #optimizes: boolean | null = true;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** @throws what DuckDB throws (see bindingError); TIMEOUT */
  async bind(sql: string, tables: readonly BindTable[]): Promise<Bound> {
    return this.#over(tables, async () => {
      const long = tables.length > 0 && isLong(sql) ? await this.#bindLong(sql, tables) : null;
      if (long !== null) return long;
      const columns = await this.#resultColumns(sql);
      if (tables.length === 0) return { columns, uses: [], shape: null, loops: null };
      return boundOf(columns, await this.#explain(sql, 'physical_plan'), tables);
    });
  }

  /**
   * Optimizes for EXPLAIN alone: the columns are known before, and a long list of values takes a second each time. Null where
   * something is wrong, which is then said of the statement as it is prepared.
   */
  async #bindLong(sql: string, tables: readonly BindTable[]): Promise<Bound | null> {
    try {
      await this.#optimize(false);
      const columns = await this.#resultColumns(sql);
      await this.#optimize(true);
      return boundOf(columns, await this.#explain(sql, 'physical_plan'), tables);
    } catch (error) {
      if (isInterrupt(error)) throw error;
      await this.#optimize(true);
      return null;
    }
  }

  async #optimize(optimizes: boolean): Promise<void> {
    if (this.#optimizes === optimizes) return;
    this.#optimizes = null;
    await this.#connection.run(`PRAGMA ${optimizes ? 'enable' : 'disable'}_optimizer`);
    this.#optimizes = optimizes;
  }

  /** The optimized logical plan, as DuckDB's JSON. @throws as bind */
  async logicalPlan(sql: string, tables: readonly BindTable[]): Promise<string> {
    return this.#over(tables, async () => this.#explain(sql, 'logical_opt'));
  }

  /** The logical plan as it was bound, with the passes that this engine has, as DuckDB serializes it. @throws as bind */
  async serializedPlan(sql: string, tables: readonly BindTable[]): Promise<string> {
    return this.#over(tables, async () => {
      const text = quoteLiteral(sql);
      const rows = await this.#connection.run(`SELECT json_serialize_plan(${text}, optimize := true)`);
      return String((await rows.getRows())[0]?.[0]);
    });
  }

  /** Resolves when what was begun has ended, also what nobody waits for any more. */
  async idle(): Promise<void> {
    await this.#mutex.idle();
  }

  async #over<T>(tables: readonly BindTable[], work: () => Promise<T>): Promise<T> {
    return this.#limited(async () => {
      try {
        await this.#hold(tables);
        return await work();
      } finally {
        for (const { view, passing } of tables) {
          if (!passing) continue;
          // It may have stood in the place of another.
          this.#held = [];
          await this.#connection.run(`DROP VIEW IF EXISTS temp.${quoteIdentifier(view)}`);
        }
      }
    });
  }

  /** Work that is stopped at its time, or given up where DuckDB does not stop: it looks between functions only. */
  #limited<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        let again: NodeJS.Timeout | undefined;
        const timer = setTimeout(() => {
          again = setInterval(() => this.#connection.interrupt(), AGAIN_MS);
          this.#connection.interrupt();
          reject(tooLong());
        }, BINDING_MS);
        try {
          await this.#optimize(true);
          return await work();
        } catch (error) {
          throw isInterrupt(error) ? tooLong(error) : error;
        } finally {
          clearTimeout(timer);
          clearInterval(again);
        }
      };
      this.#mutex.run(run).then(resolve, reject);
    });
  }

  async #hold(tables: readonly BindTable[]): Promise<void> {
    const wanted = tables.map(emptyTable);
    const missing = wanted.filter(({ sql }, index) => this.#held[index]?.sql !== sql);
    if (missing.length === 0) return;
    const made = new Set(missing.map(({ view }) => view));
    // A view that has just been made elsewhere is not any more what it was here.
    const others = this.#held
      .slice(wanted.length)
      .map((each) => (each === null || made.has(each.view) ? null : each));
    // Who is interrupted in between leaves some of each.
    this.#held = [];
    await this.#connection.run(missing.map(({ sql }) => sql).join(';\n'));
    this.#held = [...wanted, ...others];
  }

  /** The only value of a constant expression, as text; null for NULL. */
  async constant(expression: string, sqlType: string): Promise<string | null> {
    return this.#limited(async () => {
      const result = await this.#connection.run(
        `SELECT CAST(CAST((${expression}\n) AS ${sqlType}) AS VARCHAR)`,
      );
      const value = (await result.getRows())[0]?.[0];
      return typeof value === 'string' ? value : null;
    });
  }

  /** What DuckDB's functions make of rows. */
  async functionKinds(): Promise<FunctionKinds> {
    this.#kinds ??= this.#readKinds().catch((error: unknown) => {
      this.#kinds = undefined;
      throw error;
    });
    return this.#kinds;
  }

  async #readKinds(): Promise<FunctionKinds> {
    return this.#mutex.run(async () => {
      const rows = await (await this.#connection.run(FUNCTION_KINDS_SQL)).getRows();
      const names = (aggregate: boolean) =>
        new Set(rows.filter(([, is]) => is === aggregate).map(([name]) => String(name)));
      return { aggregates: names(true), scalars: names(false) };
    });
  }

  async #resultColumns(sql: string): Promise<readonly ResultColumn[]> {
    const statement = await this.#connection.prepare(sql);
    try {
      return Array.from({ length: statement.columnCount }, (_, index) => ({
        name: statement.columnName(index),
        type: typeText(statement.columnType(index)),
      }));
    } finally {
      statement.destroySync();
    }
  }

  async #explain(sql: string, which: 'logical_opt' | 'physical_plan'): Promise<string> {
    const rows = await (await this.#connection.run(`EXPLAIN (FORMAT json) ${sql}`)).getRows();
    return String(rows.find(([name]) => name === which)?.[1]);
  }
}

function boundOf(columns: Bound['columns'], plan: string, tables: readonly BindTable[]): Bound {
  const uses = readExplain(
    plan,
    tables.map((table) => table.columns),
  );
  return { columns, uses, shape: planShape(plan), loops: hasLoops(plan) };
}

function tooLong(cause?: unknown): AppError {
  return new AppError(
    'TIMEOUT',
    `DuckDB worked on the plan of the query for ${BINDING_MS / 1000} s and was stopped: its constants, or its conditions, are too much work. Put long lists of values into a table and join it, and compute large values from rows.`,
    { cause },
  );
}

function emptyTable(table: BindTable, index: number): Held {
  const name = emptyTableName(index);
  const columns = table.columns.map((column, at) => `${emptyColumnName(at)} ${column.sqlType}`);
  const renamed = table.columns.map(
    (column, at) => `${emptyColumnName(at)} AS ${quoteIdentifier(column.name)}`,
  );
  const sql =
    `CREATE OR REPLACE TEMP TABLE ${name} (${columns.join(', ')});\n` +
    `CREATE OR REPLACE TEMP VIEW ${quoteIdentifier(table.view)} AS SELECT ${renamed.join(', ')} FROM ${name}`;
  return { view: table.view, sql };
}

/** As DuckDB prints types, but that names in a STRUCT are always quoted. JSON is a VARCHAR by another name. */
function typeText(type: DuckDBType): string {
  return type.alias ?? type.toString();
}
