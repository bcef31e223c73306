import { expect, it } from 'vitest';
import { chooseEngine, type EngineChoiceInput } from './engine-choice.ts';

const none: ReadonlySet<string> = new Set();

function choose(functions: readonly string[], types: readonly string[], serverNames?: ReadonlySet<string>) {
  const input: EngineChoiceInput = {
    usage: {
      functions: new Set(functions),
      types: new Set(types),
      collations: none,
      names: none,
      unnamedColumns: false,
    },
    columnTypes: [],
    utcNanoseconds: false,
    metadataColumns: false,
    bytes: 10,
    browserBytes: 100,
    preference: 'auto',
    answered: false,
    ...(serverNames === undefined ? {} : { serverNames }),
  };
  return chooseEngine(input);
}

it('asks the server for settings', () => {
  expect(choose(['current_setting'], [])).toMatchObject({ choice: 'server', browserCapable: false });
});

it('runs on the server what names a function or a type of its extensions, and says so', () => {
  const loaded = new Set(['host', 'inet']);
  expect(choose(['host'], [], loaded)).toEqual({
    choice: 'server',
    reason: 'Only the server’s engine has the extension with host.',
    browserCapable: false,
  });
  expect(choose([], ['inet'], loaded)).toMatchObject({ choice: 'server', browserCapable: false });
  expect(choose(['lower'], ['varchar'], loaded)).toMatchObject({ choice: 'browser', browserCapable: true });
  expect(choose(['host'], ['inet'])).toMatchObject({ choice: 'browser' });
});
