import type { SaveUploadRequest, SaveUploadResult } from '#shared/contract/uploads.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { appendRows, describeCommit, parseTableId, tableId, type WriteContext } from '../tables/index.ts';

export type UploadContext = WriteContext;

/**
 * Makes the rows of files rows of a table, as one commit.
 *
 * @param files Parquet of c0, c1…, in the order of the rows
 * @throws TABLE_ALREADY_EXISTS, TABLE_NOT_FOUND; SCHEMA_MISMATCH with every column that does not fit
 *   (context.misfits); SQL_RUNTIME for a value that is not of its column's type; CORRUPT_FILE; INVALID_INPUT; as
 *   appendRows
 */
export async function saveRows(
  ctx: UploadContext,
  { table, branch = ctx.catalog.defaultBranch, mode, columns, message }: SaveUploadRequest,
  files: readonly string[],
): Promise<SaveUploadResult> {
  const key = parseTableId(table);
  if (key.length < 2)
    throw new AppError('INVALID_INPUT', `'${table}' has no namespace; write namespace.table.`, {
      context: { table },
    });
  assertUnlike(columns.map(({ name }) => name));
  const paths = files.map(quoteLiteral).join(', ');
  const from = `read_parquet([${paths}])`;
  const rows = await rowsOf(ctx, from, columns.length);
  const items = columns.map(({ name, type }, at) => `CAST(c${at} AS ${type}) AS ${quoteIdentifier(name)}`);
  const counted = `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
  const commit = await appendRows(ctx, {
    table: key,
    branch,
    query: `SELECT ${items.join(', ')} FROM ${from}`,
    message:
      message ??
      (mode === 'create' ? `Create ${tableId(key)} with ${counted}` : `Add ${counted} to ${tableId(key)}`),
    ...(mode === 'create' ? { createWith: {}, mustBeNew: true } : {}),
  });
  return { table: tableId(key), branch, rows, ...describeCommit(commit) };
}

/** DuckDB takes names that differ in case alone for one. */
function assertUnlike(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase()))
      throw new AppError('INVALID_INPUT', `Two columns are called ${name}. Give one of them another name.`, {
        context: { columnName: name },
      });
    seen.add(name.toLowerCase());
  }
}

async function rowsOf({ writer }: UploadContext, from: string, columns: number): Promise<number> {
  let found: readonly { readonly name: string }[];
  try {
    found = await writer.describe(`FROM ${from}`);
  } catch (error) {
    throw new AppError(
      'CORRUPT_FILE',
      'A part of the upload is no Parquet file, or not like the others. Begin again.',
      {
        cause: error,
      },
    );
  }
  if (found.length !== columns || found.some(({ name }, at) => name !== `c${at}`))
    throw new AppError(
      'SCHEMA_MISMATCH',
      `The parts have the columns ${found.map(({ name }) => name).join(', ')}, and not c0 to c${columns - 1}.`,
    );
  return writer.count(`FROM ${from}`);
}
