Shapes of reports as TPC-DS has them, recursion, sets, pivots, and views by name, over sales, flights and employees.

-- year over year by item
WITH y AS (SELECT year, item, sum(amount) AS total FROM lab.sales GROUP BY ALL) SELECT a.item, a.year, a.total, b.total AS before, a.total / b.total - 1 AS growth FROM y a JOIN y b ON a.item = b.item AND a.year = b.year + 1 ORDER BY 1, 2;

-- months above the mean of the year
WITH m AS (SELECT year, month, sum(amount) AS total FROM lab.sales GROUP BY ALL) SELECT year, month, total, avg(total) OVER (PARTITION BY year) AS mean FROM m QUALIFY total > mean * 1.1 ORDER BY year, month;

-- ratio to a class
SELECT region, item, sum(amount) AS total, sum(amount) * 100 / sum(sum(amount)) OVER (PARTITION BY region) AS ratio FROM lab.sales GROUP BY region, item ORDER BY region NULLS FIRST, ratio DESC, item;

-- channels in union
SELECT channel, item, sum(amount) AS total FROM (SELECT 'shop' AS channel, item, amount FROM lab.sales WHERE region = 'north' UNION ALL SELECT 'web', item, amount FROM lab.sales WHERE region = 'south') GROUP BY ROLLUP (channel, item) ORDER BY channel NULLS FIRST, item NULLS FIRST;

-- customers in both years
SELECT count(*) FROM (SELECT o_custkey FROM tpch.orders WHERE year(o_orderdate) = 1995 INTERSECT SELECT o_custkey FROM tpch.orders WHERE year(o_orderdate) = 1996);

-- customers of one year only
SELECT o_custkey FROM tpch.orders WHERE year(o_orderdate) = 1993 EXCEPT SELECT o_custkey FROM tpch.orders WHERE year(o_orderdate) = 1994 ORDER BY 1;

-- buckets of quantities
SELECT CASE WHEN (SELECT count(*) FROM tpch.lineitem WHERE l_quantity BETWEEN 1 AND 20) > 1000 THEN (SELECT avg(l_discount) FROM tpch.lineitem WHERE l_quantity BETWEEN 1 AND 20) ELSE (SELECT avg(l_tax) FROM tpch.lineitem WHERE l_quantity BETWEEN 1 AND 20) END AS bucket1, (SELECT count(*) FROM tpch.lineitem WHERE l_quantity > 40) AS bucket2;

-- best customers by region
SELECT r_name, c_name, total FROM (SELECT r_name, c_name, sum(o_totalprice) AS total, rank() OVER (PARTITION BY r_name ORDER BY sum(o_totalprice) DESC, c_name) AS r FROM tpch.customer JOIN tpch.orders ON c_custkey = o_custkey JOIN tpch.nation ON c_nationkey = n_nationkey JOIN tpch.region ON n_regionkey = r_regionkey GROUP BY r_name, c_name) WHERE r <= 3 ORDER BY r_name, r;

-- late by ship mode
SELECT l_shipmode, sum(CASE WHEN l_receiptdate - l_shipdate <= 10 THEN 1 ELSE 0 END) AS d10, sum(CASE WHEN l_receiptdate - l_shipdate > 10 AND l_receiptdate - l_shipdate <= 20 THEN 1 ELSE 0 END) AS d20, sum(CASE WHEN l_receiptdate - l_shipdate > 20 THEN 1 ELSE 0 END) AS more FROM tpch.lineitem GROUP BY l_shipmode ORDER BY l_shipmode;

-- sums by week day
SELECT o_orderpriority, sum(CASE WHEN dayname(o_orderdate) = 'Sunday' THEN o_totalprice END) AS sun, sum(CASE WHEN dayname(o_orderdate) = 'Friday' THEN o_totalprice END) AS fri FROM tpch.orders GROUP BY 1 ORDER BY 1;

-- pivot
PIVOT lab.sales ON year IN (2021, 2022, 2023) USING sum(amount) AS total, count(*) AS n GROUP BY region ORDER BY region NULLS FIRST;

-- pivot by what is there
PIVOT lab.sales ON year USING sum(amount) AS total, count(*) AS n GROUP BY region ORDER BY region NULLS FIRST;

-- pivot by two columns
PIVOT lab.sales ON region, year % 2 USING sum(amount) GROUP BY item ORDER BY item;

-- pivot by a pair
PIVOT lab.sales ON (region, year) USING count(*) GROUP BY item ORDER BY item;

-- pivot by what a query gives
PIVOT lab.sales ON year IN (SELECT DISTINCT year FROM lab.sales WHERE year > 2021 ORDER BY 1 DESC) USING max(amount) GROUP BY item ORDER BY item LIMIT 3;

