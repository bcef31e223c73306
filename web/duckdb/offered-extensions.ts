import { systemInfo } from '#shared/contract/system.ts';
import { requestJson, type Transport } from '#web/lib/api-client.ts';
import type { EngineExtension } from './engine/engine.ts';

/** The engine's start does not wait longer; what needs an extension runs on the server then. */
const PATIENCE_MS = 3000;

/** What the server has for such a build of the tab's engine; nothing where it can't be asked. */
export async function offeredExtensions(
  platform: string,
  transport: Transport,
): Promise<readonly EngineExtension[]> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { extensions } = await requestJson(systemInfo, 'system', { transport, signal });
    const origin = transport.baseUrl ?? location.origin;
    return extensions
      .filter((each) => each.platform === platform)
      .map(({ name, url }) => ({ name, url: new URL(url, origin).href }));
  } catch {
    return [];
  }
}
