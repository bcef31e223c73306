import type { RecordBatch, Schema } from 'apache-arrow';

/**
 * The batch, of a schema that it has for sure. What makes batches puts fields of one name into one, and a writer drops
 * batches of another schema than its own without a word: of columns `id INTEGER, id VARCHAR` no row would be left.
 */
export function withSchema(batch: RecordBatch, schema: Schema): RecordBatch {
  return Object.assign(batch, { schema });
}
