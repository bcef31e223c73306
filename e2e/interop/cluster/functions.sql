What the suite of answers does not ask of a cluster, or asks together with what a cluster has not.

-- cases
SELECT id, upper(s) AS u, lower(s) AS l, length(s) AS n, strlen(s) AS bytes FROM lab.typed ORDER BY id;

-- parts of text
SELECT id, left(s, 2) AS a, right(s, 2) AS b, substring(s, 2, 3) AS c, substring(s, 3) AS d, left(s, 0) AS e, right(s, 0) AS f, right(s, 100) AS g FROM lab.typed ORDER BY id;

-- pads
SELECT id, lpad(s, 8, '*') AS lp, rpad(s, 3, '-') AS rp, lpad(s, 9, 'åb') AS u FROM lab.typed ORDER BY id;

-- replacements and places
SELECT id, replace(s, 'a', 'ÅÅ') AS r, replace(s, 'e', '') AS t, instr(s, 'e') AS i, strpos(s, 'ä') AS p, contains(s, '%') AS c, suffix(s, '_b%c') AS z, ends_with(s, 'c') AS y FROM lab.typed ORDER BY id;

-- patterns
SELECT id, s LIKE '%a%' AS a, s LIKE '_e%' AS b, s LIKE 'a\_%' ESCAPE '\' AS d, s NOT LIKE '%e' AS e, s LIKE '' AS f, s LIKE '%' AS g, s LIKE 'a%a' AS h FROM lab.typed ORDER BY id;

-- digests
SELECT id, md5(s) AS m, sha256(s) AS h FROM lab.typed ORDER BY id;

-- joined text
SELECT id, concat_ws(', ', s, NULL, s) AS w, concat(s, '-', s) AS c, s || s AS d FROM lab.typed ORDER BY id;

-- rounding of decimals
SELECT id, round(money, 1) AS r, round(money) AS w, ceil(money) AS c, floor(money) AS f, trunc(money) AS k, abs(money) AS a FROM lab.typed ORDER BY id;

-- rounding of floats
SELECT id, round(d) AS r, ceil(d) AS c, floor(d) AS f, trunc(d) AS t, abs(d) AS a, sqrt(abs(d)) AS q, isnan(d) AS n, isinf(d) AS i, isfinite(d) AS k FROM lab.typed ORDER BY id;

-- whole division
SELECT id, small // 4 AS b, small % 4 AS c, mod(small, -4) AS e, small // 0 AS z, small % 0 AS y, -small // 3 AS n, money % 7 AS m, small / 4 AS h, small / 0 AS i, d / 0 AS j FROM lab.typed ORDER BY id;

-- arithmetic of integers
SELECT id, small + 1 AS a, small - g AS b, small * g AS c, -small AS d, id * 1000000007 AS e, CAST(id AS HUGEINT) * 9223372036854775807 AS f, abs(small) AS h FROM lab.typed ORDER BY id;

-- arithmetic of floats
SELECT id, f + d AS a, f * 3 AS b, d - 1.5 AS c, CAST(f AS DOUBLE) AS e, d * d AS h, -d AS n FROM lab.typed ORDER BY id;

-- decimals to other types
SELECT id, CAST(money AS INTEGER) AS i, CAST(money AS DECIMAL(12,1)) AS m, CAST(money AS DOUBLE) AS d, CAST(small AS DECIMAL(10,4)) AS s, CAST(money AS VARCHAR) AS t, CAST(wide AS DOUBLE) AS w, CAST(money AS FLOAT) AS f FROM lab.typed ORDER BY id;

-- whole numbers to other types
SELECT id, CAST(small AS SMALLINT) AS a, CAST(small AS BIGINT) AS b, CAST(big AS DOUBLE) AS c, CAST(big AS VARCHAR) AS d, CAST(flag AS INTEGER) AS e, CAST(flag AS VARCHAR) AS f, CAST(u AS VARCHAR) AS g, CAST(big AS HUGEINT) AS h, CAST(big AS FLOAT) AS k FROM lab.typed ORDER BY id;

-- casts that fail quietly
SELECT id, TRY_CAST(big AS INTEGER) AS a, TRY_CAST(small AS TINYINT) AS b, TRY_CAST(money AS DECIMAL(4,2)) AS c FROM lab.typed ORDER BY id;

-- parts of days
SELECT id, year(day) AS y, quarter(day) AS q, month(day) AS m, day(day) AS d, dayofweek(day) AS dow, isodow(day) AS iso, dayofyear(day) AS doy, weekofyear(day) AS w, extract(week FROM day) AS e FROM lab.typed ORDER BY id;

-- parts of moments
SELECT id, year(moment) AS y, hour(moment) AS h, minute(moment) AS m, second(moment) AS s, dayofweek(moment) AS d, hour(clock) AS ch, minute(clock) AS cm, second(clock) AS cs FROM lab.typed ORDER BY id;

-- beginnings of moments
SELECT id, date_trunc('month', day) AS m, date_trunc('week', moment) AS w, date_trunc('hour', moment) AS h, date_trunc('quarter', day) AS q, date_trunc('second', moment) AS s, date_trunc('year', moment) AS y, date_trunc('minute', moment) AS n FROM lab.typed ORDER BY id;

-- days on
SELECT id, day + 30 AS a, day - 400 AS b, day + INTERVAL 1 MONTH AS c, day - INTERVAL 1 YEAR AS d, day - DATE '2000-01-01' AS e, last_day(day) AS l, dayname(day) AS n, monthname(day) AS m, date_diff('day', day, DATE '2000-01-01') AS k FROM lab.typed ORDER BY id;

