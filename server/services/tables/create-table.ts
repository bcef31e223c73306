import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { CreateTableRequest, TableChangeResult } from '#shared/contract/table-changes.ts';
import { assignFreshIds, type Schema } from '#shared/iceberg/schema.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import { evolveSchema } from '#server/iceberg/evolution/evolve-schema.ts';
import { evolveSpec } from '#server/iceberg/evolution/evolve-spec.ts';
import { sortOrderOf } from '#server/iceberg/evolution/replace-sort-order.ts';
import { createTableMetadata, type CreateTableInput } from '#server/iceberg/metadata/create.ts';
import { stageCreate } from '#server/iceberg/transaction/staged-commit.ts';
import type { ServiceContext } from '../context.ts';
import { describeChangedTable } from './change-table.ts';
import { parseColumnType } from './column-type.ts';
import { commitTable, discardFiles, newTableLocation } from './commit-table.ts';
import { parseTableId, tableContent, tableId } from './table-content.ts';

/**
 * Creates an empty table, and its namespace where that is missing, as one commit.
 *
 * @param properties of the commit
 * @throws TABLE_ALREADY_EXISTS; INVALID_INPUT, COLUMN_NOT_FOUND, UNSUPPORTED naming what does not fit; REF_NOT_FOUND
 */
export async function createTable(
  ctx: ServiceContext,
  request: CreateTableRequest,
  properties: Readonly<Record<string, string>> = {},
): Promise<TableChangeResult> {
  const key = parseTableId(request.table);
  if (key.length < 2) {
    throw new AppError('INVALID_INPUT', `'${request.table}' has no namespace; write namespace.table.`, {
      context: { table: request.table },
    });
  }
  const branch = request.branch ?? ctx.catalog.defaultBranch;
  await assertFree(ctx, branch, key);
  const metadata = newTableMetadata(request, newTableLocation(ctx, key));
  const staged = await stageCreate({ io: ctx.io, metadata });
  const { newMetadataLocation: metadataLocation } = staged;
  try {
    const commit = await commitTable(ctx, {
      table: key,
      branch,
      message: request.message ?? `Create ${tableId(key)}`,
      properties,
      standing: null,
      metadata: staged.metadata,
      metadataLocation,
    });
    const content = tableContent(staged.metadata, metadataLocation);
    return describeChangedTable({
      before: metadata,
      after: { key, content, metadata: staged.metadata, metadataLocation },
      commit,
    });
  } catch (error) {
    if (!isAppError(error, 'COMMIT_STATE_UNKNOWN')) await discardFiles(ctx, staged.writtenFiles);
    if (isAppError(error, 'COMMIT_CONFLICT')) await assertFree(ctx, branch, key);
    throw error;
  }
}

async function assertFree(ctx: ServiceContext, branch: string, key: ContentKey): Promise<void> {
  const { hash } = await ctx.catalog.getRef(branch);
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing === null) return;
  throw new AppError(
    'TABLE_ALREADY_EXISTS',
    `There is a ${standing.type.toLowerCase().replace('iceberg_', '')} ${tableId(key)} on "${branch}" already.`,
    { context: { table: tableId(key) } },
  );
}

/** @throws INVALID_INPUT, COLUMN_NOT_FOUND, UNSUPPORTED naming what does not fit */
export function newTableMetadata(request: CreateTableRequest, location: string): TableMetadata {
  const { fields } = assignFreshIds(
    request.columns.map(({ name, type, required, doc }) => ({
      id: 0,
      name,
      required: required ?? false,
      type: parseColumnType(type, name),
      ...(doc === undefined ? {} : { doc }),
    })),
  );
  const input: CreateTableInput = {
    location,
    schema: { schemaId: 0, fields, identifierFieldIds: [] },
    properties: { 'write.parquet.compression-codec': 'zstd', ...request.properties },
    ...(request.formatVersion === undefined ? {} : { formatVersion: request.formatVersion }),
  };
  // A spec and an order are rules over a table's columns, so the table comes first and then once more with them.
  const bare = createTableMetadata(input);
  const schema = evolveSchema(bare).setIdentifierFields(request.identifierFields ?? []).schema;
  return createTableMetadata({
    ...input,
    tableUuid: bare.tableUuid,
    schema,
    partitionSpec: specOf(bare, schema, request),
    sortOrder: sortOrderOf(schema, request.sortOrder?.map(present) ?? []),
  });
}

function specOf(bare: TableMetadata, schema: Schema, request: CreateTableRequest): PartitionSpec {
  const evolution = evolveSpec(bare, schema);
  for (const field of request.partitionSpec ?? []) evolution.addField(present(field));
  return { specId: 0, fields: evolution.fields };
}
