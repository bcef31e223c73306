import { errorMessage } from '#shared/errors/app-error.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';

export interface CheckInput {
  readonly request: number;
  readonly source: { readonly branch: string; readonly hash: Hash };
  readonly target: { readonly branch: string; readonly hash: Hash };
}

export interface CheckResult {
  readonly state: 'PASSED' | 'FAILED';
  /** Sentences for a person. */
  readonly summary: string;
}

/** What says whether the source of a merge request may land, e.g. quality rules on the tables that it changes. */
export type MergeCheck = (ctx: ServiceContext, input: CheckInput) => Promise<CheckResult>;

/** Checks that run in this process, by name; others post what they came to. */
export class MergeChecks {
  readonly #checks = new Map<string, MergeCheck>();

  register(name: string, check: MergeCheck): void {
    this.#checks.set(name, check);
  }

  get names(): readonly string[] {
    return [...this.#checks.keys()];
  }

  /** A check that breaks has failed. */
  async run(name: string, ctx: ServiceContext, input: CheckInput): Promise<CheckResult | null> {
    const check = this.#checks.get(name);
    if (check === undefined) return null;
    try {
      return await check(ctx, input);
    } catch (error) {
      ctx.logger.warn(
        { err: error, check: name, request: input.request },
        'A check of a merge request broke',
      );
      return { state: 'FAILED', summary: `The check broke: ${errorMessage(error)}` };
    }
  }
}
