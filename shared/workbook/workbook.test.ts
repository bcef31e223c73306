import { readSheet } from 'read-excel-file/universal';
import { expect, it } from 'vitest';
import { workbook, workbookNotes } from './workbook.ts';
import { writeZip, type ZipEntry } from './zip.ts';

async function archive(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): Promise<Blob> {
  let file = new Uint8Array();
  const write = async (bytes: Uint8Array, at: number) => {
    const longer = new Uint8Array(Math.max(file.length, at + bytes.length));
    longer.set(file);
    longer.set(bytes, at);
    file = longer;
  };
  expect(await writeZip({ write }, entries)).toBe(file.length);
  return new Blob([file]);
}

it('goes on with another sheet where one is full, under the same header', async () => {
  const outcome = { rows: 0, sheets: 0, cut: 0 };
  const batches = async function* () {
    yield Array.from({ length: 5 }, (_, row) => [String(row), 'x'.repeat(row === 0 ? 40_000 : 1)]);
    await Promise.resolve();
    yield [];
    yield [['5', null]];
  };
  const columns = [
    { name: 'n', type: 'INTEGER' },
    { name: 't', type: 'VARCHAR' },
  ];
  const bytes = await archive(workbook(columns, batches(), outcome, 4));
  expect(outcome).toEqual({ rows: 6, sheets: 2, cut: 1 });
  expect((await readSheet(bytes, 'Result')).map(([n]) => n)).toEqual(['n', 0, 1, 2]);
  const second = await readSheet(bytes, 'Result 2');
  expect(second.map(([n]) => n)).toEqual(['n', 3, 4, 5]);
  expect(workbookNotes(outcome)).toEqual([
    'A sheet of Excel ends at 1,048,576 rows: the rows are on 2 sheets.',
    'A cell of Excel ends at 32,767 characters: 1 texts were cut there.',
  ]);
});

it('ends with what went wrong, in the rows or in the file, and takes no more rows then', async () => {
  const broken = async function* () {
    yield 'a'.repeat(200_000);
    throw new RangeError('no more rows');
  };
  await expect(archive([{ name: 'a', content: broken() }])).rejects.toThrow('no more rows');

  let given = 0;
  const endless = function* () {
    for (;;) {
      given += 1;
      yield Array.from({ length: 70_000 }, () => Math.random().toString(36)).join('');
    }
  };
  let room = 2_000_000;
  const full = {
    write: async (bytes: Uint8Array) => {
      room -= bytes.length;
      if (room < 0) throw new RangeError('the disk is full');
    },
  };
  await expect(writeZip(full, [{ name: 'a', content: endless() }])).rejects.toThrow('the disk is full');
  expect(given).toBeLessThan(40);
});
