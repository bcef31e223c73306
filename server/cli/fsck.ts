import type { Command } from 'commander';
import { fsckResult, type FsckFault, type FsckResult } from '#shared/contract/fsck.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { answer, withApiFlags, type ApiCommands, type ApiFlags } from './api-client.ts';

/** `timestream fsck`: ends with code 1 where there is a fault. */
export function addFsck(program: Command, commands: ApiCommands): void {
  withApiFlags(program.command('fsck'))
    .description('check that all that branches, tags and the reflog lead to is there and whole')
    .option('--deep', 'also open every Parquet file, and count its rows by its footer')
    .action(async ({ deep = false, ...flags }: ApiFlags & { deep?: boolean }) => {
      const { faultCount } = await answer(
        commands,
        flags,
        async (api) => fsckResult.parse(await api.call('GET', `/maintenance/fsck?deep=${deep}`)),
        tell,
      );
      if (faultCount > 0)
        throw new AppError(
          'CORRUPT_METADATA',
          `The lakehouse has ${faultCount} faults. Put back what is missing from a copy, or drop what is damaged.`,
          { context: { faults: faultCount } },
        );
    });
}

function tell({ clean, checked, faults, faultCount }: FsckResult): readonly string[] {
  const { refs, commits, nodes, tableVersions, views, manifestLists, manifests, files, bytes } = checked;
  return [
    ...faults.map(line),
    ...(faultCount > faults.length ? [`… and ${faultCount - faults.length} more`] : []),
    `Checked ${refs} refs, ${commits} commits, ${nodes} tree nodes, ${tableVersions} versions of tables, ${views} views, ${manifestLists} manifest lists, ${manifests} manifests, ${files} files with ${bytes} bytes.`,
    ...(clean ? ['Everything is there and whole.'] : []),
  ];
}

function line({ kind, problem, ref, commit, table, file, object }: FsckFault): string {
  const way = [ref ?? 'reflog', commit.slice(0, 12), table, file ?? object].filter(
    (part) => part !== undefined,
  );
  return `! ${kind}  ${way.join(' → ')}: ${problem}`;
}
