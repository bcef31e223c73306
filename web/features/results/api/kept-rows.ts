import { ARROW_STREAM } from '#shared/contract/query.ts';
import { keptResult, type KeptResult, type ResultRequest } from '#shared/contract/results.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { request, requestJson, requestNothing } from '#web/lib/api-client.ts';
import { arrowPieces } from '#web/lib/arrow-pieces.ts';
import { collectArrow, type ArrowResultTable } from '#web/lib/arrow-result-table.ts';

/** Has the server run a query to its end and keep its rows. @throws as the query; AbortError after `signal` */
export async function keepRows(query: ResultRequest, signal: AbortSignal): Promise<KeptResult> {
  return requestJson(keptResult, 'results', { method: 'POST', body: query, signal });
}

/** Some of these rows. @throws NOT_FOUND where they are kept no more, UNAVAILABLE; AbortError after `signal` */
export async function readRows(
  { url, columns }: Pick<KeptResult, 'url' | 'columns'>,
  page: { readonly offset: number; readonly limit: number },
  signal: AbortSignal,
): Promise<ArrowResultTable> {
  const { body } = await request(pathOf(url), { query: page, accept: ARROW_STREAM, signal });
  if (body === null) throw new AppError('INTERNAL', 'The server’s answer has no content. Try again.');
  const { table } = await collectArrow(columns, arrowPieces(body), { maxRows: page.limit });
  return table;
}

/** The server need not keep them any more; where it can't be told, it finds out by itself. */
export function dropRows({ url }: Pick<KeptResult, 'url'>): void {
  requestNothing(pathOf(url), { method: 'DELETE' }).catch(() => undefined);
}

/** Below the API's root, as requests are made. */
const pathOf = (url: string) => url.replace('/api/v1/', '');
