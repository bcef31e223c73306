import type { Catalog } from '#server/catalog/catalog.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import { Turns } from '#server/catalog/turns.ts';

const turnsOfCatalogs = new WeakMap<Catalog, Turns>();

/**
 * Lets the commits to one table that lost a race try again one after the other: each then finds the table as the one
 * before it left it. Among processes the swap of the ref decides.
 */
export function tableTurn(
  { catalog }: { readonly catalog: Catalog },
  branch: string,
  table: ContentKey,
): <R>(action: () => Promise<R>) => Promise<R> {
  let turns = turnsOfCatalogs.get(catalog);
  if (turns === undefined) turnsOfCatalogs.set(catalog, (turns = new Turns()));
  const all = turns;
  return (action) => all.take(JSON.stringify([branch, table]), action);
}
