import { RecordBatchReader } from 'apache-arrow';
import type { WorkbookRow } from '#shared/workbook/workbook.ts';
import { cellReader } from '#web/lib/arrow-cell-reader.ts';

/** The rows of an Arrow IPC stream, in pieces cut anywhere, all of whose columns are text. */
export async function* workbookRows(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly WorkbookRow[]> {
  const reader = await RecordBatchReader.from(pieces);
  await reader.open();
  for await (const { data, numRows } of reader) {
    const readers = data.children.map((column) => cellReader(column, { kind: 'text', name: 'VARCHAR' }));
    yield Array.from({ length: numRows }, (_, row) =>
      readers.map((read) => {
        const value = read(row);
        return typeof value === 'string' ? value : null;
      }),
    );
  }
}
