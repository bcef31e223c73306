import { catalogContract } from './catalog.contract.ts';
import { createMemoryCatalogStore } from './store/memory-catalog-store.ts';
import { mergingContract } from './merging.contract.ts';
import { versioningContract } from './versioning.contract.ts';

catalogContract(async () => createMemoryCatalogStore());
mergingContract(async () => createMemoryCatalogStore());
versioningContract(async () => createMemoryCatalogStore());
