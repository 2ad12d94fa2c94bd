-- PostgreSQL has all that an answer needs; what the index has is made of it.
-- +goose Up

-- source is the document as the index gets it, digest its SHA-256, by which what the
-- index gives is known to be it. json, not jsonb, since that refuses U+0000, and
-- keeps no text as it was.
ALTER TABLE assets ADD COLUMN source json, ADD COLUMN digest bytea;
ALTER TABLE collections ADD COLUMN source json, ADD COLUMN digest bytea;

-- Before, only what was pending had a source here. The store fetches the others from
-- the index once, which has them under the identity of before; this one's collections
-- are made otherwise.
UPDATE assets a SET source = p.source, digest = sha256(convert_to(p.source::text, 'UTF8'))
	FROM pending p WHERE p.collection LIKE '%-assets' AND p.id = a.id AND p.version = a.version;
UPDATE collections c SET source = p.source, digest = sha256(convert_to(p.source::text, 'UTF8'))
	FROM pending p WHERE p.collection LIKE '%-collections' AND p.id = c.id AND p.version = c.version;
CREATE INDEX assets_without_source ON assets (id) WHERE source IS NULL;
CREATE INDEX collections_without_source ON collections (id) WHERE source IS NULL;

-- pending says which documents the index may not have as they are, or not without.
-- The collection is assets or collections.
UPDATE pending SET collection = substring(collection FROM '[a-z]+$');
ALTER TABLE pending DROP COLUMN source;

-- sign tells this database from a copy of it. indexed: the collections of the
-- identity were there once.
ALTER TABLE identity ADD COLUMN former uuid, ADD COLUMN sign text, ADD COLUMN indexed boolean NOT NULL DEFAULT false;
UPDATE identity SET former = id, id = gen_random_uuid();

-- +goose Down
DO $$ BEGIN RAISE 'the documents of assets are here alone: there is no way back'; END $$;
