import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { errorBody } from '#shared/contract/common.ts';
import type { ServiceContext } from '../../services/context.ts';
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

const AUTHOR = 'timestream-author';
const MOST_LETTERS = 200;

/**
 * The context with whom a request says that it is by, percent-encoded; the server's own person where it does not say.
 * Whoever has the token is believed.
 *
 * @throws INVALID_INPUT for what is no name
 */
export function by<C extends ServiceContext>(ctx: C, c: Context): C {
  const given = c.req.header(AUTHOR);
  if (given === undefined) return ctx;
  const author = decoded(given)?.trim() ?? '';
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  if (author !== '' && author.length <= MOST_LETTERS && !/[\u0000-\u001f\u007f]/.test(author))
    return { ...ctx, author };
  throw new AppError(
    'INVALID_INPUT',
    `The header ${AUTHOR} has to be a name of 1 to ${MOST_LETTERS} letters, percent-encoded.`,
    { context: { header: AUTHOR } },
  );
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
