import { stringifyJson } from '#shared/util/json.ts';
import { PUFFIN_MAGIC, type PuffinBlob, type PuffinBlobInfo } from './puffin-file.ts';

/** A blob to write, with its bytes. */
export interface NewPuffinBlob extends PuffinBlobInfo {
  readonly bytes: Uint8Array;
}

/**
 * Makes a Puffin file (spec, "Puffin"): blobs as they are, uncompressed, then a footer that says what and where
 * they are.
 *
 * @returns the blobs in the order given, with their places
 */
export function writePuffin(input: {
  readonly blobs: readonly NewPuffinBlob[];
  /** Such as 'created-by'. */
  readonly properties: Readonly<Record<string, string>>;
}): { readonly bytes: Uint8Array; readonly blobs: readonly PuffinBlob[] } {
  const parts: Uint8Array[] = [PUFFIN_MAGIC];
  let offset = PUFFIN_MAGIC.length;
  const blobs = input.blobs.map(({ bytes, ...info }): PuffinBlob => {
    const blob = { ...info, offset, length: bytes.length };
    parts.push(bytes);
    offset += bytes.length;
    return blob;
  });
  const payload = Buffer.from(
    stringifyJson({ blobs: blobs.map(blobToJson), properties: input.properties }),
    'utf8',
  );
  const tail = Buffer.alloc(8);
  tail.writeInt32LE(payload.length);
  parts.push(PUFFIN_MAGIC, payload, tail, PUFFIN_MAGIC);
  return { bytes: new Uint8Array(Buffer.concat(parts)), blobs };
}

function blobToJson(blob: PuffinBlob): Record<string, unknown> {
  return {
    type: blob.type,
    fields: blob.fields,
    'snapshot-id': blob.snapshotId,
    'sequence-number': blob.sequenceNumber,
    offset: blob.offset,
    length: blob.length,
    ...(Object.keys(blob.properties).length === 0 ? {} : { properties: blob.properties }),
  };
}
