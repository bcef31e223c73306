import type { ContentKey } from '#server/catalog/model.ts';
import { ICEBERG_TABLE, tableId } from '../tables/index.ts';
import { requestNode } from './identifiers.ts';
import { assertEntity } from './load-table.ts';
import type { RestClient, RestContext } from './rest-context.ts';

/** Keeps what a client says of its scan or commit in the server's log. @throws TABLE_NOT_FOUND, INVALID_INPUT */
export async function reportMetrics(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  body: unknown,
): Promise<void> {
  const report = requestNode(body);
  const type = report.get('report-type').text();
  const metrics = report.get('metrics').object();
  await assertEntity(ctx, prefix, key, ICEBERG_TABLE);
  const snapshotId = report.get('snapshot-id').long().toString();
  ctx.logger.info(
    { table: tableId(key), ref: prefix, type, snapshotId, client: client.program, metrics },
    'metrics of a client',
  );
}
