Dates, times, timestamps, zones and intervals. The tab has no ICU: what needs it goes to the server.

-- parts of dates
SELECT id, year(day) AS y, quarter(day) AS q, month(day) AS m, day(day) AS d, dayofweek(day) AS dow, isodow(day) AS iso, dayofyear(day) AS doy, weekofyear(day) AS w, yearweek(day) AS yw FROM lab.typed ORDER BY id;

-- extract
SELECT id, extract(decade FROM day) AS dec, extract(century FROM day) AS cen, extract(era FROM day) AS era, extract(epoch FROM moment) AS e, date_part('microsecond', moment) AS us FROM lab.typed ORDER BY id;

-- date_part of several
SELECT id, date_part(['year', 'month', 'isodow'], day) AS parts FROM lab.typed ORDER BY id;

-- date_trunc
SELECT id, date_trunc('month', day) AS m, date_trunc('week', moment) AS w, date_trunc('hour', moment) AS h, date_trunc('quarter', day) AS q FROM lab.typed ORDER BY id;

-- date arithmetic
SELECT id, day + 30 AS a, day - 400 AS b, day + INTERVAL 1 MONTH AS c, day - INTERVAL 1 YEAR AS d, day - DATE '2000-01-01' AS e FROM lab.typed ORDER BY id;

-- ends of months
SELECT d, d + INTERVAL 1 MONTH AS next, d - INTERVAL 1 MONTH AS before, last_day(d) AS last FROM (SELECT unnest([DATE '2024-01-31', DATE '2023-01-31', DATE '2024-02-29', DATE '1900-02-28']) AS d) ORDER BY d;

-- differences
SELECT id, date_diff('day', day, DATE '2000-01-01') AS days, date_diff('month', day, DATE '2000-01-01') AS months, date_sub('year', moment, TIMESTAMP '2020-06-01 12:00:00') AS years FROM lab.typed ORDER BY id;

-- difference of timestamps
SELECT id, moment - TIMESTAMP '2000-01-01' AS gap, age(TIMESTAMP '2020-01-01', moment) AS old FROM lab.typed ORDER BY id;

-- intervals
SELECT INTERVAL '1 year 2 months 3 days 04:05:06.789' AS i, INTERVAL 36 HOURS * 2 AS h, to_months(14) AS m, to_days(-3) AS d, INTERVAL 1 DAY > INTERVAL 23 HOURS AS more, justify_hours_of FROM (SELECT INTERVAL 30 DAYS = INTERVAL 1 MONTH AS justify_hours_of);

-- interval columns
SELECT id, to_days(CAST(id AS INTEGER)) + to_hours(id) + to_seconds(id / 8.0) AS i FROM lab.typed ORDER BY id;

-- ends of intervals
SELECT g, max(to_seconds(id)) AS most, min(to_days(CAST(id AS INTEGER))) AS least FROM lab.typed GROUP BY g ORDER BY g;

-- time arithmetic
SELECT id, clock + INTERVAL 5 HOURS AS later, hour(clock) AS h, minute(clock) AS m, millisecond(clock) AS ms FROM lab.typed ORDER BY id;

-- format of dates
SELECT id, strftime(day, '%Y/%m/%d %a %A %b %B %j %U') AS t, strftime(moment, '%d.%m.%y %H:%M:%S.%f %p %I') AS u FROM lab.typed ORDER BY id;

-- parsing of dates
SELECT t, strptime(t, ['%Y-%m-%d', '%d/%m/%Y', '%b %-d %Y']) AS moment FROM (SELECT unnest(['2024-02-29', '31/12/1999', 'Jan 1 2000']) AS t) ORDER BY t;

-- parsing that fails quietly
SELECT t, try_strptime(t, '%Y-%m-%d') AS moment, try_cast(t AS DATE) AS d, try_cast(t AS TIMESTAMP) AS ts FROM (SELECT unnest(['2024-02-30', '2023-02-28', 'x', '1582-10-15 10:00', '-0044-03-15']) AS t) ORDER BY t;

-- names
SELECT id, dayname(day) AS d, monthname(day) AS m FROM lab.typed ORDER BY id;

-- epochs
SELECT id, epoch(moment) AS s, epoch_ms(moment) AS ms, epoch_us(moment) AS us, make_timestamp(epoch_us(moment)) = moment AS same FROM lab.typed ORDER BY id;

-- made
SELECT make_date(2024, 2, CAST(1 + id % 29 AS INTEGER)) AS d, make_time(3, 4, id / 10.0) AS t, make_timestamp(2024, 5, 6, 7, 8, 9.5) AS ts FROM lab.typed WHERE id < 29 ORDER BY id;

