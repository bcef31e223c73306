CREATE TABLE "catalog_expired" (
	"content" text PRIMARY KEY NOT NULL,
	"time" timestamp with time zone DEFAULT now() NOT NULL
);
