CREATE TABLE "notebook_revisions" (
	"notebook" text NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"note" text,
	CONSTRAINT "notebook_revisions_notebook_version_pk" PRIMARY KEY("notebook","version")
);
--> statement-breakpoint
CREATE TABLE "notebook_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"notebook" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"run" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notebooks" ADD COLUMN "folder" text;--> statement-breakpoint
ALTER TABLE "notebooks" ADD COLUMN "mode" text;--> statement-breakpoint
ALTER TABLE "notebooks" ADD COLUMN "schedule" jsonb;--> statement-breakpoint
ALTER TABLE "notebooks" ADD COLUMN "next_run_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notebook_revisions" ADD CONSTRAINT "notebook_revisions_notebook_notebooks_id_fk" FOREIGN KEY ("notebook") REFERENCES "public"."notebooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_runs" ADD CONSTRAINT "notebook_runs_notebook_notebooks_id_fk" FOREIGN KEY ("notebook") REFERENCES "public"."notebooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notebook_runs_notebook" ON "notebook_runs" USING btree ("notebook","started_at");
