import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import type { Operation } from '#server/catalog/model.ts';
import { createDatabaseCatalogStore } from '#server/catalog/store/database-catalog-store.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import type { BenchDatabase } from './databases.ts';

const LARGE = 100_000;
const SMALL = 2_000;
const by = { author: 'bench', properties: {}, requirements: [] };

/** What a catalog of 100,000 tables costs, against one of 2,000 on the same database; every run starts with cold caches. */
export async function largeCatalogCases({ name, database }: BenchDatabase): Promise<BenchCase[]> {
  const building = performance.now();
  const large = await Sized.build(database, LARGE);
  const built = performance.now() - building;
  const small = await Sized.build(database, SMALL);
  const peer = (run: (sized: Sized) => Promise<number>) => ({
    name: `${SMALL.toLocaleString('en')} tables`,
    run: () => run(small),
  });
  const compare = (what: string, work: string, run: (sized: Sized) => Promise<number>, aim: number) =>
    measure({
      name: `${what}, 100,000 tables, ${name}`,
      work,
      ours: () => run(large),
      peer: peer(run),
      aim,
    });
  const cases = [
    await compare('branch', 'a branch at the head', (sized) => sized.branch(), 2),
    await compare('commit', 'one table changed', (sized) => sized.commit(), 3),
    await compare('diff of 10', 'ten tables differ between two commits', (sized) => sized.diff(), 3),
    await compare(
      'merge of 1,000',
      'a branch with 1,000 changed tables into one with 10 others',
      (sized) => sized.merge(),
      3,
    ),
  ];
  const memory = Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
  return cases.map((one, index) =>
    index === 0 ? { ...one, note: `built in ${Math.round(built)} ms; heap ${memory} MB afterwards` } : one,
  );
}

class Sized {
  private round = 0;

  private constructor(
    private readonly database: OpenDatabase,
    private readonly size: number,
    private readonly main: string,
  ) {}

  static async build(database: OpenDatabase, size: number): Promise<Sized> {
    const sized = new Sized(database, size, `size-${size}`);
    const catalog = await sized.open();
    const { hash } = await catalog.getRef('main');
    const root = (await catalog.log(hash, { limit: 1_000_000 })).commits.at(-1)?.parents[0] ?? hash;
    await catalog.createRef({ name: sized.main, type: 'BRANCH', hash: root });
    const operations = Array.from({ length: size }, (_, index) => sized.put(index, 0));
    await catalog.commit({ ...by, branch: sized.main, message: 'All tables', operations });
    return sized;
  }

  async branch(): Promise<number> {
    const catalog = await this.open();
    const { hash } = await catalog.getRef(this.main);
    const name = this.name();
    return timed(() => catalog.createRef({ name, type: 'BRANCH', hash }));
  }

  async commit(): Promise<number> {
    const catalog = await this.open();
    const operations = [this.put(this.spread(1)[0] ?? 0, ++this.round)];
    return timed(() => catalog.commit({ ...by, branch: this.main, message: 'One', operations }));
  }

  async diff(): Promise<number> {
    const changed = await this.change(await this.branchOff(), 10);
    const catalog = await this.open();
    const { hash } = await catalog.getRef(this.main);
    return timed(() => catalog.diff(hash, changed));
  }

  async merge(): Promise<number> {
    const [ours, theirs] = [await this.branchOff(), await this.branchOff()];
    await this.change(ours, 10, 1);
    const from = await this.change(theirs, 1000, 2);
    const catalog = await this.open();
    return timed(async () => {
      const { outcome } = await catalog.merge({ branch: ours, from });
      if (outcome !== 'COMMITTED') throw new Error(`The merge ended as ${outcome}`);
    });
  }

  /** With nothing in its caches. */
  private open(): Promise<Catalog> {
    return createCatalog({ store: createDatabaseCatalogStore(this.database.db) });
  }

  private async branchOff(): Promise<string> {
    const catalog = await this.open();
    const { hash } = await catalog.getRef(this.main);
    return (await catalog.createRef({ name: this.name(), type: 'BRANCH', hash })).name;
  }

  private async change(branch: string, count: number, offset = 0): Promise<string> {
    const catalog = await this.open();
    this.round += 1;
    const operations = this.spread(count).map((index) => this.put((index + offset) % this.size, this.round));
    const { hash } = await catalog.commit({ ...by, branch, message: `${count} tables`, operations });
    return hash;
  }

  /** Indexes all over the catalog: the worst case of a tree. Those of 1,000 and of 10, moved by one, never meet. */
  private spread(count: number): readonly number[] {
    const step = Math.floor(this.size / count);
    return Array.from({ length: count }, (_, index) => index * step);
  }

  private put(index: number, version: number): Operation {
    const key = [`ns_${index % 100}`, `table_${String(index).padStart(6, '0')}`];
    const metadataLocation = `file:///warehouse/${key.join('/')}/metadata/${version}.metadata.json`;
    const value = { metadataLocation, snapshotId: String(version), schemaId: 0, specId: 0, sortOrderId: 0 };
    return { kind: 'put', key, content: { type: 'ICEBERG_TABLE', id: key.join('.'), value } };
  }

  private name(): string {
    this.round += 1;
    return `${this.main}-${this.round}`;
  }
}
