import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { exportResult } from '#shared/contract/exports.ts';
import { queryResult } from '#shared/contract/query.ts';
import { statementResult, type StatementResult } from '#shared/contract/statements.ts';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { scriptSteps } from '#shared/sql/statements.ts';
import { present } from '#shared/util/present.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { saying, withApiFlags, type ApiClient, type ApiCommands, type ApiFlags } from './api-client.ts';
import { tableLines } from './result-table.ts';
import { withExcerpt } from './sql-excerpt.ts';

const FORMATS = ['table', 'csv', 'json', 'ndjson'] as const;

interface SqlFlags extends ApiFlags {
  readonly format: (typeof FORMATS)[number];
  readonly file?: string;
  readonly ref?: string;
  readonly limit?: number;
  readonly message?: string;
  readonly mergeSchema?: boolean;
}

/** `timestream sql "SELECT …" [--format table|csv|json|ndjson] [--ref REF]` */
export function addSql(program: Command, commands: ApiCommands): void {
  withApiFlags(program.command('sql'))
    .description('run SQL: queries, and statements that change tables, one after the other')
    .argument('[sql]', 'what to run; from the standard input where neither it nor --file is given')
    .option('-f, --file <file>', 'run the SQL in a file')
    .addOption(
      new Option('--format <format>', 'of the rows; all but a table have every row')
        .choices(FORMATS)
        .default('table'),
    )
    .option('--ref <ref>', 'where it reads, and the branch that it changes (the default branch)')
    .option('-n, --limit <rows>', 'rows at most of a table or with --json: 10,000 where not given', rowCount)
    .option('-m, --message <message>', 'what the commits of statements say')
    .option('--merge-schema', 'INSERT adds columns that the table lacks and widens types')
    .action((sql: string | undefined, flags: SqlFlags) => runSql(commands, sql, flags));
}

async function runSql(commands: ApiCommands, sql: string | undefined, flags: SqlFlags): Promise<void> {
  if (flags.limit !== undefined && flags.format !== 'table' && flags.json !== true)
    throw new AppError(
      'INVALID_INPUT',
      `${flags.format} has every row; write LIMIT in the SQL instead of --limit.`,
    );
  const script = await scriptOf(sql, flags);
  const steps = scriptSteps(script);
  if (steps.length === 0) throw new AppError('INVALID_INPUT', 'There is no SQL to run: the text is empty.');
  const api = saying(await commands.connect(flags), flags);
  try {
    for (const { sql: step, offset } of steps)
      await (isWriteStatement(step) ? runStatement : runQuery)(commands, api, step, flags).catch(
        (error: unknown) => {
          throw withExcerpt(error, script, offset);
        },
      );
  } finally {
    await api.close();
  }
}

async function scriptOf(sql: string | undefined, { file }: SqlFlags): Promise<string> {
  if (sql !== undefined && file !== undefined)
    throw new AppError(
      'INVALID_INPUT',
      'There is SQL both in the command and in --file; give one of the two.',
    );
  if (sql !== undefined) return sql;
  if (file === undefined) {
    if (process.stdin.isTTY)
      throw new AppError('INVALID_INPUT', 'There is no SQL to run: give it, or --file.');
    return text(process.stdin);
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('INVALID_INPUT', `The file ${file} can't be read: ${errorMessage(error)}.`, {
      cause: error,
    });
  }
}

async function runQuery(commands: ApiCommands, api: ApiClient, sql: string, flags: SqlFlags): Promise<void> {
  const { format, json, ref, limit } = flags;
  const asked = { sql, ...present({ ref }) };
  if (format !== 'table' && json !== true) {
    const { url, notes } = exportResult.parse(await api.call('POST', '/exports', { ...asked, format }));
    for (const note of notes) process.stderr.write(`${note}\n`);
    return commands.write(await api.download(url.replace('/api/v1', '')));
  }
  const answer = await api.call('POST', '/query', { ...asked, ...present({ limit }) });
  const result = queryResult.parse(answer);
  for (const line of json === true ? [JSON.stringify(result)] : tableLines(result)) commands.print(line);
}

async function runStatement(
  commands: ApiCommands,
  api: ApiClient,
  sql: string,
  { format, json, ref, message, mergeSchema }: SqlFlags,
): Promise<void> {
  const asked = { sql, ...present({ ref, message, mergeSchema }) };
  const answer = await api.call('POST', '/statements', asked);
  const result = statementResult.parse(answer);
  if (json === true) commands.print(JSON.stringify(result));
  else if (format === 'table') commands.print(told(result));
  else for (const line of recordLines(result, format)) commands.print(line);
}

function told({ branch, rows, commit, note }: StatementResult): string {
  const counts = Object.entries(rows).flatMap(([what, count]) => (count === '0' ? [] : [`${count} ${what}`]));
  const outcome =
    commit === undefined
      ? `Nothing to change on ${branch}.`
      : `${commit.message}  (${[`${branch} ${commit.hash.slice(0, 12)}`, ...counts].join(', ')})`;
  return [outcome, ...(note === undefined ? [] : [note])].join(' ');
}

/** What a statement did, as rows are written: a program that reads them meets no sentence. */
function recordLines(
  { kind, table, branch, rows, commit }: StatementResult,
  format: SqlFlags['format'],
): readonly string[] {
  const record = { statement: kind, table, branch, ...rows, commit: commit?.hash ?? null };
  if (format === 'csv') {
    const cells = Object.values(record).map((cell) => cell ?? '');
    const quoted = cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
    return [Object.keys(record).join(','), quoted.join(',')];
  }
  return [JSON.stringify(format === 'json' ? [record] : record)];
}

const MOST_ROWS = 10_000_000;

function rowCount(value: string): number {
  const rows = Number(value.replaceAll(/[_,]/g, ''));
  if (Number.isInteger(rows) && rows >= 0 && rows <= MOST_ROWS) return rows;
  throw new InvalidArgumentError(`Write a number from 0 to ${MOST_ROWS.toLocaleString('en-US')}.`);
}
