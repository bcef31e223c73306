import { InvalidArgumentError, type Command } from 'commander';
import { gcResult, type GcResult } from '#shared/contract/gc.ts';
import {
  optimizeResult,
  removeOrphansResult,
  rewriteDeletesResult,
  rewriteManifestsResult,
  vacuumResult,
  type OptimizeResult,
  type RemoveOrphansResult,
  type VacuumResult,
} from '#shared/contract/maintenance.ts';
import { answer, withApiFlags, type ApiClient, type ApiCommands, type ApiFlags } from './api-client.ts';

interface OptimizeFlags extends ApiFlags {
  readonly zorder?: readonly string[];
  readonly sort?: readonly string[];
  readonly full?: boolean;
  readonly targetSize?: number;
  readonly commitEvery?: number;
  readonly dryRun?: boolean;
  readonly branch?: string;
}
interface GcFlags extends ApiFlags {
  readonly olderThan?: number;
  readonly filesOlder?: number;
  readonly dryRun?: boolean;
}
interface VacuumFlags extends ApiFlags {
  readonly retain?: number;
  readonly retainLast?: number;
  readonly orphansOlder?: number;
  readonly cleanMetadata?: boolean;
  readonly dryRun?: boolean;
  readonly branch?: string;
}

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};
const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `timestream optimize`, `rewrite-manifests`, `rewrite-deletes`, `vacuum` and `gc`. */
export function addMaintenanceCommands(program: Command, commands: ApiCommands): void {
  withApiFlags(program.command('gc'))
    .description('let go of history beyond what retention keeps, and delete files that nothing kept reaches')
    .option('--older-than <age>', 'forget moves in the reflog of this age: 30d where not given', span)
    .option('--files-older <age>', 'delete only files of this age: 3d where not given, 1h at least', span)
    .option('--dry-run', 'tell what would be deleted, and change nothing')
    .action((flags: GcFlags) => collect(commands, flags));
  withApiFlags(program.command('optimize'))
    .description('write files of a table anew: of a good size, without deleted rows, sorted or clustered')
    .argument('<table>')
    .option('--zorder <columns>', 'order rows by all of these alike: a,b', columnList)
    .option('--sort <columns>', 'order rows by these, one after the other: a,b', columnList)
    .option('--full', 'all files, also those that are as they should be')
    .option('--target-size <size>', "of a file, e.g. 128MB (the table's write.target-file-size-bytes)", bytes)
    .option('--commit-every <groups>', 'commit after so many groups of files, not once at the end', count)
    .option('--dry-run', 'tell what would be rewritten, and change nothing')
    .option('--branch <branch>', 'branch that changes (the default branch)')
    .action((table: string, flags: OptimizeFlags) => optimize(commands, table, flags));
  withApiFlags(program.command('rewrite-manifests'))
    .description("put a table's manifests in the order of its partitions, in few files")
    .argument('<table>')
    .option('--branch <branch>', 'branch that changes (the default branch)')
    .action((table: string, { branch, ...flags }: ApiFlags & { branch?: string }) =>
      told(
        commands,
        flags,
        async (api) =>
          rewriteManifestsResult.parse(
            await api.call('POST', tablePath(table, 'rewrite-manifests'), given({ branch })),
          ),
        ({ manifestsBefore, manifestsAfter }) => [`${manifestsBefore} manifests became ${manifestsAfter}.`],
      ),
    );
  withApiFlags(program.command('rewrite-deletes'))
    .description('join the position deletes of each data file, in v3 as deletion vectors')
    .argument('<table>')
    .option('--branch <branch>', 'branch that changes (the default branch)')
    .action((table: string, { branch, ...flags }: ApiFlags & { branch?: string }) =>
      told(
        commands,
        flags,
        async (api) =>
          rewriteDeletesResult.parse(
            await api.call('POST', tablePath(table, 'rewrite-deletes'), given({ branch })),
          ),
        ({ deleteFilesBefore, deleteFilesAfter, dangling }) => [
          `${deleteFilesBefore} delete files became ${deleteFilesAfter}; ${dangling} applied to nothing.`,
        ],
      ),
    );
  withApiFlags(program.command('vacuum'))
    .description(
      'expire old snapshots of a table and delete files that nothing reads; without a table, files alone',
    )
    .argument('[table]')
    .option('--retain <age>', 'keep snapshots of this age: 7d, 12h, 30m', span)
    .option('--retain-last <count>', 'keep so many, however old', count)
    .option('--orphans-older <age>', 'delete lost files of this age: 3d where not given, 1h at least', span)
    .option('--clean-metadata', 'also remove schemas and partition specs that nothing uses any more')
    .option('--dry-run', 'tell what would be deleted, and change nothing')
    .option('--branch <branch>', 'branch that changes (the default branch)')
    .action((table: string | undefined, flags: VacuumFlags) => vacuum(commands, table, flags));
}

function collect(commands: ApiCommands, flags: GcFlags): Promise<void> {
  const ago = (age: number | undefined) =>
    age === undefined ? undefined : new Date(Date.now() - age).toISOString();
  const { olderThan, filesOlder, dryRun } = flags;
  const request = given({ olderThan: ago(olderThan), filesOlderThan: ago(filesOlder), dryRun });
  return told(
    commands,
    flags,
    async (api) => gcResult.parse(await api.call('POST', '/maintenance/gc', request)),
    tellCollected,
  );
}

