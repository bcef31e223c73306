import { crc32 } from 'node:zlib';
import { AvroDecodeError } from './cursor.ts';

/** A copy of three bytes makes 64 at the most, so what says that it has more than this is no Snappy. */
const MOST_PER_BYTE = 64;

/**
 * Decompresses a Snappy block (Snappy format description, 2011) as Avro stores it: with the CRC-32 of what it
 * decompresses to behind it.
 *
 * @throws AvroDecodeError where it is not one.
 */
export function decompressSnappy(block: Uint8Array): Uint8Array {
  if (block.length < 5) throw new AvroDecodeError('a Snappy block ends in the middle');
  const data = decompressRaw(block.subarray(0, -4));
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (view.getUint32(block.length - 4) !== crc32(data))
    throw new AvroDecodeError('the checksum of a Snappy block does not fit');
  return data;
}

function decompressRaw(input: Uint8Array): Uint8Array {
  let at = 0;
  const byte = (): number => {
    const value = input[at];
    if (value === undefined) throw new AvroDecodeError('a Snappy block ends in the middle');
    at += 1;
    return value;
  };
  const littleEndian = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i += 1) value += byte() * 2 ** (8 * i);
    return value;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const part = byte();
    size += (part & 0x7f) * 2 ** shift;
    if (part < 0x80) break;
    if (shift >= 28) throw new AvroDecodeError('the size of a Snappy block is none');
  }
  if (size > input.length * MOST_PER_BYTE)
    throw new AvroDecodeError(`a Snappy block of ${input.length} bytes says that it has ${size}`);

  const output = new Uint8Array(size);
  let made = 0;
  const room = (length: number): void => {
    if (made + length > size) throw new AvroDecodeError('a Snappy block has more bytes than it says');
  };
  while (at < input.length) {
    const tag = byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >>> 2;
      const length = 1 + (short < 60 ? short : littleEndian(short - 59));
      room(length);
      if (length > input.length - at) throw new AvroDecodeError('a Snappy block ends in the middle');
      output.set(input.subarray(at, at + length), made);
      at += length;
      made += length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
    const offset = kind === 1 ? ((tag >>> 5) << 8) | byte() : littleEndian(kind === 2 ? 2 : 4);
    room(length);
    if (offset === 0 || offset > made) throw new AvroDecodeError('a Snappy block copies what is not there');
    // Byte by byte: a copy may reach into what it makes.
    for (let i = 0; i < length; i += 1, made += 1) output[made] = output[made - offset] ?? 0;
  }
  if (made !== size) throw new AvroDecodeError(`a Snappy block of ${size} bytes has ${made}`);
  return output;
}
