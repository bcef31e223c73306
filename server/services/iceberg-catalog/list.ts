import { AppError } from '#shared/errors/app-error.ts';
import type { Child, ContentKey, Hash } from '#server/catalog/model.ts';
import type { EntityType } from './contents.ts';
import { checkKey, identifierToJson } from './identifiers.ts';
import { namespaceProperties } from './namespaces.ts';
import { readablePlace } from './places.ts';
import type { RestContext } from './rest-context.ts';

/** `token` of undefined asks for everything at once, an empty one for the first page. */
export interface PageRequest {
  readonly token?: string | undefined;
  readonly size?: number | undefined;
}

const PAGE_SIZE = 1000;

/** Namespaces right beneath another, or at the top. @throws NAMESPACE_NOT_FOUND */
export async function listNamespaces(
  ctx: RestContext,
  prefix: string,
  parent: ContentKey,
  page: PageRequest,
): Promise<Record<string, unknown>> {
  const start = await startOf(ctx, prefix, page);
  if (parent.length > 0) await namespaceProperties(ctx, start.hash, checkKey(parent));
  // What lies deeper says that there is a namespace, also where that has no entry of its own.
  const { members, next } = await pageOf(ctx, start, page, parent, ({ content, hasMore }) => {
    return content?.type === 'NAMESPACE' || hasMore;
  });
  return { namespaces: members.map((name) => [...parent, name]), 'next-page-token': next };
}

/** Tables or views right in a namespace. @throws NAMESPACE_NOT_FOUND */
export async function listEntities(
  ctx: RestContext,
  prefix: string,
  namespace: ContentKey,
  type: EntityType,
  page: PageRequest,
): Promise<Record<string, unknown>> {
  const start = await startOf(ctx, prefix, page);
  await namespaceProperties(ctx, start.hash, checkKey(namespace));
  const { members, next } = await pageOf(
    ctx,
    start,
    page,
    namespace,
    ({ content }) => content?.type === type,
  );
  return {
    identifiers: members.map((name) => identifierToJson([...namespace, name])),
    'next-page-token': next,
  };
}

interface Start {
  readonly hash: Hash;
  readonly after: string | null;
}

/** A listing goes on at the commit that it began at, so no name is missed or told twice. */
async function startOf(ctx: RestContext, prefix: string, { token }: PageRequest): Promise<Start> {
  if (token === undefined || token === '') return { ...(await readablePlace(ctx, prefix)), after: null };
  const [hash, after] = decodeToken(token);
  await readablePlace(ctx, prefix);
  await ctx.catalog.getCommit(hash);
  return { hash, after };
}

async function pageOf(
  ctx: RestContext,
  { hash, after }: Start,
  { token, size = PAGE_SIZE }: PageRequest,
  parent: ContentKey,
  accept: (child: Child) => boolean,
): Promise<{ readonly members: readonly string[]; readonly next: string | null }> {
  const paged = token !== undefined;
  const found = await ctx.catalog.listChildren(hash, parent, {
    after: after ?? undefined,
    limit: paged ? size + 1 : undefined,
    accept,
  });
  const members = found.slice(0, paged ? size : undefined).map(({ name }) => name);
  const last = members.at(-1);
  const next = members.length < found.length && last !== undefined ? encodeToken(hash, last) : null;
  return { members, next };
}

function encodeToken(hash: Hash, after: string): string {
  return Buffer.from(JSON.stringify([hash, after])).toString('base64url');
}

function decodeToken(token: string): readonly [Hash, string] {
  try {
    const [hash, after] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) && typeof after === 'string')
      return [hash, after];
  } catch {
    // Said below, as is every other token that is not ours.
  }
  throw new AppError('INVALID_INPUT', 'The page token is none that this server gave; list from the start.');
}