-- pivot in a subquery
SELECT p.item, north - south AS more FROM (PIVOT lab.sales ON region USING sum(amount) GROUP BY item) p ORDER BY ALL;

-- pivot of an expression with tables
WITH s AS (SELECT item, month, amount FROM lab.sales WHERE year = 2022), p AS (PIVOT s ON CASE WHEN month <= 6 THEN 'first' ELSE 'second' END USING sum(amount) GROUP BY item) SELECT * FROM p ORDER BY item;

-- pivot of a pivot
PIVOT (FROM (PIVOT lab.sales ON region USING sum(amount) AS total GROUP BY item, year)) ON year USING sum(north_total) GROUP BY item ORDER BY item;

-- pivots in union
PIVOT lab.sales ON region USING sum(amount) GROUP BY item UNION ALL BY NAME PIVOT lab.sales ON year USING count(*) GROUP BY item ORDER BY ALL;

-- pivot over a join
PIVOT tpch.orders JOIN tpch.customer ON o_custkey = c_custkey ON o_orderpriority USING count(*) GROUP BY c_mktsegment ORDER BY c_mktsegment;

-- pivot by more than twenty values
PIVOT (SELECT year(o_orderdate) AS y, month(o_orderdate) AS m, o_orderstatus AS s, o_totalprice FROM tpch.orders) ON y, m USING sum(o_totalprice) GROUP BY s ORDER BY s;

-- pivot by dates
PIVOT (SELECT location, date, temp_max FROM bronze.weather WHERE date < DATE '2012-01-05') ON date USING first(temp_max) ORDER BY location;

-- pivot by what is never there
PIVOT (SELECT item, NULL::VARCHAR AS nothing, amount FROM lab.sales) ON nothing USING sum(amount), max(amount) AS most GROUP BY item ORDER BY item DESC LIMIT 3;

-- pivot without using
PIVOT (SELECT region, item FROM lab.sales) ON region ORDER BY item;

-- unpivot of columns by their names
SELECT kind, sum(number) FROM (UNPIVOT (SELECT id, CAST(small AS BIGINT) AS small, big FROM lab.typed WHERE id < 30) ON COLUMNS(* EXCLUDE id) INTO NAME kind VALUE number) GROUP BY kind ORDER BY kind;

-- unpivot in front
WITH u AS (UNPIVOT bronze.weather ON temp_max, temp_min INTO NAME kind VALUE degrees) SELECT kind, max(degrees) FROM u GROUP BY kind ORDER BY kind;

-- columns named by their places
SELECT place, count(*) FROM lab.sales AS s(y, m, place) GROUP BY place ORDER BY place NULLS FIRST;

-- pivot in from
SELECT * FROM (SELECT item, year, amount FROM lab.sales) PIVOT (sum(amount) FOR year IN (2021, 2023)) ORDER BY item;

-- pivot by cases
SELECT item, sum(amount) FILTER (WHERE region = 'north') AS north, sum(amount) FILTER (WHERE region = 'south') AS south, sum(amount) FILTER (WHERE region IS NULL) AS unknown FROM lab.sales GROUP BY item ORDER BY item;

-- unpivot
UNPIVOT (SELECT id, CAST(small AS BIGINT) AS small, big FROM lab.typed WHERE id < 30) ON small, big INTO NAME kind VALUE number ORDER BY id, kind;

-- unpivot with nulls
SELECT * FROM (SELECT location, date, temp_max, temp_min FROM bronze.weather WHERE date < DATE '2012-01-10') UNPIVOT INCLUDE NULLS (degrees FOR kind IN (temp_max, temp_min)) ORDER BY ALL;

-- recursive numbers
WITH RECURSIVE t(n, f) AS (SELECT 1, 1::HUGEINT UNION ALL SELECT n + 1, f * (n + 1) FROM t WHERE n < 30) SELECT * FROM t ORDER BY n;

-- recursive tree
WITH RECURSIVE tree AS (SELECT id, name, 0 AS depth, [name] AS path FROM lab.employees WHERE boss IS NULL UNION ALL SELECT e.id, e.name, depth + 1, list_append(path, e.name) FROM lab.employees e JOIN tree ON e.boss = tree.id WHERE depth < 10) SELECT * FROM tree ORDER BY path, id;

-- recursive without duplicates
WITH RECURSIVE reach(x) AS (SELECT 1 UNION SELECT (x * 3 + 1) % 50 FROM reach) SELECT x FROM reach ORDER BY x;

-- recursive sums
WITH RECURSIVE up AS (SELECT id, boss, pay FROM lab.employees UNION ALL SELECT b.id, b.boss, up.pay FROM up JOIN lab.employees b ON up.boss = b.id) SELECT id, sum(pay) AS payroll FROM up GROUP BY id ORDER BY payroll DESC, id;

