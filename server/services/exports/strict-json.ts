import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A text as JSON has it, or one of the numbers that JSON has not. */
const TEXT_OR_BOUNDLESS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const BOUNDLESS = /NaN|Infinity/;
/** Lines that are put into one piece. */
const PIECE = 1000;

/**
 * Puts NaN and infinite numbers of a JSON file into quotes, as the tab's files have them: DuckDB writes them bare, and
 * strict readers refuse such a file. Each of its lines has whole values.
 */
export async function makeStrict(path: string): Promise<void> {
  const strict = `${path}.strict`;
  await pipeline(Readable.from(strictPieces(path)), createWriteStream(strict));
  await rename(strict, path);
}

async function* strictPieces(path: string): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    lines.push(BOUNDLESS.test(line) ? line.replace(TEXT_OR_BOUNDLESS, quoted) : line);
    if (lines.length < PIECE) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function quoted(part: string): string {
  return part.startsWith('"') ? part : `"${part}"`;
}
