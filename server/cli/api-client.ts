import type { Command } from 'commander';

/** The lakehouse's API, whoever answers it. */
export interface ApiClient {
  /** @param path below /api/v1 */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  close(): Promise<void>;
}

export interface ApiFlags {
  readonly lakehouse?: string;
  readonly json?: boolean;
  readonly as?: string;
}

/** What commands that only ask the API are given. */
export interface ApiCommands {
  connect(flags: ApiFlags): Promise<ApiClient>;
  print(line: string): void;
}

/** The options that each of these commands has. */
export function withApiFlags(command: Command): Command {
  return command
    .option('-l, --lakehouse <folder>', 'folder of the lakehouse (LAKEHOUSE_DIR, ./lakehouse)')
    .option('--json', 'print the answer as JSON')
    .option('--as <name>', 'whom it is by, in commits and merge requests: you, where not given');
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
  const api = saying(await commands.connect(flags), flags.as);
  try {
    const answered = await ask(api);
    for (const line of flags.json === true ? [JSON.stringify(answered)] : tell(answered))
      commands.print(line);
    return answered;
  } finally {
    await api.close();
  }
}

/** Every request says whom it is by. */
function saying(api: ApiClient, author: string | undefined): ApiClient {
  if (author === undefined) return api;
  const headers = { 'timestream-author': encodeURIComponent(author) };
  return {
    close: () => api.close(),
    call: (method, path, body) => api.call(method, path, body, headers),
  };
}

/** Those that are given. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

export function refPath(ref: string): string {
  return `/refs/${encodeURIComponent(ref)}`;
}
