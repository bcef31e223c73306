import { AppError } from '#shared/errors/app-error.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import type { Catalog, MoveRefInput } from './catalog.ts';
import { checkExpected, checkProtection, conflict, recordOf } from './land.ts';
import { relate } from './merge/merge-base.ts';
import type { MovedBy, Ref, ReflogEntry, RefOperation } from './model.ts';
import type { CatalogReader } from './reader.ts';
import type { RefChange } from './store/catalog-store.ts';

type RefMoves = Pick<
  Catalog,
  'createRef' | 'deleteRef' | 'renameRef' | 'assignRef' | 'protectRef' | 'restore'
>;

const RULES = ['COMMIT', 'DELETE', 'MERGE', 'RESET'] as const;

/** Whatever moves refs without making commits. Each is one transaction with its entries in the reflog. */
export function refMoves(reader: CatalogReader, defaultBranch: string): RefMoves {
  const apply = async (
    changes: readonly RefChange[],
    operation: RefOperation,
    by: MovedBy & { why: string },
  ) => {
    const said = { author: by.author ?? '', message: by.message ?? by.why, time: reader.clock() };
    const records = changes.map(({ before, after, ...change }) => {
      const type = (after ?? before)?.type ?? 'BRANCH';
      const hashes = { before: before?.hash ?? null, after: after?.hash ?? null };
      return recordOf({ ...change, type }, operation, { ...said, ...hashes });
    });
    return reader.store.move({ changes, objects: { nodes: [], commits: [] }, records });
  };
  const current = async ({ name, expectedHead }: MoveRefInput): Promise<Ref> => {
    const ref = await reader.getRef(name);
    checkExpected(name, ref.hash, expectedHead);
    return ref;
  };
  const stays = (name: string, what: string) => {
    if (name !== defaultBranch) return;
    throw new AppError('FORBIDDEN', `"${name}" is the default branch and stays; it can't be ${what}.`, {
      context: { ref: name },
    });
  };
  /** To a commit that has the present one in its history, a protected branch may go. */
  const mayMoveTo = async (ref: Ref, hash: string, what: string) => {
    checkProtection(ref, 'MERGE', what);
    if (!ref.protection.includes('RESET')) return;
    const { bases } = await relate(reader, ref.hash, hash);
    if (ref.type === 'TAG' || !bases.includes(ref.hash)) checkProtection(ref, 'RESET', what);
  };

  return {
    async createRef({ name, type, hash, ...by }) {
      checkName(name);
      await reader.getCommit(hash);
      const after: Ref = { name, type, hash, protection: [] };
      const why = `Created at ${hash.slice(0, 12)}`;
      if (await apply([{ name, before: null, after }], 'create', { ...by, why })) return after;
      throw taken(name);
    },
    async deleteRef(input) {
      const { name } = input;
      stays(name, 'deleted');
      const before = await current(input);
      checkProtection(before, 'DELETE', 'deleting it');
      if (await apply([{ name, before, after: null }], 'delete', { ...input, why: 'Deleted' })) return;
      throw moved(name, 'deleted');
    },
    async renameRef(input) {
      const { name, to } = input;
      stays(name, 'renamed');
      checkName(to);
      const before = await current(input);
      checkProtection(before, 'DELETE', 'renaming it');
      const after = { ...before, name: to };
      if (name === to) return before;
      const changes = [
        { name, before, after: null },
        { name: to, before: null, after },
      ];
      if (await apply(changes, 'rename', { ...input, why: `Renamed from ${name} to ${to}` })) return after;
      throw (await reader.store.getRef(to)) === null ? moved(name, 'renamed') : taken(to);
    },
    async assignRef(input) {
      const { name, hash } = input;
      const before = await current(input);
      await reader.getCommit(hash);
      if (before.hash === hash) return before;
      await mayMoveTo(before, hash, 'resetting it');
      const after = { ...before, hash };
      const why = `Reset to ${hash.slice(0, 12)}`;
      if (await apply([{ name, before, after }], 'reset', { ...input, why })) return after;
      throw moved(name, 'reset');
    },
    async protectRef(input) {
      const { name } = input;
      const before = await current(input);
      const after = { ...before, protection: RULES.filter((rule) => input.protection.includes(rule)) };
      const rules = after.protection.join(', ').toLowerCase();
      const why = rules === '' ? 'No longer protected' : `Protected: ${rules}`;
      if (await apply([{ name, before, after }], 'protect', { ...input, why })) return after;
      throw moved(name, 'changed');
    },
    async restore({ entry, expectedHead, ...by }) {
      const entries = /^\d{1,18}$/.test(entry) ? await reader.store.reflogMove(entry) : [];
      const undone = entries.find(({ id }) => id === entry);
      if (undone === undefined) {
        throw new AppError('NOT_FOUND', `The reflog has no entry ${entry}.`, { context: { entry } });
      }
      const changes: RefChange[] = [];
      for (const name of new Set(entries.map(({ ref }) => ref))) {
        const before = await reader.store.getRef(name);
        if (name === undone.ref && before !== null) checkExpected(name, before.hash, expectedHead);
        // A group of commits is one move of several entries of one ref; a rename is one of two refs.
        const record = name === undone.ref ? undone : entries.find(({ ref }) => ref === name);
        const change = record === undefined ? null : await undo(before, record);
        if (change !== null) changes.push(change);
      }
      const why = `Undid entry ${entry}: ${undone.operation}`;
      if (changes.length > 0 && !(await apply(changes, 'restore', { ...by, why }))) {
        throw moved(undone.ref, 'restored');
      }
      return { undone, refs: changes.flatMap(({ after }) => (after === null ? [] : [after])) };
    },
  };

  /** What puts a ref back to before a move; null where it stands there. */
  async function undo(before: Ref | null, record: ReflogEntry): Promise<RefChange | null> {
    const { ref: name, type, before: hash } = record;
    if (hash === null) {
      if (before === null) return null;
      stays(name, 'deleted');
      checkProtection(before, 'DELETE', 'undoing its creation');
      return { name, before, after: null };
    }
    if (before?.hash === hash) return null;
    // Retention may have collected it since.
    await reader.getCommit(hash);
    if (before !== null) await mayMoveTo(before, hash, 'restoring an earlier place');
    return { name, before, after: { name, type, protection: [], ...before, hash } };
  }
}

function checkName(name: string): void {
  const problem = refNameProblem(name);
  if (problem === null) return;
  throw new AppError('INVALID_INPUT', `"${name.slice(0, 300)}" can't name a ref: ${problem}.`, {
    context: { ref: name.slice(0, 300) },
  });
}

function taken(name: string): AppError {
  return new AppError('REF_ALREADY_EXISTS', `There is a branch or tag "${name}" already.`, {
    context: { ref: name },
  });
}

function moved(name: string, what: string): AppError {
  return conflict(`"${name}" has moved since; it was not ${what}.`, { ref: name });
}
