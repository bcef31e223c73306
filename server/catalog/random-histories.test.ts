import { it } from 'vitest';
import { createMemoryCatalogStore } from './store/memory-catalog-store.ts';
import { checkRandomHistories } from './testing/random-histories.ts';

it('agrees with a naive model over random histories with merges, renames and resets', async () => {
  await checkRandomHistories(async () => createMemoryCatalogStore(), 300);
});
