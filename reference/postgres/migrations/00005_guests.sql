-- Projects and collections of provider states go, as their users do, unless something
-- uses them.
-- +goose Up
ALTER TABLE projects ADD COLUMN until timestamptz;
CREATE INDEX projects_that_go ON projects (until) WHERE until IS NOT NULL;
ALTER TABLE collections ADD COLUMN until timestamptz;
CREATE INDEX collections_that_go ON collections (until) WHERE until IS NOT NULL;
ALTER TABLE collection_assets DROP CONSTRAINT collection_assets_collection_id_fkey,
	ADD CONSTRAINT collection_assets_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES collections ON DELETE CASCADE;
CREATE INDEX assets_of_collection ON collection_assets (collection_id);
CREATE INDEX comments_of_author ON comments (author_id);

-- project_id is as in the source. Of the assets from before, none is assigned to a
-- project that goes.
ALTER TABLE assets ADD COLUMN project_id text COLLATE "C";
CREATE INDEX assets_of_project ON assets (project_id) WHERE project_id IS NOT NULL;

-- +goose Down
DROP INDEX comments_of_author;
ALTER TABLE assets DROP COLUMN project_id;
DROP INDEX assets_of_collection;
ALTER TABLE collection_assets DROP CONSTRAINT collection_assets_collection_id_fkey,
	ADD CONSTRAINT collection_assets_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES collections;
ALTER TABLE collections DROP COLUMN until;
ALTER TABLE projects DROP COLUMN until;
