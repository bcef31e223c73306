import { totalmem } from 'node:os';

/**
 * A size as DuckDB's configuration takes it. A share ("50%") is of what this process may use: the container's
 * limit where there is one, else the machine's memory.
 */
export function memoryLimit(size: string): string {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(size)?.[1];
  if (share === undefined) return size;
  const limit = process.constrainedMemory() ?? 0;
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return `${Math.max(64, Math.floor((total * Number(share)) / 100 / 2 ** 20))}MiB`;
}
