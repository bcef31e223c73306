import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import type { Content, ContentKey, Hash, Operation, Requirement } from '#server/catalog/model.ts';
import { metadataFromUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import type { JsonNode } from '#server/iceberg/metadata/json-node.ts';
import { parseTableRequirement } from '#server/iceberg/metadata/requirement-json.ts';
import { assertRequirements } from '#server/iceberg/metadata/requirements.ts';
import { parseTableUpdate } from '#server/iceberg/metadata/update-json.ts';
import { stageCreate, stageUpdates } from '#server/iceberg/transaction/staged-commit.ts';
import {
  assertWritable,
  highestTakenFieldId,
  ICEBERG_TABLE,
  keepFieldIds,
  loadContent,
  rememberMetadata,
  tableContent,
  tableId,
  withOwnFieldIds,
} from '../tables/index.ts';
import { assertFree, notFound } from './contents.ts';
import { describeUpdates } from './describe-commit.ts';
import { checkKey, parseIdentifier, requestNode } from './identifiers.ts';
import { land, type Prepared } from './land.ts';
import { ownLocation } from './locations.ts';
import { requireNamespace } from './namespaces.ts';
import { writableBranch } from './places.ts';
import type { RestAnswer, RestClient, RestContext } from './rest-context.ts';
import { sideBySide } from './side-by-side.ts';
import { tableAnswer } from './table-answer.ts';

/** Tables of one transaction whose metadata is read and written at the same time: each waits for the storage. */
const AT_ONCE = 32;
/** Lines of a transaction's message. */
const MOST_LINES = 50;
const LAST_FIELD_ID = 'assert-last-assigned-field-id';

interface TableCommit extends TableChange {
  readonly key: ContentKey;
}

interface Version {
  readonly metadata: TableMetadata;
  readonly metadataLocation: string;
}

/**
 * Makes a client's updates to a table, or a table of them where it requires that there is none.
 *
 * @throws COMMIT_CONFLICT naming the requirement that does not hold; TABLE_NOT_FOUND; INVALID_INPUT; FORBIDDEN, also
 *   for a table that another engine keeps
 */
export async function commitTable(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = parseCommit(requestNode(body), checkKey(key));
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, (head, written) => prepare(ctx, head, written, request));
  rememberMetadata(ctx.io, result.metadataLocation, result.metadata);
  return tableAnswer(ctx, result.metadata, result.metadataLocation);
}

/** The changes of several tables as one commit: all of them or none. */
export async function commitTransaction(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  body: unknown,
): Promise<void> {
  const changes = requestNode(body).get('table-changes');
  const requests = changes
    .list()
    .map((change) => parseCommit(change, parseIdentifier(change.get('identifier'))));
  assertDistinct(requests, changes);
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, async (head, written) => {
    const prepared = await sideBySide(requests, AT_ONCE, (request) => prepare(ctx, head, written, request));
    return {
      operations: distinctKeys(prepared.flatMap(({ operations }) => operations)),
      requirements: distinctKeys(prepared.flatMap(({ requirements }) => requirements)),
      message: describeTransaction(prepared.map(({ message }) => message)),
      result: prepared.map((one) => one.result),
    };
  });
  for (const { metadataLocation, metadata } of result) rememberMetadata(ctx.io, metadataLocation, metadata);
}

function parseCommit(node: JsonNode, key: ContentKey): TableCommit {
  return {
    key,
    requirements: node.get('requirements').list().map(parseTableRequirement),
    updates: node.get('updates').list().map(parseTableUpdate),
  };
}

