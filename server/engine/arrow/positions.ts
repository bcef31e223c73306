import { Field, Int64, makeData, RecordBatch, Schema, Struct, Uint32 } from 'apache-arrow';
import type { PositionSet } from '../../iceberg/deletes/position-set.ts';
import { ArrowStream } from './arrow-stream.ts';

/** Positions in one piece: some MB. */
const BATCH = 1_000_000;
const UINT32_END = 2 ** 32;

/** Positions of rows, ascending, as an Arrow IPC stream of one column. A file has few rows that need 64 bits. */
export function* encodePositions(positions: PositionSet, rows: bigint): Generator<Uint8Array> {
  const isWide = rows > UINT32_END;
  const type = isWide ? new Int64() : new Uint32();
  const schema = new Schema([new Field('pos', type, false)]);
  const stream = new ArrowStream(schema);
  const encode = (numbers: (number | bigint)[]) => {
    const length = numbers.length;
    const data = isWide ? BigInt64Array.from(numbers, BigInt) : Uint32Array.from(numbers, Number);
    const child = makeData({ type, length, nullCount: 0, data } as never);
    const row = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [child] });
    return stream.encode(new RecordBatch(schema, row));
  };
  let batch: (number | bigint)[] = [];
  for (const position of positions) {
    batch.push(position);
    if (batch.length < BATCH) continue;
    yield encode(batch);
    batch = [];
  }
  yield encode(batch);
  yield stream.finish();
}
