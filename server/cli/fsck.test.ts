import { expect, it } from 'vitest';
import type { FsckResult } from '#shared/contract/fsck.ts';
import { runCli } from './program.ts';

const clean: FsckResult = {
  clean: true,
  deep: false,
  checked: {
    refs: 1,
    commits: 2,
    nodes: 3,
    tableVersions: 1,
    expiredVersions: 0,
    views: 0,
    manifestLists: 1,
    manifests: 1,
    files: 4,
    bytes: '500',
  },
  faultCount: 0,
  faults: [],
};
const damaged: FsckResult = {
  ...clean,
  clean: false,
  faultCount: 1,
  faults: [
    {
      kind: 'data-file',
      problem: 'It is gone.',
      ref: 'main',
      commit: 'ab'.repeat(32),
      table: 'shop.t',
      file: 's3://w/f.parquet',
    },
  ],
};

async function run(result: FsckResult, ...words: string[]) {
  const lines: string[] = [];
  const asked: string[] = [];
  const none = async () => undefined;
  const code = await runCli(['node', 'timestream', 'fsck', ...words], '1.0.0', {
    serve: none,
    register: none,
    write: none,
    extensions: () => Promise.reject(new TypeError('no extensions')),
    connect: async () => ({
      close: none,
      download: async () => Promise.reject(new TypeError('no file')),
      call: async (method, path) => {
        asked.push(`${method} ${path}`);
        return result;
      },
    }),
    print: (line) => lines.push(line),
  });
  return { code, lines, asked };
}

it('ends with 0 where everything is whole, and says what was looked at', async () => {
  const { code, lines, asked } = await run(clean, '--deep');
  expect({ code, asked }).toEqual({ code: 0, asked: ['GET /maintenance/fsck?deep=true'] });
  expect(lines.join('\n')).toMatch(/2 commits.*4 files with 500 bytes\.\nEverything is there and whole\.$/);
});

it('ends with 1 where something is not, after it said what', async () => {
  const { code, lines } = await run(damaged);
  expect(code).toBe(1);
  expect(lines[0]).toBe('! data-file  main → abababababab → shop.t → s3://w/f.parquet: It is gone.');
  const json = await run(damaged, '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.lines.join(''))).toEqual(damaged);
});
