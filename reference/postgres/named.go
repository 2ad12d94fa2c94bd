package postgres

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pocketcheck/pocketcheck/reference"
)

// answers are errors that tell what the rows are, and not that the database fails.
var answers = []error{pgx.ErrNoRows, reference.ErrNotFound, reference.ErrTaken, reference.ErrConflict, reference.ErrFull}

// advice is what to do about what PostgreSQL refuses until somebody does it, by its codes.
var advice = map[string]string{
	"25006": "it is a standby, or its database or role is read-only; give the address of the primary, and a role that writes",                                    // read_only_sql_transaction
	"42501": "the role lacks a right; it has to own the tables, or to be granted SELECT, INSERT, UPDATE and DELETE on all of them, and USAGE on their sequences", // insufficient_privilege
	"08P01": "a PgBouncer wants the settings that it does not know in its ignore_startup_parameters",                                                             // protocol_violation
	"26000": pooled,                                                                                                                                              // invalid_sql_statement_name
	"42P05": pooled,                                                                                                                                              // duplicate_prepared_statement
	"42P01": "a table of pocketcheck's is gone; restore the database, or give another one",                                                                       // undefined_table
}

const pooled = "a pooler gives each statement another connection; add ?default_query_exec_mode=cache_describe to the address"

// failure is an error with another text.
type failure struct {
	text string
	err  error
}

func (f failure) Error() string { return f.text }
func (f failure) Unwrap() error { return f.err }

// named is an error of the database that tells which one it is of, without user and
// password, and what to do if that is known.
func (s *Store) named(err error) error {
	isAnswer := func(answer error) bool { return errors.Is(err, answer) }
	if _, isNamed := errors.AsType[failure](err); err == nil || isNamed || slices.ContainsFunc(answers, isAnswer) {
		return err
	}
	c := s.writes.Config().ConnConfig
	text := err.Error()
	if refused, isConnect := errors.AsType[*pgconn.ConnectError](err); isConnect {
		// The text of the error itself has the user, and so has what PostgreSQL says of one.
		text = strings.ReplaceAll(refused.Unwrap().Error(), strconv.Quote(c.User), "given")
		lines := strings.Split(text, "\n") // one for each attempt, with TLS and without
		slices.Sort(lines)
		text = strings.Join(slices.Compact(lines), "; ")
	}
	if what, isKnown := advice[code(err)]; isKnown {
		text += "; " + what
	}
	return failure{fmt.Sprintf("PostgreSQL at %s: %s", place(c), text), err}
}

// place is where a configuration connects to, for messages.
func place(c *pgx.ConnConfig) string {
	at := []string{net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))}
	for _, f := range c.Fallbacks { // further hosts, and the same ones without TLS
		at = append(at, net.JoinHostPort(f.Host, strconv.Itoa(int(f.Port))))
	}
	slices.Sort(at)
	return strings.Join(slices.Compact(at), ",") + "/" + c.Database
}
