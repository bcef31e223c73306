CREATE TABLE "query_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"author" text NOT NULL,
	"sql" text NOT NULL,
	"state" text NOT NULL,
	"engine" text,
	"notebook" text,
	"error" text,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_queries" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"sql" text NOT NULL,
	"folder" text,
	"tags" jsonb NOT NULL,
	"owner" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "query_runs_at" ON "query_runs" USING btree ("at","id");
