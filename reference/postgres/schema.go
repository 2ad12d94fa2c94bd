package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrate waits while another process migrates.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err == nil {
		err = checkNewest(ctx, p)
	}
	if err == nil {
		_, err = p.Up(ctx)
	}
	return errors.Join(err, db.Close())
}

// checkNewest refuses tables that a later version has changed.
func checkNewest(ctx context.Context, p *goose.Provider) error {
	has, knows, err := p.GetVersions(ctx)
	if err == nil && has > knows {
		err = otherVersion(has, knows)
	}
	return err
}

// otherVersion tells what to do about tables of another version.
func otherVersion(has, knows int64) error {
	if has > knows {
		return fmt.Errorf("the tables are of version %d, and this program knows those up to %d; run the version that made them, or a later one", has, knows)
	}
	return fmt.Errorf("the tables are of version %d, and this program works with %d; \"pocketcheck serve\" brings them up to date", has, knows)
}
