import type { FileHandle } from 'node:fs/promises';
import { AvroCursor, AvroDecodeError } from '../../../iceberg/avro/cursor.ts';
import {
  decompressAside,
  readHeader,
  SYNC_SIZE,
  type AvroHeader,
} from '../../../iceberg/avro/read-container.ts';

/** Read at a time; a block or header that is larger is read whole. */
const WINDOW = 4 * 1024 * 1024;
/** More than any writer's blocks, which are some 16 kB to 64 MB. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;
/** Two varints. */
const MAX_BLOCK_HEAD = 20;

export interface AvroBlock {
  readonly count: number;
  readonly data: Uint8Array;
}

/** An Avro container file that is read block by block, whatever its size. */
export class AvroBlocks {
  readonly header: AvroHeader;
  readonly #window: Window;
  readonly #sync: Uint8Array;

  private constructor(header: AvroHeader, window: Window, sync: Uint8Array) {
    this.header = header;
    this.#window = window;
    this.#sync = sync;
  }

  /** @throws AvroDecodeError */
  static async open(file: FileHandle): Promise<AvroBlocks> {
    const window = new Window(file, (await file.stat()).size);
    const cursor = new AvroCursor(await window.peek(WINDOW));
    const header = readHeader(cursor);
    const sync = cursor.fixed(SYNC_SIZE);
    window.skip(cursor.position);
    return new AvroBlocks(header, window, sync);
  }

  /** @throws AvroDecodeError; UNSUPPORTED for a codec that can't be read */
  async *blocks(): AsyncGenerator<AvroBlock> {
    while (this.#window.remaining > 0) {
      const head = new AvroCursor(await this.#window.peek(MAX_BLOCK_HEAD));
      const count = head.small();
      const size = head.small();
      if (size < 0 || size > MAX_BLOCK_BYTES || size + SYNC_SIZE > this.#window.remaining - head.position)
        throw new AvroDecodeError(`a block of ${size} bytes where ${this.#window.remaining} are left`);
      this.#window.skip(head.position);
      const block = (await this.#window.peek(size + SYNC_SIZE)).subarray(0, size + SYNC_SIZE);
      if (Buffer.compare(block.subarray(size), this.#sync) !== 0)
        throw new AvroDecodeError('a block does not end with the mark that the header gives');
      const data = await decompressAside(this.header.codec, block.subarray(0, size));
      this.#window.skip(size + SYNC_SIZE);
      yield { count, data };
    }
  }
}

/** The bytes of a file from where reading has come to. */
class Window {
  readonly #file: FileHandle;
  readonly #size: number;
  #bytes = new Uint8Array(0);
  /** Of the file, where `#bytes` begins. */
  #start = 0;
  #at = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  get remaining(): number {
    return this.#size - this.#start - this.#at;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** What comes next: `bytes` of it or more, less only at the end. Valid until the next peek. */
  async peek(bytes: number): Promise<Uint8Array> {
    const wanted = Math.min(bytes, this.remaining);
    if (this.#bytes.length - this.#at < wanted) {
      this.#start += this.#at;
      this.#at = 0;
      const next = new Uint8Array(Math.min(Math.max(wanted, WINDOW), this.#size - this.#start));
      let filled = 0;
      while (filled < next.length) {
        const { bytesRead } = await this.#file.read(next, filled, next.length - filled, this.#start + filled);
        if (bytesRead === 0) throw new AvroDecodeError('the file became shorter while it was read');
        filled += bytesRead;
      }
      this.#bytes = next;
    }
    return this.#bytes.subarray(this.#at);
  }
}
