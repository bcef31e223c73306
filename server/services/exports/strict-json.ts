import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A text as JSON has it, or one of the numbers that JSON has not. */
const TEXT_OR_BOUNDLESS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const BOUNDLESS = /NaN|Infinity/;

/**
 * Puts NaN and infinite numbers of a JSON file into quotes, as the tab's files have them: DuckDB writes them bare, and
 * strict readers refuse such a file. Each of its lines has whole values.
 */
export async function makeStrict(path: string): Promise<void> {
  const strict = `${path}.strict`;
  try {
    await pipeline(Readable.from(strictPieces(path)), createWriteStream(strict));
    await rename(strict, path);
  } finally {
    await rm(strict, { force: true });
  }
}

/** Whole lines each. */
async function* strictPieces(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const read of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const text = rest + read;
    const end = text.lastIndexOf('\n') + 1;
    yield strictLines(text.slice(0, end));
    rest = text.slice(end);
  }
  yield strictLines(rest);
}

function strictLines(text: string): string {
  return BOUNDLESS.test(text) ? text.replace(TEXT_OR_BOUNDLESS, quoted) : text;
}

function quoted(part: string): string {
  return part.startsWith('"') ? part : `"${part}"`;
}
