import { z } from 'zod';
import { instant } from './common.ts';

/** Before something happens, and after it has: a commit; changes brought from elsewhere; a branch or tag made, moved or removed. */
export const hookEvent = z.enum([
  'pre-commit',
  'post-commit',
  'pre-merge',
  'post-merge',
  'pre-branch',
  'post-branch',
  'pre-tag',
  'post-tag',
]);
export type HookEvent = z.infer<typeof hookEvent>;

const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .describe('http or https; redirects are not followed');
const hookFields = {
  name: z.string().min(1).max(200),
  url,
  events: z.array(hookEvent).min(1),
  refPattern: z
    .string()
    .min(1)
    .max(255)
    .nullable()
    .describe('only of branches and tags of this name; * stands for any letters'),
  active: z.boolean(),
  timeoutMs: z.number().int().min(100).max(60_000),
  onFailure: z
    .enum(['REFUSE', 'ALLOW'])
    .describe('what becomes of an operation when a hook that is to be asked before it does not answer'),
};

export const createHookRequest = z
  .object({
    ...hookFields,
    refPattern: hookFields.refPattern.default(null),
    active: hookFields.active.default(true),
    timeoutMs: hookFields.timeoutMs.default(5000),
    onFailure: hookFields.onFailure.default('REFUSE'),
    secret: z.string().min(16).max(500).optional().describe('signs what is sent; made up where absent'),
  })
  .strict();
export type CreateHookRequest = z.infer<typeof createHookRequest>;

export const updateHookRequest = z.object(hookFields).partial().strict();
export type UpdateHookRequest = z.infer<typeof updateHookRequest>;

export const hookInfo = z.object({ id: z.string(), ...hookFields, createdAt: instant });
export type HookInfo = z.infer<typeof hookInfo>;

/** The only answer that has the secret. */
export const createdHook = hookInfo.extend({ secret: z.string() });
export const hookList = z.object({ hooks: z.array(hookInfo) });

export const hookDelivery = z.object({
  id: z.string(),
  event: hookEvent,
  state: z.enum(['WAITING', 'DELIVERED', 'FAILED', 'VETOED']),
  attempts: z.number().int(),
  dueAt: instant.nullable().describe('when it is tried next'),
  status: z.number().int().nullable().describe('HTTP status of the last answer'),
  problem: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
  body: z.string(),
});
export type HookDelivery = z.infer<typeof hookDelivery>;
export const hookDeliveries = z.object({ deliveries: z.array(hookDelivery), next: z.string().optional() });
