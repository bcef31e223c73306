import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MaintenanceFixture } from '../maintenance/testing/maintenance-fixture.ts';
import { mergeRef, createRef } from '../refs/index.ts';
import { alterTable } from '../tables/index.ts';
import { createTableMerger } from './index.ts';

let fixture: MaintenanceFixture;

beforeAll(async () => {
  fixture = await MaintenanceFixture.open();
});
afterAll(() => fixture.close());

describe('merges of branches that changed one table', () => {
  it('have the rows and columns of both, and a dry run writes nothing', async () => {
    const { io, manifests, catalog } = fixture.ctx;
    const ctx = { ...fixture.ctx, merger: createTableMerger({ io, manifests }) };
    await fixture.append('ns.t', 'SELECT 1 AS id', {});
    await createRef(ctx, { name: 'dev' });
    await fixture.append('ns.t', 'SELECT 2 AS id');
    await fixture.append('ns.t', `SELECT 3 AS id, 'x' AS note`, undefined, 'dev');
    const { hash } = await catalog.getRef('main');
    const dry = await mergeRef(ctx, 'main', { from: 'dev', dryRun: true });
    expect(dry).toMatchObject({ outcome: 'COMMITTED', applied: false, changes: [{ key: 'ns.t' }] });
    expect((await catalog.getRef('main')).hash).toBe(hash);
    const merged = await mergeRef(ctx, 'main', { from: 'dev' });
    expect(merged).toMatchObject({ outcome: 'COMMITTED', applied: true, conflicts: [] });
    expect(await fixture.rows('SELECT id, note FROM ns.t ORDER BY id')).toEqual([
      [1, null],
      [2, null],
      [3, 'x'],
    ]);
    expect((await fixture.rows('SELECT * FROM ns.t', 'dev')).length).toBe(2);
  });

  it('tell what clashes as data', async () => {
    const { io, manifests } = fixture.ctx;
    const ctx = { ...fixture.ctx, merger: createTableMerger({ io, manifests }) };
    await fixture.append('ns.u', 'SELECT 1 AS id', {});
    await createRef(ctx, { name: 'other' });
    const rename = (to: string, branch: string) =>
      alterTable(ctx, 'ns.u', {
        branch,
        changes: [{ action: 'rename-column', column: ['id'], to }],
      });
    await rename('a', 'main');
    await rename('b', 'other');
    const merged = await mergeRef(ctx, 'main', { from: 'other' });
    expect(merged).toMatchObject({
      outcome: 'CONFLICTS',
      conflicts: [
        {
          key: 'ns.u',
          kind: 'SCHEMA_CLASH',
          choices: ['OURS', 'THEIRS', 'DROP'],
          detail: { clashes: [{ detail: { base: 'id', ours: 'a', theirs: 'b' } }] },
        },
      ],
    });
  });
});
