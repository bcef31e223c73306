import type { QueryPlace } from '#shared/contract/query.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { EnginePlace } from '#server/engine/execute/engine-place.ts';
import { placedEngine } from '#server/engine/execute/placed-engine.ts';
import type { QueryContext } from './plan-select.ts';

/** What is being answered now, by the names that those who asked gave it: they can ask where it stands. */
export class RunningQueries {
  readonly #places = new Map<string, EnginePlace>();

  /** @param name of the asker's own; without one nobody can ask */
  async watch<C extends QueryContext, T>(
    ctx: C,
    name: string | undefined,
    work: (ctx: C) => Promise<T>,
  ): Promise<T> {
    const place = new EnginePlace();
    if (name !== undefined) this.#places.set(name, place);
    try {
      return await work({ ...ctx, place, engine: placedEngine(ctx.engine, place) });
    } finally {
      if (name !== undefined && this.#places.get(name) === place) this.#places.delete(name);
    }
  }

  /** @throws NOT_FOUND */
  at(name: string): QueryPlace {
    const place = this.#places.get(name);
    if (place !== undefined) return place.state();
    throw new AppError('NOT_FOUND', 'Nothing of this name is being answered here now.', {
      context: { run: name },
    });
  }
}
