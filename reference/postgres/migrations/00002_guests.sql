-- Users of provider states go, and their keys with them.
-- +goose Up
ALTER TABLE users ADD COLUMN until timestamptz;
CREATE INDEX users_that_go ON users (until) WHERE until IS NOT NULL;
ALTER TABLE api_keys DROP CONSTRAINT api_keys_user_id_fkey,
	ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;
CREATE INDEX keys_of_user ON api_keys (user_id);

-- +goose Down
DROP INDEX keys_of_user;
ALTER TABLE api_keys DROP CONSTRAINT api_keys_user_id_fkey,
	ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users;
DROP INDEX users_that_go;
ALTER TABLE users DROP COLUMN until;
