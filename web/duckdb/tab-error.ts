import { AppError, errorMessage } from '#shared/errors/app-error.ts';

interface Failure {
  /** Binder, Catalog, Conversion, Out of Memory, INTERRUPT… */
  readonly type: string;
  readonly message: string;
}

const RUNTIME = new Set([
  'Conversion',
  'Out of Range',
  'Invalid Input',
  'Mismatch Type',
  'Constraint',
  'Divide by Zero',
  'Executor',
  'Parameter Not Allowed',
  'Serialization',
]);

/** What the tab's DuckDB says when it has no word for something that the server's has. */
const NEEDS_EXTENSION =
  /exists in the \w+ extension|Extension Autoloading|Loading external extensions is disabled|Unimplemented type for cast \(.*TIME ZONE/;

/** True where the server's engine may succeed, or say better what is wrong: what the tab can't bind, or hold. */
export function serverMayDoBetter(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'UNAVAILABLE' || error.code === 'OUT_OF_MEMORY';
  const { type, message } = readFailure(error);
  return (
    NEEDS_EXTENSION.test(message) ||
    type === 'Autoload' ||
    type === 'Extension Autoloading' ||
    type === 'Missing Extension' ||
    ['Binder', 'Catalog', 'Parser', 'Not implemented', 'Permission', 'Out of Memory', 'INTERNAL'].includes(
      type,
    )
  );
}

/** Why the server ran a query that the tab had begun, in one line. */
export function fallbackReason(error: unknown): string {
  const { code } = tabError(error);
  if (code === 'OUT_OF_MEMORY') return 'The query needs more memory than the tab has.';
  if (code === 'UNAVAILABLE') return 'The tab’s engine broke down, and starts anew.';
  if (code === 'UNSUPPORTED') return 'The query uses what the tab’s engine lacks.';
  return 'The tab’s engine could not run it.';
}

/** The tab's failures with the codes that the server's engine gives. AppError stays as it is. */
export function tabError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { type, message } = readFailure(error);
  const said = firstLines(message);
  if (type === 'Out of Memory' || /bad_alloc|Out of Memory Error/.test(message))
    return new AppError(
      'OUT_OF_MEMORY',
      'The query needs more memory than the tab has. Run it on the server, or read fewer columns or rows.',
      { cause: error },
    );
  if (NEEDS_EXTENSION.test(message))
    return new AppError(
      'UNSUPPORTED',
      `The tab’s engine can’t run this query: ${said}. Run it on the server.`,
      {
        cause: error,
      },
    );
  if (RUNTIME.has(type)) return new AppError('SQL_RUNTIME', `The query failed: ${said}.`, { cause: error });
  if (type === 'Not implemented')
    return new AppError(
      'UNSUPPORTED',
      `The tab’s engine can’t run this query: ${said}. Run it on the server.`,
      {
        cause: error,
      },
    );
  if (type === 'Binder' || type === 'Catalog' || type === 'Parser')
    return new AppError('SQL_BINDING', `The query can’t be run: ${said}.`, { cause: error });
  return new AppError('INTERNAL', `The tab’s engine failed: ${type}: ${said}.`, { cause: error });
}

function readFailure(error: unknown): Failure {
  const text = errorMessage(error);
  const json = parseObject(text.slice(Math.max(0, text.indexOf('{'))));
  if (json !== null && typeof json['exception_message'] === 'string') {
    const type = json['exception_type'];
    return { type: typeof type === 'string' ? type : 'Unknown', message: json['exception_message'] };
  }
  const plain = /^(?:Error: )?([A-Za-z -]+?) Error: ([\s\S]*)$/.exec(text);
  return { type: plain?.[1] ?? 'Unknown', message: plain?.[2] ?? text };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Without DuckDB's advice on its own settings, and without the excerpt of SQL, which is not what the person wrote. */
function firstLines(message: string): string {
  const first = message.split(/\n\s*\n|\nLINE \d+:/)[0] ?? message;
  return first.trim().replace(/[.!]$/, '');
}