-- recursive with a key
WITH RECURSIVE hop(k, v) USING KEY (k) AS (SELECT id % 5, id FROM lab.employees WHERE id < 6 UNION SELECT k, v + 1 FROM hop WHERE v < 20) SELECT * FROM hop ORDER BY k;

-- materialized and not
WITH a AS MATERIALIZED (SELECT g, sum(small) AS s FROM lab.typed GROUP BY g), b AS NOT MATERIALIZED (SELECT * FROM a WHERE s > 0) SELECT a.g, a.s, b.s AS t FROM a LEFT JOIN b USING (g) ORDER BY a.g;

-- shadowed names
WITH flights AS (SELECT 1 AS one) SELECT flights.one, (SELECT count(*) FROM bronze.flights) AS n FROM flights;

-- union by name
SELECT id, name FROM lab.employees WHERE id < 4 UNION BY NAME SELECT team, id FROM lab.employees WHERE id < 3 ORDER BY id, team NULLS FIRST;

-- union all by name
SELECT 1 AS a, 'x' AS b UNION ALL BY NAME SELECT 2.5 AS c, 3 AS a ORDER BY a;

-- union with casts
SELECT small AS v FROM lab.typed WHERE id < 10 UNION SELECT money FROM lab.typed WHERE id < 10 UNION SELECT d FROM lab.typed WHERE id < 10 ORDER BY v NULLS FIRST;

-- intersect all and except all
SELECT g FROM lab.typed WHERE id < 50 INTERSECT ALL SELECT id % 3 FROM lab.typed WHERE id < 20 EXCEPT ALL SELECT 1 ORDER BY g;

-- from first
FROM lab.employees SELECT team, max(pay) GROUP BY team ORDER BY team;

-- from alone
FROM tpch.nation ORDER BY n_nationkey;

-- aliases reused
SELECT id * 2 AS twice, twice + 1 AS more FROM lab.employees WHERE twice > 50 ORDER BY more;

-- table function range
SELECT i, i * i AS square FROM range(5, 50, 7) t(i) ORDER BY i;

-- no table
SELECT 1 AS one, 'x' AS x, NULL AS nothing, [1, 2] AS l, {'a': 1} AS s;

-- names with quotes
SELECT id AS "the ""id""", s AS "Größe; --", g AS "select" FROM lab.typed WHERE id < 3 ORDER BY 1;

-- comments in statements
SELECT id /* the key */ FROM lab.typed WHERE id < 4 ORDER BY id -- and no more
;

-- same column names
SELECT a.id, b.id FROM lab.employees a JOIN lab.employees b ON a.boss = b.id WHERE a.id < 8 ORDER BY a.id;

-- wide result
SELECT l.*, o.* FROM tpch.lineitem l JOIN tpch.orders o ON l_orderkey = o_orderkey WHERE l_orderkey BETWEEN 100 AND 120 ORDER BY l_orderkey, l_linenumber;

-- whole table
SELECT * FROM lab.typed ORDER BY id;

-- many rows
SELECT date, origin, destination, delay, distance FROM bronze.flights WHERE origin < 'C' ORDER BY date, origin, destination, delay, distance;

-- rows left by deletes
SELECT count(*), sum(l_orderkey), count(DISTINCT l_orderkey) FROM tpch.lineitem WHERE l_orderkey % 89 IN (3, 4);

-- rows of one partition
SELECT weather, count(*) AS n, max(temp_max) AS hot FROM bronze.weather WHERE location = 'Seattle' GROUP BY weather ORDER BY weather;

-- deletes inside a partition
SELECT year, count(*) AS n, min(id), max(id) FROM lab.sales WHERE year <> 2022 GROUP BY year ORDER BY year;

-- penguins by species
SELECT species, sex, count(*) AS n, median(body_mass) AS mass, max(flipper_length) AS flipper FROM bronze.penguins GROUP BY ALL ORDER BY species, sex NULLS LAST;

-- cars by decade
SELECT "Origin", year("Year") // 10 * 10 AS decade, count(*) AS n, max("Horsepower") AS hp, min("Miles_per_Gallon") AS thirsty FROM bronze.cars GROUP BY ALL ORDER BY ALL;

-- countries that grew
SELECT country, min_by(pop, year) AS first_pop, max_by(pop, year) AS last_pop, max_by(life_expect, year) - min_by(life_expect, year) AS gained FROM bronze.gapminder GROUP BY country ORDER BY gained DESC, country LIMIT 30;

-- earthquakes by magnitude
SELECT floor(mag) AS m, count(*) AS n, max(sig) AS s, count(felt) AS felt, mode(mag_type) IS NOT NULL AS typed FROM bronze.earthquakes GROUP BY m ORDER BY m NULLS FIRST;
