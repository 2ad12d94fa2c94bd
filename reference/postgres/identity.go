package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// sign is what a copy of a database has otherwise: a dump that is restored, and a
// database made by another as its template, have another oid or are in another cluster.
const sign = `(SELECT system_identifier::text FROM pg_control_system())
	|| '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database())`

// identity is what collections in the index are called by.
type identity struct {
	ID    string
	IsNew bool // since it is a copy of another, whose collections it must not write to
}

// identify looks what the identity is, and gives a copy one of its own, with collections
// of its own, for which all is pending.
func (s *Store) identify(ctx context.Context) error {
	is, err := s.readIdentity(ctx)
	if err == nil && is.IsNew {
		if is, err = s.renew(ctx); err != nil {
			err = fmt.Errorf("take an identity of its own: %w", err)
		}
	}
	if err != nil {
		return err
	}
	s.identity.Store(&is.ID)
	return nil
}

func (s *Store) readIdentity(ctx context.Context) (identity, error) {
	const query = `
		WITH here AS (SELECT ` + sign + ` AS sign)
		SELECT id::text, identity.sign IS DISTINCT FROM here.sign FROM identity, here`
	is, err := one(ctx, s, pgx.RowToStructByPos[identity], query)
	if errors.Is(err, reference.ErrNotFound) {
		err = errors.New("table identity is empty; restore the database")
	}
	if err != nil {
		return identity{}, fmt.Errorf("read the identity of the database: %w", err)
	}
	return is, nil
}

// renew takes a new identity, if nobody was faster, unless it is the first.
func (s *Store) renew(ctx context.Context) (identity, error) {
	const statement = `
		WITH here AS (SELECT ` + sign + ` AS sign)
		UPDATE identity SET sign = here.sign,
			id = CASE WHEN identity.sign IS NULL THEN id ELSE gen_random_uuid() END, indexed = false
		FROM here WHERE identity.sign IS DISTINCT FROM here.sign
		RETURNING id::text, true`
	var is identity
	var isCopy bool
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if err := tx.QueryRow(ctx, `SELECT sign IS NOT NULL FROM identity FOR UPDATE`).Scan(&isCopy); err != nil {
				return err
			}
			rows, _ := tx.Query(ctx, statement) // the collector returns the error
			var err error
			if is, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[identity]); err != nil || !isCopy {
				return err
			}
			return pendAll(ctx, tx)
		})
	})
	if errors.Is(err, pgx.ErrNoRows) { // another process was faster
		return one(ctx, s, pgx.RowToStructByPos[identity], `SELECT id::text, false FROM identity`)
	}
	if err == nil && isCopy {
		s.log.WarnContext(ctx, "the database is a copy of another: it takes an identity of its own, and fills collections of its own in the index", "identity", is.ID)
	}
	return is, err
}

// pendAll makes all documents pending.
func pendAll(ctx context.Context, tx pgx.Tx) error {
	for _, k := range []kind{assets, collections} {
		if _, err := tx.Exec(ctx, pendRows(k, ""), string(k)); err != nil {
			return err
		}
	}
	return nil
}

// prepareIndex makes the collections in the index, and looks at some documents in it.
// An index that was there once may be away, and is not waited for then.
func (s *Store) prepareIndex(ctx context.Context) error {
	wasThere, err := one(ctx, s, pgx.RowTo[bool], `SELECT indexed FROM identity`)
	if err != nil {
		return err
	}
	patience := starting
	if wasThere {
		patience = hesitating
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = s.index.Prepare(limited, s.collection(assets), s.collection(collections))
	if _, isUnfit := errors.AsType[reference.Unfit](err); isUnfit || err != nil && !wasThere {
		return err
	}
	if err != nil {
		s.log.WarnContext(ctx, "the index does not answer; documents are read from PostgreSQL", "error", err)
		s.presence.isAway.Store(true)
		return nil
	}
	err = s.change(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, `UPDATE identity SET indexed = true WHERE NOT indexed`)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.compareSample(limited); err != nil {
		s.log.WarnContext(ctx, "the index can't be compared with the database", "error", err)
	}
	return nil
}