async function prepare(
  ctx: RestContext,
  head: Hash,
  written: string[],
  { key, requirements: required, updates: given }: TableCommit,
): Promise<Prepared<Version>> {
  const standing = await ctx.catalog.getContent(head, key);
  const updates = await ownUpdates(ctx, given);
  if (standing === null) {
    if (!required.some(({ type }) => type === 'assert-create')) throw notFound(key, ICEBERG_TABLE);
    assertRequirements(null, required);
    const namespace = await requireNamespace(ctx, head, key.slice(0, -1));
    const staged = await stageCreate({ io: ctx.io, metadata: metadataFromUpdates(updates) });
    written.push(...staged.writtenFiles);
    return {
      operations: [
        ...namespace.operations,
        put(key, tableContent(staged.metadata, staged.newMetadataLocation)),
      ],
      requirements: [...namespace.requirements, { key, content: null }],
      message: describeUpdates(tableId(key), updates, true),
      result: { metadata: staged.metadata, metadataLocation: staged.newMetadataLocation },
    };
  }
  if (standing.type !== ICEBERG_TABLE) {
    if (required.some(({ type }) => type === 'assert-create')) await assertFree(ctx, head, key);
    throw notFound(key, ICEBERG_TABLE);
  }
  assertWritable(key, standing);
  const base = await loadContent(ctx, key, standing);
  const requirements = await ownRequirements(ctx, base.metadata, required);
  assertRequirements(base.metadata, requirements);
  const message = describeUpdates(tableId(key), updates, false);
  const requirement = { key, content: standing };
  if (updates.length === 0) return { operations: [], requirements: [requirement], message, result: base };
  const own = await ownFieldIds(ctx, base.metadata, updates);
  const staged = await stageUpdates({ io: ctx.io, base, updates: own, requirements });
  written.push(...staged.writtenFiles);
  return {
    operations: [put(key, tableContent(staged.metadata, staged.newMetadataLocation))],
    requirements: [requirement],
    message,
    result: { metadata: staged.metadata, metadataLocation: staged.newMetadataLocation },
  };
}

/**
 * Updates as they may be made here: a table stays in the lakehouse's storage, and a snapshot whose files this server
 * cannot see (written below another mount, or not at all) is refused before anyone else meets it.
 */
async function ownUpdates(
  ctx: RestContext,
  updates: TableChange['updates'],
): Promise<TableChange['updates']> {
  return Promise.all(
    updates.map(async (update) => {
      if (update.action === 'set-location') return { ...update, location: ownLocation(ctx, update.location) };
      if (update.action !== 'add-snapshot') return update;
      const { manifestList } = update.snapshot;
      if (manifestList !== undefined && !(await ctx.io.exists(manifestList))) {
        throw new AppError(
          'INVALID_INPUT',
          `The manifest list ${manifestList} of snapshot ${update.snapshot.snapshotId} is not in this server's storage. Write files below the table's location.`,
          { context: { location: manifestList } },
        );
      }
      return update;
    }),
  );
}

/** The last column id that clients were told (see tableAnswer) stands for the table's own. */
async function ownRequirements(
  ctx: RestContext,
  { tableUuid, lastColumnId }: TableMetadata,
  requirements: TableChange['requirements'],
): Promise<TableChange['requirements']> {
  if (!requirements.some(({ type }) => type === LAST_FIELD_ID)) return requirements;
  const told = Math.max(lastColumnId, await highestTakenFieldId(ctx, tableUuid));
  return requirements.map((one) =>
    one.type === LAST_FIELD_ID && one.lastAssignedFieldId > lastColumnId && one.lastAssignedFieldId <= told
      ? { ...one, lastAssignedFieldId: lastColumnId }
      : one,
  );
}

/**
 * The client has chosen ids for new columns, which may be another column's on another branch. Where it has written no
 * rows with them yet, they become ids of their own, and the answer tells it; else they stay as its files have them.
 */
async function ownFieldIds(
  ctx: RestContext,
  metadata: TableMetadata,
  updates: TableChange['updates'],
): Promise<TableChange['updates']> {
  if (!updates.some(({ action }) => action === 'add-snapshot'))
    return (await withOwnFieldIds(ctx, metadata, { updates })).updates;
  await keepFieldIds(ctx, metadata, updates);
  return updates;
}

function put(key: ContentKey, content: Content): Operation {
  return { kind: 'put', key, content };
}

function assertDistinct(requests: readonly TableCommit[], node: JsonNode): void {
  const seen = new Set<string>();
  for (const { key } of requests) {
    const id = tableId(key);
    if (seen.has(id)) node.fail(`changes ${id} twice; put all of its updates in one change`);
    seen.add(id);
  }
}

/** Two new tables in one namespace both bring it. */
function distinctKeys<T extends Operation | Requirement>(entries: readonly T[]): readonly T[] {
  return [...new Map(entries.map((entry) => [tableId(entry.key), entry])).values()];
}

function describeTransaction(messages: readonly string[]): string {
  const [only = ''] = messages;
  if (messages.length === 1) return only;
  const more = messages.length - MOST_LINES;
  const lines = [...messages.slice(0, MOST_LINES), ...(more > 0 ? [`… and ${more} more`] : [])];
  return `Commit to ${messages.length} tables\n\n${lines.join('\n')}`;
}
