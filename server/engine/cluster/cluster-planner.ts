import { isAppError } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/util/json.ts';
import { openSandbox } from '../duckdb/sandbox.ts';
import { Binder } from '../plan/binder.ts';
import { emptyColumnName, emptyTableName } from '../plan/explain.ts';
import type { PlannedQuery } from '../plan/plan-query.ts';
import { isMetadataColumn } from '../plan/metadata-columns.ts';
import type { ScanSource } from '../plan/scan-source.ts';
import { refuse } from './refuse.ts';
import { readSerializedPlan, translatePlan, type ClusterTable } from './translate-plan.ts';

/** As for what is planned at all: binding takes next to nothing. */
const MEMORY = '512MB';

/**
 * All passes of DuckDB's optimizer but those that compute constants and that bring conditions to the rows they are about:
 * Trino plans on its own, from a plan as it was bound; but a subquery about rows reads these twice.
 */
const DISABLED_OPTIMIZERS =
  'filter_pullup empty_result_pullup cte_filter_pusher regex_range in_clause join_order deliminator unnest_rewriter unused_columns statistics_propagation common_subexpressions common_aggregate column_lifetime limit_pushdown row_group_pruner top_n top_n_window_elimination build_side_probe_side compressed_materialization duplicate_groups reorder_filter sampling_pushdown join_filter_pushdown extension materialized_cte sum_rewriter late_materialization cte_inlining common_subplan join_elimination window_self_join'.split(
    ' ',
  );

/** What a query is on the cluster: SQL of Trino, or why it has none there, in words that go on from "it …". */
export type ClusterPlan = { readonly sql: string } | { readonly refused: string };

/** Translates planned queries. */
export class ClusterPlanner {
  readonly #binder: Binder;
  readonly #catalog: string;
  readonly close: () => void;

  private constructor(binder: Binder, catalog: string, close: () => void) {
    this.#binder = binder;
    this.#catalog = catalog;
    this.close = close;
  }

  /** @param catalog Trino's name for this lakehouse */
  static async open(catalog: string): Promise<ClusterPlanner> {
    const instance = await openSandbox({
      allowedDirectories: [],
      memoryLimit: MEMORY,
      threads: 1,
      disabledOptimizers: DISABLED_OPTIMIZERS,
    });
    return new ClusterPlanner(new Binder(await instance.connect()), catalog, () => instance.closeSync());
  }

  async translate(planned: PlannedQuery): Promise<ClusterPlan> {
    try {
      return { sql: await this.#sql(planned) };
    } catch (error) {
      if (isAppError(error, 'UNSUPPORTED')) return { refused: error.message };
      throw error;
    }
  }

  async #sql({ plan, sources }: PlannedQuery): Promise<string> {
    if (sources.length === 0) return refuse('it reads no table');
    if (plan.locals !== undefined) return refuse('it reads a file of the page');
    const tables = sources.map((source) => this.#table(source));
    const text = await this.#binder.serializedPlan(
      plan.sql,
      tables.map(({ scan }) => ({
        view: scan.view,
        columns: scan.columns.map(({ name, sqlType }) => ({ name, sqlType })),
      })),
    );
    return translatePlan(
      readSerializedPlan(text, parseJson),
      (name) => tables.find((_, at) => emptyTableName(at) === name) ?? refuse('it reads what is no table'),
      (name) => {
        const at = /\d+/.exec(name)?.[0];
        return at !== undefined && emptyColumnName(Number(at)) === name
          ? Number(at)
          : refuse('it reads a column that is not there');
      },
    );
  }

  #table({ table, scan, fields }: ScanSource): ClusterTable & { readonly scan: ScanSource['scan'] } {
    if (table === null || fields.some(isMetadataColumn))
      return refuse('it reads what only the lakehouse knows of rows');
    const parts = table.name.split('.');
    if (parts.length < 2 || table.commit === undefined)
      return refuse(`the cluster has no name for ${table.name}`);
    // Trino knows names without case; and the commit goes behind a name (see docs/iceberg-rest.md).
    if (!/^[^A-Z@$~"]+$/.test(table.name)) return refuse(`the cluster can’t name ${table.name}`);
    const name = [this.#catalog, parts.slice(0, -1).join('.'), `${parts.at(-1)}~${table.commit}`];
    return { scan, metadata: table.metadata, name };
  }
}
