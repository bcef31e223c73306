import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import type { JsonNode } from '#server/iceberg/metadata/json-node.ts';
import { currentSchema, schemaOfSnapshot, snapshotById } from '#server/iceberg/metadata/lookup.ts';
import { planFiles, type PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { ICEBERG_TABLE, loadContent, tableId } from '../tables/index.ts';
import { getEntity } from './contents.ts';
import { checkKey, requestNode } from './identifiers.ts';
import { readablePlace } from './places.ts';
import type { RestContext } from './rest-context.ts';
import { parseScanFilter } from './scan-filter.ts';
import { scanTasksToJson } from './scan-task-json.ts';

interface ScanPlan {
  readonly table: string;
  readonly metadata: TableMetadata;
  readonly files: readonly PlannedFile[];
  /** As the client sent it. */
  readonly filter: unknown;
}

/** Files in one answer; a client fetches the others by plan tasks, several at a time if it likes. */
const FILES_AT_ONCE = 1000;
const FILES_HELD = 2_000_000;
const PLAN_LIFETIME_MS = 60 * 60_000;

/** Plans that clients have not fetched all of. They end with the process: a client then plans anew. */
export class ScanPlans {
  private readonly plans = new LRUCache<string, ScanPlan>({
    maxSize: FILES_HELD,
    ttl: PLAN_LIFETIME_MS,
    sizeCalculation: ({ files }) => files.length + 1,
  });

  add(plan: ScanPlan): string {
    const id = randomUUID();
    this.plans.set(id, plan);
    return id;
  }

  get(id: string, table: ContentKey): ScanPlan | undefined {
    const plan = this.plans.get(id);
    return plan?.table === tableId(table) ? plan : undefined;
  }

  /** @throws PLAN_NOT_FOUND */
  cancel(id: string, table: ContentKey): void {
    if (this.get(id, table) === undefined) throw planNotFound(id);
    this.plans.delete(id);
  }
}

/**
 * The files that a scan of a table reads, each with its deletes.
 *
 * @throws TABLE_NOT_FOUND, SNAPSHOT_NOT_FOUND, INVALID_INPUT, UNSUPPORTED
 */
export async function planScan(
  ctx: RestContext,
  plans: ScanPlans,
  prefix: string,
  key: ContentKey,
  body: unknown,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const request = requestNode(body);
  const { hash } = await readablePlace(ctx, prefix);
  const content = await getEntity(ctx, hash, checkKey(key), ICEBERG_TABLE);
  const { metadata } = await loadContent(ctx, key, content);
  const range = rangeOf(request, metadata);
  const snapshotId = range?.end ?? request.optional('snapshot-id')?.long();
  const asWritten = request.optional('use-snapshot-schema')?.boolean() ?? false;
  const schema =
    snapshotId !== undefined && asWritten
      ? schemaOfSnapshot(metadata, snapshotById(metadata, snapshotId))
      : currentSchema(metadata);
  const filter = request.optional('filter');
  const caseSensitive = request.optional('case-sensitive')?.boolean() ?? true;
  const { files } = await planFiles({
    io: ctx.io,
    metadata,
    cache: ctx.manifests,
    tableName: tableId(key),
    ...present({
      snapshotId,
      filter: filter === null ? undefined : parseScanFilter(filter, schema, caseSensitive),
      signal,
    }),
  });
  const wanted = range === null ? files : files.filter((file) => file.sequenceNumber > range.after);
  const plan = { table: tableId(key), metadata, files: wanted, filter: filter?.value };
  return completed(plan, plans.add(plan));
}

/** A plan as `planScan` answered it. @throws PLAN_NOT_FOUND */
export function fetchPlan(plans: ScanPlans, key: ContentKey, id: string): Record<string, unknown> {
  const plan = plans.get(id, key);
  if (plan === undefined) throw planNotFound(id);
  return completed(plan, id);
}

/** The files of one plan task. @throws PLAN_TASK_NOT_FOUND */
export function fetchTasks(plans: ScanPlans, key: ContentKey, body: unknown): Record<string, unknown> {
  const task = requestNode(body).get('plan-task').text();
  const [, id = '', page = ''] = /^([0-9a-f-]{36})\.(\d{1,9})$/.exec(task) ?? [];
  const plan = plans.get(id, key);
  const files = plan?.files.slice(Number(page) * FILES_AT_ONCE, (Number(page) + 1) * FILES_AT_ONCE) ?? [];
  if (plan !== undefined && files.length > 0) return scanTasksToJson(plan.metadata, files, plan.filter);
  throw new AppError('PLAN_TASK_NOT_FOUND', `There is no plan task ${task} any more; plan the scan again.`, {
    context: { task },
  });
}

function completed(plan: ScanPlan, id: string): Record<string, unknown> {
  const pages = Math.ceil(plan.files.length / FILES_AT_ONCE);
  const later = Array.from({ length: Math.max(0, pages - 1) }, (_, index) => `${id}.${index + 1}`);
  return {
    status: 'completed',
    'plan-id': id,
    ...(later.length === 0 ? {} : { 'plan-tasks': later }),
    ...scanTasksToJson(plan.metadata, plan.files.slice(0, FILES_AT_ONCE), plan.filter),
  };
}

function planNotFound(id: string): AppError {
  return new AppError('PLAN_NOT_FOUND', `There is no plan ${id} any more; plan the scan again.`, {
    context: { plan: id },
  });
}

/**
 * What an incremental scan is over: files younger than the start, as of the end. Only where all that was between them
 * is appends; then no file went, and no delete is of one that came.
 */
function rangeOf(
  request: JsonNode,
  metadata: TableMetadata,
): { readonly after: bigint; readonly end: bigint } | null {
  const startNode = request.optional('start-snapshot-id');
  const endNode = request.optional('end-snapshot-id');
  if (startNode === null && endNode === null) return null;
  if (request.optional('snapshot-id') !== null)
    request
      .get('snapshot-id')
      .fail('stands beside a start or an end; a scan is of one snapshot or of a range');
  const start = snapshotById(metadata, request.get('start-snapshot-id').long());
  const end = snapshotById(metadata, request.get('end-snapshot-id').long());
  for (let at = end; at.snapshotId !== start.snapshotId;) {
    if (at.summary.operation !== 'append' || metadata.formatVersion === 1) {
      throw new AppError(
        'UNSUPPORTED',
        `Snapshot ${at.snapshotId} is an ${at.summary.operation}; a scan of what was added is planned here only over appends of tables of version 2 and later. Scan the two snapshots instead.`,
        { context: { snapshot: at.snapshotId.toString() } },
      );
    }
    if (at.parentSnapshotId === undefined)
      return request
        .get('start-snapshot-id')
        .fail(`is ${start.snapshotId}, no ancestor of ${end.snapshotId}`);
    at = snapshotById(metadata, at.parentSnapshotId);
  }
  return { after: start.sequenceNumber, end: end.snapshotId };
}
