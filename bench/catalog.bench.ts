import { nessieCases } from './catalog/against-nessie.ts';
import { openDatabases } from './catalog/databases.ts';
import { largeCatalogCases } from './catalog/large-catalog.ts';
import { longHistoryCases } from './catalog/long-history.ts';
import { writerCases } from './catalog/writers.ts';
import { report, type BenchCase } from './harness.ts';

/** The sources are enough. */
export const usesBuild = false;

/**
 * The catalog alone, without tables: many writers, many tables, a long history, on each database that there is; and the
 * same work beside Nessie. `--only=writers|nessie|large|history` runs one part.
 */
export default async function catalog({
  json,
  args,
  nessie,
}: {
  json: boolean;
  args: readonly string[];
  nessie: () => Promise<Parameters<typeof nessieCases>[1]>;
}): Promise<void> {
  const cases: BenchCase[] = [];
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const wanted = (part: string) => only === undefined || only === part;
  for (const database of await openDatabases()) {
    try {
      if (wanted('writers')) cases.push(...(await writerCases(database)));
      if (wanted('nessie') && database.name === 'PGlite')
        cases.push(...(await nessieCases(database, await nessie())));
      if (wanted('large')) cases.push(...(await largeCatalogCases(database)));
      if (wanted('history')) cases.push(...(await longHistoryCases(database)));
    } finally {
      await database.close();
    }
  }
  report('catalog', cases, json);
}
