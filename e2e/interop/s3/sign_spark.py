"""Spark as it is and without keys of the object store: sign_spark.py URL TOKEN WORK"""

import json
import os
import pathlib
import sys

from pyspark.sql import SparkSession

url, token, work = sys.argv[1:]
OTHERS = pathlib.Path(__file__).parents[1] / "spark" / "packages.txt"
RUNTIME = next(package for package in OTHERS.read_text().split() if "iceberg-spark-runtime" in package)
# Iceberg's own way to S3 is a package beside its runtime, of the same version.
PACKAGES = [RUNTIME, f"org.apache.iceberg:iceberg-aws-bundle:{RUNTIME.rpartition(':')[2]}"]

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
settings = {
    "spark.jars.packages": ",".join(PACKAGES),
    # Beside this Python, so the packages are fetched once.
    "spark.jars.ivy": str(pathlib.Path(sys.prefix) / "ivy"),
    "spark.local.dir": f"{work}/spill",
    "spark.sql.warehouse.dir": f"{work}/spark-warehouse",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -Dlog4j2.level=error",
    "spark.driver.memory": "1g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.type": "rest",
    "spark.sql.catalog.lake.uri": f"{url}/iceberg",
    "spark.sql.catalog.lake.credential": f"spark:{token}",
    "spark.sql.catalog.lake.oauth2-server-uri": f"{url}/iceberg/v1/oauth/tokens",
    "spark.sql.catalog.lake.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    "spark.sql.catalog.lake.header.X-Iceberg-Access-Delegation": "remote-signing",
    "spark.sql.catalog.lake.cache-enabled": "false",
}
builder = SparkSession.builder.master("local[2]")
for name, value in settings.items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
session.sparkContext.setLogLevel("ERROR")


def rows(query):
    return [list(row) for row in session.sql(query).collect()]


session.sql("CREATE NAMESPACE lake.spark")
session.sql(
    "CREATE TABLE lake.spark.events (id BIGINT, name STRING) PARTITIONED BY (bucket(2, id))"
    " TBLPROPERTIES ('write.delete.mode' = 'merge-on-read')"
)
session.sql("INSERT INTO lake.spark.events VALUES (1, 'a'), (2, 'b'), (3, 'c')")
session.sql("UPDATE lake.spark.events SET name = 'z' WHERE id = 2")
session.sql("DELETE FROM lake.spark.events WHERE id = 3")
# Their files are written before the catalog has the table, and before it has the columns.
session.sql("CREATE TABLE lake.spark.made USING iceberg AS SELECT id * 10 AS id FROM lake.spark.events")
session.sql("CREATE OR REPLACE TABLE lake.spark.made USING iceberg AS SELECT id + 1 AS more FROM lake.spark.made")
print(
    json.dumps(
        {
            "events": rows("SELECT id, name FROM lake.spark.events ORDER BY id"),
            "made": rows("SELECT more FROM lake.spark.made ORDER BY more"),
        }
    )
)
session.stop()
