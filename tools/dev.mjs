import { createServer, runnerImport } from 'vite';
import { root } from './run.mjs';

/**
 * The server from its sources on port 4400, and the page by Vite (with hot reload) on port 5173, which passes
 * API calls on. Open the page's URL with the token that the server prints.
 */
process.argv.splice(2, 0, 'serve');
await runnerImport(`${root}server/main.ts`, { root, configFile: false });
const target = `http://127.0.0.1:${process.env['PORT'] ?? 4400}`;
const page = await createServer({
  configFile: `${root}vite.config.ts`,
  server: {
    host: '127.0.0.1',
    port: 5173,
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    proxy: { '/api': { target, changeOrigin: true, headers: { origin: target } }, '/health': { target } },
  },
});
await page.listen();
page.printUrls();
