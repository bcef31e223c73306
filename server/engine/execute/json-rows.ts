import { JsonDuckDBValueConverter, type DuckDBDataChunk } from '@duckdb/node-api';
import { AppError } from '#shared/errors/app-error.ts';

export interface JsonRows {
  readonly rows: readonly (readonly unknown[])[];
  /** There were more rows than the limit. */
  readonly truncated: boolean;
}

export interface JsonLimits {
  /** Rows at most. */
  readonly limit?: number;
  /** Characters of JSON at most: rows are gathered in memory, several times over. */
  readonly maxCharacters?: number;
}

/** 64-bit, decimal and temporal values are text. @throws PAYLOAD_TOO_LARGE; what `chunks` throws */
export async function gatherJson(
  chunks: AsyncGenerator<DuckDBDataChunk>,
  { limit = Number.POSITIVE_INFINITY, maxCharacters = Number.POSITIVE_INFINITY }: JsonLimits,
): Promise<JsonRows> {
  const rows: unknown[][] = [];
  const isBounded = maxCharacters < Number.POSITIVE_INFINITY;
  let left = maxCharacters;
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.rowCount; at += 1) {
      if (rows.length >= limit) return { rows, truncated: true };
      const row = chunk.convertRowValues(at, JsonDuckDBValueConverter);
      if (isBounded) left -= JSON.stringify(row).length + 1;
      if (left < 0) throw tooMuch(rows.length, maxCharacters);
      rows.push(row);
    }
  return { rows, truncated: false };
}

function tooMuch(rows: number, maxCharacters: number): AppError {
  const size = Math.round(maxCharacters / 2 ** 20);
  return new AppError(
    'PAYLOAD_TOO_LARGE',
    `The first ${rows} rows of the answer are ${size} MiB of JSON, which is the most there can be. Ask for fewer rows or columns, for Arrow, or for pages (POST /api/v1/results).`,
    { context: { rows } },
  );
}
