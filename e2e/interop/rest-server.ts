import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '#server/config.ts';
import { openLakehouse, type Lakehouse } from '#server/lakehouse.ts';
import { listen, type Listening } from '#server/listen.ts';

const TOKEN = 'the-token-of-the-interop-server';

/** A whole server on a lakehouse of its own, for engines that know nothing but the Iceberg REST protocol. */
export class RestServer {
  readonly lakehouse: Lakehouse;
  readonly token = TOKEN;
  private readonly listening: Listening;

  private constructor(lakehouse: Lakehouse, listening: Listening) {
    this.lakehouse = lakehouse;
    this.listening = listening;
  }

  static async open(work: string): Promise<RestServer> {
    const folder = join(work, 'rest');
    await mkdir(folder, { recursive: true });
    const environment = { PORT: '0', TIMESTREAM_TOKEN: TOKEN, LOG_LEVEL: 'error' };
    const config = readConfig(environment, { lakehouse: folder, demo: false });
    const lakehouse = await openLakehouse(config);
    return new RestServer(lakehouse, await listen({ lakehouse, config, version: '0', webDirectory: null }));
  }

  /** http://127.0.0.1:… */
  get url(): string {
    return this.listening.url;
  }

  async close(): Promise<void> {
    await this.listening.close();
    await this.lakehouse.close();
  }
}
