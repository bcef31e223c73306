import type { EnginePlace } from './engine-place.ts';
import type { ServerEngine } from './server-engine.ts';

/** The engine for one request: whatever it runs there, the place hears of. */
export function placedEngine(engine: ServerEngine, place: EnginePlace): ServerEngine {
  return {
    version: engine.version,
    load: () => engine.load(),
    arrow: (input) => engine.arrow({ ...input, place }),
    json: async (input) => engine.json({ ...input, place }),
    rows: (input) => engine.rows({ ...input, place }),
    integers: (input) => engine.integers({ ...input, place }),
    session: async (input, work) => engine.session({ ...input, place }, work),
    close: () => engine.close(),
  };
}