-- time_bucket
SELECT time_bucket(INTERVAL 10 MINUTES, moment) AS slot, count(*) AS n, sum(qty) AS q FROM lab.trades GROUP BY slot ORDER BY slot;

-- infinite dates
SELECT d, d > DATE '2024-01-01' AS later, isfinite(d) AS finite FROM (SELECT unnest(['infinity'::DATE, '-infinity'::DATE, DATE '2024-01-01', NULL]) AS d) ORDER BY d NULLS FIRST;

-- infinite timestamps
SELECT t FROM (SELECT unnest(['infinity'::TIMESTAMP, '-infinity'::TIMESTAMP, TIMESTAMP '2024-01-01 00:00:00.000001']) AS t) ORDER BY t;

-- precisions of timestamps
SELECT CAST(moment AS TIMESTAMP_S) AS s, CAST(moment AS TIMESTAMP_MS) AS ms, CAST(moment AS TIMESTAMP_NS) AS ns FROM lab.typed WHERE id < 30 ORDER BY id;

-- ends of calendars
SELECT DATE '0001-01-01' AS a, DATE '9999-12-31' + 1 AS b, TIMESTAMP '290000-01-01' AS c, DATE '4713-01-01 (BC)' AS d;

-- casts of timestamps
SELECT id, CAST(moment AS DATE) AS d, CAST(moment AS TIME) AS t, CAST(moment AS VARCHAR) AS v, CAST(day AS TIMESTAMP) AS ts FROM lab.typed ORDER BY id;

-- filters on timestamps
SELECT count(*), min(moment), max(moment) FROM lab.typed WHERE moment BETWEEN TIMESTAMP '2001-01-01' AND TIMESTAMP '2015-06-30 12:00:00';

-- series of dates
SELECT d FROM generate_series(DATE '2024-01-29', DATE '2024-03-02', INTERVAL 3 DAYS) t(d) ORDER BY d;

-- instants pass through
SELECT id, at_zone FROM lab.typed WHERE id < 60 ORDER BY id;

-- min and max of instants
SELECT g, min(at_zone) AS a, max(at_zone) AS z, count(DISTINCT at_zone) AS n FROM lab.typed GROUP BY g ORDER BY g;

-- instants in a zone @server
SELECT id, at_zone AT TIME ZONE 'America/New_York' AS ny, timezone('Asia/Kathmandu', at_zone) AS k FROM lab.typed ORDER BY id;

-- local times to instants @server
SELECT id, moment AT TIME ZONE 'Europe/Berlin' AS b FROM lab.typed ORDER BY id;

-- parts of instants @server
SELECT id, hour(at_zone) AS h, date_trunc('day', at_zone) AS d FROM lab.typed ORDER BY id;

-- hours across daylight saving @server
SELECT t, t AT TIME ZONE 'America/New_York' AS local FROM (SELECT unnest([TIMESTAMPTZ '2024-03-10 06:59:00+00', TIMESTAMPTZ '2024-03-10 07:00:00+00', TIMESTAMPTZ '2024-11-03 05:30:00+00', TIMESTAMPTZ '2024-11-03 06:30:00+00']) AS t) ORDER BY t;

-- arithmetic with instants @server
SELECT id, at_zone + INTERVAL 1 MONTH AS later FROM lab.typed ORDER BY id;

-- settings @server
SELECT current_setting('TimeZone') AS zone, current_setting('Calendar') AS calendar, current_setting('default_null_order') AS nulls, current_setting('default_order') AS direction, current_setting('integer_division') AS division;

-- instants as text @server
SELECT id, CAST(at_zone AS VARCHAR) AS t FROM lab.typed ORDER BY id;

-- updates of earthquakes @server
SELECT date_trunc('hour', updated) AS h, count(*) AS n FROM bronze.earthquakes GROUP BY h ORDER BY h;

-- months of flights
SELECT date_trunc('day', date) AS day, count(*) AS n, sum(delay) AS delay FROM bronze.flights GROUP BY day ORDER BY day;

-- weekdays of commits
SELECT dayname(time) AS weekday, hour(time) AS h, sum(count) AS commits FROM bronze.github GROUP BY ALL ORDER BY commits DESC, weekday, h LIMIT 40;

-- year over year
SELECT symbol, year(date) AS y, avg(price) AS mean, max(price) - min(price) AS spread FROM bronze.stocks GROUP BY ALL ORDER BY ALL;
