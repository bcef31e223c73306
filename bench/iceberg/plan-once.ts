import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import { CACHE_BYTES } from './scan-planning.ts';
import { ORDER_ID } from './wide-table.ts';

/** Plans the files that have order ids from `start` to `end`, with nothing known of the table before. */
export async function planOnce(location: string, start: bigint, end: bigint): Promise<number> {
  const folder = dirname(dirname(fileURLToPath(location)));
  const io = await createLocalFileIO({ rootDirectory: folder });
  const { metadata } = await loadTable(io, location);
  const { files } = await planFiles({
    io,
    metadata,
    cache: new ManifestCache(CACHE_BYTES),
    filter: {
      op: 'and',
      left: { op: 'gt-eq', fieldId: ORDER_ID, value: start },
      right: { op: 'lt', fieldId: ORDER_ID, value: end },
    },
  });
  return files.length;
}
