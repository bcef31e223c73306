import { catalogContract } from './catalog.contract.ts';
import { createMemoryCatalogStore } from './store/memory-catalog-store.ts';

catalogContract(async () => createMemoryCatalogStore());
