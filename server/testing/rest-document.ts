import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const DOCUMENT = new URL('../http/iceberg-rest/testdata/rest-catalog-open-api.yaml', import.meta.url);

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly $ref?: string;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Media>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Media>> };
}

/** The protocol's own document: what each of its operations may answer. */
export class RestDocument {
  private readonly document: Document;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor() {
    this.document = withOverlaps(parse(readFileSync(DOCUMENT, 'utf8'))) as Document;
    this.ajv.addSchema(this.document, 'rest');
  }

  get operations(): readonly string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** Throws where an answer is none that the operation may give. @param body null: there is none */
  check(method: string, path: string, status: number, body: unknown): void {
    const { template, operation } = this.operationOf(method, path);
    const response = this.responseOf(operation, status);
    if (response === null && !isUnknownPlace(status, body))
      throw new TypeError(`${operation.operationId} may not answer ${status}: ${JSON.stringify(body)}`);
    const isError = status >= 400 && template !== '/v1/oauth/tokens';
    const pointer = response === null || isError ? ERROR : contentPointer(response, template, method, status);
    if (pointer === null || method === 'HEAD') {
      if (body !== null) throw new TypeError(`${operation.operationId} ${status} has a body`);
      return;
    }
    const validate = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `rest${pointer}` });
    this.validators.set(pointer, validate);
    if (validate(body)) return;
    throw new TypeError(
      `${operation.operationId} ${status}: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(body).slice(0, 2000)}`,
    );
  }

  private operationOf(method: string, path: string): { template: string; operation: Operation } {
    for (const [template, methods] of Object.entries(this.document.paths)) {
      const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
      const operation = methods[method.toLowerCase()];
      if (pattern.test(path) && operation !== undefined) return { template, operation };
    }
    throw new TypeError(`The protocol has no ${method} ${path}`);
  }

  private responseOf({ responses }: Operation, status: number): { at: string; media: Media } | null {
    for (const at of [String(status), `${String(status).slice(0, 1)}XX`]) {
      const media = responses[at];
      if (media !== undefined) return { at, media };
    }
    return null;
  }
}

/**
 * Every error is of this form. The document gives those of views another, by mistake: its examples of them, and the
 * clients, have this one.
 */
const ERROR = '#/components/schemas/IcebergErrorResponse';

/** The document does not think of a prefix that is not there; no other operation's 404 is of this type. */
function isUnknownPlace(status: number, body: unknown): boolean {
  const { error } = (body ?? {}) as { error?: { type?: string } };
  return status === 404 && error?.type === 'NotFoundException';
}

/** Where in the document the schema of an answer is; null where it has no body. */
function contentPointer(
  { at, media }: { at: string; media: Media },
  template: string,
  method: string,
  status: number,
): string | null {
  if (media.$ref !== undefined) return `${media.$ref}/content/application~1json/schema`;
  if (media.content === undefined || status === 304) return null;
  const path = template.replaceAll('~', '~0').replaceAll('/', '~1');
  return `#/paths/${encodeURIComponent(path)}/${method.toLowerCase()}/responses/${at}/content/application~1json/schema`;
}

/**
 * The document says "one of" where alternatives overlap (1 is an int, a long and a double), and then nothing would be
 * valid; "any of" is what it means.
 */
function withOverlaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOverlaps);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name === 'oneOf' ? 'anyOf' : name, withOverlaps(inner)]),
  );
}
