import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { catalogObjects, catalogRefs } from '#server/db/schema.ts';
import { testDatabases } from '#server/db/testing.ts';
import { catalogContract } from '../catalog.contract.ts';
import { createDatabaseCatalogStore } from './database-catalog-store.ts';

describe.each(testDatabases())('on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    await database.db.delete(catalogRefs);
    await database.db.delete(catalogObjects);
  });
  afterAll(() => database.close());

  catalogContract(async () => createDatabaseCatalogStore(database.db));
});
