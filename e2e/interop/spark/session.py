"""One Spark with the Iceberg runtime, on this machine alone."""

import os
import pathlib
import sys

from pyspark.sql import SparkSession

PACKAGES = pathlib.Path(__file__).with_name("packages.txt").read_text().split()


def open_session(work: pathlib.Path) -> SparkSession:
    """
    `work` is a folder for what Spark leaves behind. The catalog `lake` keeps its list of tables in memory, so
    it can also be given tables of others (register_table); `hadoop` finds tables by folder, and writes their
    paths without a scheme.
    """
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # What a table is written with must not hang on the machine's time zone.
    os.environ["TZ"] = "UTC"
    settings = {
        "spark.jars.packages": ",".join(PACKAGES),
        # Beside this Python, so the packages are fetched once.
        "spark.jars.ivy": str(pathlib.Path(sys.prefix) / "ivy"),
        "spark.local.dir": str(work / "spill"),
        "spark.sql.warehouse.dir": str(work / "spark-warehouse"),
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -Dlog4j2.level=error",
        "spark.driver.memory": "2g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "jdbc",
        "spark.sql.catalog.lake.uri": "jdbc:h2:mem:lake;DB_CLOSE_DELAY=-1",
        "spark.sql.catalog.lake.jdbc.schema-version": "V1",
        "spark.sql.catalog.lake.warehouse": f"file://{work}/warehouse/spark",
        "spark.sql.catalog.lake.cache-enabled": "false",
        "spark.sql.catalog.hadoop": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.hadoop.type": "hadoop",
        "spark.sql.catalog.hadoop.warehouse": f"{work}/warehouse/hadoop",
        "spark.sql.catalog.hadoop.cache-enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
