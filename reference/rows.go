package reference

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Rows is all that a store keeps. A numbered row whose id is 0, and an asset whose
// number is, is new: the store gives it one. It also gives versions to assets.
type Rows struct {
	Seed                    // Collections with their AssetIDs, events with their ids
	Comments []Comment      `json:"comments,omitempty"`
	Media    []Media        `json:"media,omitempty"`
	Runs     []DagActionRun `json:"dag_action_runs,omitempty"`
}

// Rewriter is a store that can change all of its rows at once.
type Rewriter interface {
	// Rewrite gives change all rows, and keeps what it makes of them, as a whole or,
	// where change or the rows are wrong (see [Rows.Check]) or too many (ErrFull), not
	// at all; no other call comes in between. Ids that were given once are not given
	// again.
	Rewrite(ctx context.Context, change func(*Rows) error) error
}

// MarshalText encodes the hash as hexadecimal digits.
func (h KeyHash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText decodes what MarshalText encodes. The error does not hold the text,
// which may be a key in the wrong place.
func (h *KeyHash) UnmarshalText(text []byte) error {
	if n, err := hex.Decode(make([]byte, max(len(h), hex.DecodedLen(len(text)))), text); err != nil || n != len(h) {
		return errors.New("want a SHA-256 of 64 hexadecimal digits")
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Without is the rows without what a user made since first: the assets that they own
// with all that belongs to them, their comments, media files and runs on others' assets,
// and the events that tell of these. All else stays, the user and their keys too, and
// what first has. What they changed of others' assets stays as it is.
func (r Rows) Without(userID int64, first Rows) Rows {
	owner := ""
	if i := slices.IndexFunc(r.Users, func(u User) bool { return u.ID == userID }); i >= 0 {
		owner = r.Users[i].Email
	}
	old := idsIn(first)
	gone := map[string]bool{}
	r.Assets = without(r.Assets, func(a Asset) bool {
		gone[a.ID] = owner != "" && a.Owner == owner && !old.assets[a.ID]
		return gone[a.ID]
	})
	r.Collections = slices.Clone(r.Collections)
	for i := range r.Collections {
		c := &r.Collections[i]
		c.AssetIDs = without(c.AssetIDs, func(id string) bool { return gone[id] })
	}
	isMine := func(id int64) bool { return userID != 0 && id == userID }
	r.Comments = without(r.Comments, func(c Comment) bool { return gone[c.AssetID] || isMine(c.AuthorID) && !old.comments[c.ID] })
	r.Media = without(r.Media, func(m Media) bool { return gone[m.AssetID] || isMine(m.UserID) && !old.media[m.ID] })
	r.Runs = without(r.Runs, func(run DagActionRun) bool { return gone[run.AssetID] || isMine(run.UserID) && !old.runs[run.ID] })
	r.Events = without(r.Events, func(e Event) bool {
		return gone[e.AssetID] || isMine(e.UserID) && tellsOfRows(e.Type) && !old.events[e.ID]
	})
	return r
}

// ids are those of rows that users make.
type ids struct {
	assets                        map[string]bool
	comments, media, runs, events map[int64]bool
}

func idsIn(r Rows) ids {
	all := ids{map[string]bool{}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}}
	for _, a := range r.Assets {
		all.assets[a.ID] = true
	}
	for _, c := range r.Comments {
		all.comments[c.ID] = true
	}
	for _, m := range r.Media {
		all.media[m.ID] = true
	}
	for _, run := range r.Runs {
		all.runs[run.ID] = true
	}
	for _, e := range r.Events {
		all.events[e.ID] = true
	}
	return all
}

// tellsOfRows tells whether events of a type are of rows beside the asset's own.
func tellsOfRows(eventType string) bool {
	return strings.HasPrefix(eventType, "COMMENT_") || eventType == "MEDIA_ADDED" || eventType == "DAG_ACTION_STARTED"
}

func without[T any](rows []T, isGone func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(rows), isGone)
}

// Check tells what is wrong with rows, and where: an id that is given twice or none,
// a text that is missing, or what refers to nothing. Owners, authors and those who did
// something need not be among the users, nor the projects of assets among the projects,
// since what is made for provider states goes.
func (r Rows) Check() error {
	c := newChecked()
	users, actions := map[int64]string{}, map[int64]string{}
	for i, a := range r.DagActions {
		actions[a.ID] = fmt.Sprintf("dag_actions[%d]", i)
	}
	return first(c.allUsers(users, r.Users), keys(users, r.Keys), c.dagActions(r.DagActions), c.projects(r.Projects),
		c.allAssets(r.Assets), c.allCollections(r.Collections), c.events(r.Events), c.comments(r.Comments), c.media(r.Media),
		c.runs(actions, r.Runs))
}
