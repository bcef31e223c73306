import { exportResult, type ExportRequest, type ExportResult } from '#shared/contract/exports.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { forServer } from '#web/lib/local-relations.ts';

/** Has the server write the whole answer of a query to a file. @throws as the query; AbortError after `signal` */
export async function createExport(request: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
  try {
    return await requestJson(exportResult, 'exports', { method: 'POST', body: request, signal });
  } catch (error) {
    throw forServer(error, 'Exports are written by the server');
  }
}
