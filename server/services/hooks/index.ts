export { DeliveryWorker } from './delivery-worker.ts';
export { HookBus, type HookFacts, type HookListener, type HookNotice } from './hook-bus.ts';
export type { HookStore } from './hook-store.ts';
export { hookedCatalog } from './hooked-catalog.ts';
export {
  createHook,
  deleteHook,
  listDeliveries,
  listHooks,
  updateHook,
  type HooksContext,
} from './manage-hooks.ts';
export { testHook } from './test-hook.ts';
