import type { FieldIdStore } from '#server/services/tables/index.ts';

/** Field ids of tables, for as long as the process lives. */
export function createMemoryFieldIds(): FieldIdStore {
  const tables = new Map<string, Map<number, string>>();
  const of = (tableUuid: string) => {
    const ids = tables.get(tableUuid) ?? new Map<number, string>();
    tables.set(tableUuid, ids);
    return ids;
  };
  return {
    async taken(tableUuid, above) {
      return [...of(tableUuid)].flatMap(([id, definition]) => (id > above ? [{ id, definition }] : []));
    },
    async take(tableUuid, ids) {
      const known = of(tableUuid);
      const fresh = ids.filter(({ id }) => !known.has(id));
      for (const { id, definition } of fresh) known.set(id, definition);
      return fresh.length;
    },
  };
}
