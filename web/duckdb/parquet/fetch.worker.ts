/** Fetches for the workers that decode, and does nothing else, so that it hears at once when one's work is to stop. */
import { holdLife } from '../worker-life.ts';
import { answerLine } from './answer-line.ts';
import type { FetcherReply, FetcherRequest } from './fetch-protocol.ts';
import { persistentFetch } from './persistent-fetch.ts';

let serverAway = false;
// A browser that is offline says so at once; a server on this machine answers it all the same.
const network = persistentFetch(self.fetch.bind(self), { isAway: () => serverAway || !navigator.onLine });
const lines = new Map<number, () => void>();

self.addEventListener('message', ({ data }: MessageEvent<FetcherRequest>) => {
  if (data.kind === 'server') serverAway = data.away;
  else if (data.kind === 'open') lines.set(data.line, answerLine(data.port, network));
  else {
    lines.get(data.line)?.();
    lines.delete(data.line);
  }
});

holdLife()
  .then((life) => self.postMessage({ kind: 'alive', life } satisfies FetcherReply))
  // Which the page hears.
  .catch(reportError);
