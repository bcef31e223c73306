import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import type { Projection } from '../avro/decoder.ts';
import { mapById, optional, required, type AvroRecord } from '../avro/schema.ts';

/** The Avro schema of a manifest (spec, "Manifests"). */
export function manifestEntrySchema(partition: AvroRecord, formatVersion: FormatVersion): AvroRecord {
  const v1 = formatVersion === 1;
  const v3 = formatVersion === 3;
  const dataFile: AvroRecord = {
    type: 'record',
    name: 'r2',
    fields: [
      ...(v1 ? [] : [required(134, 'content', 'int')]),
      required(100, 'file_path', 'string'),
      required(101, 'file_format', 'string'),
      required(102, 'partition', partition),
      required(103, 'record_count', 'long'),
      required(104, 'file_size_in_bytes', 'long'),
      ...(v1 ? [required(105, 'block_size_in_bytes', 'long')] : []),
      optional(108, 'column_sizes', mapById(117, 118, 'long')),
      optional(109, 'value_counts', mapById(119, 120, 'long')),
      optional(110, 'null_value_counts', mapById(121, 122, 'long')),
      optional(137, 'nan_value_counts', mapById(138, 139, 'long')),
      optional(125, 'lower_bounds', mapById(126, 127, 'bytes')),
      optional(128, 'upper_bounds', mapById(129, 130, 'bytes')),
      optional(131, 'key_metadata', 'bytes'),
      optional(132, 'split_offsets', { type: 'array', items: 'long', 'element-id': 133 }),
      ...(v1 ? [] : [optional(135, 'equality_ids', { type: 'array', items: 'int', 'element-id': 136 })]),
      optional(140, 'sort_order_id', 'int'),
      ...(v3 ? [optional(142, 'first_row_id', 'long')] : []),
      ...(v1 ? [] : [optional(143, 'referenced_data_file', 'string')]),
      ...(v3
        ? [optional(144, 'content_offset', 'long'), optional(145, 'content_size_in_bytes', 'long')]
        : []),
    ],
  };
  return {
    type: 'record',
    name: 'manifest_entry',
    fields: [
      required(0, 'status', 'int'),
      v1 ? required(1, 'snapshot_id', 'long') : optional(1, 'snapshot_id', 'long'),
      ...(v1 ? [] : [optional(3, 'sequence_number', 'long'), optional(4, 'file_sequence_number', 'long')]),
      required(2, 'data_file', dataFile),
    ],
  };
}

const place = (as: string) => ({ as, place: true }) as const;

/** What is read of a manifest, of any format version: partition and metrics by their places, the rest at once. */
export const MANIFEST_ENTRY: Projection = {
  0: 'status',
  1: 'snapshotId',
  2: {
    as: 'dataFile',
    fields: {
      100: 'filePath',
      101: 'fileFormat',
      103: 'recordCount',
      104: 'fileSizeInBytes',
      108: place('columnSizes'),
      109: place('valueCounts'),
      110: place('nullValueCounts'),
      125: place('lowerBounds'),
      128: place('upperBounds'),
      131: 'keyMetadata',
      132: 'splitOffsets',
      134: 'content',
      135: 'equalityIds',
      137: place('nanValueCounts'),
      140: 'sortOrderId',
      142: 'firstRowId',
      143: 'referencedDataFile',
      144: 'contentOffset',
      145: 'contentSizeInBytes',
    },
  },
  3: 'sequenceNumber',
  4: 'fileSequenceNumber',
};

/** What is looked at of every entry of a manifest, whether its file is wanted or not. */
export const MANIFEST_ROW: Projection = {
  0: 'status',
  2: {
    as: 'dataFile',
    fields: {
      102: place('partition'),
      103: 'recordCount',
      109: place('valueCounts'),
      110: place('nullValueCounts'),
      125: place('lowerBounds'),
      128: place('upperBounds'),
      137: place('nanValueCounts'),
      142: 'firstRowId',
    },
  },
};

/** The Avro schema of a manifest list (spec, "Manifest Lists"). */
export function manifestListSchema(formatVersion: FormatVersion): AvroRecord {
  const v1 = formatVersion === 1;
  return {
    type: 'record',
    name: 'manifest_file',
    fields: [
      required(500, 'manifest_path', 'string'),
      required(501, 'manifest_length', 'long'),
      required(502, 'partition_spec_id', 'int'),
      ...(v1
        ? []
        : [
            required(517, 'content', 'int'),
            required(515, 'sequence_number', 'long'),
            required(516, 'min_sequence_number', 'long'),
          ]),
      required(503, 'added_snapshot_id', 'long'),
      ...COUNTS.map(({ id, name, type }) => (v1 ? optional : required)(id, name, type)),
      optional(507, 'partitions', {
        type: 'array',
        'element-id': 508,
        items: {
          type: 'record',
          name: 'r508',
          fields: [
            required(509, 'contains_null', 'boolean'),
            optional(518, 'contains_nan', 'boolean'),
            optional(510, 'lower_bound', 'bytes'),
            optional(511, 'upper_bound', 'bytes'),
          ],
        },
      }),
      optional(519, 'key_metadata', 'bytes'),
      ...(formatVersion === 3 ? [optional(520, 'first_row_id', 'long')] : []),
    ],
  };
}

/** Where they are not known, as in lists that old v1 writers made, v1 leaves them out. */
const COUNTS = [
  { id: 504, name: 'added_files_count', type: 'int' },
  { id: 505, name: 'existing_files_count', type: 'int' },
  { id: 506, name: 'deleted_files_count', type: 'int' },
  { id: 512, name: 'added_rows_count', type: 'long' },
  { id: 513, name: 'existing_rows_count', type: 'long' },
  { id: 514, name: 'deleted_rows_count', type: 'long' },
] as const;

export const MANIFEST_FILE: Projection = {
  500: 'manifestPath',
  501: 'manifestLength',
  502: 'partitionSpecId',
  503: 'addedSnapshotId',
  504: 'addedFilesCount',
  505: 'existingFilesCount',
  506: 'deletedFilesCount',
  507: {
    as: 'partitions',
    fields: { 509: 'containsNull', 510: 'lowerBound', 511: 'upperBound', 518: 'containsNan' },
  },
  512: 'addedRowsCount',
  513: 'existingRowsCount',
  514: 'deletedRowsCount',
  515: 'sequenceNumber',
  516: 'minSequenceNumber',
  517: 'content',
  519: 'keyMetadata',
  520: 'firstRowId',
};
