import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableDiffRequest } from '#shared/contract/diff.ts';
import { overwriteFiles } from '#server/iceberg/transaction/overwrite-files.ts';
import { MaintenanceFixture } from '../maintenance/testing/maintenance-fixture.ts';
import { createRef } from '../refs/index.ts';
import { alterTable } from '../tables/index.ts';
import { diffCatalog, diffTableRows } from './index.ts';

let fixture: MaintenanceFixture;

beforeAll(async () => {
  fixture = await MaintenanceFixture.open();
});
afterAll(() => fixture.close());

describe('what differs between two places in history', () => {
  it('is told by key, with what changed apart from what came and went; files that both have are not read', async () => {
    const { ctx } = fixture;
    await fixture.append('ns.t', `SELECT i AS id, 'n' || i AS name FROM range(5) t(i)`, {});
    await createRef(ctx, { name: 'start', type: 'TAG' });
    await fixture.append('ns.t', `SELECT 9 AS id, 'nine' AS name`);
    await fixture.append('ns.t', `SELECT 9 AS id, 'nine' AS name`);
    await createRef(ctx, { name: 'middle', type: 'TAG' });
    await fixture.append('ns.t', `SELECT 10 AS id, 'ten' AS name`);
    const ends = { from: 'start', to: 'main' };
    const diff = await diffTableRows(ctx, 'ns.t', { ...ends, keys: ['id'] });
    expect(diff).toMatchObject({
      keys: ['id'],
      counts: { added: '3', removed: '0', changed: '0' },
      filesRead: { before: 0, after: 3 },
      filesShared: 1,
      rows: [
        { kind: 'added', count: '2', before: null, after: ['9', 'nine'] },
        { kind: 'added', count: '1', after: ['10', 'ten'] },
      ],
    });
    const back = await diffTableRows(ctx, 'ns.t', { from: 'main', to: 'start', limit: 1, offset: 1 });
    expect(back).toMatchObject({
      counts: { removed: '3' },
      rows: [{ kind: 'removed', before: ['10', 'ten'] }],
    });
    expect('next' in back).toBe(false);
    expect(await diffCatalog(ctx, { ...ends, since: 'from', limit: 10, offset: 0 })).toMatchObject({
      changeCount: 1,
      changes: [
        {
          key: 'ns.t',
          kind: 'modified',
          table: { rowsBefore: '5', rowsAfter: '8', addedFiles: 3, removedFiles: 0, rowsInAddedFiles: '3' },
        },
      ],
    });
  });

  it('shows rows that were written again elsewhere as no change, and those with new values as changed', async () => {
    const { ctx } = fixture;
    await fixture.append('ns.u', `SELECT i AS id, i * 10 AS v, [i] AS l FROM range(4) t(i)`, {});
    const from = (await ctx.catalog.getRef('main')).hash;
    await alterTable(ctx, 'ns.u', {
      changes: [
        { action: 'add-column', name: 'extra', type: 'string' },
        { action: 'rename-column', column: ['v'], to: 'value' },
      ],
    });
    const { files, rows } = {
      files: await fixture.files('ns.u'),
      rows: await fixture.rows('SELECT * FROM ns.u'),
    };
    expect([files.length, rows.length]).toEqual([1, 4]);
    const [file] = files;
    if (file === undefined) throw new TypeError('no file');
    await fixture.append(
      'ns.w',
      `SELECT id, CASE WHEN id = 2 THEN 99 ELSE id * 10 END AS value, [id] AS l FROM (SELECT i AS id FROM range(4) t(i)) WHERE id <> 3`,
      {},
    );
    const [other] = await fixture.files('ns.w');
    if (other === undefined) throw new TypeError('no file');
    await fixture.commit('ns.u', (base) =>
      overwriteFiles({ io: ctx.io, base, deletedFiles: [file.file], dataFiles: [other.file] }),
    );
    const diff = await diffTableRows(ctx, 'ns.u', { from, to: 'main', keys: ['id'] });
    expect(diff).toMatchObject({
      counts: { added: '0', removed: '1', changed: '1' },
      schema: {
        added: [{ name: 'extra' }],
        changed: [{ before: { name: 'v' }, after: { name: 'value' } }],
      },
      rows: [
        { kind: 'changed', before: ['2', '20', ['2'], null], after: ['2', '99', ['2'], null] },
        { kind: 'removed', before: ['3', '30', ['3'], null], after: null },
      ],
    });
    expect(diff.changedColumns).toEqual([{ name: 'value', rows: '1' }]);
    await expect(diffTableRows(ctx, 'ns.u', { from, to: 'main', keys: ['nope'] })).rejects.toMatchObject({
      code: 'COLUMN_NOT_FOUND',
    });
    expect(await diffTableRows(ctx, 'ns.u', { from, to: 'main' })).toMatchObject({
      keys: [],
      counts: { added: '1', removed: '2', changed: '0' },
      changedColumns: [],
    });
  });

  it('is filtered by kind, by the column that changed and by text, whatever the counts say of all', async () => {
    const { ctx } = fixture;
    await fixture.append('ns.f', `SELECT i AS id, 'It''s ' || i AS word, i AS n FROM range(4) t(i)`, {});
    const from = (await ctx.catalog.getRef('main')).hash;
    const [file] = await fixture.files('ns.f');
    await fixture.append(
      'ns.g',
      `SELECT * FROM (VALUES (0::BIGINT, 'It''s 0', 10::BIGINT), (1, 'ONE', 1), (2, 'TWO 50%', 20), (7, 'seven', 7)) t(id, word, n)`,
      {},
    );
    const [other] = await fixture.files('ns.g');
    if (file === undefined || other === undefined) throw new TypeError('no file');
    await fixture.commit('ns.f', (base) =>
      overwriteFiles({ io: ctx.io, base, deletedFiles: [file.file], dataFiles: [other.file] }),
    );
    const ask = async (filter: Partial<TableDiffRequest>) => {
      const diff = await diffTableRows(ctx, 'ns.f', { from, to: 'main', keys: ['id'], ...filter });
      expect(diff.counts).toEqual({ added: '1', removed: '1', changed: '3' });
      expect(diff.changedColumns).toEqual([
        { name: 'word', rows: '2' },
        { name: 'n', rows: '2' },
      ]);
      return diff.rows.map(({ kind, before, after }) => `${kind} ${String((after ?? before)?.[0])}`);
    };
    expect(await ask({ kinds: ['added', 'removed'] })).toEqual(['removed 3', 'added 7']);
    expect(await ask({ changedIn: 'n' })).toEqual(['changed 0', 'changed 2']);
    expect(await ask({ changedIn: 'n', text: "it's" })).toEqual(['changed 0', 'changed 2']);
    expect(await ask({ text: '50%' })).toEqual(['changed 2']);
    expect(await ask({ text: 'one', kinds: ['added'] })).toEqual([]);
    await expect(ask({ changedIn: 'nope' })).rejects.toMatchObject({ code: 'COLUMN_NOT_FOUND' });
  });
});
