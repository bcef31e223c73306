ALTER TABLE "notebook_revisions" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "notebooks" ADD COLUMN "updated_by" text;