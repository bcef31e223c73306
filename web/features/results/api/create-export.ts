import { exportResult, type ExportRequest, type ExportResult } from '#shared/contract/exports.ts';
import { requestJson } from '#web/lib/api-client.ts';

/** Has the server write the whole answer of a query to a file. @throws as the query; AbortError after `signal` */
export function createExport(request: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
  return requestJson(exportResult, 'exports', { method: 'POST', body: request, signal });
}
