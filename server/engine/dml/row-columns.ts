import type { NestedField } from '#shared/iceberg/types.ts';
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

/** The scan with FILE and POSITION from the reader, not from the files. */
export function withRowPlaces(scan: ExecutableScan): ExecutableScan {
  const asks = scan.columns.some(({ fieldId }) => fieldId === FILE_ID || fieldId === POSITION_ID);
  if (!asks) return scan;
  return {
    ...scan,
    columns: scan.columns.filter(({ fieldId }) => fieldId !== FILE_ID && fieldId !== POSITION_ID),
    file: FILE.name,
    position: POSITION.name,
  };
}
