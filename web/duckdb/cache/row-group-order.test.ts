// @vitest-environment node
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowGroupOrder } from './row-group-order.ts';

const groups = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 });

it('passes rows on in the order of the file, whichever worker is ahead', () => {
  fc.assert(
    fc.property(
      groups,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat()),
      (rows, shares, random) => {
        const seen: string[] = [];
        const order = new RowGroupOrder<string>(shares, (piece) => seen.push(piece));
        order.opened(rows);
        // A piece a row, as each worker reads them.
        const queues = Array.from({ length: shares }, (_, share) =>
          rows.flatMap((count, group) =>
            group % shares === share ? Array.from({ length: count }, (__, row) => `${group}.${row}`) : [],
          ),
        );
        for (;;) {
          const open = queues.flatMap((queue, share) => (queue.length > 0 ? [share] : []));
          const share = open[(random.next().value ?? 0) % open.length];
          if (share === undefined) break;
          order.add(share, queues[share]?.shift() ?? '', 1);
        }
        expect(seen).toEqual(
          rows.flatMap((count, group) => Array.from({ length: count }, (_, row) => `${group}.${row}`)),
        );
      },
    ),
  );
});

it('refuses rows that are of two groups', () => {
  const order = new RowGroupOrder<string>(2, () => undefined);
  order.opened([3, 3]);
  expect(() => order.add(0, 'four rows', 4)).toThrow('order');
});
