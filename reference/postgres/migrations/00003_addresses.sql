-- Users are found by their addresses, which may be long.
-- +goose Up
CREATE INDEX users_of_address ON users USING hash (email);

-- +goose Down
DROP INDEX users_of_address;
