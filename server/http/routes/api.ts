import { OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { errorBody } from '#shared/contract/common.ts';
import { invalidInput } from '../invalid-input.ts';

/** A router whose requests are checked against their contract; what does not fit answers 400 with each field. */
export function apiRouter(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success)
        throw invalidInput(result.error, result.target, (result as { data?: unknown }).data);
    },
  });
}

/** The answers of a route: its own, and the error body that every route may give. */
export function answers<S extends z.ZodType>(schema: S, description: string) {
  return {
    200: { description, content: { 'application/json': { schema } } },
    default: {
      description: 'What is wrong, where, and what to do',
      content: { 'application/json': { schema: errorBody } },
    },
  };
}

export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } };
}
