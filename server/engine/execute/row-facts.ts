import type { NestedField } from '#shared/iceberg/types.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { LAST_UPDATED_FIELD, ROW_ID_FIELD } from '../dml/row-columns.ts';
import { constantSql } from '../plan/file-constants.ts';
import { FILE_COLUMN, isMetadataColumn, POS_COLUMN, SPEC_ID_COLUMN } from '../plan/metadata-columns.ts';
import type { ScanSource } from '../plan/scan-source.ts';
import type { ExecutableScan, RowFact } from './scan-view.ts';

const LINEAGE_IDS = new Set([ROW_ID_FIELD.id, LAST_UPDATED_FIELD.id]);

/**
 * The scan with its metadata columns as facts of files and places, not from the files; the lineage of rows from both: a
 * row that a file says nothing of inherits it (spec, "Row lineage").
 */
export function withRowFacts(scan: ExecutableScan, source: ScanSource): ExecutableScan {
  const asked = source.fields.filter(isMetadataColumn);
  // Without a file there is no row, whatever it would say.
  if (asked.length === 0 || source.planned.length === 0) return scan;
  const inFiles = scan.columns.filter((column) => {
    const isFact = asked.some((field) => field.id === column.fieldId && field.name === column.name);
    return !isFact || LINEAGE_IDS.has(column.fieldId);
  });
  return { ...scan, columns: inFiles, facts: asked.map((field) => factOf(field, source.planned)) };
}

function factOf(field: NestedField, files: readonly PlannedFile[]): RowFact {
  const { id, name } = field;
  const values = files.map((planned) => valueOf(field, planned));
  if (id === POS_COLUMN.id) return { name, sql: () => 'file_row_number' };
  return {
    name,
    sql: (ofFile, held) => {
      const value = `CAST(${ofFile(values)} AS ${duckDbTypeOf(field.type)})`;
      if (id === ROW_ID_FIELD.id) return `coalesce(${held}, ${value} + file_row_number)`;
      return id === LAST_UPDATED_FIELD.id ? `coalesce(${held}, ${value})` : value;
    },
  };
}

/** SQL of what one file says. */
function valueOf({ id, type }: NestedField, { file, sequenceNumber }: PlannedFile): string {
  switch (id) {
    case FILE_COLUMN.id:
      return quoteLiteral(file.filePath);
    case SPEC_ID_COLUMN.id:
      return `${file.specId}::INTEGER`;
    case ROW_ID_FIELD.id:
      return file.firstRowId === undefined ? 'NULL::BIGINT' : `${file.firstRowId}::BIGINT`;
    case LAST_UPDATED_FIELD.id:
      // Of rows without an id it is not known when they last changed.
      return file.firstRowId === undefined ? 'NULL::BIGINT' : `${sequenceNumber}::BIGINT`;
    case POS_COLUMN.id:
      return 'NULL';
    default: {
      const fields = isPrimitive(type) || type.type !== 'struct' ? [] : type.fields;
      const items = fields.map((field) => {
        const value = file.partition.get(field.id) ?? null;
        const sql = isPrimitive(field.type) ? constantSql(value, field.type) : 'NULL';
        return `${quoteLiteral(field.name)}: CAST(${sql} AS ${duckDbTypeOf(field.type)})`;
      });
      return `{${items.join(', ')}}`;
    }
  }
}
