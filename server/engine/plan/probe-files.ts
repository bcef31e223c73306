import type { Expression, LiteralValue } from '#shared/iceberg/expression.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField, PrimitiveType } from '#shared/iceberg/types.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { FilePlan, PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { FileColumns } from './file-columns.ts';

/** Whether a file surely has none of some values in a column; see BloomProbe. */
export interface FileProbe {
  excludes(location: string, column: string, values: readonly string[]): Promise<boolean>;
}

/** Beyond that many files, or values, a plan would take longer than what it saves. */
const MOST_FILES = 64;
const MOST_VALUES = 16;
/** Smaller files are read as fast as they are asked. */
const LEAST_BYTES = 64n * 1024n;
/** Of these the filter's hash is that of the value as it is here, whichever of the types the file has. */
const PROBED: ReadonlySet<PrimitiveType> = new Set(['int', 'long', 'string', 'date']);

interface Wanted {
  readonly field: NestedField;
  /** SQL constants, one of which a row has to have. */
  readonly values: readonly string[];
}

/** Leaves out files whose Bloom filters rule out what the filter asks for: `x = 5`, `x IN ('a', 'b')`. */
export async function probeFiles(
  probe: FileProbe,
  found: Pick<FilePlan, 'files' | 'filesKnown' | 'pruning'>,
  { filter, schema, columns }: { filter: Expression; schema: Schema; columns: FileColumns },
): Promise<Pick<FilePlan, 'files' | 'filesKnown' | 'pruning'>> {
  const wanted = found.files.length > MOST_FILES ? [] : wantedOf(filter, schema);
  if (wanted.length === 0) return found;
  const isExcluded = async (planned: PlannedFile): Promise<boolean> => {
    const { file } = planned;
    if (file.fileFormat !== 'PARQUET' || file.fileSizeInBytes < LEAST_BYTES) return false;
    for (const { field, values } of wanted) {
      const [column] = columns.describe(planned, [field]);
      if (
        column !== null &&
        column !== undefined &&
        (await probe.excludes(file.filePath, column.name, values))
      )
        return true;
    }
    return false;
  };
  const excluded = await Promise.all(found.files.map(isExcluded));
  const files = found.files.filter((_, index) => excluded[index] !== true);
  const skipped = found.files.length - files.length;
  if (skipped === 0) return found;
  const names = wanted.map(({ field }) => field.name).join(', ');
  const line = `Bloom filters of ${names} skip ${skipped} of ${found.filesKnown} files`;
  return { files, filesKnown: found.filesKnown, pruning: [...found.pruning, line] };
}

/** What every row of the answer has to have. */
function wantedOf(filter: Expression, schema: Schema): readonly Wanted[] {
  switch (filter.op) {
    case 'and':
      return [...wantedOf(filter.left, schema), ...wantedOf(filter.right, schema)];
    case 'eq':
      return wantedValues(filter.fieldId, [filter.value], schema);
    case 'in':
      return wantedValues(filter.fieldId, filter.values, schema);
    default:
      return [];
  }
}

function wantedValues(fieldId: number, values: readonly LiteralValue[], schema: Schema): readonly Wanted[] {
  const field = schema.fields.find(({ id }) => id === fieldId);
  if (field === undefined || values.length === 0 || values.length > MOST_VALUES) return [];
  const { type } = field;
  if (typeof type !== 'string' || !PROBED.has(type)) return [];
  const constants = values.map(
    (value) => `CAST(${quoteLiteral(formatValue(type, value))} AS ${duckDbTypeOf(type)})`,
  );
  return [{ field, values: constants }];
}
