import { describe, expect, it } from 'vitest';
import { fileIOContract } from './file-io.contract.ts';
import { createMemoryFileIO } from './memory-file-io.ts';

fileIOContract('memory', async () => createMemoryFileIO());
fileIOContract('memory with another root', async () =>
  createMemoryFileIO({ root: 's3://bucket/lake house' }),
);

describe('the memory FileIO', () => {
  it('has no local files', async () => {
    const io = createMemoryFileIO();
    await io.putIfAbsent(`${io.root}/a`, new Uint8Array(1));
    expect(io.localPath(`${io.root}/a`)).toBeNull();
  });
});
