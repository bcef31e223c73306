import { AppError } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { assignFreshIds, walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import type { JsonNode } from '#server/iceberg/metadata/json-node.ts';
import { parseSchema } from '#server/iceberg/metadata/schema-json.ts';
import { parseSortOrder, parseUnboundSpec } from '#server/iceberg/metadata/spec-json.ts';
import { stageCreate } from '#server/iceberg/transaction/staged-commit.ts';
import { newTableLocation, rememberMetadata, tableContent, tableId } from '../tables/index.ts';
import { assertFree } from './contents.ts';
import { identifierOf, requestNode } from './identifiers.ts';
import { land } from './land.ts';
import { openMetadataFolder, ownLocation } from './locations.ts';
import { requireNamespace } from './namespaces.ts';
import { writableBranch } from './places.ts';
import type { RestAnswer, RestClient, RestContext } from './rest-context.ts';
import { tableAnswer } from './table-answer.ts';

/**
 * Creates an empty table; or, with `stage-create`, says how it would be, so that a later commit can make it whole.
 *
 * @throws NAMESPACE_NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT, UNSUPPORTED, PATH_OUTSIDE_ROOT, FORBIDDEN
 */
export async function createTable(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = requestNode(body);
  const key = identifierOf(namespace, request.get('name').text());
  const isStaged = request.optional('stage-create')?.boolean() ?? false;
  const branch = await writableBranch(ctx, prefix);
  const metadata = newMetadata(ctx, request, key);
  if (isStaged) {
    const { hash } = await ctx.catalog.getRef(branch);
    await requireNamespace(ctx, hash, namespace);
    await assertFree(ctx, hash, key);
    await openMetadataFolder(ctx, metadata);
    return tableAnswer(ctx, metadata, null);
  }
  const { result } = await land(ctx, client, branch, async (head, written) => {
    const { operations, requirements } = await requireNamespace(ctx, head, namespace);
    await assertFree(ctx, head, key);
    const staged = await stageCreate({ io: ctx.io, metadata });
    written.push(...staged.writtenFiles);
    const content = tableContent(staged.metadata, staged.newMetadataLocation);
    return {
      operations: [...operations, { kind: 'put', key, content }],
      requirements: [...requirements, { key, content: null }],
      message: `Create ${tableId(key)}`,
      result: staged,
    };
  });
  rememberMetadata(ctx.io, result.newMetadataLocation, result.metadata);
  return tableAnswer(ctx, result.metadata, result.newMetadataLocation);
}

function newMetadata(ctx: RestContext, request: JsonNode, key: ContentKey): TableMetadata {
  const given = request.get('schema');
  const schema = parseSchema(given, 0);
  const { fresh, idOf } = given.within(() => withFreshIds(schema));
  const specNode = request.optional('partition-spec');
  const orderNode = request.optional('write-order');
  const location = request.optional('location')?.text();
  return createTableMetadata(
    present({
      location: location === undefined ? newTableLocation(ctx, key) : ownLocation(ctx, location),
      schema: fresh,
      partitionSpec: specNode === null ? undefined : boundSpec(specNode, idOf),
      sortOrder: orderNode === null ? undefined : boundOrder(orderNode, idOf),
      properties: request.optional('properties')?.textMap(),
    }),
  );
}

type IdOf = (old: number, node: JsonNode) => number;

/** Clients number the columns of a new table as they like; the table numbers them anew, as everyone's does. */
function withFreshIds(schema: Schema): { readonly fresh: Schema; readonly idOf: IdOf } {
  const { fields } = assignFreshIds(schema.fields);
  const before = [...walkFields(schema)];
  const after = [...walkFields({ fields })];
  const ids = new Map(before.map(({ field }, index) => [field.id, after[index]?.field.id ?? field.id]));
  if (ids.size < before.length)
    throw new AppError('INVALID_INPUT', 'two of its fields have one id; give each an id of its own');
  const identifierFieldIds = schema.identifierFieldIds.map((id) => {
    const found = ids.get(id);
    if (found !== undefined) return found;
    throw new AppError('INVALID_INPUT', `there is no field ${id} to identify rows by`);
  });
  return {
    fresh: { schemaId: 0, fields, identifierFieldIds },
    idOf: (old, node) => ids.get(old) ?? node.fail(`names the column ${old}, which the schema does not have`),
  };
}

function boundSpec(node: JsonNode, idOf: IdOf): PartitionSpec {
  const { fields } = parseUnboundSpec(node);
  return {
    specId: 0,
    fields: fields.map(({ name, transform, sourceId }, index) => ({
      name,
      transform,
      sourceId: idOf(sourceId, node),
      fieldId: FIRST_PARTITION_FIELD_ID + index,
    })),
  };
}

function boundOrder(node: JsonNode, idOf: IdOf): SortOrder {
  const order = parseSortOrder(node);
  return {
    ...order,
    fields: order.fields.map((field) => ({ ...field, sourceId: idOf(field.sourceId, node) })),
  };
}
