import type {
  ApproveRequest,
  MergeRequestDetail,
  MergeRequestInfo,
  PostCheck,
  Verdict,
} from '#shared/contract/merge-requests.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Hash } from '#server/catalog/model.ts';
import { compareRefs } from '../refs/index.ts';
import { assertOpen, headOf, requestById, type MergeRequestContext } from './merge-request-context.ts';
import type { StoredVerdict } from './merge-request-store.ts';

/** What it changes, what was said of it, and what is in its way. @throws NOT_FOUND */
export async function describeMergeRequest(
  ctx: MergeRequestContext,
  id: number,
): Promise<MergeRequestDetail> {
  const request = await requestById(ctx, id);
  const { source, target, status, sourceHash, targetBefore } = request;
  const open = status === 'OPEN' || status === 'MERGING';
  const to = open ? await headOf(ctx, source) : sourceHash;
  const from = targetBefore ?? (await headOf(ctx, target));
  const verdicts = await ctx.mergeRequests.verdicts(id);
  const compared =
    from === null || to === null ? null : await compareRefs(ctx, { from, to, since: 'merge-base' });
  return {
    ...request,
    diffFrom: compared?.mergeBases[0] ?? null,
    diffTo: to,
    ahead: compared?.ahead ?? 0,
    behind: compared?.behind ?? 0,
    commits: compared?.commits ?? [],
    approvals: verdicts.filter(({ kind }) => kind === 'APPROVAL').map((verdict) => told(verdict, to)),
    checks: verdicts.filter(({ kind }) => kind === 'CHECK').map((verdict) => told(verdict, to)),
    blockers: open ? blockersOf(request, to, verdicts) : [],
  };
}

/** Sentences; only what was said of the present head of the source counts. */
export function blockersOf(
  { source, requiredApprovals, requiredChecks }: MergeRequestInfo,
  head: Hash | null,
  verdicts: readonly StoredVerdict[],
): string[] {
  if (head === null) return [`The branch "${source}" is gone.`];
  const current = verdicts.filter(({ sourceHash }) => sourceHash === head);
  const approvals = current.filter(({ kind }) => kind === 'APPROVAL');
  const blockers = approvals
    .filter(({ state }) => state === 'FAILED')
    .map(({ name }) => `${name} asks for changes.`);
  const given = approvals.filter(({ state }) => state === 'PASSED').length;
  if (given < requiredApprovals)
    blockers.push(`It has ${given} of the ${requiredApprovals} approvals that it needs at this head.`);
  for (const name of requiredChecks) {
    const check = current.find((verdict) => verdict.kind === 'CHECK' && verdict.name === name);
    if (check?.state === 'PASSED') continue;
    const why =
      check === undefined ? 'has not run at this head' : check.state === 'FAILED' ? 'failed' : 'is running';
    const more = check === undefined || check.summary === '' ? '' : `: ${check.summary}`;
    blockers.push(`The check "${name}" ${why}${more}.`);
  }
  return blockers;
}

/** @throws NOT_FOUND; VERSION_CONFLICT unless it is open; REF_NOT_FOUND where its source is gone */
export async function approveMergeRequest(
  ctx: MergeRequestContext,
  id: number,
  { approve = true, comment = '' }: ApproveRequest,
): Promise<MergeRequestDetail> {
  const { sourceHash } = await openAt(ctx, id);
  await ctx.mergeRequests.putVerdict(id, {
    kind: 'APPROVAL',
    name: ctx.author,
    sourceHash,
    state: approve ? 'PASSED' : 'FAILED',
    summary: comment,
    time: new Date().toISOString(),
  });
  return describeMergeRequest(ctx, id);
}

/** What a check that runs elsewhere came to. @throws as approveMergeRequest */
export async function postCheckResult(
  ctx: MergeRequestContext,
  id: number,
  { name, state, summary = '', sourceHash: given }: PostCheck,
): Promise<MergeRequestDetail> {
  const { sourceHash } = await openAt(ctx, id);
  const time = new Date().toISOString();
  const verdict = { kind: 'CHECK', name, sourceHash: given ?? sourceHash, state, summary, time } as const;
  await ctx.mergeRequests.putVerdict(id, verdict);
  return describeMergeRequest(ctx, id);
}

/** Runs every check that runs in this process, at the present heads. @throws as approveMergeRequest */
export async function runChecks(ctx: MergeRequestContext, id: number): Promise<MergeRequestDetail> {
  const { request, sourceHash } = await openAt(ctx, id);
  const targetHash = (await ctx.catalog.getRef(request.target)).hash;
  const input = {
    request: id,
    source: { branch: request.source, hash: sourceHash },
    target: { branch: request.target, hash: targetHash },
  };
  for (const name of ctx.mergeChecks.names) {
    const put = async (state: Verdict['state'], summary: string) =>
      ctx.mergeRequests.putVerdict(id, {
        kind: 'CHECK',
        name,
        sourceHash,
        state,
        summary,
        time: new Date().toISOString(),
      });
    await put('PENDING', '');
    const result = await ctx.mergeChecks.run(name, ctx, input);
    await put(result?.state ?? 'FAILED', result?.summary ?? 'There is no such check any more.');
  }
  return describeMergeRequest(ctx, id);
}

async function openAt(
  ctx: MergeRequestContext,
  id: number,
): Promise<{ readonly request: MergeRequestInfo; readonly sourceHash: Hash }> {
  const request = await requestById(ctx, id);
  assertOpen(request);
  const sourceHash = await headOf(ctx, request.source);
  if (sourceHash !== null) return { request, sourceHash };
  throw new AppError('REF_NOT_FOUND', `The branch "${request.source}" of merge request ${id} is gone.`, {
    context: { ref: request.source, request: id },
  });
}

function told(verdict: StoredVerdict, head: Hash | null): Verdict {
  const { name, sourceHash, state, summary, time } = verdict;
  return { name, sourceHash, current: sourceHash === head, state, summary, time };
}
