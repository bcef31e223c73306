import { AppError } from '#shared/errors/app-error.ts';
import type { Commit, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { tableId } from './table-content.ts';

/** How far history is looked through; each commit that is newly looked at costs a read or two of the catalog. */
const CREATION_COMMITS = 1000;
const REMOVAL_COMMITS = 100;

type Reader = Pick<ServiceContext, 'catalog'>;

/** Where a table was looked for. */
export interface LookedAt {
  /** Branch or tag, or the commit's hash where none was named. */
  readonly name: string;
  readonly hash: Hash;
}

/**
 * TABLE_NOT_FOUND told better, where history knows the table: it was created after the place that was read, or
 * removed before.
 *
 * @param error what is known without history; given back where that knows nothing either
 */
export async function explainAbsence(
  ctx: Reader,
  error: AppError,
  { name, hash }: LookedAt,
  key: ContentKey,
): Promise<AppError> {
  const table = tableId(key);
  const branch = await branchOf(ctx, name);
  if (branch.hash !== hash && (await ctx.catalog.getContent(branch.hash, key)) !== null) {
    const creator = await creatorOf(ctx, branch.hash, hash, key);
    const since = creator === null ? 'It is there now.' : `It is there since ${describe(creator)}.`;
    return told(
      error,
      `There was no table ${table} yet at commit ${short(hash)}${on(name, hash)}. ${since}`,
      {
        branch: branch.name,
        ...(creator === null ? {} : { createdBy: creator.hash }),
      },
    );
  }
  const removal = await removalOf(ctx, hash, key);
  if (removal === null) return error;
  const before = `${branch.name}@${removal.lastWith.slice(0, 12)}`;
  return told(
    error,
    `There is no table ${table}${on(name, hash)} any more: ${describe(removal.remover)} removed it. It can be read as it was: ${table} AT (VERSION => '${before}').`,
    { removedBy: removal.remover.hash, lastVersion: before },
  );
}

/** A bare commit is compared with the default branch. */
async function branchOf({ catalog }: Reader, name: string): Promise<LookedAt> {
  const refs = await catalog.listRefs();
  return refs.find((ref) => ref.name === name) ?? catalog.getRef(catalog.defaultBranch);
}

/** The commit between a head that has the table and an older one that has not, which brought it; null where that is too far. */
async function creatorOf(
  { catalog }: Reader,
  head: Hash,
  older: Hash,
  key: ContentKey,
): Promise<Commit | null> {
  const { commits, next } = await catalog.log(head, { limit: CREATION_COMMITS });
  const index = commits.findIndex((commit) => commit.hash === older);
  // The root commit is in no log.
  if (index < 0 && next !== undefined) return null;
  let present = 0;
  let absent = index < 0 ? commits.length : index;
  while (absent - present > 1) {
    const middle = Math.floor((present + absent) / 2);
    const commit = commits[middle];
    if (commit !== undefined && (await catalog.getContent(commit.hash, key)) !== null) present = middle;
    else absent = middle;
  }
  return commits[present] ?? null;
}

async function removalOf(
  { catalog }: Reader,
  from: Hash,
  key: ContentKey,
): Promise<{ readonly remover: Commit; readonly lastWith: Hash } | null> {
  const { commits } = await catalog.log(from, { limit: REMOVAL_COMMITS });
  for (const commit of commits) {
    const [parent] = commit.parents;
    if (parent !== undefined && (await catalog.getContent(parent, key)) !== null)
      return { remover: commit, lastWith: parent };
  }
  return null;
}

function told(error: AppError, message: string, context: Readonly<Record<string, unknown>>): AppError {
  return new AppError(error.code, message, {
    context: { ...error.context, suggestions: [], ...context },
    cause: error,
  });
}

function describe({ hash, message, time }: Commit): string {
  const [title = ''] = message.split('\n');
  return `commit ${short(hash)} (${title}, ${time.toISOString()})`;
}

function on(name: string, hash: Hash): string {
  return name === hash ? '' : ` on "${name}"`;
}

function short(hash: Hash): string {
  return hash.slice(0, 8);
}
