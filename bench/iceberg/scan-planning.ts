import type { Expression } from '#shared/iceberg/expression.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { measure, type BenchCase } from '../harness.ts';
import type { Peer } from './peer.ts';
import { DAY, dayRange, ORDER_ID, orderRange, type WideTable } from './wide-table.ts';

/** As the server has it. */
export const CACHE_BYTES = 256 * 1024 * 1024;
const COLD = 1 / 3;
const WARM = 1 / 10;

interface Filter {
  readonly what: string;
  readonly column: string;
  readonly fieldId: number;
  readonly range: { readonly start: number; readonly end: number };
  /** As PyIceberg takes the values. */
  readonly text: (value: number) => number | string;
}

/** Which files a selective filter leaves of a table of many, against PyIceberg's `plan_files` of the same metadata. */
export async function scanPlanningCases(
  io: FileIO,
  peer: Peer,
  { staged, files }: WideTable,
): Promise<BenchCase[]> {
  const filters: readonly Filter[] = [
    {
      what: 'by bounds, every manifest looked at',
      column: 'order_id',
      fieldId: ORDER_ID,
      range: orderRange(files),
      text: Number,
    },
    {
      what: 'by partition, most manifests ruled out',
      column: 'day',
      fieldId: DAY,
      range: dayRange(files),
      text: (day) => new Date(day * 86_400_000).toISOString().slice(0, 10),
    },
  ];
  const cases: BenchCase[] = [];
  for (const { what, column, fieldId, range, text } of filters) {
    const filter: Expression = {
      op: 'and',
      left: { op: 'gt-eq', fieldId, value: column === 'day' ? range.start : BigInt(range.start) },
      right: { op: 'lt', fieldId, value: column === 'day' ? range.end : BigInt(range.end) },
    };
    let found = 0;
    const ours = async (cache: ManifestCache) => {
      const started = performance.now();
      const plan = await planFiles({ io, metadata: staged.metadata, filter, cache });
      found = plan.files.length;
      return performance.now() - started;
    };
    const theirs = async (cold: boolean) => {
      const answer = await peer.ask('plan', {
        metadata: staged.newMetadataLocation,
        column,
        start: text(range.start),
        end: text(range.end),
        cold,
      });
      if (answer['files'] !== found)
        throw new AppError('INTERNAL', `PyIceberg plans ${answer['files']} files ${what}, and we ${found}.`);
      return answer['ms'] ?? Number.NaN;
    };
    const kept = new ManifestCache(CACHE_BYTES);
    for (const cold of [true, false]) {
      const state = cold ? 'cold' : 'warm';
      cases.push(
        await measure({
          name: `plan ${files.toLocaleString('en')} files, ${state}, ${what.split(',')[0]}`,
          work: `files of ${files} that a filter leaves (${what}), ${cold ? 'nothing kept of them' : 'planned before'}`,
          ours: () => ours(cold ? new ManifestCache(CACHE_BYTES) : kept),
          peer: { name: 'PyIceberg plan_files', run: () => theirs(cold) },
          aim: cold ? COLD : WARM,
        }),
      );
    }
  }
  return cases;
}
