import type { EngineLoad } from '../services/query/index.ts';

/** Figures of the server's engine in the text format of Prometheus (version 0.0.4). */
export function engineMetrics({ running, waiting, waits, waitedMs }: EngineLoad): string {
  const metrics = [
    {
      name: 'timestream_engine_queries',
      type: 'gauge',
      help: 'Queries that the server engine runs, and that wait for a place among them.',
      values: [`{state="running"} ${running}`, `{state="waiting"} ${waiting}`],
    },
    {
      name: 'timestream_engine_waits_total',
      type: 'counter',
      help: 'Queries that had to wait for a place and got it.',
      values: [` ${waits}`],
    },
    {
      name: 'timestream_engine_wait_seconds_total',
      type: 'counter',
      help: 'Seconds that these waited, together.',
      values: [` ${waitedMs / 1000}`],
    },
  ];
  return metrics
    .flatMap(({ name, type, help, values }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...values.map((value) => `${name}${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
