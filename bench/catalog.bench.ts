import { openDatabases } from './catalog/databases.ts';
import { largeCatalogCases } from './catalog/large-catalog.ts';
import { longHistoryCases } from './catalog/long-history.ts';
import { writerCases } from './catalog/writers.ts';
import { report, type BenchCase } from './harness.ts';

/** The sources are enough. */
export const usesBuild = false;

/** The catalog alone, without tables: many writers, many tables, a long history, on each database that there is. */
export default async function catalog({ json }: { json: boolean }): Promise<void> {
  const cases: BenchCase[] = [];
  for (const database of await openDatabases()) {
    try {
      cases.push(...(await writerCases(database)));
      cases.push(...(await largeCatalogCases(database)));
      cases.push(...(await longHistoryCases(database)));
    } finally {
      await database.close();
    }
  }
  report('catalog', cases, json);
}
