import { tableFromIPC } from 'apache-arrow';
import type { FoundColumn } from './decode-protocol.ts';
import { FetchFailure, type ServerError } from './tail.ts';

/** Positions of deleted rows as the server answers them. */
export interface Positions {
  readonly column: FoundColumn;
  readonly ipc: Uint8Array<ArrayBuffer>;
  readonly rows: number;
}

/**
 * Fetches an Arrow IPC stream of one column of integers.
 *
 * @param id what the column is called by
 * @throws FetchFailure with what the server says; what reading Arrow throws
 */
export async function fetchPositions(url: string, id: number, get: typeof fetch): Promise<Positions> {
  let response: Response;
  let body: ArrayBuffer;
  try {
    response = await get(url);
    body = await response.arrayBuffer();
  } catch (error) {
    throw new FetchFailure(0, String(error));
  }
  if (!response.ok) throw new FetchFailure(response.status, `status ${response.status}`, saidIn(body));
  const ipc = new Uint8Array(body);
  const { numRows: rows, schema } = tableFromIPC(ipc);
  const name = schema.fields[0]?.name ?? '';
  return { column: { id, field: { id, name, type: { kind: 'leaf', sqlType: 'BIGINT' } } }, ipc, rows };
}

function saidIn(body: ArrayBuffer): ServerError | undefined {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { error?: Partial<ServerError> };
    const { code, message } = error ?? {};
    return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
  } catch {
    return undefined;
  }
}
