import { AppError } from '#shared/errors/app-error.ts';
import { E2E_TOKEN } from '../../e2e/fixtures/server.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import { dayRange, orderRange } from '../iceberg/wide-table.ts';
import { WIDE_FILES } from './lakehouse.ts';

const PLANS = 10;

/** Plans over a table of ten thousand files, in a server that planned it before. */
export async function widePlans(url: string): Promise<BenchCase[]> {
  const orders = orderRange(WIDE_FILES);
  const day = new Date(dayRange(WIDE_FILES).start * 86_400_000).toISOString().slice(0, 10);
  let number = 0;
  const next = () => number++;
  return [
    await planCase(url, 'by partition', (n) => `day = DATE '${day}' AND price > ${n}`, next),
    await planCase(
      url,
      'by bounds',
      (n) => `order_id >= ${orders.start} AND order_id < ${orders.end + n}`,
      next,
    ),
  ];
}

function planCase(
  url: string,
  how: string,
  where: (number: number) => string,
  next: () => number,
): Promise<BenchCase> {
  return measure({
    name: `plan-10k-${how.replace(' ', '-')}`,
    work: `POST /api/v1/plan over ${WIDE_FILES} files, few of them kept ${how}, SQL new each time`,
    runs: 15,
    limit: 30,
    ours: async () => {
      const total = await timed(async () => {
        for (let plan = 0; plan < PLANS; plan++)
          await requestPlan(
            url,
            `SELECT status, sum(price) FROM bench.wide WHERE ${where(next())} GROUP BY status`,
          );
      });
      return total / PLANS;
    },
    note: `no peer in this run: bench iceberg has PyIceberg's. Mean of ${PLANS}, over HTTP.`,
  });
}

async function requestPlan(url: string, sql: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/plan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${E2E_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sql }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new AppError('INTERNAL', `The server made no plan (${answer.status}): ${text}`);
}
