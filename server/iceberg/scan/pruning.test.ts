import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { summarizePartitions } from '../manifest/partition-summary.ts';
import { typedPartitionFields } from '../manifest/partition-type.ts';
import { partitionValuesOf } from '../partition/partition-values.ts';
import { evaluate, fileOf, scenario, type Row } from '../testing/filter-scenarios.ts';
import { ManifestView } from '../manifest/manifest-view.ts';
import { writeManifest } from '../manifest/write-manifest.ts';
import { conjunctsOf } from './file-pruner.ts';

describe('pruning', () => {
  it('never drops a file or a manifest that has a matching row', () => {
    let kept = 0;
    let pruned = 0;
    fc.assert(
      fc.property(scenario, ({ type, transform, rows, filter, sparse }) => {
        const schema: Schema = {
          schemaId: 0,
          fields: [{ id: 1, name: 'c', required: false, type }],
          identifierFieldIds: [],
        };
        const spec: PartitionSpec = {
          specId: 0,
          fields: [{ sourceId: 1, fieldId: 1000, name: 'p', transform }],
        };
        const groups = new Map<string, Row[]>();
        for (const row of rows) {
          const value = partitionValuesOf(spec, schema, () => row).get(1000);
          const key = `${typeof value} ${String(value)}`;
          groups.set(key, [...(groups.get(key) ?? []), row]);
        }
        const files = [...groups.values()].map((group) => {
          const partition = partitionValuesOf(spec, schema, () => group[0] ?? null);
          return { group, file: fileOf(type, group, partition, sparse) };
        });
        const manifest: ManifestFile = {
          manifestPath: 'm',
          manifestLength: 1n,
          partitionSpecId: 0,
          content: 'data',
          sequenceNumber: 1n,
          minSequenceNumber: 1n,
          addedSnapshotId: 1n,
          partitions: summarizePartitions(
            typedPartitionFields(spec, [schema]),
            files.map(({ file }) => file.partition),
          ),
        };
        const conjuncts = conjunctsOf(filter, [schema], [spec]);
        for (const { group, file } of files) {
          const matches = group.some((row) => evaluate(filter, row) === true);
          const keeps = conjuncts.every((conjunct) => conjunct.matchesFile(file));
          if (matches) expect({ keeps, file, group }).toMatchObject({ keeps: true });
          if (matches) expect(conjuncts.every((conjunct) => conjunct.matchesManifest(manifest))).toBe(true);
          if (keeps) kept += 1;
          else pruned += 1;
        }
      }),
      { numRuns: 2000 },
    );
    // Pruning nothing would pass the test above, and would be worth nothing.
    expect(pruned).toBeGreaterThan((kept + pruned) / 5);
  });
});

describe('pruning a manifest', () => {
  it('rules out what its files by themselves rule out, by partition or by bounds', async () => {
    const by = { partition: 0, bounds: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ type, transform, rows, filter, sparse }) => {
        const schema: Schema = {
          schemaId: 0,
          fields: [{ id: 1, name: 'c', required: false, type }],
          identifierFieldIds: [],
        };
        const spec: PartitionSpec = {
          specId: 0,
          fields: [{ sourceId: 1, fieldId: 1000, name: 'p', transform }],
        };
        const files = rows.map((row) =>
          fileOf(
            type,
            [row],
            partitionValuesOf(spec, schema, () => row),
            sparse,
          ),
        );
        const { bytes, manifest } = writeManifest({
          location: 'm',
          formatVersion: 2,
          content: 'data',
          spec,
          schemas: [schema],
          snapshotId: 1n,
          entries: files.map((dataFile) => ({ status: 'added', snapshotId: 1n, dataFile })),
        });
        const view = await ManifestView.read(bytes, { ...manifest, sequenceNumber: 1n });
        for (const conjunct of conjunctsOf(filter, [schema], [spec])) {
          const ruledOut = conjunct.rulesOut(view);
          for (const [index, file] of files.entries()) {
            const kept = conjunct.matchesFile(file) ? null : 'bounds';
            const expected = conjunct.matchesPartition(file) ? kept : 'partition';
            expect(ruledOut(index)).toBe(expected);
            by[expected ?? 'kept'] += 1;
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(by.partition, by.bounds, by.kept)).toBeGreaterThan(50);
  });
});

describe('pruning by literals that are not exact in the column', () => {
  const file = (type: string, from: IcebergValue, to: IcebergValue) =>
    fileOf(type, [from, to], new Map(), false);
  const keeps = (type: string, filter: Expression, of: DataFile) => {
    const schema = {
      schemaId: 0,
      fields: [{ id: 1, name: 'c', required: false, type }],
      identifierFieldIds: [],
    };
    return conjunctsOf(filter, [schema], []).every((conjunct) => conjunct.matchesFile(of));
  };
  const leaf = (op: 'eq' | 'lt' | 'gt' | 'gt-eq' | 'lt-eq', value: IcebergValue) =>
    ({ op, fieldId: 1, value }) as const;

  it('a decimal literal in a FLOAT column matches the float nearest to it', () => {
    const tenth = file('float', Math.fround(0.1), Math.fround(0.1));
    expect(keeps('float', leaf('eq', 0.1), tenth)).toBe(true);
    expect(keeps('float', leaf('eq', 0.2), tenth)).toBe(false);
  });

  it('a decimal of more digits than the column lies between two of its values', () => {
    const of = file('decimal(9, 2)', 100n, 123n);
    expect(keeps('decimal(9, 2)', leaf('gt', '1.231'), of)).toBe(false);
    expect(keeps('decimal(9, 2)', leaf('gt', '1.229'), of)).toBe(true);
    expect(keeps('decimal(9, 2)', leaf('lt', 1), of)).toBe(false);
    expect(keeps('decimal(9, 2)', leaf('lt-eq', 1), of)).toBe(true);
    expect(keeps('decimal(9, 2)', leaf('lt', '-0.001'), file('decimal(9, 2)', 0n, 1n))).toBe(false);
  });

  it('a double beyond 2^53 prunes no BIGINT, which DuckDB rounds to compare', () => {
    const of = file('long', 2n ** 53n + 1n, 2n ** 53n + 1n);
    expect(keeps('long', leaf('eq', 2 ** 53), of)).toBe(true);
    expect(keeps('long', leaf('eq', 2n ** 53n), of)).toBe(false);
  });

  it('a fraction in an INTEGER column', () => {
    const of = file('int', 1, 5);
    expect(keeps('int', leaf('gt', 5.5), of)).toBe(false);
    expect(keeps('int', leaf('gt', 4.5), of)).toBe(true);
  });

  it('a literal of another type prunes only what is all null', () => {
    expect(keeps('string', leaf('eq', 5), file('string', 'a', 'b'))).toBe(true);
  });

  it('what cannot be said prunes nothing, negated either', () => {
    const of = file('int', 1, 5);
    expect(keeps('int', { op: 'not', child: { op: 'true' } }, of)).toBe(true);
    expect(
      keeps('int', { op: 'not', child: { op: 'or', left: { op: 'true' }, right: leaf('eq', 3) } }, of),
    ).toBe(true);
    expect(keeps('int', { op: 'eq', fieldId: 99, value: 7 }, of)).toBe(true);
  });
});
