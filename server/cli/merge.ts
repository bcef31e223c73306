import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '#shared/errors/app-error.ts';
import { landResult, mergeChoice, type LandResult, type MergeRequest } from '#shared/contract/merges.ts';
import { answer, refPath, withApiFlags, type ApiCommands, type ApiFlags } from './api-client.ts';
import { changeLines } from './history.ts';

type Choices = NonNullable<MergeRequest['choices']>;

export interface ChoiceFlags {
  readonly choice?: Choices;
  readonly default?: string;
}
interface LandFlags extends ApiFlags, ChoiceFlags {
  readonly into: string;
  readonly message?: string;
  readonly dryRun?: boolean;
}
interface MergeFlags extends LandFlags {
  readonly squash?: boolean;
  readonly ff?: boolean;
  readonly ffOnly?: boolean;
}
interface PickFlags extends LandFlags {
  readonly mainline?: string;
}

/** `timestream merge`, `cherry-pick`, `revert` and `rebase`. Conflicts end with code 1; nothing has changed then. */
export function addMergeCommands(program: Command, commands: ApiCommands): void {
  withLandFlags(program.command('merge'))
    .description('merge a branch, tag or commit into a branch')
    .argument('<from>', 'what is merged')
    .option('--squash', 'as one commit with one parent')
    .option('--no-ff', 'make a merge commit always')
    .option('--ff-only', 'only where no merge commit is needed')
    .action((from: string, flags: MergeFlags) =>
      land(commands, flags, 'merge', {
        from,
        strategy: flags.squash === true ? 'SQUASH' : 'MERGE',
        fastForward: flags.ffOnly === true ? 'ONLY' : flags.ff === false ? 'NEVER' : 'IF_POSSIBLE',
      }),
    );
  for (const verb of ['cherry-pick', 'revert'] as const) {
    withLandFlags(program.command(verb))
      .description(
        verb === 'revert'
          ? 'take back what commits changed'
          : 'make the changes of commits on another branch',
      )
      .argument('<commits...>', 'branch@commit, or a whole hash; AFTER..TO is a range')
      .option('--mainline <parent>', 'of merges: the parent, from 1, that they are compared with')
      .action((commits: string[], flags: PickFlags) =>
        land(commands, flags, verb, {
          ...(flags.mainline === undefined ? {} : { mainline: Number(flags.mainline) }),
          ...commitsOf(commits),
        }),
      );
  }
  withLandFlags(program.command('rebase'))
    .description('make the commits of a branch again, on top of another place in history')
    .argument('<onto>')
    .action((onto: string, flags: LandFlags) => land(commands, flags, 'rebase', { onto }));
}

function withLandFlags(command: Command): Command {
  return withChoiceFlags(withApiFlags(command))
    .option('--into <branch>', 'branch that changes', 'main')
    .option('-m, --message <message>', 'what the commit says')
    .option('--dry-run', 'tell what would happen, and change nothing');
}

export function withChoiceFlags(command: Command): Command {
  return command
    .option('--choice <name=side>', 'of a conflict: OURS, THEIRS or DROP; may be repeated', parseChoice)
    .addOption(
      new Option('--default <side>', 'for conflicts without a choice').choices([...mergeChoice.options]),
    );
}

async function land(
  commands: ApiCommands,
  flags: LandFlags,
  verb: string,
  request: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { into, message, dryRun = false, choice: choices = [], default: defaultChoice } = flags;
  const body = {
    ...request,
    dryRun,
    choices,
    ...(message === undefined ? {} : { message }),
    ...(defaultChoice === undefined ? {} : { defaultChoice }),
  };
  const found = await answer(
    commands,
    flags,
    async (api) => landResult.parse(await api.call('POST', `${refPath(into)}/${verb}`, body)),
    tellLanding,
  );
  if (found.outcome === 'CONFLICTS') {
    throw new AppError(
      'COMMIT_CONFLICT',
      `${found.conflicts.length === 1 ? 'One conflict' : `${found.conflicts.length} conflicts`}, so nothing has changed. Choose with --choice NAME=OURS, THEIRS or DROP, or --default.`,
    );
  }
  if (found.outcome === 'NOT_FAST_FORWARD') {
    throw new AppError('COMMIT_CONFLICT', `${into} has commits of its own, so it can't just move forward.`);
  }
}

export function tellLanding(result: LandResult): readonly string[] {
  const { outcome, branch, commits, changes, changeCount, conflicts, dryRun, after } = result;
  if (outcome === 'CONFLICTS') {
    return conflicts.map(({ key, kind, message }) => `! ${key}  ${kind}  ${message}`);
  }
  if (outcome === 'UP_TO_DATE') return [`${branch} has it all already.`];
  if (outcome === 'NOT_FAST_FORWARD') return [];
  const would = dryRun ? 'would be ' : '';
  const how = outcome === 'FAST_FORWARD' ? 'moved forward' : `given ${commits.length} new commits`;
  return [
    `${branch} ${dryRun ? '' : 'was '}${would}${how}, with ${changeCount} changes${dryRun ? '' : `; it is at ${after.slice(0, 12)}`}.`,
    ...changeLines(changes),
  ];
}

function commitsOf(commits: readonly string[]): Readonly<Record<string, unknown>> {
  const [range, ...others] = commits;
  const at = range?.indexOf('..') ?? -1;
  if (range === undefined || at === -1) return { commits };
  if (others.length > 0) throw new AppError('INVALID_INPUT', 'A range AFTER..TO stands alone.');
  return { range: { after: range.slice(0, at), to: range.slice(at + 2) } };
}

/** The last "=" counts, since names may have some. */
function parseChoice(value: string, before: Choices = []): Choices {
  const at = value.lastIndexOf('=');
  const choice = mergeChoice.safeParse(value.slice(at + 1).toUpperCase());
  if (at < 1 || !choice.success) throw new InvalidArgumentError('Write NAME=OURS, NAME=THEIRS or NAME=DROP.');
  return [...before, { key: value.slice(0, at), choice: choice.data }];
}
