import type { Lakehouse } from '#server/lakehouse.ts';
import { queryStatement } from '#server/services/dml/index.ts';
import { appendRows } from '#server/services/tables/index.ts';
import type { Seed } from '../../parity/seed.ts';

/** The tables of the suite of answers in a lakehouse: a commit for each file, and one for what is deleted. */
export async function seedLakehouse(
  { ctx }: Lakehouse,
  seeds: readonly Seed[],
  branch: string,
): Promise<void> {
  for (const { name, files, deleted } of seeds) {
    const table = name.split('.');
    for (const query of files)
      await appendRows(ctx, { table, query, branch, message: `Rows of ${name}`, createWith: {} });
    if (deleted !== undefined)
      await queryStatement(ctx, { sql: `DELETE FROM ${name} WHERE ${deleted.where}`, ref: branch });
  }
}
