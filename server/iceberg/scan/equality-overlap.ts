import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { overlaps, type OpenInterval } from './interval-index.ts';
import { rangeInFile, type ValueRange } from './value-range.ts';

/** One data file beside equality delete files. */
export interface DataOverlap {
  /** The values of the column whose field id `axis` is. */
  readonly interval: (axis: string) => OpenInterval;
  readonly may: (deletes: { readonly file: DataFile }) => boolean;
}

/** Whether the metrics of a data file and of an equality delete file allow that one deletes rows of the other. */
export class EqualityOverlap {
  private readonly types = new Map<number, PrimitiveType>();
  private readonly deletes = new WeakMap<DataFile, readonly (readonly [number, ValueRange])[]>();

  /** @param schemas newest first: deletes may be by a column that the newest has dropped */
  constructor(schemas: readonly Schema[]) {
    for (const schema of schemas)
      for (const [id, { field, repeated }] of indexById(schema)) {
        if (!repeated && isPrimitive(field.type) && !this.types.has(id)) this.types.set(id, field.type);
      }
  }

  /** The values of a column in a delete file, where neither nulls nor NaNs, which equal others, are outside of them. */
  intervalOf(deletes: DataFile, fieldId: number): OpenInterval {
    const type = this.types.get(fieldId);
    if (type === undefined) return {};
    const { mayBeNull, mayBeNan, lower, upper } = rangeInFile(deletes, fieldId, type);
    return mayBeNull || mayBeNan ? {} : { lower, upper };
  }

  /** Whether the metrics of an equality delete file say anything of the columns that it deletes by. */
  isSilent({ equalityIds, nullValueCounts, lowerBounds, upperBounds }: DataFile): boolean {
    const maps = [nullValueCounts, lowerBounds, upperBounds];
    return (equalityIds ?? []).every(
      (id) => !this.types.has(id) || maps.every((map) => map?.has(id) !== true),
    );
  }

  /** What a data file is asked of many delete files; its metrics are decoded once. */
  of(data: DataFile): DataOverlap {
    const known = new Map<number, ValueRange>();
    const rangeOf = (id: number, type: PrimitiveType): ValueRange => {
      let range = known.get(id);
      if (range === undefined) known.set(id, (range = rangeInFile(data, id, type)));
      return range;
    };
    return {
      // Deletes of nulls and NaNs have open intervals, so what the file has of those need not open its own.
      interval: (axis) => {
        const type = this.types.get(Number(axis));
        return type === undefined ? {} : rangeOf(Number(axis), type);
      },
      may: ({ file }) =>
        this.rangesOf(file).every(([id, deleted]) => {
          const type = this.types.get(id);
          return type === undefined || mayEqual(rangeOf(id, type), deleted);
        }),
    };
  }

  private rangesOf(deletes: DataFile): readonly (readonly [number, ValueRange])[] {
    let ranges = this.deletes.get(deletes);
    if (ranges === undefined) {
      ranges = (deletes.equalityIds ?? []).flatMap((id) => {
        const type = this.types.get(id);
        return type === undefined ? [] : [[id, rangeInFile(deletes, id, type)] as const];
      });
      this.deletes.set(deletes, ranges);
    }
    return ranges;
  }
}

function mayEqual(there: ValueRange, deleted: ValueRange): boolean {
  if (there.mayBeNull && deleted.mayBeNull) return true;
  if (!there.mayBeValue || !deleted.mayBeValue) return false;
  if (there.mayBeNan && deleted.mayBeNan) return true;
  return !there.onlyNan && !deleted.onlyNan && overlaps(there, deleted);
}
