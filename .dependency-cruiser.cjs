/** The layers of docs/architecture.md: imports run one way only. */
const only = (name, from, to) => ({
  name,
  severity: 'error',
  comment: `${from} may import only what docs/architecture.md allows it`,
  from: { path: from, pathNot: '\\.(test|contract|int\\.test)\\.tsx?$' },
  to: { path: '^(shared|server|web|e2e|bench|tools)/', pathNot: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(url|raw|worker)$' },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    only('shared-util', '^shared/util/', '^shared/util/'),
    only('shared-errors', '^shared/errors/', '^shared/(util|errors)/'),
    only('shared-parquet', '^shared/parquet/', '^shared/(util|errors|parquet)/'),
    only('shared-values', '^shared/(sql|iceberg|refs)/', '^shared/(util|errors|sql|iceberg|refs)/'),
    only('shared-workbook', '^shared/workbook/', '^shared/(util|errors|sql|workbook)/'),
    only('shared-contract', '^shared/contract/', '^shared/'),
    only('server-storage', '^server/storage/', '^(shared|server/storage)/'),
    only('server-db', '^server/db/', '^(shared|server/db)/'),
    only(
      'server-iceberg',
      '^server/iceberg/(?!testing/)',
      '^(shared/|server/iceberg/|server/storage/file-io\\.ts)',
    ),
    // What tests are made with may bring a storage along, as the tests themselves do.
    only('server-iceberg-testing', '^server/iceberg/testing/', '^(shared|server/iceberg|server/storage)/'),
    only('server-catalog', '^server/catalog/(?!store/)', '^(shared/|server/catalog/)'),
    only('server-catalog-store', '^server/catalog/store/', '^(shared|server/catalog|server/db)/'),
    only(
      'catalog-knows-no-iceberg',
      '^server/catalog/',
      '^(shared/(util|errors|refs)/|server/(catalog|db)/)',
    ),
    only('server-engine', '^server/engine/', '^(shared|server/engine|server/iceberg|server/storage)/'),
    only(
      'server-services',
      '^server/services/',
      '^(shared|server/services|server/catalog|server/iceberg|server/engine|server/storage)/',
    ),
    {
      name: 'services-by-their-index',
      severity: 'error',
      from: { path: '^server/services/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^server/services/([^/]+)/', pathNot: ['^server/services/$1/', '/index\\.ts$'] },
    },
    only(
      'server-transports',
      '^server/(http|jobs|cli)/',
      '^(shared/|server/(http|jobs|cli|services)/|server/config\\.ts)',
    ),
    only('web-lib', '^web/lib/', '^(shared|web/lib)/'),
    only('web-duckdb', '^web/duckdb/', '^(shared|web/lib|web/duckdb)/'),
    only('web-components', '^web/components/', '^(shared|web/lib|web/components)/'),
    only('web-features', '^web/features/', '^(shared|web/lib|web/components|web/duckdb|web/features)/'),
    {
      name: 'features-stand-alone',
      severity: 'error',
      from: { path: '^web/features/([^/]+)/' },
      to: { path: '^web/features/([^/]+)/', pathNot: '^web/features/$1/' },
    },
    only('web-knows-no-server', '^web/', '^(shared|web)/'),
    only('server-knows-no-web', '^server/', '^(shared|server)/'),
    {
      name: 'one-wiring-place',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/main\\.ts$' },
      to: { path: '^server/main\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cache|lakehouse)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