-- moments on
SELECT id, moment + INTERVAL 13 MONTHS AS a, moment - INTERVAL '36 hours 5 minutes' AS b, moment + INTERVAL '1 month 1 day' AS c FROM lab.typed ORDER BY id;

-- moments as days
SELECT id, CAST(moment AS DATE) AS d, CAST(moment AS TIME) AS t, CAST(day AS TIMESTAMP) AS ts FROM lab.typed ORDER BY id;

-- zoned moments
SELECT id, at_zone, CAST(moment AS TIMESTAMPTZ) = at_zone AS same, at_zone > TIMESTAMPTZ '2010-01-01 00:00:00+00' AS later FROM lab.typed ORDER BY id;

-- binary values
SELECT id, b, b > 'b2'::BLOB AS more, b = 'b7\xC3\xAD'::BLOB AS one FROM lab.typed ORDER BY id;

-- joined lists
SELECT g, list(id ORDER BY id DESC, small) AS ids, string_agg(s, ',' ORDER BY id) AS words, list(s ORDER BY s NULLS FIRST, id) AS w, array_agg(money ORDER BY id) FILTER (WHERE id % 2 = 0) AS m FROM lab.typed GROUP BY g ORDER BY g;

-- aggregates of decimals
SELECT g, sum(money) AS a, min(money) AS b, max(money) AS c, avg(money) AS d, count(money) AS e, sum(DISTINCT money) AS f, sum(wide) AS h FROM lab.typed GROUP BY g ORDER BY g;

-- aggregates of whole numbers
SELECT g, sum(big) AS a, avg(small) AS b, sum(DISTINCT small) AS c, avg(DISTINCT small) AS d, count(DISTINCT small) AS e, bool_and(flag) AS f, bool_or(flag) AS h, count_if(small > 0) AS i, avg(big) AS k FROM lab.typed GROUP BY g ORDER BY g;

-- aggregates of floats
SELECT g, min(d) AS a, max(d) AS b, min(f) AS c, max(f) AS e, min(d) FILTER (WHERE id > 20) AS h, count(d) AS n FROM lab.typed GROUP BY g ORDER BY g;

-- statistics of floats @approx
SELECT location, avg(temp_max) AS a, stddev(temp_min) AS b, stddev_pop(wind) AS c, var_samp(wind) AS d, var_pop(wind) AS e, corr(temp_max, wind) AS f, covar_pop(temp_max, wind) AS g, covar_samp(temp_max, wind) AS h, regr_slope(temp_max, wind) AS i, regr_intercept(temp_max, wind) AS k FROM bronze.weather GROUP BY location ORDER BY location;

-- running and moving windows
SELECT id, count(small) OVER (PARTITION BY g ORDER BY id) AS n, sum(small) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) AS s, avg(small) OVER (PARTITION BY g ORDER BY id) AS a, max(d) OVER (PARTITION BY g ORDER BY id) AS m FROM lab.typed ORDER BY id;

-- values of other rows
SELECT id, lag(small, 2, -1) OVER (ORDER BY id) AS a, lead(s) OVER (ORDER BY id) AS b, first_value(s) OVER (PARTITION BY g ORDER BY id) AS c, nth_value(small, 2) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS d FROM lab.typed ORDER BY id;

-- parts of nested values
SELECT id, numbers[1] AS a, numbers[-1] AS z, len(numbers) AS n, list_contains(numbers, 3) AS three, s.a, s.inner.x AS x, m['z'] AS mz, lists[4][2] AS two FROM lab.nested ORDER BY id;

-- whole nested rows with what is in them
SELECT id, items, lists, m, s, words FROM lab.nested WHERE s.inner.x > 3 OR numbers IS NULL ORDER BY id;

-- rows of lists
SELECT id, item.name AS name, item.score AS score FROM (SELECT id, unnest(items) AS item FROM lab.nested) t(id, item) ORDER BY 1, 2;

-- greatest and least of some
SELECT id, greatest(s, 'b', NULL) AS g, least(small, g, 5) AS l, coalesce(s, '?') AS c, nullif(g, 3) AS n, ifnull(small, -1) AS i FROM lab.typed ORDER BY id;

-- conditions on floats
SELECT id, d = 1.5 AS a, d > 0 AS b, d < 2 AS c, d <> 0 AS e, d >= f AS h, d <= f AS i, d = f AS k, d < f AS l, d > f AS m, d IS DISTINCT FROM f AS n, d IN (0.0::DOUBLE, 'nan'::DOUBLE) AS o FROM lab.typed ORDER BY id;

-- groups of floats
SELECT f, count(*) AS n FROM lab.typed GROUP BY f ORDER BY f, n;

-- a subquery about no row
SELECT (SELECT max(pay) FROM lab.employees WHERE team = 'none') AS m, (SELECT count(*) FROM lab.employees) AS n FROM lab.employees WHERE id = 1;

-- in and not in
SELECT count(*) FILTER (WHERE id IN (SELECT small FROM lab.typed)) AS a, count(*) FILTER (WHERE id NOT IN (SELECT small FROM lab.typed WHERE small IS NOT NULL)) AS b FROM lab.typed;

-- a table as it was
SELECT count(*) AS n, sum(pay) AS p FROM lab.employees AT (VERSION => 'before-raise');

-- two times of a table
SELECT a.id, a.pay - b.pay AS more FROM lab.employees a JOIN lab.employees AS b AT (VERSION => 'before-raise') ON a.id = b.id ORDER BY a.id;

-- a column that came later
SELECT id, bonus, pay FROM lab.employees ORDER BY id;
