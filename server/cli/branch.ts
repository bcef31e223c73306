import type { Command } from 'commander';
import { AppError } from '#shared/errors/app-error.ts';
import { mergeGate, refInfo, refList, refRule, type MergeGate, type RefInfo } from '#shared/contract/refs.ts';
import {
  answer,
  refPath,
  withApiFlags,
  type ApiClient,
  type ApiCommands,
  type ApiFlags,
} from './api-client.ts';

interface Flags extends ApiFlags {
  readonly from?: string;
  readonly delete?: boolean;
  readonly rename?: string;
  readonly reset?: string;
  readonly protect?: string;
  readonly approvals?: string;
  readonly checks?: string;
  readonly authorMayApprove?: boolean;
  readonly message?: string;
}

/** `timestream branch` and `timestream tag`: without a name they list. */
export function addRefCommands(program: Command, commands: ApiCommands): void {
  for (const kind of ['branch', 'tag'] as const) {
    const many = kind === 'branch' ? 'branches' : 'tags';
    withApiFlags(program.command(kind))
      .description(`list ${many}; or make, move, rename, protect or delete one`)
      .argument('[name]', `of the ${kind}; without one all are listed`)
      .option('--from <ref>', 'where a new one starts: branch, tag, branch@commit, branch*time')
      .option('-d, --delete', 'delete it; `timestream restore` brings it back')
      .option('--rename <name>', 'give it another name')
      .option('--reset <ref>', 'point it elsewhere')
      .option(
        '--protect <rules>',
        'what is refused on it: COMMIT,DELETE,RESET; MERGE for all but merge requests; or none',
      )
      .option(
        '--approvals <number>',
        'with --protect MERGE: how many a merge request needs; 1 where not given',
      )
      .option('--checks <names>', 'with --protect MERGE: that must have passed: a,b')
      .option('--author-may-approve', 'with --protect MERGE: the approval of who opened a request counts')
      .option('-m, --message <message>', 'why, for the reflog')
      .action((name: string | undefined, flags: Flags) =>
        name === undefined
          ? list(commands, flags, kind)
          : change(commands, flags, kind === 'branch' ? 'BRANCH' : 'TAG', name),
      );
  }
}

async function list(commands: ApiCommands, flags: Flags, kind: 'branch' | 'tag'): Promise<void> {
  const type = kind.toUpperCase();
  await answer(
    commands,
    flags,
    async (api) => {
      const { refs, defaultBranch } = refList.parse(await api.call('GET', '/refs'));
      return { refs: refs.filter((ref) => ref.type === type), defaultBranch };
    },
    ({ refs, defaultBranch }) =>
      refs.map((ref) => `${ref.name === defaultBranch ? '*' : ' '} ${describe(ref)}`),
  );
}

async function change(
  commands: ApiCommands,
  flags: Flags,
  type: RefInfo['type'],
  name: string,
): Promise<void> {
  const { message, rename, protect, reset } = flags;
  const said = message === undefined ? {} : { message };
  const asked = [flags.delete === true, rename !== undefined, reset !== undefined, protect !== undefined];
  if (asked.filter(Boolean).length > 1) {
    throw new AppError('INVALID_INPUT', 'Give one of --delete, --rename, --reset and --protect.');
  }
  if (flags.delete === true) {
    await answer(
      commands,
      flags,
      (api) => api.call('DELETE', refPath(name)),
      () => [`Deleted ${name}.`],
    );
    return;
  }
  const ask = async (api: ApiClient): Promise<unknown> => {
    if (rename !== undefined) return api.call('PATCH', refPath(name), { name: rename, ...said });
    if (reset !== undefined) return api.call('PUT', refPath(name), { to: reset, ...said });
    if (protect !== undefined)
      return api.call('PATCH', refPath(name), { protection: rulesOf(protect), ...gateOf(flags), ...said });
    const from = flags.from === undefined ? {} : { from: flags.from };
    return api.call('POST', '/refs', { name, type, ...from });
  };
  await answer(
    commands,
    flags,
    async (api) => refInfo.parse(await ask(api)),
    (ref) => [describe(ref)],
  );
}

/** @throws INVALID_INPUT */
function gateOf({ approvals, checks, authorMayApprove }: Flags): { readonly mergeGate?: MergeGate } {
  if (approvals === undefined && checks === undefined && authorMayApprove === undefined) return {};
  const gate = mergeGate.safeParse({
    requiredApprovals: approvals === undefined ? undefined : Number(approvals),
    requiredChecks: checks?.split(',').map((name) => name.trim()),
    authorMayApprove,
  });
  if (gate.success) return { mergeGate: gate.data };
  throw new AppError(
    'INVALID_INPUT',
    `"${approvals ?? checks}" does not say how many approvals, or which checks.`,
  );
}

/** @throws INVALID_INPUT */
function rulesOf(text: string): readonly string[] {
  if (text.toLowerCase() === 'none') return [];
  const rules = text.split(',').map((rule) => rule.trim().toUpperCase());
  const wrong = rules.find((rule) => !refRule.safeParse(rule).success);
  if (wrong === undefined) return rules;
  throw new AppError(
    'INVALID_INPUT',
    `"${wrong}" is no rule: write some of ${refRule.options.join(', ')}, or none.`,
  );
}

function describe({ name, hash, protection, head }: RefInfo): string {
  const refuses = protection.length === 0 ? '' : `  [refuses ${protection.join(', ')}]`;
  return `${name}  ${hash.slice(0, 12)}  ${head?.message ?? ''}${refuses}`;
}
