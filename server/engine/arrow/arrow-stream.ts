import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import {
  AsyncByteQueue,
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import { arrowTypeOf } from './arrow-type.ts';
import { encodeVector } from './encode-vector.ts';
import { withSchema } from '#shared/util/with-schema.ts';

/** Room for what is gathered, at first; it grows as long as what is taken at once needs more. */
const LEAST_BYTES = 64 * 1024;
const GROWTH = 1.25;

/**
 * Takes what the writer writes; the writer's own queue would keep it until somebody waits for it. Bytes are copied where
 * they are to go from at once: what is written is good only while its chunk is.
 */
class ByteSink extends AsyncByteQueue<Uint8Array> {
  private block: Uint8Array = new Uint8Array(0);
  private room = LEAST_BYTES;
  size = 0;

  override write(value: ArrayBufferLike | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value as ArrayBuffer);
    const size = this.size + bytes.byteLength;
    if (size > this.block.byteLength) {
      while (this.room < size) this.room = Math.ceil(this.room * GROWTH);
      const larger = Buffer.allocUnsafeSlow(this.room);
      larger.set(this.block.subarray(0, this.size));
      this.block = larger;
    }
    this.block.set(bytes, this.size);
    this.size = size;
  }

  /** What was written since the last time. It may be kept: it takes up little more than its bytes. */
  take(): Uint8Array {
    const taken = this.block.subarray(0, this.size);
    const isMost = this.size * GROWTH ** 2 > this.block.byteLength;
    this.size = 0;
    if (!isMost) return Buffer.from(taken);
    this.block = new Uint8Array(0);
    return taken;
  }
}

/** An Arrow IPC stream, piece by piece: the schema comes with the first batch. */
export class ArrowStream {
  private readonly sink = new ByteSink();
  private readonly writer = new RecordBatchStreamWriter();

  constructor(schema: Schema) {
    this.writer.reset(this.sink, schema);
  }

  /** Bytes that wait to be taken. */
  get size(): number {
    return this.sink.size;
  }

  add(batch: RecordBatch): void {
    this.writer.write(batch);
  }

  take(): Uint8Array {
    return this.sink.take();
  }

  encode(batch: RecordBatch): Uint8Array {
    this.add(batch);
    return this.take();
  }

  finish(): Uint8Array {
    this.writer.finish();
    return this.take();
  }
}

/** Encodes chunks of one result as an Arrow IPC stream, piece by piece. */
export class ArrowEncoder {
  private readonly schema: Schema;
  private readonly types: readonly DuckDBType[];
  private readonly stream: ArrowStream;

  constructor(names: readonly string[], types: readonly DuckDBType[]) {
    this.types = types;
    this.schema = new Schema(
      names.map((name, index) => new Field(name, arrowTypeOf(types[index] as DuckDBType), true)),
    );
    this.stream = new ArrowStream(this.schema);
  }

  /** Bytes that wait to be taken. */
  get size(): number {
    return this.stream.size;
  }

  /** @param rows of the chunk, from its first on */
  add(chunk: DuckDBDataChunk, rows: number): void {
    const children = this.types.map((type, index) =>
      encodeVector(duckdb.data_chunk_get_vector(chunk.chunk, index), type, chunk.rowCount, { count: rows }),
    );
    const type = new Struct(this.schema.fields);
    const data = makeData({ type, length: rows, nullCount: 0, children });
    this.stream.add(withSchema(new RecordBatch(this.schema, data), this.schema));
  }

  /** What was added since the last time. */
  take(): Uint8Array {
    return this.stream.take();
  }

  /** As add and take. */
  encode(chunk: DuckDBDataChunk, rows: number): Uint8Array {
    this.add(chunk, rows);
    return this.take();
  }

  finish(): Uint8Array {
    return this.stream.finish();
  }
}
