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

/** Takes what the writer writes; the writer's own queue would keep it until somebody waits for it. */
class ByteSink extends AsyncByteQueue<Uint8Array> {
  private bytes: Uint8Array[] = [];

  override write(value: ArrayBufferLike | ArrayBufferView): void {
    this.bytes.push(
      ArrayBuffer.isView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value as ArrayBuffer),
    );
  }

  take(): Uint8Array {
    const taken = Buffer.concat(this.bytes);
    this.bytes = [];
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

  encode(batch: RecordBatch): Uint8Array {
    this.writer.write(batch);
    return this.sink.take();
  }

  finish(): Uint8Array {
    this.writer.finish();
    return this.sink.take();
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

  /** @param rows of the chunk, from its first on */
  encode(chunk: DuckDBDataChunk, rows: number): Uint8Array {
    const children = this.types.map((type, index) =>
      encodeVector(duckdb.data_chunk_get_vector(chunk.chunk, index), type, chunk.rowCount, { count: rows }),
    );
    const type = new Struct(this.schema.fields);
    const data = makeData({ type, length: rows, nullCount: 0, children });
    return this.stream.encode(withSchema(new RecordBatch(this.schema, data), this.schema));
  }

  finish(): Uint8Array {
    return this.stream.finish();
  }
}
