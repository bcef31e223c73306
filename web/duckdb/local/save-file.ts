import { PARQUET, saveUploadResult, uploadBegun, type SaveUploadResult } from '#shared/contract/uploads.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { request, requestJson, requestNothing, type Transport } from '#web/lib/api-client.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { tabError } from '../tab-error.ts';
import { arrowParts } from './arrow-parts.ts';
import { ParquetWriter } from './parquet-writer.ts';
import type { SaveFile, SaveProgress } from './types.ts';

/** Of Arrow, which is several times what it is packed; the server takes 15 MiB at a time. */
const PART_BYTES = 8 * 1024 ** 2;

export interface SaveRun {
  /** Where a view has the file's rows. */
  readonly connection: EngineConnection;
  /** That view. */
  readonly name: string;
  readonly save: SaveFile;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SaveProgress) => void;
}

/**
 * Sends the rows of a file to the server, which makes them a table's in one commit.
 *
 * @throws AppError SQL_RUNTIME with the first row whose value is not of the type that was chosen; as the API; the
 *   signal's reason
 */
export async function saveFile(run: SaveRun): Promise<SaveUploadResult> {
  const { connection, name, save, transport, signal, onProgress } = run;
  const items = save.columns.map(
    ({ from, type }, at) => `CAST(${quoteIdentifier(from)} AS ${type}) AS c${at}`,
  );
  const { id } = await requestJson(uploadBegun, 'uploads', { method: 'POST', transport, signal });
  const writer = new ParquetWriter();
  try {
    let parts = 0;
    let [bytes, rows] = [0, 0];
    const sql = `SELECT ${items.join(', ')} FROM ${quoteIdentifier(name)}`;
    for await (const { ipc } of arrowParts(connection.stream(sql), PART_BYTES)) {
      signal.throwIfAborted();
      const packed = await writer.write(ipc);
      const content = new Blob([packed.bytes], { type: PARQUET });
      await request(`uploads/${id}/parts/${parts}`, { method: 'PUT', content, transport, signal });
      parts += 1;
      bytes += packed.bytes.length;
      rows += packed.rows;
      onProgress({ bytes, rows, committing: false });
    }
    onProgress({ bytes, rows, committing: true });
    const { table, branch, mode } = save;
    const columns = save.columns.map(({ name: called, type }) => ({ name: called, type }));
    const body = { table, branch, mode, columns, parts };
    return await requestJson(saveUploadResult, `uploads/${id}/rows`, {
      method: 'POST',
      body,
      transport,
      signal,
    });
  } catch (error) {
    await requestNothing(`uploads/${id}`, { method: 'DELETE', transport }).catch(() => undefined);
    signal.throwIfAborted();
    const known = tabError(error);
    throw known.code === 'SQL_RUNTIME' && !(error instanceof AppError)
      ? await placedMisfit(run, known)
      : known;
  } finally {
    writer.close();
  }
}

/** The first value that is not of the type that was chosen for its column; else the error as it is. */
async function placedMisfit({ connection, name, save }: SaveRun, error: AppError): Promise<AppError> {
  for (const { from, type } of save.columns) {
    const column = quoteIdentifier(from);
    const numbered = `SELECT row_number() OVER () AS row, ${column} AS value FROM ${quoteIdentifier(name)}`;
    const [found] = await connection
      .rows(
        `SELECT row::DOUBLE AS row, value::VARCHAR AS value FROM (${numbered}) WHERE value IS NOT NULL AND TRY_CAST(value AS ${type}) IS NULL ORDER BY row LIMIT 1`,
      )
      .catch(() => []);
    if (found === undefined) continue;
    const row = Number(found['row']);
    const value = String(found['value']);
    const shown = quoteLiteral(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    return new AppError(
      'SQL_RUNTIME',
      `Row ${row.toLocaleString('en')} has ${shown} in ${from}, which is no ${type}. Choose another type for the column, or mend the file.`,
      { context: { row, columnName: from }, cause: error },
    );
  }
  return error;
}
