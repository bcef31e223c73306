CREATE TABLE "hook_deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"hook" text NOT NULL,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp with time zone,
	"status" integer,
	"problem" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hooks" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"events" jsonb NOT NULL,
	"ref_pattern" text,
	"secret" text NOT NULL,
	"active" boolean NOT NULL,
	"timeout_ms" integer NOT NULL,
	"on_failure" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "merge_request_verdicts" (
	"request" bigint NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"source_hash" text NOT NULL,
	"state" text NOT NULL,
	"summary" text NOT NULL,
	"time" timestamp with time zone NOT NULL,
	CONSTRAINT "merge_request_verdicts_request_kind_name_pk" PRIMARY KEY("request","kind","name")
);
--> statement-breakpoint
CREATE TABLE "merge_requests" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"source" text NOT NULL,
	"target" text NOT NULL,
	"status" text NOT NULL,
	"author" text NOT NULL,
	"required_checks" jsonb NOT NULL,
	"required_approvals" integer NOT NULL,
	"source_hash" text,
	"target_before" text,
	"merged_hash" text,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hook_deliveries" ADD CONSTRAINT "hook_deliveries_hook_hooks_id_fk" FOREIGN KEY ("hook") REFERENCES "public"."hooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merge_request_verdicts" ADD CONSTRAINT "merge_request_verdicts_request_merge_requests_id_fk" FOREIGN KEY ("request") REFERENCES "public"."merge_requests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hook_deliveries_hook" ON "hook_deliveries" USING btree ("hook","id");--> statement-breakpoint
CREATE INDEX "hook_deliveries_due" ON "hook_deliveries" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "merge_requests_status" ON "merge_requests" USING btree ("status","id");