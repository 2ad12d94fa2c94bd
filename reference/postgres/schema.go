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
	return withSchema(pool, func(p *goose.Provider) error {
		if err := checkNewest(ctx, p); err != nil {
			return err
		}
		_, err := p.Up(ctx)
		return err
	})
}

// checkSchema tells whether the tables are those of this version.
func checkSchema(ctx context.Context, pool *pgxpool.Pool) error {
	return withSchema(pool, func(p *goose.Provider) error {
		if err := checkNewest(ctx, p); err != nil {
			return err
		}
		isOlder, err := p.HasPending(ctx)
		if err == nil && isOlder {
			err = errors.New(`its tables are of an earlier version; "pocketcheck serve" brings them up to date`)
		}
		return err
	})
}

// checkNewest refuses tables that a later version has changed.
func checkNewest(ctx context.Context, p *goose.Provider) error {
	has, knows, err := p.GetVersions(ctx)
	if err == nil && has > knows {
		err = fmt.Errorf("the tables are of version %d, and this program knows those up to %d; run the version that made them, or a later one", has, knows)
	}
	return err
}

func withSchema(pool *pgxpool.Pool, do func(*goose.Provider) error) error {
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
		err = do(p)
	}
	return errors.Join(err, db.Close())
}
