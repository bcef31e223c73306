Numbers: decimals, integers at their ends, floats, rounding, and functions of them.

-- decimal arithmetic
SELECT id, money + 1.005 AS a, money - 0.1 AS b, money * money AS c, money / 3 AS d, money % 7 AS e, -money AS f FROM lab.typed ORDER BY id;

-- wide decimals
SELECT id, wide + wide AS a, wide - 0.0000000001 AS b, wide / 3 AS c, wide * 2 AS d FROM lab.typed ORDER BY id;

-- rounding
SELECT id, round(money, 1) AS r, round(money, -1) AS t, ceil(money) AS c, floor(money) AS f, trunc(money) AS k, round(d, 1) AS rd FROM lab.typed ORDER BY id;

-- round to even
SELECT x, round(x) AS r, round_even(x, 0) AS e, CAST(x AS INTEGER) AS i FROM (SELECT unnest([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999]::DOUBLE[]) AS x) ORDER BY x;

-- decimal casts
SELECT id, CAST(money AS INTEGER) AS i, CAST(money AS DECIMAL(5,1)) AS m, CAST(money AS DOUBLE) AS d, CAST(small AS DECIMAL(10,4)) AS s FROM lab.typed ORDER BY id;

-- decimal literals
SELECT 0.1 + 0.2 = 0.3 AS exact, 0.1::DOUBLE + 0.2::DOUBLE = 0.3::DOUBLE AS floats, 1.10 AS a, 123456789012345678901234567890.12345678 AS wide, 1e2 AS e;

-- division
SELECT id, small / 4 AS a, small // 4 AS b, small % 4 AS c, small / 0 AS d, mod(small, -4) AS e, fdiv(small, 3) AS f FROM lab.typed ORDER BY id;

-- integer types
SELECT 127::TINYINT AS a, 255::UTINYINT AS b, 32767::SMALLINT AS c, 65535::USMALLINT AS d, 4294967295::UINTEGER AS e, 18446744073709551615::UBIGINT AS f, '-170141183460469231731687303715884105728'::HUGEINT AS g, '340282366920938463463374607431768211455'::UHUGEINT AS h;

-- big products
SELECT id, CAST(id AS HUGEINT) * 9223372036854775807 AS p, id * 1000000007 AS q FROM lab.typed ORDER BY id;

-- factorials and powers
SELECT n, CAST(n AS INTEGER)! AS f, power(n, 2.5) AS p, n ** 3 AS c, gcd(n, 12) AS g, lcm(n, 6) AS l FROM (SELECT unnest(range(0, 20)) AS n) ORDER BY n;

-- roots and logs @approx
SELECT id, sqrt(id) AS s, cbrt(id) AS c, ln(id + 1) AS l, log10(id + 1) AS t, log2(id + 1) AS b, exp(id / 100.0) AS e FROM lab.typed ORDER BY id;

-- trigonometry @approx
SELECT id, sin(id) AS s, cos(id) AS c, tan(id) AS t, atan2(id, 7) AS a, asin(id / 400.0) AS n, degrees(id) AS d, radians(id) AS r, sinh(id / 50.0) AS sh FROM lab.typed ORDER BY id;

-- gammas @approx
SELECT id, gamma(id % 10 + 1) AS g, lgamma(id + 1) AS l FROM lab.typed WHERE id < 40 ORDER BY id;

-- signs
SELECT id, sign(d) AS s, abs(small) AS a, signbit(d) AS b, even(small) AS e FROM lab.typed ORDER BY id;

-- floats and doubles mixed
SELECT id, f + d AS a, f * 3 AS b, CAST(f AS DOUBLE) AS c, CAST(d AS FLOAT) AS e, f = CAST(f AS DOUBLE) AS same FROM lab.typed ORDER BY id;

-- floats from decimals
SELECT id, money + d AS a, money > d AS b, money * f AS c FROM lab.typed ORDER BY id;

-- neighbours of floats
SELECT nextafter(1.0::DOUBLE, 2.0::DOUBLE) AS a, nextafter(0.0::DOUBLE, -1.0::DOUBLE) AS b, 1e308::DOUBLE * 10 AS inf, 0.1::FLOAT AS f, 16777217::FLOAT AS g;

-- numbers in other bases
SELECT 1_000_000 AS m, to_base(255, 16) AS t, bin(10) AS bi, CAST('0x10' AS INTEGER) AS c;

-- booleans as numbers
SELECT sum(CAST(flag AS INTEGER)) AS n, avg(CAST(flag AS INTEGER)) AS share, bool_and(flag) AS every, true AND NULL AS u, false AND NULL AS f FROM lab.typed;

-- three-valued logic
SELECT a, b, a AND b AS both, a OR b AS either, NOT a AS no, a IS DISTINCT FROM b AS differ FROM (SELECT unnest([true, false, NULL]) AS a), (SELECT unnest([true, false, NULL]) AS b) ORDER BY a NULLS LAST, b NULLS LAST;

-- case and conditions
SELECT id, CASE g WHEN 0 THEN 'zero' WHEN 1 THEN 'one' ELSE NULL END AS a, if(flag, 1, 2) AS b, CASE WHEN small > 0 THEN money WHEN small < 0 THEN -1 END AS c FROM lab.typed ORDER BY id;

-- between and in
SELECT id FROM lab.typed WHERE small BETWEEN -10 AND 10 AND g IN (1, 3, 5, NULL) AND money NOT BETWEEN 0 AND 50 ORDER BY id;

-- predicates on decimals
SELECT count(*) FILTER (WHERE money > 10.005) AS a, count(*) FILTER (WHERE money = 12.1) AS b, count(*) FILTER (WHERE wide < 5e9) AS c FROM lab.typed;

-- pruned by bounds
SELECT id, big FROM lab.typed WHERE big >= 9223372036854775807 OR big <= -9223372036854775807 ORDER BY id;

-- equi-width bins
SELECT equi_width_bins(0, 100, 7, true) AS a, equi_width_bins(0.0::DOUBLE, 1.0::DOUBLE, 4, false) AS b;

-- vectors of hashes
SELECT bit_xor(hash(id, s, money)) AS h FROM lab.typed;
