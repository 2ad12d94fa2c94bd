package postgres

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pocketcheck/pocketcheck/reference"
)

// answers are errors that tell what the rows are, and not that the database fails.
var answers = []error{pgx.ErrNoRows, reference.ErrNotFound, reference.ErrTaken, reference.ErrConflict, reference.ErrFull}

// named is an error of the database that tells which one it is of, without user and
// password.
func (s *Store) named(err error) error {
	if err == nil || slices.ContainsFunc(answers, func(answer error) bool { return errors.Is(err, answer) }) {
		return err
	}
	if failed, isConnect := errors.AsType[*pgconn.ConnectError](err); isConnect {
		err = failed.Unwrap() // the text of the error itself has the user
	}
	c := s.writes.Config().ConnConfig
	return fmt.Errorf("PostgreSQL at %s/%s: %w", net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), c.Database, err)
}
