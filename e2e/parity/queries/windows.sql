Window functions: frames, exclusions, ranks, QUALIFY.

-- row number
SELECT id, g, row_number() OVER (PARTITION BY g ORDER BY d, id) AS n FROM lab.typed ORDER BY id;

-- ranks
SELECT id, rank() OVER w AS r, dense_rank() OVER w AS dr, percent_rank() OVER w AS pr, cume_dist() OVER w AS cd FROM lab.typed WINDOW w AS (PARTITION BY g ORDER BY small NULLS FIRST) ORDER BY id;

-- ntile
SELECT id, ntile(7) OVER (ORDER BY id) AS bucket FROM lab.typed ORDER BY id;

-- lag and lead
SELECT symbol, date, price, lag(price) OVER w AS before, lead(price, 2, -1) OVER w AS later, price - lag(price) OVER w AS change FROM bronze.stocks WINDOW w AS (PARTITION BY symbol ORDER BY date) ORDER BY symbol, date;

-- lag that ignores nulls
SELECT id, small, lag(small IGNORE NULLS) OVER (ORDER BY id) AS known FROM lab.typed ORDER BY id;

-- first last nth value
SELECT id, first_value(s) OVER w AS f, last_value(s) OVER w AS l, nth_value(s, 3) OVER w AS third FROM lab.typed WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) ORDER BY id;

-- running decimal sums
SELECT id, sum(money) OVER (PARTITION BY g ORDER BY id) AS total FROM lab.typed ORDER BY id;

-- moving average
SELECT symbol, date, avg(price) OVER (PARTITION BY symbol ORDER BY date ROWS BETWEEN 5 PRECEDING AND CURRENT ROW) AS mean FROM bronze.stocks ORDER BY symbol, date;

-- range over dates
SELECT location, date, max(temp_max) OVER (PARTITION BY location ORDER BY date RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 7 DAYS FOLLOWING) AS warmest FROM bronze.weather ORDER BY location, date;

-- range over numbers
SELECT id, count(*) OVER (ORDER BY small RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) AS near FROM lab.typed WHERE small IS NOT NULL ORDER BY id;

-- groups frame
SELECT id, sum(small) OVER (ORDER BY g GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM lab.typed ORDER BY id;

-- frame without the current row
SELECT id, sum(small) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW) AS around FROM lab.typed ORDER BY id;

-- frame without ties
SELECT id, count(small) OVER (ORDER BY g RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) AS n FROM lab.typed ORDER BY id;

-- frame without the group
SELECT id, count(*) OVER (ORDER BY g, id % 10 GROUPS BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE GROUP) AS n FROM lab.typed ORDER BY id, n;

-- filtered window
SELECT id, count(*) FILTER (WHERE flag) OVER (PARTITION BY g ORDER BY id) AS yes FROM lab.typed ORDER BY id;

-- distinct in a window
SELECT id, count(DISTINCT s) OVER (ORDER BY id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS kinds FROM lab.typed ORDER BY id;

-- ordered aggregate in a window
SELECT id, list(id ORDER BY id DESC) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS ids FROM lab.typed ORDER BY id;

-- qualify by rank
SELECT team, name, pay FROM lab.employees QUALIFY rank() OVER (PARTITION BY team ORDER BY pay DESC) <= 3 ORDER BY team, pay DESC, name;

-- qualify by the latest
SELECT symbol, date, price FROM bronze.stocks QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY date DESC) = 1 ORDER BY symbol;

-- qualify with a named window
SELECT id, g, count(*) OVER w AS c FROM lab.typed WHERE flag WINDOW w AS (PARTITION BY g) QUALIFY c > 15 ORDER BY id;

-- window over an aggregate
SELECT origin, count(*) AS n, rank() OVER (ORDER BY count(*) DESC, origin) AS r, sum(count(*)) OVER () AS all_flights FROM bronze.flights GROUP BY origin ORDER BY n DESC, origin LIMIT 25;

-- share of total
SELECT g, sum(money) AS m, sum(money) / sum(sum(money)) OVER () AS share FROM lab.typed GROUP BY g ORDER BY g;

-- streaks of days
SELECT location, min(date) AS since, count(*) AS days FROM (SELECT *, date - CAST(row_number() OVER (PARTITION BY location ORDER BY date) AS INTEGER) AS island FROM bronze.weather WHERE weather = 'rain') GROUP BY location, island HAVING count(*) >= 5 ORDER BY location, since;

-- median in a window
SELECT id, median(small) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND 6 FOLLOWING) AS m FROM lab.typed ORDER BY id;

-- mode and quantiles in windows
SELECT id, quantile_disc(small, 0.25) OVER w AS q, mad(small) OVER w AS spread FROM lab.typed WINDOW w AS (PARTITION BY g ORDER BY id ROWS 8 PRECEDING) ORDER BY id;

-- window of booleans
SELECT id, bool_and(flag) OVER w AS every, bool_or(flag) OVER w AS some FROM lab.typed WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY id;

-- fill of gaps
SELECT id, small, fill(small) OVER (ORDER BY id) AS filled FROM lab.typed WHERE g = 3 ORDER BY id;

-- rank by a secondary order
SELECT id, first_value(id ORDER BY d DESC, id) OVER (PARTITION BY g) AS best FROM lab.typed ORDER BY id;
