import { InvalidArgumentError, type Command } from 'commander';

/** The lakehouse's API, whoever answers it. */
export interface ApiClient {
  /** @param path below /api/v1 */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  /** The bytes of a file that an answer names, as they come. */
  download(path: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

export interface ApiFlags {
  readonly lakehouse?: string;
  readonly json?: boolean;
  readonly as?: string;
  readonly property?: readonly string[];
}

/** What commands that only ask the API are given. */
export interface ApiCommands {
  connect(flags: ApiFlags): Promise<ApiClient>;
  print(line: string): void;
  /** Bytes to where lines are printed, no faster than they are taken there. */
  write(bytes: AsyncIterable<Uint8Array>): Promise<void>;
}

/** The options that each of these commands has. */
export function withApiFlags(command: Command): Command {
  return command
    .option('-l, --lakehouse <folder>', 'folder of the lakehouse (LAKEHOUSE_DIR, ./lakehouse)')
    .option('--json', 'print the answer as JSON')
    .option('--as <name>', 'whom it is by, in commits and merge requests: you, where not given')
    .option('--property <name=value>', 'of the commits that it makes; may be repeated', propertyOf);
}

/**
 * Asks, and prints the answer as JSON or as `tell` puts it.
 *
 * @returns the answer
 */
export async function answer<T>(
  commands: ApiCommands,
  flags: ApiFlags,
  ask: (api: ApiClient) => Promise<T>,
  tell: (answer: T) => readonly string[],
): Promise<T> {
  const api = saying(await commands.connect(flags), flags);
  try {
    const answered = await ask(api);
    for (const line of flags.json === true ? [JSON.stringify(answered)] : tell(answered))
      commands.print(line);
    return answered;
  } finally {
    await api.close();
  }
}

/** Every request says whom it is by, and what is to stand in its commits. */
export function saying(api: ApiClient, { as: author, property = [] }: ApiFlags): ApiClient {
  const headers = {
    ...(author === undefined ? {} : { 'timestream-author': encodeURIComponent(author) }),
    ...(property.length === 0 ? {} : { 'timestream-properties': property.join('&') }),
  };
  return {
    close: () => api.close(),
    download: (path) => api.download(path),
    call: (method, path, body) => api.call(method, path, body, headers),
  };
}

/** As a part of the header. */
function propertyOf(value: string, before: readonly string[] = []): readonly string[] {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write NAME=VALUE.');
  const pair = [value.slice(0, at), value.slice(at + 1)].map(encodeURIComponent);
  return [...before, pair.join('=')];
}

/** Those that are given. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

export function refPath(ref: string): string {
  return `/refs/${encodeURIComponent(ref)}`;
}
