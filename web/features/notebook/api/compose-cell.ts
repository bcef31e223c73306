import {
  composedSql,
  outlineResult,
  type ComposedSql,
  type ComposeRequest,
  type SqlOutline,
} from '#shared/contract/notebook-relations.ts';
import { requestJson } from '#web/lib/api-client.ts';

/** @throws AppError as POST /notebooks/compose: circles, names that two cells have, SQL that does not parse */
export function composeCell(body: ComposeRequest, signal: AbortSignal): Promise<ComposedSql> {
  return requestJson(composedSql, 'notebooks/compose', { method: 'POST', body, signal });
}

export async function outlineStatements(statements: readonly string[]): Promise<readonly SqlOutline[]> {
  const body = { statements };
  return (await requestJson(outlineResult, 'notebooks/outline', { method: 'POST', body })).outlines;
}
