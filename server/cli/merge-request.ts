import type { Command } from 'commander';
import { AppError } from '#shared/errors/app-error.ts';
import {
  mergeRequestDetail,
  mergeRequestInfo,
  mergeRequestList,
  mergeRequestMerged,
  mergeRequestStatus,
  type MergeRequestDetail,
  type MergeRequestInfo,
  type Verdict,
} from '#shared/contract/merge-requests.ts';
import {
  answer,
  queryOf,
  withApiFlags,
  type ApiClient,
  type ApiCommands,
  type ApiFlags,
} from './api-client.ts';
import { tellLanding, withChoiceFlags, type ChoiceFlags } from './merge.ts';

interface CreateFlags extends ApiFlags {
  readonly into?: string;
  readonly title?: string;
  readonly description?: string;
  readonly approvals?: string;
  readonly checks?: string;
}
interface ListFlags extends ApiFlags {
  readonly status?: string;
  readonly into?: string;
}
interface ApproveFlags extends ApiFlags {
  readonly comment?: string;
  readonly reject?: boolean;
}
interface MergeFlags extends ApiFlags, ChoiceFlags {
  readonly message?: string;
  readonly squash?: boolean;
  readonly dryRun?: boolean;
}

/** `timestream merge-request create|list|show|approve|merge|close|reopen`. */
export function addMergeRequestCommands(program: Command, commands: ApiCommands): void {
  const group = program.command('merge-request').description('propose a merge, judge it, and land it');
  withApiFlags(group.command('create'))
    .description('propose to merge a branch')
    .argument('<branch>', 'whose changes are proposed')
    .option('--into <branch>', 'where they are to land: the default branch, where not given')
    .option('-t, --title <title>', 'what it is about; the name of the branch, where not given')
    .option('-d, --description <text>', 'why')
    .option('--approvals <number>', 'how many it needs')
    .option('--checks <names>', 'that must have passed: a,b')
    .action((source: string, flags: CreateFlags) => create(commands, flags, source));
  withApiFlags(group.command('list'))
    .description('list merge requests, newest first')
    .option('--status <status>', `one of ${mergeRequestStatus.options.join(', ')}`)
    .option('--into <branch>', 'only those that are to land there')
    .action((flags: ListFlags) => list(commands, flags));
  withApiFlags(group.command('show'))
    .description('tell commits, approvals, checks, and what is in the way')
    .argument('<id>')
    .action((id: string, flags: ApiFlags) => judge(commands, flags, 'GET', at(id)));
  withApiFlags(group.command('approve'))
    .description('approve what the source has now; what comes later needs it anew')
    .argument('<id>')
    .option('-c, --comment <text>')
    .option('--reject', 'ask for changes instead')
    .action((id: string, { reject = false, comment = '', ...flags }: ApproveFlags) =>
      judge(commands, flags, 'POST', at(id, 'approve'), { approve: !reject, comment }),
    );
  withChoiceFlags(withApiFlags(group.command('merge')))
    .description('land it, once; conflicts end with code 1, and it stays open')
    .argument('<id>')
    .option('-m, --message <message>', 'what the commit says')
    .option('--squash', 'as one commit with one parent')
    .option('--dry-run', 'tell what would happen, and change nothing')
    .action((id: string, flags: MergeFlags) => merge(commands, flags, id));
  for (const [verb, status] of [
    ['close', 'CLOSED'],
    ['reopen', 'OPEN'],
  ] as const) {
    withApiFlags(group.command(verb))
      .description(verb === 'close' ? 'leave it' : 'take up a closed one again')
      .argument('<id>')
      .action((id: string, flags: ApiFlags) => setStatus(commands, flags, id, status));
  }
}

async function create(commands: ApiCommands, flags: CreateFlags, source: string): Promise<void> {
  const { into: target, title = source, description, approvals, checks } = flags;
  const requiredApprovals = approvals === undefined ? undefined : Number(approvals);
  if (requiredApprovals !== undefined && !(Number.isInteger(requiredApprovals) && requiredApprovals >= 0))
    throw new AppError('INVALID_INPUT', `"${approvals}" is no number of approvals.`);
  const requiredChecks = checks?.split(',').map((name) => name.trim());
  const body = { source, target, title, description, requiredApprovals, requiredChecks };
  await answer(
    commands,
    flags,
    async (api) => mergeRequestInfo.parse(await api.call('POST', '/merge-requests', body)),
    (request) => [line(request)],
  );
}

async function judge(
  commands: ApiCommands,
  flags: ApiFlags,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<void> {
  const ask = async (api: ApiClient) => mergeRequestDetail.parse(await api.call(method, path, body));
  await answer(commands, flags, ask, tell);
}

async function setStatus(
  commands: ApiCommands,
  flags: ApiFlags,
  id: string,
  status: MergeRequestInfo['status'],
): Promise<void> {
  const ask = async (api: ApiClient) => mergeRequestInfo.parse(await api.call('PATCH', at(id), { status }));
  await answer(commands, flags, ask, (request) => [line(request)]);
}

async function list(commands: ApiCommands, flags: ListFlags): Promise<void> {
  const { status, into: target } = flags;
  const query = queryOf({ status: status?.toUpperCase(), target });
  await answer(
    commands,
    flags,
    async (api) => mergeRequestList.parse(await api.call('GET', `/merge-requests${query}`)),
    ({ requests }) => requests.map(line),
  );
}

async function merge(commands: ApiCommands, flags: MergeFlags, id: string): Promise<void> {
  const { message, squash = false, dryRun = false, choice: choices = [], default: defaultChoice } = flags;
  const body = { message, strategy: squash ? 'SQUASH' : 'MERGE', dryRun, choices, defaultChoice };
  const { result } = await answer(
    commands,
    flags,
    async (api) => mergeRequestMerged.parse(await api.call('POST', at(id, 'merge'), body)),
    (merged) => [...tellLanding(merged.result), line(merged.request)],
  );
  if (result.outcome !== 'CONFLICTS') return;
  throw new AppError(
    'COMMIT_CONFLICT',
    `Merge request ${id} conflicts, so nothing has changed. Choose with --choice NAME=OURS, THEIRS or DROP, or --default.`,
  );
}

/** @throws INVALID_INPUT for what is no number of a merge request */
function at(id: string, verb?: string): string {
  if (!/^\d{1,15}$/.test(id)) throw new AppError('INVALID_INPUT', `"${id}" is no number of a merge request.`);
  return `/merge-requests/${id}${verb === undefined ? '' : `/${verb}`}`;
}

function line({ id, status, title, source, target, author }: MergeRequestInfo): string {
  return `${id}  ${status}  ${source} → ${target}  ${title}  (${author})`;
}

function tell(request: MergeRequestDetail): readonly string[] {
  const { commits, approvals, checks, blockers, ahead, status, description } = request;
  const verdict = ({ name, state, current, summary }: Verdict) =>
    `  ${name}: ${state}${current ? '' : ', at an earlier head'}${summary === '' ? '' : `, ${summary}`}`;
  return [
    line(request),
    ...(description === '' ? [] : [description]),
    `${ahead} commits:`,
    ...commits.map(({ hash, message }) => `  ${hash.slice(0, 12)}  ${message}`),
    ...(approvals.length === 0 ? [] : ['approvals:', ...approvals.map(verdict)]),
    ...(checks.length === 0 ? [] : ['checks:', ...checks.map(verdict)]),
    ...(status !== 'OPEN'
      ? []
      : blockers.length === 0
        ? ['It may be merged.']
        : blockers.map((why) => `! ${why}`)),
  ];
}
