import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * One configuration, two builds: `vite build` makes the page (dist/web), `vite build --ssr` the server
 * (dist/server). In development the page is served by Vite, which passes API calls on to the server.
 */
export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? {
        publicDir: false,
        build: {
          ssr: true,
          target: 'node20',
          outDir: at('./dist/server'),
          emptyOutDir: true,
          sourcemap: true,
          rolldownOptions: { input: { timestream: at('./server/main.ts') } },
        },
      }
    : {
        root: at('./web'),
        publicDir: at('./public'),
        plugins: [react(), tailwindcss(), shellOfBuild()],
        worker: { format: 'es' as const },
        build: {
          target: 'es2023',
          outDir: at('./dist/web'),
          emptyOutDir: true,
          sourcemap: false,
          chunkSizeWarningLimit: 4000,
          // The wasm engines stay files of their own, so that they are compressed once and cached for good.
          assetsInlineLimit: 0,
          rolldownOptions: {
            input: { index: at('./web/index.html'), sw: at('./web/service-worker/service-worker.ts') },
            // A service worker is found again by its address.
            output: {
              entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
            },
          },
        },
      },
);

/** Tells the service worker what this build is made of: the page, and all code and styles, but not the engines. */
function shellOfBuild(): Plugin {
  return {
    name: 'shell-of-build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') return;
      const code = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name));
      const build = createHash('sha256')
        .update(Object.keys(bundle).sort().join('\n'))
        .update(readFileSync(at('./public/theme.js')))
        .digest('hex');
      const engines = /worker|duckdb/i;
      const files = ['/', '/theme.js', '/icon.svg'].concat(
        code.filter((name) => !engines.test(name)).map((name) => `/${name}`),
      );
      // What reads files in the tab. Of DuckDB's builds a browser needs one, which its page names.
      const later = Object.keys(bundle)
        .filter((name) => /^assets\/.*\.(js|wasm)$/.test(name) && engines.test(name) && !/duckdb-/.test(name))
        .concat(Object.keys(bundle).filter((name) => /^assets\/parquet.*\.wasm$/.test(name)))
        .map((name) => `/${name}`);
      const shell = JSON.stringify(JSON.stringify({ build: build.slice(0, 16), files, later }));
      worker.code = worker.code.replace(/(["'`])__SHELL_OF_THIS_BUILD__\1/, () => shell);
    },
  };
}
