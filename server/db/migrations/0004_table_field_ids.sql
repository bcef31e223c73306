CREATE TABLE "table_field_ids" (
	"table_uuid" text NOT NULL,
	"id" integer NOT NULL,
	"definition" text NOT NULL,
	CONSTRAINT "table_field_ids_table_uuid_id_pk" PRIMARY KEY("table_uuid","id")
);
