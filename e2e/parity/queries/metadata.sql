Counts and bounds that metadata may answer, and those that it may not; LIMIT over several files.

-- bounds of times and decimals without deletes
SELECT count(*), min(moment), max(moment), min(bid), max(bid), count(sym) FROM lab.quotes;

-- bounds of integers, some of them NULL
SELECT count(*), count(boss), min(boss), max(boss), max(id) FROM lab.employees;

-- counts and bounds of rows of which some are deleted
SELECT count(*), count(small), min(small), max(small), min(day), max(at_zone) FROM lab.typed;

-- counts of whole partitions
SELECT count(*) AS n, max(year) AS last FROM lab.sales WHERE year >= 2022;

-- counts and bounds of nothing
SELECT count(*), min(id), max(id) FROM lab.empty;

-- as many rows as LIMIT says
SELECT count(*) AS n FROM (SELECT id FROM lab.sales LIMIT 7 OFFSET 2);
