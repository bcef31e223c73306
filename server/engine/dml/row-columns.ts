import type { NestedField } from '#shared/iceberg/types.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { present } from '#shared/util/present.ts';
import type { ExecutableScan } from '../execute/scan-view.ts';

/** Field ids that the spec keeps for what says which row a row is. */
const FILE_ID = 2147483646;
const POSITION_ID = 2147483645;
const ROW_ID = 2147483540;
const LAST_UPDATED_ID = 2147483539;

/** Which file of its scan a row is in, and its place in there from 0. */
export const FILE: NestedField = { id: FILE_ID, name: '_timestream_file', required: true, type: 'long' };
export const POSITION: NestedField = {
  id: POSITION_ID,
  name: '_timestream_pos',
  required: true,
  type: 'long',
};
/** Row lineage (v3), as files hold it: null where it is inherited. */
export const ROW_ID_FIELD: NestedField = { id: ROW_ID, name: '_row_id', required: false, type: 'long' };
export const LAST_UPDATED_FIELD: NestedField = {
  id: LAST_UPDATED_ID,
  name: '_last_updated_sequence_number',
  required: false,
  type: 'long',
};

export const LINEAGE: readonly NestedField[] = [ROW_ID_FIELD, LAST_UPDATED_FIELD];

/**
 * The scan with FILE and POSITION from the reader, not from the files.
 *
 * @param schema of the table; a scan of no column reads one nevertheless, because it has to go through the rows
 */
export function withRowPlaces(scan: ExecutableScan, schema: Pick<Schema, 'fields'>): ExecutableScan {
  const asks = scan.columns.some(({ fieldId }) => fieldId === FILE_ID || fieldId === POSITION_ID);
  // Without a file there is no row, whatever it would say.
  if (!asks || scan.files.length === 0) return scan;
  const columns = scan.columns.filter(({ fieldId }) => fieldId !== FILE_ID && fieldId !== POSITION_ID);
  return {
    ...scan,
    columns: columns.length > 0 ? columns : scanColumnsOf(schema.fields.slice(0, 1)),
    file: FILE.name,
    position: POSITION.name,
  };
}

export function scanColumnsOf(fields: readonly NestedField[]): readonly ScanColumn[] {
  return fields.map(({ id, name, type, initialDefault }) => ({
    fieldId: id,
    name,
    type,
    sqlType: duckDbTypeOf(type),
    ...present({ initialDefault }),
  }));
}
