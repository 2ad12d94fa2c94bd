package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Reindexing is how an index is put right.
type Reindexing struct {
	// Missing puts right what the index has otherwise, in the collections that it has.
	// Without, all documents are put into new ones, which then take their place.
	Missing bool
	// NewIdentity leaves the collections to another database that writes to them, too,
	// since it was copied file by file.
	NewIdentity bool
	// Progress hears how many documents of how many were looked at; nil: nobody does.
	Progress func(done, total int)
}

// Reindex puts the index right. One that was interrupted goes on where it was. It
// returns how many documents it put or deleted.
func (i *Inspection) Reindex(ctx context.Context, o Reindexing) (int, error) {
	r := reindexing{Store: i.s, Reindexing: o}
	if r.Progress == nil {
		r.Progress = func(int, int) {}
	}
	err := r.identify(ctx)
	if err == nil {
		i.isCopy = false
		err = r.begin(ctx)
	}
	if err == nil && !o.Missing {
		for _, k := range []kind{assets, collections} {
			if err == nil {
				err = r.anew(ctx, k)
			}
		}
		r.done = 0
	}
	// What was written while that was done is missing, too.
	for _, k := range []kind{assets, collections} {
		if err == nil {
			err = r.missing(ctx, k)
		}
		if err == nil {
			err = i.surplus(ctx, k, r.remove)
		}
	}
	if err != nil {
		return r.put, fmt.Errorf("reindex: %w", err)
	}
	return r.put, nil
}

type reindexing struct {
	*Store
	Reindexing
	done, total, put int
}

func (r *reindexing) begin(ctx context.Context) error {
	if r.NewIdentity {
		err := r.change(ctx, func(conn *pgxpool.Conn) error {
			_, err := conn.Exec(ctx, `UPDATE identity SET id = gen_random_uuid(), indexed = false`)
			return err
		})
		if err == nil {
			err = r.identify(ctx)
		}
		if err != nil {
			return err
		}
	}
	if r.Missing {
		limited, cancel := context.WithTimeout(ctx, starting)
		defer cancel()
		if err := r.index.Prepare(limited, r.collection(assets), r.collection(collections)); err != nil {
			return err
		}
	}
	var err error
	r.total, err = one(ctx, r.Store, pgx.RowTo[int], `SELECT (SELECT count(*) FROM assets) + (SELECT count(*) FROM collections)`)
	return err
}

// anew fills a new collection, and puts it in the place of the one that there is.
func (r *reindexing) anew(ctx context.Context, k kind) error {
	next, err := r.index.Begin(ctx, r.collection(k))
	if err != nil {
		return err
	}
	err = r.each(ctx, k, func(rows []row) error {
		_, err := r.bringTo(ctx, next, rows)
		return err
	})
	if err != nil {
		return err
	}
	return r.index.Finish(ctx, r.collection(k), next)
}

// missing puts right what there is. What the index does not take gets a higher version.
func (r *reindexing) missing(ctx context.Context, k kind) error {
	return r.each(ctx, k, func(rows []row) error {
		wrong, err := r.bringTo(ctx, r.collection(k), rows)
		if err != nil || len(wrong) == 0 {
			return err
		}
		var ids []string
		for _, w := range wrong {
			ids = append(ids, w.ID)
		}
		refused, err := r.differing(ctx, k, ids)
		if err != nil || len(refused) == 0 {
			return err
		}
		return r.pendStale(ctx, k, refused) // for a worker, who sees to that
	})
}

// bringTo puts those of the rows' documents into a collection that it has not as they
// are, and returns them.
func (r *reindexing) bringTo(ctx context.Context, collection string, rows []row) ([]row, error) {
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	has, err := r.in(ctx, collection, ids)
	if err != nil {
		return nil, err
	}
	var wrong []row
	var documents []reference.Document
	for _, row := range rows {
		if row.Source != nil && !bytes.Equal(has[row.ID].Source, row.Source) {
			wrong = append(wrong, row)
			documents = append(documents, reference.Document{Collection: collection, ID: row.ID, Version: row.Version, Source: row.Source})
		}
	}
	if len(documents) > 0 {
		_, err = r.index.Put(ctx, documents...)
	}
	r.put += len(documents)
	r.done += len(rows)
	r.Progress(r.done, r.total)
	return wrong, err
}

// remove deletes documents that PostgreSQL has not.
func (r *reindexing) remove(ctx context.Context, surplus []reference.Document) error {
	for i := range surplus {
		surplus[i].Version++
		surplus[i].Source = nil
	}
	_, err := r.index.Put(ctx, surplus...)
	r.put += len(surplus)
	return errors.Join(err, ctx.Err())
}
