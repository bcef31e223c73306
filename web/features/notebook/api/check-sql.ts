import { checkResult } from '#shared/contract/check.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { withLocals } from '#web/lib/local-relations.ts';

/** @throws what is wrong with a query */
export async function checkSql(sql: string, ref: string, signal: AbortSignal): Promise<void> {
  await columnsOfSql(sql, ref, signal);
}

/** The columns that a query would give. @throws what is wrong with it */
export async function columnsOfSql(
  sql: string,
  ref: string,
  signal: AbortSignal,
): Promise<readonly ResultColumn[]> {
  const { problem, columns = [] } = await requestJson(checkResult, 'check', {
    method: 'POST',
    body: { sql, ref, ...withLocals() },
    signal,
  });
  if (problem === null) return columns;
  const code = problem.code in ERROR_CODES ? (problem.code as ErrorCode) : 'INTERNAL';
  throw new AppError(code, problem.message, { context: problem.context });
}
