import type { LocalRelation } from '#shared/contract/plan.ts';
import type { CompletionTable } from './language-facts.ts';

/** Files of this computer as tables that SQL can name. */
export function localTables(files: readonly LocalRelation[]): readonly CompletionTable[] {
  return files.map(({ name, columns }) => ({
    id: name,
    namespace: [],
    name,
    local: true,
    rows: '0',
    comment: 'A file of this computer, which only this tab can read.',
    columns: columns.map((column) => ({ name: column.name, sqlType: column.type })),
  }));
}
