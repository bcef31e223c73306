import { AppError } from '#shared/errors/app-error.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { formatType, isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { valueFromJson, valueToJson } from '../values/json-value.ts';

/**
 * A column's default in the form that metadata has it.
 *
 * @throws UNSUPPORTED before format version 3 and for nested columns; INVALID_INPUT for a value of another type
 */
export function columnDefault(
  type: IcebergType,
  value: unknown,
  column: string,
  formatVersion: FormatVersion,
): unknown {
  if (formatVersion < 3) {
    throw new AppError(
      'UNSUPPORTED',
      `The column '${column}' cannot have a default: the table is of format version ${formatVersion}, and defaults need version 3.`,
      { context: { column } },
    );
  }
  if (!isPrimitive(type)) {
    throw new AppError(
      'UNSUPPORTED',
      `The column '${column}' is nested; only plain columns can have a default.`,
      {
        context: { column },
      },
    );
  }
  const parsed = valueFromJson(type, type === 'long' ? fromDigits(value) : value);
  if (parsed !== undefined) return valueToJson(type, parsed);
  throw new AppError(
    'INVALID_INPUT',
    `The default of the column '${column}' is no ${formatType(type)}: ${stringifyJson(value)}.`,
    { context: { column, type: formatType(type) } },
  );
}

/** The API writes 64-bit integers as decimal digits. */
function fromDigits(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : value;
}
