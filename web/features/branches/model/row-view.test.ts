import { describe, expect, it } from 'vitest';
import { rowLook } from '#web/lib/row-look.ts';
import { filterOf, isFiltered, lookOf, viewOf, withoutFilter } from './row-view.ts';

describe('which rows are looked at', () => {
  it('is nothing but "shown" in the URL where it is as usual', () => {
    expect(lookOf(viewOf(undefined), undefined)).toEqual({ shown: true });
    expect(isFiltered(viewOf({}))).toBe(false);
  });

  it('comes back from the URL as it was, and goes to the API as it takes it', () => {
    const view = viewOf({
      kind: 'changed',
      changedIn: 'price',
      text: 'sale',
      changedAs: 'two-lines',
      changedOnly: true,
    });
    const look = lookOf(view, ['sku']);
    expect(viewOf(rowLook.parse(JSON.parse(JSON.stringify(look))))).toEqual(view);
    expect(look.keys).toEqual(['sku']);
    expect(filterOf(view)).toEqual({ kinds: ['changed'], changedIn: 'price', text: 'sale' });
  });

  it('is every row without its filter, shown as before', () => {
    const view = viewOf({ kind: 'added', text: 'x', changedAs: 'two-lines', changedOnly: true });
    expect(isFiltered(view)).toBe(true);
    expect(isFiltered(withoutFilter(view))).toBe(false);
    expect(withoutFilter(view)).toMatchObject({ changedAs: 'two-lines', changedOnly: true });
  });
});
