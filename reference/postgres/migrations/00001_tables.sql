-- The relations of the reference, and what the index is still to get.
-- +goose Up

-- Ids are compared byte by byte (COLLATE "C"): no language orders them, and an
-- index must not depend on the version of the machine's collations.

-- identity tells one database from another in an index that they share.
CREATE TABLE identity (
	id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO identity DEFAULT VALUES;

CREATE TABLE users (
	id          bigint PRIMARY KEY,
	email       text NOT NULL,
	first_name  text,
	last_name   text,
	avatar_url  text,
	permissions text[] NOT NULL
);

CREATE TABLE api_keys (
	hash    bytea PRIMARY KEY,
	user_id bigint NOT NULL REFERENCES users
);

CREATE TABLE dag_actions (
	id          bigint PRIMARY KEY,
	position    bigint GENERATED ALWAYS AS IDENTITY,
	name        text NOT NULL,
	description text NOT NULL,
	category    text NOT NULL
);

CREATE TABLE projects (
	id    text COLLATE "C" PRIMARY KEY,
	title text NOT NULL
);

-- versions only rise, whatever row they go to: the document of an asset is newer
-- than that of a deleted one with the same id.
CREATE SEQUENCE versions;

-- assets has what relations and constraints need; the rest is in documents.
-- external_key is the SHA-256 of the external id, which may be too long for an
-- index and may hold U+0000.
CREATE TABLE assets (
	id           text COLLATE "C" PRIMARY KEY,
	number       bigint GENERATED ALWAYS AS IDENTITY,
	version      bigint NOT NULL,
	external_key bytea CONSTRAINT external_key_taken UNIQUE,
	deleted      timestamptz
);
CREATE INDEX assets_in_the_trash ON assets (deleted) WHERE deleted IS NOT NULL;

-- What clients write is bytea: it may hold U+0000, which text can't.
CREATE TABLE comments (
	id         bigint GENERATED ALWAYS AS IDENTITY,
	asset_id   text COLLATE "C" NOT NULL REFERENCES assets ON DELETE CASCADE,
	author_id  bigint NOT NULL,
	message    bytea NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (asset_id, id)
);

CREATE TABLE media (
	id           bigint GENERATED ALWAYS AS IDENTITY,
	asset_id     text COLLATE "C" NOT NULL REFERENCES assets ON DELETE CASCADE,
	filename     bytea NOT NULL,
	media_type   text NOT NULL,
	file_url     bytea,
	created_date timestamptz NOT NULL,
	PRIMARY KEY (asset_id, id)
);

CREATE TABLE dag_action_runs (
	id            bigint GENERATED ALWAYS AS IDENTITY,
	asset_id      text COLLATE "C" NOT NULL REFERENCES assets ON DELETE CASCADE,
	dag_action_id bigint NOT NULL,
	created_at    timestamptz NOT NULL,
	PRIMARY KEY (asset_id, id)
);

CREATE TABLE events (
	id         bigint GENERATED ALWAYS AS IDENTITY,
	asset_id   text COLLATE "C" NOT NULL REFERENCES assets ON DELETE CASCADE,
	user_id    bigint NOT NULL,
	type       text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (asset_id, id)
);

CREATE TABLE collections (
	id       text COLLATE "C" PRIMARY KEY,
	position bigint GENERATED ALWAYS AS IDENTITY,
	version  bigint NOT NULL
);

CREATE TABLE collection_assets (
	asset_id      text COLLATE "C" NOT NULL REFERENCES assets ON DELETE CASCADE,
	collection_id text COLLATE "C" NOT NULL REFERENCES collections,
	PRIMARY KEY (asset_id, collection_id)
);

-- pending are the documents that the index may not have yet. Without a source
-- it is one to delete. json, not jsonb, since that refuses U+0000.
CREATE TABLE pending (
	collection text COLLATE "C" NOT NULL,
	id         text COLLATE "C" NOT NULL,
	version    bigint NOT NULL,
	source     json,
	attempts   integer NOT NULL DEFAULT 0,
	due        timestamptz NOT NULL,
	PRIMARY KEY (collection, id)
);
CREATE INDEX pending_due ON pending (due);

-- +goose Down
DROP TABLE identity, api_keys, users, dag_actions, projects, comments, media,
	dag_action_runs, events, collection_assets, collections, assets, pending;
DROP SEQUENCE versions;
