import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

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
        plugins: [react(), tailwindcss()],
        worker: { format: 'es' as const },
        build: {
          target: 'es2023',
          outDir: at('./dist/web'),
          emptyOutDir: true,
          sourcemap: false,
          chunkSizeWarningLimit: 4000,
          // The wasm engines stay files of their own, so that they are compressed once and cached for good.
          assetsInlineLimit: 0,
        },
      },
);
