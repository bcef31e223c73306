import { expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { ExtensionFolder, KeptExtension } from '../services/extensions/index.ts';
import { runCli } from './program.ts';

const INET: KeptExtension = {
  name: 'inet',
  version: 'v1',
  madeFor: 'v1.5.6',
  platform: 'linux_amd64',
  fits: true,
};

async function run(folder: Partial<ExtensionFolder>, ...words: string[]) {
  const lines: string[] = [];
  const lakehouses: (string | undefined)[] = [];
  const none = async () => undefined;
  const code = await runCli(['node', 'timestream', 'extensions', ...words], '1.0.0', {
    serve: none,
    register: none,
    write: none,
    extensions: async ({ lakehouse }) => {
      lakehouses.push(lakehouse);
      return folder as ExtensionFolder;
    },
    connect: () => Promise.reject(new TypeError('no server')),
    print: (line) => lines.push(line),
  });
  return { code, lines, lakehouses };
}

it('adds files to the lakehouse that is named, one after the other, and needs no server', async () => {
  const added: string[] = [];
  const add = async (file: string) => {
    added.push(file);
    return INET;
  };
  const { code, lines, lakehouses } = await run({ add }, 'add', 'a', 'b', '-l', 'lake');
  expect({ code, added, lakehouses }).toEqual({ code: 0, added: ['a', 'b'], lakehouses: ['lake'] });
  expect(lines).toEqual([
    'Added inet v1 (DuckDB v1.5.6, linux_amd64).',
    'Added inet v1 (DuckDB v1.5.6, linux_amd64).',
    'The server loads them when it starts, and tabs theirs when a page is opened after that.',
  ]);
  const refuse = () => Promise.reject(new AppError('INVALID_INPUT', 'The file a is made for browsers.'));
  expect((await run({ add: refuse }, 'add', 'a')).code).toBe(2);
  expect((await run({ add }, 'add')).code).toBe(2);
});

it('lists and removes', async () => {
  const list = async () => [INET, { ...INET, madeFor: 'v1.5.0', fits: false }];
  expect((await run({ list }, 'list')).lines).toEqual([
    'inet v1 (DuckDB v1.5.6, linux_amd64)',
    'inet v1 (DuckDB v1.5.0, linux_amd64): not loaded, the engine is another',
  ]);
  expect(JSON.parse((await run({ list }, 'list', '--json')).lines.join(''))).toEqual(await list());
  expect((await run({ list: async () => [] }, 'list')).lines).toEqual(['No extensions.']);
  const removed: string[] = [];
  const { code } = await run({ remove: async (name) => void removed.push(name) }, 'remove', 'inet');
  expect({ code, removed }).toEqual({ code: 0, removed: ['inet'] });
});
