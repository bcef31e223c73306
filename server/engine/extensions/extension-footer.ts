import { AppError } from '#shared/errors/app-error.ts';

/**
 * What a DuckDB extension says of itself in its last 512 bytes: eight texts of 32 bytes, padded with zeros and in
 * reverse order, then a signature of 256 bytes. Source: duckdb/duckdb, src/main/extension/extension_load.cpp.
 */
export interface ExtensionFooter {
  /** As the engine writes its own, e.g. linux_amd64 or wasm_eh. */
  readonly platform: string;
  /** Of DuckDB; of its C API where the extension is bound to that alone. */
  readonly madeFor: string;
  readonly version: string;
  /** It works with every DuckDB of such a C API, and of the next ones. */
  readonly anyDuckDb: boolean;
}

/** An engine, as it says what it is. */
export interface EngineIdentity {
  /** E.g. v1.5.6. */
  readonly version: string;
  readonly platform: string;
}

export const FOOTER_BYTES = 512;
const FIELD_BYTES = 32;
const FIELDS = 8;
/** The only format that there is. */
const MAGIC = '4';
/** What DuckDB-WASM says that it is, by its build. */
const TAB_PLATFORMS: ReadonlySet<string> = new Set(['wasm_mvp', 'wasm_eh', 'wasm_threads']);

export function isForTabs(platform: string): boolean {
  return TAB_PLATFORMS.has(platform);
}

/** @returns null where the bytes do not end as an extension does */
export function readFooter(file: Uint8Array): ExtensionFooter | null {
  if (file.length < FOOTER_BYTES) return null;
  const start = file.length - FOOTER_BYTES;
  const field = (number: number) => {
    const from = start + (FIELDS - 1 - number) * FIELD_BYTES;
    return text(file.subarray(from, from + FIELD_BYTES));
  };
  if (field(0) !== MAGIC) return null;
  return { platform: field(1), madeFor: field(2), version: field(3), anyDuckDb: field(4) === 'C_STRUCT' };
}

/**
 * Tabs run the DuckDB that the server does.
 *
 * @throws INVALID_INPUT that says what the extension is made for and what the engine is
 */
export function assertFits(path: string, footer: ExtensionFooter, engine: EngineIdentity): void {
  const { platform, madeFor, anyDuckDb } = footer;
  if (platform !== engine.platform && !isForTabs(platform))
    throw refused(path, `is made for ${platform}, and this server's engine is ${engine.platform}`);
  if (!anyDuckDb && madeFor !== engine.version)
    throw refused(
      path,
      `is made for DuckDB ${madeFor}, and this server's engine is DuckDB ${engine.version}. Take the file for ${engine.version}`,
    );
}

/** Of a file whose signature no engine takes. */
export function notSigned(path: string, cause?: unknown): AppError {
  return refused(
    path,
    'is not signed by DuckDB, or was changed after it was signed. Download it again from where DuckDB distributes it',
    cause,
  );
}

export function refused(path: string, why: string, cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', `The file ${path} ${why}.`, {
    context: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes).replace(/\0+$/, '');
}
