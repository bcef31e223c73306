import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { createMemoryFileIO } from '#server/storage/memory-file-io.ts';
import { WriteBehind } from './write-behind.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it('gives metadata files out of hand, sixteen at once, and whoever reads one waits for it', async () => {
  const memory = createMemoryFileIO();
  let [running, most] = [0, 0];
  const slow = {
    ...memory,
    root: memory.root,
    read: memory.read.bind(memory),
    exists: memory.exists.bind(memory),
    list: memory.list.bind(memory),
    delete: memory.delete.bind(memory),
    putIfAbsent: async (location: string, content: Uint8Array) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(5);
      running -= 1;
      if (location.includes('full')) throw new AppError('STORAGE_FULL', 'The disk is full.');
      await memory.putIfAbsent(location, content);
    },
  };
  const written = new WriteBehind(slow);
  const at = (name: string) => `${memory.root}/t/${name}`;
  await written.io.putIfAbsent(at('data.parquet'), bytes('now'));
  expect(await memory.exists(at('data.parquet'))).toBe(true);
  for (let index = 0; index < 40; index += 1)
    await written.io.putIfAbsent(at(`${index}.metadata.json`), bytes(String(index)));
  expect(most).toBe(16);
  expect(await memory.exists(at('39.metadata.json'))).toBe(false);
  expect(new TextDecoder().decode(await written.io.read(at('39.metadata.json')))).toBe('39');
  await written.settled();
  await written.io.putIfAbsent(at('m.avro'), bytes('m'));
  await expect(written.io.putIfAbsent(at('m.avro'), bytes('n'))).rejects.toMatchObject({
    code: 'ALREADY_EXISTS',
  });
  await written.io.delete(at('m.avro'));
  expect(await memory.exists(at('m.avro'))).toBe(false);
  const listed: string[] = [];
  await written.io.putIfAbsent(at('last.avro'), bytes('l'));
  for await (const { location } of written.io.list(`${memory.root}/t`)) listed.push(location);
  expect(listed).toHaveLength(42);

  await written.io.putIfAbsent(at('full.avro'), bytes('f'));
  await expect(written.settled()).rejects.toMatchObject({ code: 'STORAGE_FULL' });
});
