import type { TableList, ViewSummary } from '#shared/contract/tables.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { describeColumns, listTables, tableId } from '../tables/index.ts';
import { chosenSql, currentVersion, ICEBERG_VIEW, metadataLocationIn } from './view-content.ts';
import { readViewMetadata } from './view-files.ts';

/** What can be read at a ref. @throws REF_NOT_FOUND, CORRUPT_METADATA */
export async function listTablesAndViews(ctx: ServiceContext, ref: string | undefined): Promise<TableList> {
  const { contents, ...list } = await listTables(ctx, ref);
  const views = contents.filter(({ content }) => content.type === ICEBERG_VIEW);
  return {
    ...list,
    views: await Promise.all(views.map(async ({ key, content }) => describeView(ctx, key, content))),
  };
}

async function describeView(ctx: ServiceContext, key: ContentKey, content: Content): Promise<ViewSummary> {
  const metadata = await readViewMetadata(ctx, metadataLocationIn(content));
  const version = currentVersion(metadata);
  const schema = metadata.schemas.find(({ schemaId }) => schemaId === version?.schemaId);
  const chosen = chosenSql(version);
  const comment = metadata.properties['comment'];
  return {
    id: tableId(key),
    namespace: key.slice(0, -1),
    name: key.at(-1) ?? '',
    columns: schema === undefined ? [] : describeColumns(schema),
    sql: chosen?.sql ?? '',
    dialect: chosen?.dialect ?? '',
    ...(comment === undefined ? {} : { comment }),
  };
}