function tellCollected(result: GcResult): readonly string[] {
  const { dryRun, expiredVersions, keptVersions, keptFor, files, bytes: size, deletedFiles, tables } = result;
  const kept = Object.entries(keptFor).map(([why, versions]) => `${versions} for a ${why}`);
  return [
    `${expiredVersions} versions of tables ${dryRun ? 'would expire' : 'expired'}, ${keptVersions} are kept${kept.length === 0 ? '' : ` (${kept.join(', ')})`}.`,
    ...tables.map((one) => `  ${one.table ?? 'elsewhere'}: ${one.files} files with ${one.bytes} bytes`),
    `${dryRun ? `${files} files with ${size} bytes would be deleted` : `${deletedFiles} of ${files} files deleted, ${size} bytes`}.`,
  ];
}

function optimize(commands: ApiCommands, table: string, flags: OptimizeFlags): Promise<void> {
  const { zorder, sort, full, targetSize, commitEvery, dryRun, branch } = flags;
  const request = given({
    columns: zorder,
    sortBy: sort?.map((source) => ({ source })),
    rewriteAll: full,
    targetFileBytes: targetSize,
    commitEveryGroups: commitEvery,
    dryRun,
    branch,
  });
  return told(
    commands,
    flags,
    async (api) => optimizeResult.parse(await api.call('POST', tablePath(table, 'optimize'), request)),
    tellOptimized,
  );
}

function tellOptimized(result: OptimizeResult): readonly string[] {
  const { table, rewritten, written, before, after, pruning, failedGroups, dryRun } = result;
  if (rewritten.files === 0 && failedGroups.length === 0)
    return [`The files of ${table} are as they should be.`];
  if (dryRun) return [`${rewritten.files} of the ${before.files} files of ${table} would be rewritten.`];
  const share = (value: number) => `${(value * 100).toFixed(1)} %`;
  return [
    `${rewritten.files} files of ${table} became ${written.files}; it has ${after.files} of ${before.files}, ${after.bytes} of ${before.bytes} bytes.`,
    ...(pruning === undefined
      ? []
      : [
          `Selective queries read ${share(pruning.after.bytes)} of it, before ${share(pruning.before.bytes)}.`,
        ]),
    ...failedGroups.map((why) => `! ${why}`),
  ];
}

function vacuum(commands: ApiCommands, table: string | undefined, flags: VacuumFlags): Promise<void> {
  const { retain: retainMs, retainLast, orphansOlder, dryRun, branch } = flags;
  const olderThan =
    orphansOlder === undefined ? undefined : new Date(Date.now() - orphansOlder).toISOString();
  if (table === undefined)
    return told(
      commands,
      flags,
      async (api) =>
        removeOrphansResult.parse(
          await api.call('POST', '/maintenance/remove-orphans', given({ olderThan, dryRun })),
        ),
      tellOrphans,
    );
  const request = given({
    retainMs,
    retainLast,
    orphansOlderThan: olderThan,
    cleanExpiredMetadata: flags.cleanMetadata,
    dryRun,
    branch,
  });
  return told(
    commands,
    flags,
    async (api) => vacuumResult.parse(await api.call('POST', tablePath(table, 'vacuum'), request)),
    tellVacuumed,
  );
}

function tellVacuumed({ expired, orphans }: VacuumResult): readonly string[] {
  const { snapshotIds, held, dryRun, deletedFiles, removedSchemas, removedSpecs } = expired;
  return [
    `${snapshotIds.length} snapshots ${dryRun ? 'would be expired' : `expired, with ${deletedFiles} files`}.`,
    ...(held.length === 0
      ? []
      : [`The catalog's history still shows ${held.length} of them: their files stay.`]),
    ...(removedSchemas.length + removedSpecs.length === 0
      ? []
      : [
          `${removedSchemas.length} schemas and ${removedSpecs.length} partition specs ${dryRun ? 'would go' : 'went'} with them.`,
        ]),
    ...tellOrphans(orphans),
  ];
}

function tellOrphans({
  orphans,
  bytes: size,
  deletedFiles,
  dryRun,
  locations,
}: RemoveOrphansResult): readonly string[] {
  return dryRun
    ? [`${orphans} lost files with ${size} bytes would be deleted.`, ...locations]
    : [`${deletedFiles} lost files with ${size} bytes deleted.`];
}

async function told<T>(
  commands: ApiCommands,
  flags: ApiFlags,
  ask: (api: ApiClient) => Promise<T>,
  tell: (answered: T) => readonly string[],
): Promise<void> {
  await answer(commands, flags, ask, tell);
}

function tablePath(table: string, verb: string): string {
  return `/tables/${encodeURIComponent(table)}/${verb}`;
}

function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function columnList(value: string): readonly string[] {
  return value.split(',').map((name) => name.trim());
}

function count(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Write a whole number from 1 up.');
}

function bytes(value: string): number {
  const [, number = '', unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)?$/.exec(value) ?? [];
  const size = Math.round(Number(number) * (BYTES[unit.toUpperCase()] ?? Number.NaN));
  if (number !== '' && size > 0) return size;
  throw new InvalidArgumentError('Write a size such as 128MB or 64MiB.');
}

function span(value: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([mhd])$/.exec(value) ?? [];
  const milliseconds = SPANS[unit];
  if (milliseconds !== undefined) return Math.round(Number(number) * milliseconds);
  throw new InvalidArgumentError('Write an age such as 7d, 12h or 30m.');
}
