CREATE TABLE "catalog_changes" (
	"path" text NOT NULL,
	"line" text NOT NULL,
	"time" bigint NOT NULL,
	CONSTRAINT "catalog_changes_path_line_time_pk" PRIMARY KEY("path","line","time")
);
--> statement-breakpoint
CREATE TABLE "catalog_commits" (
	"hash" text PRIMARY KEY NOT NULL,
	"parent" text,
	"line" text NOT NULL,
	"branch" text NOT NULL,
	"time" bigint NOT NULL,
	"author" text NOT NULL,
	"message" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_reflog" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"move" text NOT NULL,
	"ref" text NOT NULL,
	"type" text NOT NULL,
	"before" text,
	"after" text,
	"operation" text NOT NULL,
	"author" text NOT NULL,
	"message" text NOT NULL,
	"time" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "catalog_refs" ADD COLUMN "protection" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "catalog_commits_line" ON "catalog_commits" USING btree ("line","time");--> statement-breakpoint
CREATE INDEX "catalog_reflog_ref" ON "catalog_reflog" USING btree ("ref","id");--> statement-breakpoint
CREATE INDEX "catalog_reflog_move" ON "catalog_reflog" USING btree ("move");