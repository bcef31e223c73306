import { createHash } from 'node:crypto';
import type { FsckFault, FsckResult } from '#shared/contract/fsck.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { fileKey } from '#server/iceberg/deletes/file-identity.ts';
import { HashSet } from '#server/catalog/hash-set.ts';

const SHOWN = 1000;

/** From where something is reached: what every fault of it names. */
export type Place = Pick<FsckFault, 'ref' | 'commit' | 'table'>;

/** What a check has come to so far. Immutable things are looked at once, whoever reaches them. */
export class Findings {
  readonly counts = {
    refs: 0,
    commits: 0,
    nodes: 0,
    tableVersions: 0,
    expiredVersions: 0,
    views: 0,
    manifestLists: 0,
    manifests: 0,
    files: 0,
  };
  bytes = 0n;
  readonly #faults: FsckFault[] = [];
  #faultCount = 0;
  readonly #seen = new HashSet();

  /** @returns whether this file was not looked at yet in this role */
  isNew(role: string, location: string): boolean {
    return this.#seen.add(
      createHash('sha256')
        .update(`${role} ${fileKey(location)}`)
        .digest('hex'),
    );
  }

  add(fault: FsckFault): void {
    this.#faultCount += 1;
    if (this.#faults.length < SHOWN) this.#faults.push(fault);
  }

  result(deep: boolean): FsckResult {
    return {
      clean: this.#faultCount === 0,
      deep,
      checked: { ...this.counts, bytes: String(this.bytes) },
      faultCount: this.#faultCount,
      faults: [...this.#faults],
    };
  }
}

const DAMAGE = [
  'FILE_NOT_FOUND',
  'CORRUPT_FILE',
  'CORRUPT_METADATA',
  'PATH_OUTSIDE_ROOT',
  'SQL_RUNTIME',
  'UNSUPPORTED',
] as const;

/**
 * What is wrong with a thing that could not be read.
 *
 * @throws the error itself where it says nothing of the thing: the store did not answer, the check was cancelled
 */
export function damage(error: unknown): string {
  if (isAppError(error) && DAMAGE.some((code) => code === error.code)) return error.message;
  throw error;
}
