import type {
  ApproveRequest,
  MergeRequestDetail,
  MergeRequestInfo,
  PostCheck,
  Verdict,
} from '#shared/contract/merge-requests.ts';
import type { MergeGate } from '#shared/contract/refs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Hash } from '#server/catalog/model.ts';
import { compareRefs } from '../refs/index.ts';
import {
  assertOpen,
  gateFor,
  headOf,
  requestById,
  type MergeRequestContext,
} from './merge-request-context.ts';
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
  const gate = open ? await gateFor(ctx, request) : null;
  return {
    ...needsOf(request, gate),
    diffFrom: compared?.mergeBases[0] ?? null,
    diffTo: to,
    ahead: compared?.ahead ?? 0,
    behind: compared?.behind ?? 0,
    commits: compared?.commits ?? [],
    approvals: verdicts.filter(({ kind }) => kind === 'APPROVAL').map((verdict) => told(verdict, to)),
    checks: verdicts.filter(({ kind }) => kind === 'CHECK').map((verdict) => told(verdict, to)),
    blockers: open ? blockersOf(request, to, verdicts, gate) : [],
  };
}

/** Sentences; only what was said of the present head of the source counts. */
export function blockersOf(
  request: MergeRequestInfo,
  head: Hash | null,
  verdicts: readonly StoredVerdict[],
  gate: MergeGate | null,
): string[] {
  const { source, author, requiredApprovals, requiredChecks } = needsOf(request, gate);
  if (head === null) return [`The branch "${source}" is gone.`];
  const current = verdicts.filter(({ sourceHash }) => sourceHash === head);
  const approvals = current.filter(({ kind }) => kind === 'APPROVAL');
  const blockers = approvals
    .filter(({ state }) => state === 'FAILED')
    .map(({ name }) => `${name} asks for changes.`);
  const given = approvals.filter(
    ({ name, state }) => state === 'PASSED' && (name !== author || gate?.authorMayApprove === true),
  ).length;
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

/** The more of what the request asks for itself and what its target asks for. */
function needsOf(request: MergeRequestInfo, gate: MergeGate | null): MergeRequestInfo {
  return {
    ...request,
    requiredApprovals: Math.max(request.requiredApprovals, gate?.requiredApprovals ?? 0),
    requiredChecks: [...new Set([...request.requiredChecks, ...(gate?.requiredChecks ?? [])])],
  };
}

/**
 * @throws NOT_FOUND; VERSION_CONFLICT unless it is open; REF_NOT_FOUND where its source is gone; FORBIDDEN where
 *   whoever opened it approves it, unless its target allows that
 */
export async function approveMergeRequest(
  ctx: MergeRequestContext,
  id: number,
  { approve = true, comment = '' }: ApproveRequest,
): Promise<MergeRequestDetail> {
  const { request, sourceHash } = await openAt(ctx, id);
  const gate = await gateFor(ctx, request);
  if (approve && request.author === ctx.author && gate?.authorMayApprove !== true) {
    throw new AppError(
      'FORBIDDEN',
      `${ctx.author} opened merge request ${id}, so somebody else approves it (say who with the header timestream-author, or with --as); or let the rule of "${request.target}" say that the author may.`,
      { context: { request: id, author: ctx.author } },
    );
  }
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
