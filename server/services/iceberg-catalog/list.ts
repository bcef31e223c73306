import { AppError } from '#shared/errors/app-error.ts';
import type { ContentKey, Hash } from '#server/catalog/model.ts';
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
  const under = await ctx.catalog.listContents(start.hash, parent.length === 0 ? undefined : parent);
  const names = new Set<string>();
  for (const { key, content } of under) {
    const level = key[parent.length];
    // What lies deeper says that there is a namespace, also where that has no entry of its own.
    const isNamespace = content.type === 'NAMESPACE' || key.length > parent.length + 1;
    if (level !== undefined && isNamespace) names.add(level);
  }
  const { members, next } = pageOf([...names], start, page);
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
  const names = (await ctx.catalog.listContents(start.hash, namespace))
    .filter(({ key, content }) => content.type === type && key.length === namespace.length + 1)
    .map(({ key }) => key.at(-1) ?? '');
  const { members, next } = pageOf(names, start, page);
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

function pageOf(
  names: readonly string[],
  { hash, after }: Start,
  { token, size }: PageRequest,
): { readonly members: readonly string[]; readonly next: string | null } {
  const sorted = names.toSorted();
  const rest = after === null ? sorted : sorted.filter((name) => name > after);
  if (token === undefined) return { members: rest, next: null };
  const members = rest.slice(0, size ?? PAGE_SIZE);
  const last = members.at(-1);
  const next = members.length < rest.length && last !== undefined ? encodeToken(hash, last) : null;
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
