import { inFiles, type Seed } from './seed.ts';

/** Orders; the other tables are as many times smaller or larger as the TPC-H specification has them. */
const ORDERS = 6000;
const CUSTOMERS = ORDERS / 10;
const PARTS = 800;
const SUPPLIERS = 40;
const FIRST_DAY = "DATE '1992-01-01'";
const LAST_ORDER_DAY = 2406;

/** An integer from 0 to below `count` that looks random, and is the same for the same row and salt everywhere. */
const pick = (row: string, salt: number, count: number) =>
  `((((${row}) * 7919 + ${salt} * 104729) * 48271 % 2147483647 * 48271 % 2147483647) % ${count})`;
const oneOf = (row: string, salt: number, values: readonly string[]) =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + ${pick(row, salt, values.length)}]`;
const money = (row: string, salt: number, from: number, to: number) =>
  `CAST(${from} + ${pick(row, salt, (to - from) * 100)} / 100.0 AS DECIMAL(15,2))`;

const COLORS = ['almond', 'antique', 'azure', 'blush', 'chocolate', 'forest', 'green', 'ivory', 'lemon'];
const WORDS = ['carefully', 'special', 'quick', 'pending', 'final', 'ironic', 'express', 'bold', 'silent'];
const MODES = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'];
const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'];
const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'];

/** Nations in the order of their keys, with the keys of their regions. */
const NATIONS = `
  ALGERIA 0, ARGENTINA 1, BRAZIL 1, CANADA 1, EGYPT 4, ETHIOPIA 0, FRANCE 3, GERMANY 3, INDIA 2, INDONESIA 2,
  IRAN 4, IRAQ 4, JAPAN 2, JORDAN 4, KENYA 0, MOROCCO 0, MOZAMBIQUE 0, PERU 1, CHINA 2, ROMANIA 3,
  SAUDI_ARABIA 4, VIETNAM 2, RUSSIA 3, UNITED_KINGDOM 3, UNITED_STATES 1`
  .split(',')
  .map((entry, key) => {
    const [name = '', region = ''] = entry.trim().split(' ');
    return `(${key}, '${name.replace('_', ' ')}', ${region}, 'nation ${key}')`;
  });
const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'].map(
  (name, key) => `(${key}, '${name}', 'region ${key}')`,
);

const comment = (row: string, salt: number) =>
  `concat_ws(' ', ${oneOf(row, salt, WORDS)}, ${oneOf(row, salt + 1, WORDS)}, ${oneOf(row, salt + 2, ['requests', 'deposits', 'packages', 'accounts', 'Customer Complaints'])})`;
const phone = (nation: string, row: string) =>
  `printf('%d-%03d-%03d-%04d', 10 + ${nation}, ${pick(row, 31, 1000)}, ${pick(row, 32, 1000)}, ${pick(row, 33, 10000)})`;
const retailPrice = (part: string) =>
  `CAST((90000 + (${part} // 10) % 20001 + 100 * (${part} % 1000)) / 100.0 AS DECIMAL(15,2))`;
/** The supplier of a part: one of four. */
const supplierOf = (part: string, nth: string) =>
  `CAST(1 + (${part} + (${nth}) * (${SUPPLIERS} // 4 + (${part} - 1) // ${SUPPLIERS})) % ${SUPPLIERS} AS INTEGER)`;

const rows = (count: number, where = 'true') =>
  `FROM (SELECT CAST(range AS BIGINT) AS i FROM range(1, ${count + 1})) WHERE ${where}`;
const orderDay = (order: string) => `CAST(${pick(order, 3, LAST_ORDER_DAY)} AS INTEGER)`;

const orders = (where: string) => `
  SELECT i AS o_orderkey,
    CAST(1 + ${pick('i', 1, CUSTOMERS / 3)} * 3 + i % 2 AS INTEGER) AS o_custkey,
    ${oneOf('i', 2, ['O', 'F', 'P'])} AS o_orderstatus,
    ${money('i', 4, 1000, 400000)} AS o_totalprice,
    ${FIRST_DAY} + ${orderDay('i')} AS o_orderdate,
    ${oneOf('i', 5, PRIORITIES)} AS o_orderpriority,
    printf('Clerk#%09d', ${pick('i', 6, 100)}) AS o_clerk,
    CAST(0 AS INTEGER) AS o_shippriority,
    ${comment('i', 7)} AS o_comment
  ${rows(ORDERS, where)} ORDER BY i`;

const LINE = '(i * 10 + line)';
const lineitem = (where: string) => `
  SELECT l_orderkey, l_partkey, l_suppkey, l_linenumber, l_quantity,
    CAST(l_quantity * ${retailPrice('l_partkey')} AS DECIMAL(15,2)) AS l_extendedprice,
    l_discount, l_tax,
    CASE WHEN l_receiptdate > DATE '1995-06-17' THEN 'N' WHEN l_orderkey % 2 = 0 THEN 'R' ELSE 'A' END AS l_returnflag,
    CASE WHEN l_shipdate > DATE '1995-06-17' THEN 'O' ELSE 'F' END AS l_linestatus,
    l_shipdate, l_commitdate, l_receiptdate, l_shipinstruct, l_shipmode, l_comment
  FROM (SELECT *, l_shipdate + l_days AS l_receiptdate, ${supplierOf('l_partkey', 'l_nth')} AS l_suppkey
    FROM (SELECT i AS l_orderkey,
      CAST(1 + ${pick(LINE, 11, PARTS)} AS INTEGER) AS l_partkey,
      CAST(${pick(LINE, 12, 4)} AS INTEGER) AS l_nth,
      CAST(line AS INTEGER) AS l_linenumber,
      CAST(1 + ${pick(LINE, 13, 50)} AS DECIMAL(15,2)) AS l_quantity,
      CAST(${pick(LINE, 14, 11)} / 100.0 AS DECIMAL(15,2)) AS l_discount,
      CAST(${pick(LINE, 15, 9)} / 100.0 AS DECIMAL(15,2)) AS l_tax,
      ${FIRST_DAY} + ${orderDay('i')} + CAST(1 + ${pick(LINE, 16, 121)} AS INTEGER) AS l_shipdate,
      ${FIRST_DAY} + ${orderDay('i')} + CAST(30 + ${pick(LINE, 17, 61)} AS INTEGER) AS l_commitdate,
      CAST(1 + ${pick(LINE, 18, 30)} AS INTEGER) AS l_days,
      ${oneOf(LINE, 19, INSTRUCTIONS)} AS l_shipinstruct,
      ${oneOf(LINE, 20, MODES)} AS l_shipmode,
      ${comment(LINE, 21)} AS l_comment
      FROM (SELECT i, unnest(range(1, 2 + ${pick('i', 10, 7)})) AS line ${rows(ORDERS, where)})))
  ORDER BY l_orderkey, l_linenumber`;

/** Tables as the TPC-H specification has them, small, with rows of our own making. */
export const TPCH: readonly Seed[] = [
  {
    name: 'tpch.region',
    files: [
      `SELECT CAST(k AS INTEGER) AS r_regionkey, n AS r_name, c AS r_comment FROM (VALUES ${REGIONS.join(', ')}) t(k, n, c)`,
    ],
  },
  {
    name: 'tpch.nation',
    files: [
      `SELECT CAST(k AS INTEGER) AS n_nationkey, n AS n_name, CAST(r AS INTEGER) AS n_regionkey, c AS n_comment FROM (VALUES ${NATIONS.join(', ')}) t(k, n, r, c)`,
    ],
  },
  {
    name: 'tpch.supplier',
    files: [
      `SELECT CAST(i AS INTEGER) AS s_suppkey, printf('Supplier#%09d', i) AS s_name, 'street ' || i AS s_address,
        CAST(i % 25 AS INTEGER) AS s_nationkey, ${phone('(i % 25)', 'i')} AS s_phone,
        ${money('i', 41, -999, 9999)} AS s_acctbal,
        CASE WHEN i % 13 = 0 THEN 'Customer has Complaints' ELSE ${comment('i', 42)} END AS s_comment ${rows(SUPPLIERS)} ORDER BY i`,
    ],
  },
  {
    name: 'tpch.customer',
    files: inFiles(
      2,
      (where) =>
        `SELECT CAST(i AS INTEGER) AS c_custkey, printf('Customer#%09d', i) AS c_name, 'road ' || i AS c_address,
        CAST(${pick('i', 51, 25)} AS INTEGER) AS c_nationkey, ${phone(pick('i', 51, 25), 'i')} AS c_phone,
        ${money('i', 52, -999, 9999)} AS c_acctbal, ${oneOf('i', 53, SEGMENTS)} AS c_mktsegment,
        ${comment('i', 54)} AS c_comment ${rows(CUSTOMERS, where)} ORDER BY i`,
    ),
  },
  {
    name: 'tpch.part',
    files: [
      `SELECT CAST(i AS INTEGER) AS p_partkey, ${oneOf('i', 61, COLORS)} || ' ' || ${oneOf('i', 62, COLORS)} AS p_name,
        'Manufacturer#' || (1 + ${pick('i', 63, 5)}) AS p_mfgr,
        'Brand#' || (1 + ${pick('i', 63, 5)}) || (1 + ${pick('i', 64, 5)}) AS p_brand,
        concat_ws(' ', ${oneOf('i', 65, ['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'])},
          ${oneOf('i', 66, ['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'])},
          ${oneOf('i', 67, ['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'])}) AS p_type,
        CAST(1 + ${pick('i', 68, 50)} AS INTEGER) AS p_size,
        ${oneOf('i', 69, ['SM', 'LG', 'MED', 'JUMBO', 'WRAP'])} || ' ' || ${oneOf('i', 70, ['CASE', 'BOX', 'BAG', 'PACK', 'PKG'])} AS p_container,
        ${retailPrice('i')} AS p_retailprice, ${comment('i', 71)} AS p_comment ${rows(PARTS)} ORDER BY i`,
    ],
  },
  {
    name: 'tpch.partsupp',
    files: [
      `SELECT CAST(i AS INTEGER) AS ps_partkey, ${supplierOf('i', 'n')} AS ps_suppkey,
        CAST(1 + ${pick('(i * 4 + n)', 81, 9999)} AS INTEGER) AS ps_availqty,
        ${money('(i * 4 + n)', 82, 1, 1000)} AS ps_supplycost, ${comment('(i * 4 + n)', 83)} AS ps_comment
        FROM (SELECT i, unnest(range(0, 4)) AS n ${rows(PARTS)}) ORDER BY i, n`,
    ],
  },
  {
    name: 'tpch.orders',
    files: inFiles(3, orders),
    deleted: { where: 'o_orderkey % 97 = 5', by: ['o_orderkey'] },
  },
  {
    name: 'tpch.lineitem',
    files: inFiles(4, lineitem),
    deleted: { where: 'l_orderkey % 89 = 3 AND l_linenumber > 2', by: 'position' },
  },
];
