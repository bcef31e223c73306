/** What a code means to whoever gets it. `icebergType` is the exception name of the Iceberg REST protocol. */
interface ErrorRow {
  readonly status: number;
  /** True where the same call may succeed later without being changed. */
  readonly retryable: boolean;
  readonly icebergType: string;
}

const row = (status: number, icebergType: string, retryable = false): ErrorRow => ({
  status,
  retryable,
  icebergType,
});

/** Every error that leaves the product has one of these codes; people's scripts rely on them. */
export const ERROR_CODES = {
  INVALID_INPUT: row(400, 'BadRequestException'),
  SQL_SYNTAX: row(400, 'BadRequestException'),
  SQL_BINDING: row(400, 'BadRequestException'),
  SQL_RUNTIME: row(400, 'BadRequestException'),
  COLUMN_NOT_FOUND: row(400, 'BadRequestException'),
  PATH_OUTSIDE_ROOT: row(400, 'BadRequestException'),
  UNSUPPORTED: row(400, 'UnsupportedOperationException'),
  UNAUTHENTICATED: row(401, 'NotAuthorizedException'),
  FORBIDDEN: row(403, 'ForbiddenException'),
  NOT_FOUND: row(404, 'NotFoundException'),
  TABLE_NOT_FOUND: row(404, 'NoSuchTableException'),
  NAMESPACE_NOT_FOUND: row(404, 'NoSuchNamespaceException'),
  VIEW_NOT_FOUND: row(404, 'NoSuchViewException'),
  WAREHOUSE_NOT_FOUND: row(404, 'NoSuchWarehouseException'),
  PLAN_NOT_FOUND: row(404, 'NoSuchPlanIdException'),
  PLAN_TASK_NOT_FOUND: row(404, 'NoSuchPlanTaskException'),
  REF_NOT_FOUND: row(404, 'NotFoundException'),
  COMMIT_NOT_FOUND: row(404, 'NotFoundException'),
  SNAPSHOT_NOT_FOUND: row(404, 'NotFoundException'),
  FILE_NOT_FOUND: row(404, 'NotFoundException'),
  /** Once there, and let go by the retention of history. */
  HISTORY_EXPIRED: row(410, 'NotFoundException'),
  ALREADY_EXISTS: row(409, 'AlreadyExistsException'),
  REF_ALREADY_EXISTS: row(409, 'AlreadyExistsException'),
  NAMESPACE_NOT_EMPTY: row(409, 'NamespaceNotEmptyException'),
  TABLE_ALREADY_EXISTS: row(409, 'AlreadyExistsException'),
  COMMIT_CONFLICT: row(409, 'CommitFailedException', true),
  VERSION_CONFLICT: row(409, 'CommitFailedException'),
  ALREADY_RUNNING: row(409, 'AlreadyExistsException'),
  PAYLOAD_TOO_LARGE: row(413, 'BadRequestException'),
  UNPROCESSABLE: row(422, 'UnprocessableEntityException'),
  CORRUPT_FILE: row(422, 'BadRequestException'),
  CORRUPT_METADATA: row(422, 'BadRequestException'),
  SCHEMA_MISMATCH: row(422, 'BadRequestException'),
  CANCELLED: row(499, 'BadRequestException'),
  INTERNAL: row(500, 'InternalServerError'),
  COMMIT_STATE_UNKNOWN: row(503, 'CommitStateUnknownException'),
  /** The object store turns the server away: no such bucket, no access, wrong region, clocks that differ. */
  STORAGE_REFUSED: row(503, 'ServiceUnavailableException'),
  UNAVAILABLE: row(503, 'ServiceUnavailableException', true),
  OUT_OF_MEMORY: row(503, 'ServiceUnavailableException'),
  TIMEOUT: row(504, 'ServiceUnavailableException', true),
  STORAGE_FULL: row(507, 'ServiceUnavailableException', true),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
