import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { partitionValuesOf } from '../partition/partition-values.ts';
import { evaluate, fileOf, scenario, type Row } from '../testing/filter-scenarios.ts';
import { strictMatcher } from './must-match.ts';

function tableOf(type: string, transform: string): { readonly schema: Schema; readonly spec: PartitionSpec } {
  return {
    schema: {
      schemaId: 0,
      fields: [{ id: 1, name: 'c', required: false, type }],
      identifierFieldIds: [],
    },
    spec: { specId: 0, fields: [{ sourceId: 1, fieldId: 1000, name: 'p', transform }] },
  };
}

describe('a file of which every row must match', () => {
  it('has no row that does not', () => {
    const proven = { all: 0, partition: 0 };
    let whole = 0;
    fc.assert(
      fc.property(scenario, ({ type, transform, rows, filter, sparse }) => {
        const { schema, spec } = tableOf(type, transform);
        const groups = new Map<string, Row[]>();
        for (const row of rows) {
          const key = String(partitionValuesOf(spec, schema, () => row).get(1000));
          groups.set(key, [...(groups.get(key) ?? []), row]);
        }
        const matcher = strictMatcher(filter, [schema], [spec]);
        for (const group of groups.values()) {
          const partition = partitionValuesOf(spec, schema, () => group[0] ?? null);
          const file = fileOf(type, group, partition, sparse);
          const holds = group.every((row) => evaluate(filter, row) === true);
          if (holds) whole += 1;
          if (matcher.matchesPartition(file)) {
            proven.partition += 1;
            expect({ group, holds, by: 'partition' }).toMatchObject({ holds: true });
            expect(matcher.matchesAll(file)).toBe(true);
          }
          if (!matcher.matchesAll(file)) continue;
          proven.all += 1;
          expect({ group, holds }).toMatchObject({ holds: true });
        }
      }),
      { numRuns: 2000 },
    );
    // Proving nothing would pass the test above, and would be worth nothing.
    expect(proven.all).toBeGreaterThan(whole / 3);
    expect(proven.partition).toBeGreaterThan(whole / 10);
  });

  it('matches by the value of a date’s partition, but where old writers may have been one off', () => {
    const { schema, spec } = tableOf('date', 'month');
    const file = (month: number): DataFile => ({
      ...fileOf('date', [], new Map([[1000, month]]), true),
      recordCount: 5n,
    });
    const matches = (op: 'lt' | 'gt-eq' | 'gt', value: number, month: number) =>
      strictMatcher({ op, fieldId: 1, value }, [schema], [spec]).matchesAll(file(month));
    // 1970-03-01 is day 59, in month 2.
    expect(matches('gt-eq', 59, 2)).toBe(true);
    expect(matches('gt', 59, 2)).toBe(false);
    expect(matches('lt', 59, 1)).toBe(true);
    expect(matches('lt', 60, 2)).toBe(false);
    // Month -1 is December 1969; an old writer had November there too.
    expect(matches('gt-eq', -31, -1)).toBe(false);
    expect(matches('gt-eq', -61, -1)).toBe(true);
  });

  it('takes a true for every row, negated for none', () => {
    const { schema, spec } = tableOf('int', 'identity');
    const file = fileOf('int', [1, 1], new Map([[1000, 1]]), false);
    const matches = (filter: Expression) => strictMatcher(filter, [schema], [spec]).matchesAll(file);
    expect(matches({ op: 'true' })).toBe(true);
    expect(matches({ op: 'not', child: { op: 'true' } })).toBe(false);
    expect(matches({ op: 'not', child: { op: 'false' } })).toBe(true);
    const unlike = { op: 'and', left: { op: 'true' }, right: { op: 'eq', fieldId: 1, value: 2 } } as const;
    expect(matches({ op: 'not', child: unlike })).toBe(true);
  });

  it('is told by a list of values that is gone through once, whatever files are asked', () => {
    const { schema, spec } = tableOf('int', 'void');
    const values = Array.from({ length: 1000 }, (_, at) => 1000 - at);
    const reads = vi.spyOn(values, Symbol.iterator);
    const matches = (op: 'in' | 'not-in') => {
      const matcher = strictMatcher({ op, fieldId: 1, values }, [schema], [spec]);
      return [5, 0, 1000, 2000].map((value) =>
        matcher.matchesAll(fileOf('int', [value], new Map([[1000, null]]), false)),
      );
    };
    expect([matches('in'), matches('not-in')]).toEqual([
      [true, false, true, false],
      [false, true, false, true],
    ]);
    expect(reads).toHaveBeenCalledTimes(1);
  });
});
