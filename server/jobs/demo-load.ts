import type { WriteContext } from '../services/tables/index.ts';
import { loadDemo, needsDemo } from '../services/demo/index.ts';

interface DemoLoadOptions {
  /** Folder of the source files. */
  readonly source: string;
  /** Gets a line now and then, for the terminal. */
  readonly print: (line: string) => void;
}

/** Builds the demo lakehouse behind the running server, where there is one to build. Never rejects. */
export async function runDemoLoad(ctx: WriteContext, { source, print }: DemoLoadOptions): Promise<void> {
  let lastStep = '';
  const unsubscribe = ctx.jobs.subscribe((job) => {
    if (job.kind !== 'demo-load' || job.step === lastStep || job.step === '') return;
    if (lastStep === '') print('Building the demo lakehouse from public data sets…');
    lastStep = job.step;
    print(`  ${String(job.done + 1).padStart(2)} of ${job.total}  ${job.step}`);
  });
  try {
    if (!(await needsDemo(ctx))) return;
    await loadDemo(ctx, source);
    if (lastStep !== '') print('The demo lakehouse is ready.');
  } catch (error) {
    ctx.logger.error({ err: error }, 'the demo could not be loaded');
    print('The demo could not be loaded (the log says why); the next start goes on with it.');
  } finally {
    unsubscribe();
  }
}
