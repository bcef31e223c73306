import { executableScans } from '#server/engine/execute/executable-scans.ts';
import type { ExecutableScan } from '#server/engine/execute/scan-view.ts';
import { TARGET } from '#server/engine/dml/compose-changes.ts';
import type { ComposedSql } from '#server/engine/dml/composed-sql.ts';
import { FILE, withRowPlaces } from '#server/engine/dml/row-columns.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { PlannedQuery, PlanQueryInput } from '#server/engine/plan/plan-query.ts';
import type { ResolvedTable, ScanSource } from '#server/engine/plan/scan-source.ts';
import { tableResolver, withPivotValues } from '../query/index.ts';
import type { StatementContext, StatementRun } from './statement-context.ts';

export interface PlannedPart {
  readonly planned: PlannedQuery;
  /** For errors: the statement, and where a place in the plan's SQL is in it. */
  readonly source: { readonly sql: string; toOriginal(offset: number): number };
}

interface PlanOptions extends Partial<Pick<PlanQueryInput, 'wholeScans' | 'resolveTable'>> {
  /** The query stays, and gives the same columns whatever the data is. */
  readonly fixedColumns?: boolean;
}

/**
 * Plans a query that is made of parts of a statement, as any SELECT is: with the same rules for functions and
 * tables, on the branch as the run found it.
 *
 * @param target what TARGET stands for
 * @throws as planQuery, with places in the statement
 */
export async function planInStatement(
  ctx: StatementContext,
  { statement, branch, hash, signal }: StatementRun,
  composed: ComposedSql,
  target?: ResolvedTable,
  { fixedColumns = false, ...options }: PlanOptions = {},
): Promise<PlannedPart> {
  const resolve = tableResolver(ctx, { name: branch, hash });
  try {
    const input: PlanQueryInput = {
      sql: composed.sql,
      ref: { name: branch, hash },
      preference: 'server',
      resolveTable: async (name, at) =>
        target !== undefined && name.length === 1 && name[0] === TARGET ? target : resolve(name, at),
      listTables: async () => Promise.resolve([]),
      io: ctx.io,
      manifests: ctx.manifests,
      // No page reads this plan.
      fileUrl: (location) => location,
      deletesUrl: (_, { key }) => key,
      browserBytes: 0,
      ...options,
      ...(signal === undefined ? {} : { signal }),
    };
    const planned = await ctx.planner.plan(fixedColumns ? input : withPivotValues(ctx, input));
    return {
      planned,
      source: {
        sql: statement.sql,
        toOriginal: (offset) => composed.toOriginal(planned.source.toOriginal(offset)),
      },
    };
  } catch (error) {
    throw composed.placed(error);
  }
}

/** The scans of a plan, as the engine runs them; those of a target with the places of its rows. */
export async function openScans(
  { opener, deletedRows }: StatementContext,
  { signal }: StatementRun,
  sources: readonly ScanSource[],
  target?: TableMetadata,
): Promise<readonly ExecutableScan[]> {
  const scans = await executableScans({
    opener,
    deletedRows,
    sources,
    ...(signal === undefined ? {} : { signal }),
  });
  return target === undefined ? scans : scans.map((scan) => withRowPlaces(scan, currentSchema(target)));
}

/** The scan of the target, or none where no row of it can matter. */
export function targetSource(sources: readonly ScanSource[]): ScanSource | undefined {
  return sources.find(({ fields }) => fields.some(({ id }) => id === FILE.id));
}
