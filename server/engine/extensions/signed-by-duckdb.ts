import { createHash, constants, publicDecrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const SIGNATURE_BYTES = 256;
const SEGMENT_BYTES = 1024 ** 2;
const DIGEST_BYTES = 32;
/** Any of the pinned package's builds: all have the same keys in them, and none is for the server to run. */
const TAB_ENGINE = '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm';
const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----/g;

/**
 * Whether a file that is for tabs has a signature that their engine would take. The keys are those that this engine
 * has in it, so that a file is refused when it is added and not in every tab.
 *
 * What is signed are the SHA-256 of the file's segments of 1 MiB, without the signature that ends it. Source:
 * duckdb/duckdb, src/main/extension/extension_load.cpp.
 */
export async function isSignedByDuckDb(file: Uint8Array): Promise<boolean> {
  const content = file.subarray(0, file.length - SIGNATURE_BYTES);
  const segments = createHash('sha256');
  for (let start = 0; start < content.length; start += SEGMENT_BYTES)
    segments.update(sha256(content.subarray(start, start + SEGMENT_BYTES)));
  const digest = segments.digest();
  const signature = file.subarray(content.length);
  return (await publicKeys()).some((key) => signedDigest(key, signature)?.equals(digest) === true);
}

async function publicKeys(): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve(TAB_ENGINE);
  return [...(await readFile(path, 'latin1')).matchAll(PUBLIC_KEY)].map(([key]) => key);
}

/** What the owner of a key signed; null where it was not this one. */
function signedDigest(key: string, signature: Uint8Array): Buffer | null {
  try {
    // The digest's algorithm and length stand before it.
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).subarray(-DIGEST_BYTES);
  } catch {
    return null;
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
