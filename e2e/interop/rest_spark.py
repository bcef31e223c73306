"""Spark as it is, against the REST catalog: rest_spark.py REQUEST.json ANSWER.json"""

import os
import pathlib
import sys

from pyspark.sql import SparkSession

from rest_checks import Checks

checks = Checks()
PACKAGES = (pathlib.Path(__file__).parent / "spark" / "packages.txt").read_text().split()


def open_session():
    """Catalogs `lake` (main), `dev` (a branch) and `tag`, which differ in nothing but the prefix."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.jars.packages": ",".join(PACKAGES),
        "spark.jars.ivy": str(pathlib.Path(sys.prefix) / "ivy"),
        "spark.local.dir": f"{checks.request['work']}/rest-spill",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -Dlog4j2.level=error",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    }
    for name, place in (("lake", None), ("dev", "spark/dev"), ("tag", "spark-tag")):
        catalog = f"spark.sql.catalog.{name}"
        settings[catalog] = "org.apache.iceberg.spark.SparkCatalog"
        settings[f"{catalog}.type"] = "rest"
        settings[f"{catalog}.uri"] = f"{checks.url}/iceberg"
        settings[f"{catalog}.credential"] = f"spark:{checks.token}"
        settings[f"{catalog}.oauth2-server-uri"] = f"{checks.url}/iceberg/v1/oauth/tokens"
        settings[f"{catalog}.cache-enabled"] = "false"
        if place is not None:
            settings[f"{catalog}.warehouse"] = place
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


session = open_session()


def rows(query):
    return [list(row) for row in session.sql(query).collect()]


def shared():
    session.sql("CREATE NAMESPACE lake.spark COMMENT 'theirs'")
    session.sql("CREATE TABLE lake.spark.shared (id BIGINT, name STRING)")
    session.sql("INSERT INTO lake.spark.shared VALUES (1, 'a'), (2, 'b'), (3, 'x'), (9, 'z')")
    session.sql("INSERT INTO lake.spark.shared VALUES (4, 'd')")
    session.sql("DELETE FROM lake.spark.shared WHERE id = 9")
    session.sql(
        "MERGE INTO lake.spark.shared t USING (SELECT * FROM VALUES (3L, 'c'), (5L, 'e') AS s(id, name)) s"
        " ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    expected = [[1, "a"], [2, "b"], [3, "c"], [4, "d"], [5, "e"]]
    checks.equal("rows", rows("SELECT * FROM lake.spark.shared ORDER BY id"), expected)


def evolution():
    session.sql(
        "CREATE TABLE lake.spark.evolved (id BIGINT, day DATE, n INT) PARTITIONED BY (months(day))"
        " TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read')"
    )
    session.sql("INSERT INTO lake.spark.evolved VALUES (1, DATE'2024-01-05', 1), (2, DATE'2024-02-05', 2)")
    session.sql("ALTER TABLE lake.spark.evolved ADD COLUMN added STRUCT<a: INT, b: STRING> AFTER id")
    session.sql("ALTER TABLE lake.spark.evolved RENAME COLUMN n TO amount")
    session.sql("ALTER TABLE lake.spark.evolved ALTER COLUMN amount TYPE BIGINT")
    session.sql("ALTER TABLE lake.spark.evolved ADD PARTITION FIELD bucket(4, id)")
    session.sql("ALTER TABLE lake.spark.evolved WRITE ORDERED BY id")
    session.sql("INSERT INTO lake.spark.evolved VALUES (3, named_struct('a', 1, 'b', 'x'), DATE'2024-02-06', 3000000000)")
    session.sql("DELETE FROM lake.spark.evolved WHERE id = 2")
    query = "SELECT id, added.b, amount FROM lake.spark.evolved ORDER BY id"
    checks.equal("an evolved table", rows(query), [[1, None, 1], [3, "x", 3_000_000_000]])
    session.sql("ALTER TABLE lake.spark.evolved CREATE BRANCH audit")
    session.sql("INSERT INTO lake.spark.evolved.branch_audit VALUES (4, NULL, DATE'2024-03-01', 4)")
    counts = [rows(f"SELECT count(*) FROM lake.spark.{name}")[0][0] for name in ("evolved", "evolved.branch_audit")]
    checks.equal("a branch inside the table", counts, [2, 3])
    session.sql("CALL lake.system.rewrite_data_files('spark.evolved')")
    session.sql("CALL lake.system.expire_snapshots(table => 'spark.evolved', retain_last => 1)")
    checks.equal("after compaction and expiry", rows(query), [[1, None, 1], [3, "x", 3_000_000_000]])


def created_from_queries():
    session.sql("CREATE TABLE lake.spark.ctas AS SELECT * FROM lake.pyiceberg.shared")
    expected = [[number, chr(96 + number)] for number in range(1, 6)]
    checks.equal("rows that PyIceberg wrote", rows("SELECT * FROM lake.spark.ctas ORDER BY id"), expected)
    session.sql("CREATE OR REPLACE TABLE lake.spark.ctas AS SELECT 7 AS seven")
    checks.equal("a replaced table", rows("SELECT * FROM lake.spark.ctas"), [[7]])
    checks.equal("its snapshots", rows("SELECT count(*) FROM lake.spark.ctas.snapshots"), [[2]])


def views():
    session.sql("CREATE VIEW lake.spark.v AS SELECT id FROM lake.spark.shared WHERE id > 3")
    checks.equal("a view", rows("SELECT * FROM lake.spark.v ORDER BY id"), [[4], [5]])
    session.sql("CREATE OR REPLACE VIEW lake.spark.v AS SELECT count(*) AS c FROM lake.spark.shared")
    checks.equal("a replaced view", rows("SELECT * FROM lake.spark.v"), [[5]])
    session.sql("ALTER VIEW lake.spark.v RENAME TO lake.spark.w")
    checks.equal("views", [row[1] for row in rows("SHOW VIEWS IN lake.spark")], ["w"])
    session.sql("DROP VIEW lake.spark.w")


def places():
    session.sql("CREATE TABLE lake.spark.placed (id BIGINT)")
    session.sql("INSERT INTO lake.spark.placed VALUES (1)")
    checks.api("POST", "/refs", name="spark/dev", **{"from": "main"})
    checks.api("POST", "/refs", name="spark-tag", type="TAG", **{"from": "main"})
    session.sql("INSERT INTO dev.spark.placed VALUES (2)")
    for name, expected in (("dev", [[1], [2]]), ("lake", [[1]]), ("tag", [[1]])):
        checks.equal(f"rows of {name}", rows(f"SELECT id FROM {name}.spark.placed ORDER BY id"), expected)
    write = "INSERT INTO tag.spark.placed VALUES (3)"
    checks.raises("a write at a tag", ["ForbiddenException"], lambda: session.sql(write))


def names():
    session.sql("CREATE NAMESPACE lake.spark.`a.b c`")
    session.sql("CREATE TABLE lake.spark.`a.b c`.`t +/😀` (id BIGINT)")
    session.sql("INSERT INTO lake.spark.`a.b c`.`t +/😀` VALUES (1)")
    checks.equal("rows by such a name", rows("SELECT * FROM lake.spark.`a.b c`.`t +/😀`"), [[1]])


def dropping():
    session.sql("ALTER TABLE lake.spark.ctas RENAME TO spark.renamed")
    session.sql("DROP TABLE lake.spark.renamed PURGE")
    checks.raises("a dropped table", ["TABLE_OR_VIEW_NOT_FOUND"], lambda: session.sql("TABLE lake.spark.renamed"))
    checks.raises("not empty", ["NOT_EMPTY", "not empty", "NamespaceNotEmpty"], lambda: session.sql("DROP NAMESPACE lake.spark"))


checks.run(shared, evolution, created_from_queries, views, places, names, dropping)
session.stop()
