import type { TakenId } from '../evolution/new-fields.ts';

/** Field ids that tables have given out, for as long as the process lives; the port is FieldIdStore of the tables' service. */
export function createMemoryFieldIds() {
  const tables = new Map<string, Map<number, string>>();
  const of = (tableUuid: string) => {
    const ids = tables.get(tableUuid) ?? new Map<number, string>();
    tables.set(tableUuid, ids);
    return ids;
  };
  return {
    async taken(tableUuid: string, above: number): Promise<readonly TakenId[]> {
      return [...of(tableUuid)].flatMap(([id, definition]) => (id > above ? [{ id, definition }] : []));
    },
    async take(tableUuid: string, ids: readonly TakenId[]): Promise<number> {
      const known = of(tableUuid);
      const fresh = ids.filter(({ id }) => !known.has(id));
      for (const { id, definition } of fresh) known.set(id, definition);
      return fresh.length;
    },
  };
}
