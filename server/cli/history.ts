import type { Command } from 'commander';
import { compareResult, type KeyChange } from '#shared/contract/merges.ts';
import { logPage, reflogPage, restoreResult } from '#shared/contract/refs.ts';
import { answer, queryOf, refPath, withApiFlags, type ApiCommands, type ApiFlags } from './api-client.ts';

const SIGNS = { added: '+', modified: '~', removed: '-', renamed: '>' } as const;

interface LogFlags extends ApiFlags {
  readonly limit?: string;
  readonly cursor?: string;
  readonly table?: string;
  readonly namespace?: string;
  readonly author?: string;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
}

/** `timestream log`, `diff`, `reflog` and `restore`. */
export function addHistoryCommands(program: Command, commands: ApiCommands): void {
  withApiFlags(program.command('log'))
    .description('commits, newest first')
    .argument('[ref]', 'branch, tag, commit or branch*time', 'main')
    .option('-n, --limit <count>', 'so many at most', '20')
    .option('--cursor <commit>', 'go on from here: "next" of the answer before')
    .option('--table <table>', 'only commits that changed this table')
    .option('--namespace <namespace>', 'only commits that changed something in it')
    .option('--author <name>', 'only commits of this author')
    .option('--text <text>', 'only commits whose message has this')
    .option('--since <time>', 'only commits of this time (ISO 8601) or later')
    .option('--until <time>', 'only commits of this time or earlier')
    .action(async (ref: string, flags: LogFlags) => {
      const { limit, cursor, table, namespace, author, text, since, until } = flags;
      const query = { limit, cursor, table, namespace, author, text, since, until };
      await answer(
        commands,
        flags,
        async (api) => logPage.parse(await api.call('GET', `${refPath(ref)}/log${queryOf(query)}`)),
        ({ entries, next }) => [
          ...entries.map(
            ({ hash, time, author, message, changes }) =>
              `${hash.slice(0, 12)}  ${time}  ${author}  ${message}${keysOf(changes.map(({ key }) => key))}`,
          ),
          ...(next === undefined ? [] : [`… go on with --cursor ${next}`]),
        ],
      );
    });

  withApiFlags(program.command('diff'))
    .description('what differs between two places in history')
    .argument('<from>')
    .argument('[to]', 'the default branch where not given', 'main')
    .option('--since-parted', 'only what `to` changed since the two parted')
    .action(async (from: string, to: string, flags: ApiFlags & { sinceParted?: boolean }) => {
      const query = { from, to, since: flags.sinceParted === true ? 'merge-base' : undefined };
      await answer(
        commands,
        flags,
        async (api) => compareResult.parse(await api.call('GET', `/compare${queryOf(query)}`)),
        ({ ahead, behind, changes, changeCount }) => [
          `${to} is ${ahead} commits ahead of ${from}, and ${behind} behind; ${changeCount} changes`,
          ...changeLines(changes),
        ],
      );
    });

  withApiFlags(program.command('reflog'))
    .description('every move of a branch or tag, newest first, also of those that are gone')
    .argument('[ref]', 'only of this one')
    .option('-n, --limit <count>', 'so many at most', '20')
    .option('--cursor <id>', 'go on from here')
    .action(async (ref: string | undefined, flags: ApiFlags & { limit: string; cursor?: string }) => {
      const query = { ref, limit: flags.limit, cursor: flags.cursor };
      const short = (hash: string | null) => hash?.slice(0, 12) ?? '-'.repeat(12);
      await answer(
        commands,
        flags,
        async (api) => reflogPage.parse(await api.call('GET', `/reflog${queryOf(query)}`)),
        ({ entries }) =>
          entries.map(
            ({ id, ref: name, operation, before, after, time, author, message }) =>
              `${id}  ${name}  ${operation}  ${short(before)} → ${short(after)}  ${time}  ${author}  ${message}`,
          ),
      );
    });

  withApiFlags(program.command('restore'))
    .description('undo a move: the branch or tag stands where it stood before, or is there again')
    .argument('<entry>', 'id of the entry in the reflog')
    .action(async (entry: string, flags: ApiFlags) => {
      await answer(
        commands,
        flags,
        async (api) =>
          restoreResult.parse(await api.call('POST', `/reflog/${encodeURIComponent(entry)}/restore`, {})),
        ({ undone, refs }) => [
          `Undid the ${undone.operation} of ${undone.ref}.`,
          ...refs.map(({ name, hash }) => `${name}  ${hash.slice(0, 12)}`),
        ],
      );
    });
}

export function changeLines(changes: readonly KeyChange[]): readonly string[] {
  return changes.map(
    ({ key, kind, previousKey }) =>
      `${SIGNS[kind]} ${previousKey === undefined ? '' : `${previousKey} → `}${key}`,
  );
}

function keysOf(keys: readonly string[]): string {
  if (keys.length === 0) return '';
  return keys.length > 3 ? `  (${keys.length} contents)` : `  (${keys.join(', ')})`;
}
