// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { DecoderStart } from './decoder-start.ts';

/** Loads as often as it is asked; the first times it fails. */
function loading(...failures: readonly Error[]) {
  const seen = { times: 0 };
  const start = new DecoderStart(async () => {
    const failure = failures[seen.times++];
    if (failure !== undefined) throw failure;
  });
  return { seen, start };
}

describe('DecoderStart', () => {
  it('loads once, before anybody asks', async () => {
    const { seen, start } = loading();
    expect(seen.times).toBe(1);
    await start.ready();
    await start.ready();
    expect(seen.times).toBe(1);
  });

  it('fails as a fetch does, and tries again for the next', async () => {
    const away = new TypeError('WebAssembly compilation aborted: Network error');
    const { start } = loading(away, away);
    await expect(start.ready()).rejects.toMatchObject({ name: 'FetchFailure', status: 0 });
    await start.ready();
  });

  it('says where there is no memory for it', async () => {
    const full = new RangeError('WebAssembly.Memory(): could not allocate memory');
    const { start } = loading(full, full);
    await expect(start.ready()).rejects.toMatchObject({ said: { code: 'OUT_OF_MEMORY' } });
  });
});
