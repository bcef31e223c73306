import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Whoever waits as long does without. */
const MINUTES = 10;

/**
 * A file of the web that is never another one than it was.
 * @param {string} url
 * @param {string} sha256 of its bytes, in hex
 * @param {string} path where it is put, whole or not at all
 */
export async function fetchPinned(url, sha256, path) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(MINUTES * 60_000) });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answers ${answer.status}`);
  const part = `${path}.part`;
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(part));
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  if (hash.digest('hex') !== sha256) throw new Error(`${url} is not the file that it was`);
  renameSync(part, path);
}
