export { collectGarbage, type GcContext } from './collect-garbage.ts';
export { getRetention, setRetention } from './retention-policy.ts';
