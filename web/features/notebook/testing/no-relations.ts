import type { CellPorts } from '../model/notebook-store.ts';
import { Outliner } from '../model/outliner.ts';

/** Ports of notebooks in which no cell reads another: whoever asks all the same fails. */
export function noRelations(): CellPorts {
  return {
    outliner: new Outliner(() => Promise.reject(new Error('No text of this test names a cell.'))),
    compose: () => Promise.reject(new Error('No text of this test names a cell.')),
    check: () => Promise.reject(new Error('Nothing of this test asks for columns.')),
  };
}
