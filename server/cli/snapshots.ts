import type { Command } from 'commander';
import { tableChangeResult } from '#shared/contract/table-changes.ts';
import { answer, withApiFlags, type ApiCommands, type ApiFlags } from './api-client.ts';

interface SnapshotFlags extends ApiFlags {
  readonly branch?: string;
  readonly message?: string;
}

/** What moves the current snapshot of a table, called as Iceberg's procedures are. */
export function addSnapshotCommands(program: Command, commands: ApiCommands): void {
  const verb = (name: string, argument: string, description: string) =>
    withApiFlags(program.command(name))
      .description(description)
      .argument('<table>')
      .argument(`<${argument}>`)
      .option('--branch <branch>', 'branch that changes (the default branch)')
      .option('-m, --message <message>', 'what the commit says');
  const post =
    (route: string, request: (value: string) => Readonly<Record<string, unknown>>) =>
    async (table: string, value: string, { branch, message, ...flags }: SnapshotFlags): Promise<void> => {
      const more = {
        ...(branch === undefined ? {} : { branch }),
        ...(message === undefined ? {} : { message }),
      };
      const path = `/tables/${encodeURIComponent(table)}/${route}`;
      await answer(
        commands,
        flags,
        async (api) => tableChangeResult.parse(await api.call('POST', path, { ...request(value), ...more })),
        ({ commit }) => [
          commit === undefined
            ? `${table} is as it was.`
            : `${commit.message} (${commit.hash.slice(0, 12)}).`,
        ],
      );
    };
  verb('rollback-to-snapshot', 'snapshot', 'make an older snapshot of a table the current one').action(
    post('rollback', (snapshotId) => ({ to: { snapshotId } })),
  );
  verb('rollback-to-timestamp', 'time', 'make the snapshot of a time the current one').action(
    post('rollback', (time) => ({ to: { time } })),
  );
  verb('set-current-snapshot', 'snapshot', 'make any snapshot of a table the current one').action(
    post('rollback', (snapshotId) => ({ to: { snapshotId }, anySnapshot: true })),
  );
  verb('cherrypick-snapshot', 'snapshot', 'bring what a snapshot changed into the current state').action(
    post('cherry-pick', (snapshotId) => ({ snapshotId })),
  );
  verb('publish-changes', 'wap-id', 'bring what was staged under a wap.id into the current state').action(
    post('cherry-pick', (wapId) => ({ wapId })),
  );
}
