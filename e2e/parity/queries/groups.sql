Aggregates: grouping sets, rollup, cube, filters, statistics, ordered aggregates.

-- grouping sets
SELECT year, region, item, grouping(year, region, item) AS level, sum(amount) AS total FROM lab.sales GROUP BY GROUPING SETS ((year, region), (item), ()) ORDER BY level, year, region NULLS FIRST, item;

-- rollup
SELECT year, region, item, sum(amount) AS total, count(*) AS n, grouping_id(year, region, item) AS level FROM lab.sales GROUP BY ROLLUP (year, region, item) ORDER BY level, year, region NULLS FIRST, item;

-- cube
SELECT region, item, max(amount) AS most, grouping(region) AS gr, grouping(item) AS gi FROM lab.sales GROUP BY CUBE (region, item) ORDER BY gr, gi, region NULLS FIRST, item;

-- group by all
SELECT year, month % 4 AS quarter, sum(amount) FROM lab.sales GROUP BY ALL ORDER BY ALL;

-- having
SELECT region, item, avg(amount) AS mean FROM lab.sales GROUP BY region, item HAVING count(*) > 40 AND avg(amount) > 50 ORDER BY mean DESC, region;

-- filters
SELECT region, count(*) FILTER (WHERE month <= 6) AS early, sum(amount) FILTER (WHERE item = 'ink') AS ink FROM lab.sales GROUP BY region ORDER BY region NULLS LAST;

-- distinct aggregates
SELECT g, count(DISTINCT small), sum(DISTINCT small), avg(DISTINCT small) FROM lab.typed GROUP BY g ORDER BY g;

-- statistics of integers @approx
SELECT g, avg(small), stddev_samp(small), stddev_pop(small), var_samp(small), var_pop(small) FROM lab.typed GROUP BY g ORDER BY g;

-- statistics of doubles @approx
SELECT location, avg(temp_max), stddev(temp_min), skewness(wind), kurtosis(wind), corr(temp_max, wind) FROM bronze.weather GROUP BY location ORDER BY location;

-- regression @approx
SELECT regr_slope(body_mass, flipper_length), regr_intercept(body_mass, flipper_length), regr_r2(body_mass, flipper_length), regr_count(body_mass, flipper_length), covar_pop(beak_length, beak_depth) FROM bronze.penguins;

-- quantiles
SELECT quantile_cont(delay, [0.1, 0.5, 0.9]) AS c, quantile_disc(delay, [0.1, 0.5, 0.9]) AS d, median(distance) AS m, mad(delay) AS spread FROM bronze.flights;

-- mode and entropy @approx
SELECT g, mode(small % 3) AS m, entropy(small % 4) AS e FROM lab.typed GROUP BY g ORDER BY g;

-- sums that need 128 bits
SELECT sum(big) AS total, avg(big) AS mean, sum(CAST(big AS HUGEINT) * 10) AS more FROM lab.typed WHERE big > 9000000000000000000;

-- decimal averages
SELECT g, avg(money) AS mean, sum(money) AS total, sum(wide) AS wide_total, max(wide) FROM lab.typed GROUP BY g ORDER BY g;

-- sums of doubles with nan and infinity
SELECT g, sum(d), avg(d), sum(f) FROM lab.typed GROUP BY g ORDER BY g;

-- kahan sums @approx
SELECT location, fsum(precipitation) AS f, kahan_sum(wind) AS k, favg(temp_max) AS a FROM bronze.weather GROUP BY location ORDER BY location;

-- plain sums of real doubles @approx
SELECT location, weather, sum(precipitation) AS p, avg(wind) AS w FROM bronze.weather GROUP BY ALL ORDER BY ALL;

-- bits
SELECT g, bit_and(id), bit_or(id), bit_xor(id) FROM lab.typed GROUP BY g ORDER BY g;

-- products
SELECT g, product(CAST(1 + id % 3 AS DOUBLE)) FROM lab.typed WHERE id < 60 GROUP BY g ORDER BY g;

-- string_agg
SELECT g, string_agg(s, ',' ORDER BY id) AS words, string_agg(DISTINCT s, '|' ORDER BY s) AS kinds FROM lab.typed WHERE id < 80 GROUP BY g ORDER BY g;

-- lists and maps of groups
SELECT g, list(id ORDER BY id) AS ids, map_from_entries(list((id, s) ORDER BY id)) AS m FROM lab.typed WHERE id < 30 GROUP BY g ORDER BY g;

-- histogram
SELECT flag, histogram(g) FROM lab.typed GROUP BY flag ORDER BY flag;

-- histogram in bins
SELECT histogram(small, [-50, 0, 50]) FROM lab.typed;

-- min and max with n
SELECT g, min(id, 3), max(s, 2) FROM lab.typed GROUP BY g ORDER BY g;

-- arg_min of structs
SELECT region, arg_max({'item': item, 'month': month}, amount * 1000000 + id) AS best FROM lab.sales GROUP BY region ORDER BY region;

-- any_value
SELECT g, any_value(g) AS same, count_if(flag) AS yes, count(*) FROM lab.typed GROUP BY g ORDER BY g;

-- approximate counts @unordered
SELECT approx_count_distinct(origin) AS o, approx_count_distinct(destination) AS d FROM bronze.flights;

-- group by nan and zeros
SELECT f, count(*) AS n FROM (SELECT f + 0 AS f FROM lab.typed) GROUP BY f ORDER BY f;

-- group by nested values
SELECT numbers, count(*) AS n FROM lab.nested GROUP BY numbers ORDER BY n DESC, numbers LIMIT 12;

-- group by an alias and a position
SELECT upper(left(s, 1)) AS letter, g % 2 AS odd, count(*) FROM lab.typed GROUP BY letter, 2 ORDER BY letter, odd;

-- aggregates without groups over no rows
SELECT count(*), sum(small), list(id), max(at_zone), string_agg(s, ',') FROM lab.typed WHERE id < 0;

-- groups over no rows @empty
SELECT g, count(*) FROM lab.typed WHERE id < 0 GROUP BY g;

-- min and max of every type
SELECT min(COLUMNS(* EXCLUDE (d, f))) FROM lab.typed;

-- counts of nulls
SELECT count(COLUMNS(*)) FROM lab.typed;

-- weighted average
SELECT year, weighted_avg(CAST(amount AS DOUBLE), month) AS w FROM lab.sales GROUP BY year ORDER BY year;

-- nested aggregates
SELECT avg(n) AS mean, max(n) AS most FROM (SELECT count(*) AS n FROM bronze.flights GROUP BY origin);

-- top groups with ties
SELECT origin, count(*) AS n FROM bronze.flights GROUP BY origin ORDER BY n DESC, origin LIMIT 15;

-- busy hours
SELECT hour(date) AS hour, count(*) AS n, avg(delay) AS mean_delay, max(delay) FROM bronze.flights GROUP BY hour ORDER BY hour;

-- distance classes
SELECT CASE WHEN distance < 250 THEN 'short' WHEN distance < 1000 THEN 'middle' ELSE 'long' END AS class, count(*) AS n, sum(distance) AS miles, min(delay), max(delay) FROM bronze.flights GROUP BY class ORDER BY class;
