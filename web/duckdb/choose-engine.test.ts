// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { chooseEngine, mayComeToTab, type ChoiceInput } from './choose-engine.ts';

const MB = 1_000_000;
const nothing = { files: 0, columns: 0, bytes: 0 };

function input(changes: {
  readonly missing?: ChoiceInput['missing'];
  readonly preference?: ChoiceInput['preference'];
  readonly state?: ChoiceInput['status']['state'];
  readonly planned?: Partial<ChoiceInput['plan']['engine']>;
  readonly bytes?: number;
  readonly loadsAhead?: boolean;
}): ChoiceInput {
  return {
    plan: {
      bytes: changes.bytes ?? 5 * MB,
      engine: { choice: 'browser', reason: 'It needs 5 MB.', browserCapable: true, ...changes.planned },
    },
    missing: changes.missing ?? nothing,
    preference: changes.preference ?? 'auto',
    loadsAhead: changes.loadsAhead ?? true,
    status: {
      state: changes.state ?? 'ready',
      cache: { bytes: 0, budget: 1000 * MB, columns: 0 },
      ...(changes.state === 'failed' ? { error: 'no WebAssembly.' } : {}),
    },
  };
}

const someMissing = { files: 6, columns: 12, bytes: 5 * MB };

describe('chooseEngine', () => {
  it('runs in the tab what the tab holds', () => {
    expect(chooseEngine(input({}))).toEqual({
      engine: 'browser',
      reason: 'The tab holds every column that it needs.',
      warm: false,
    });
  });

  it('says of what needs no columns what the plan says, and not that the tab holds them', () => {
    const planned = { reason: 'It needs no data files.' };
    expect(chooseEngine(input({ bytes: 0, planned }))).toEqual({
      engine: 'browser',
      reason: 'It needs no data files.',
      warm: false,
    });
  });

  it('says which materialized view answers, once, whoever runs it', () => {
    const line = 'Answered from the materialized view a.by_day, fresh at snapshot 5.';
    const [view] = [{ table: 'a.by_day', fresh: true, reason: 'it is', insteadOf: ['a.t'], snapshotId: '5' }];
    const asked = input({ planned: { reason: `It needs 5 MB. ${line}` } });
    const withView = { ...asked, plan: { ...asked.plan, views: [view] } };
    expect(chooseEngine(withView).reason).toBe(
      'The tab holds every column that it needs. Answered from the materialized view a.by_day, fresh at snapshot 5.',
    );
    const { engine } = withView.plan;
    const onServer = {
      ...withView,
      plan: { ...withView.plan, engine: { ...engine, choice: 'server' as const } },
    };
    expect(chooseEngine(onServer).reason).toBe(`It needs 5 MB. ${line}`);
  });

  it('says that metadata answered, whoever passes the answer on', () => {
    const reason = 'Answered from metadata, 0 bytes read.';
    const { plan, ...rest } = input({ bytes: 0, planned: { reason } });
    const answered = { ...rest, plan: { ...plan, answeredFrom: 'metadata' as const } };
    expect(chooseEngine(answered)).toEqual({ engine: 'browser', reason, warm: false });
    const server = { engine: 'server', reason, warm: false };
    expect(chooseEngine({ ...answered, preference: 'server' })).toEqual(server);
    const starting = { ...answered, status: { ...answered.status, state: 'starting' as const } };
    expect(chooseEngine(starting)).toEqual(server);
  });

  it('lets the server answer what the tab lacks, and warms the tab', () => {
    const choice = chooseEngine(input({ missing: someMissing }));
    expect(choice).toMatchObject({ engine: 'server', warm: true });
    expect(choice.reason).toContain('5 MB in 6 files');
  });

  it('loads nothing that nobody asked the tab for where the person or the lakehouse wants it so', () => {
    for (const changes of [{ loadsAhead: false }, { planned: { loadAhead: false } }]) {
      for (const state of ['ready', 'starting'] as const)
        expect(chooseEngine(input({ missing: someMissing, state, ...changes }))).toMatchObject({
          engine: 'server',
          reason: expect.not.stringContaining('loads it') as string,
          warm: false,
        });
      expect(chooseEngine(input({ missing: someMissing, preference: 'browser', ...changes })).engine).toBe(
        'browser',
      );
      expect(chooseEngine(input(changes)).engine).toBe('browser');
    }
  });

  it('does not wait for an engine that is still starting', () => {
    for (const state of ['starting', 'restarting'] as const) {
      expect(chooseEngine(input({ state, missing: someMissing }))).toMatchObject({
        engine: 'server',
        warm: true,
      });
      // It needs no data, and yet the engine that would run it is not there.
      expect(chooseEngine(input({ state }))).toMatchObject({ engine: 'server' });
    }
  });

  it('says why the engine does not run, and does not warm it', () => {
    const choice = chooseEngine(input({ state: 'failed', missing: someMissing }));
    expect(choice).toMatchObject({ engine: 'server', warm: false });
    expect(choice.reason).toContain('no WebAssembly');
  });

  it('follows the person', () => {
    expect(chooseEngine(input({ preference: 'server' }))).toMatchObject({ engine: 'server', warm: false });
    const inTab = chooseEngine(input({ preference: 'browser', missing: someMissing, state: 'starting' }));
    expect(inTab).toMatchObject({ engine: 'browser' });
    expect(inTab.reason).toContain('loads 5 MB in 6 files first');
  });

  it('gives the plan’s reason for what the tab’s engine can’t run, whatever the person chose', () => {
    const planned = {
      choice: 'server',
      reason: 'The tab’s engine has no json_extract.',
      browserCapable: false,
    } as const;
    for (const preference of ['auto', 'browser'] as const) {
      expect(chooseEngine(input({ preference, planned }))).toEqual({
        engine: 'server',
        reason: planned.reason,
        warm: false,
      });
    }
  });

  it('follows the plan where it prefers the server', () => {
    const planned = { choice: 'server', reason: 'The result is small and the input is not.' } as const;
    expect(chooseEngine(input({ planned, missing: someMissing }))).toMatchObject({
      engine: 'server',
      reason: 'The result is small and the input is not.',
      warm: false,
    });
  });

  it('never loads what exceeds the budget, even when asked to', () => {
    for (const preference of ['auto', 'browser'] as const) {
      const choice = chooseEngine(
        input({ preference, bytes: 600 * MB, missing: { files: 9, columns: 9, bytes: 600 * MB } }),
      );
      expect(choice).toMatchObject({ engine: 'server', warm: false });
      expect(choice.reason).toContain('1.2 GB');
    }
  });

  it('does not warm up what would push out half of the cache', () => {
    const choice = chooseEngine(
      input({ bytes: 300 * MB, missing: { files: 9, columns: 9, bytes: 300 * MB } }),
    );
    expect(choice).toMatchObject({ engine: 'server', warm: false });
    expect(choice.reason).not.toContain('next run');
  });
});

it.each([
  [true, { preference: 'auto', tabEngine: 'on', loadsAhead: true }],
  [false, { preference: 'auto', tabEngine: 'on', loadsAhead: false }],
  [false, { preference: 'auto', tabEngine: 'asked', loadsAhead: true }],
  [true, { preference: 'browser', tabEngine: 'asked', loadsAhead: false }],
  [false, { preference: 'browser', tabEngine: 'off', loadsAhead: true }],
  [false, { preference: 'server', tabEngine: 'on', loadsAhead: true }],
  [false, { preference: 'cluster', tabEngine: 'on', loadsAhead: true }],
] as const)('queries may come to the tab: %s of %o', (expected, outlook) => {
  expect(mayComeToTab(outlook)).toBe(expected);
});
