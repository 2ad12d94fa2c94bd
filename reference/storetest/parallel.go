package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// together calls each n times at once, with the number of the call, and returns
// what the calls did.
func together(n int, each func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = each(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// processes are two stores on the same rows, or twice the one that there is.
func (s store) processes() [2]store {
	s.t.Helper()
	another := s
	if s.opened.Another != nil {
		another.Store = s.opened.Another(s.t)
	}
	return [2]store{s, another}
}

// tally is how many of errs are nil. The others have to be want.
func (s store) tally(errs []error, want error) int {
	s.t.Helper()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else {
			require.ErrorIs(s.t, err, want)
		}
	}
	return done
}

func manyCommentAtOnce(s store) {
	of := s.processes()
	s.createAsset(assetRow("a"))
	created := make([]reference.Comment, 100)
	errs := together(100, func(i int) error {
		var err error
		message := strconv.Itoa(i)
		p := of[i%2]
		created[i], err = p.CreateComment(s.ctx(), commentRow("a", message), event("a", message))
		if err != nil {
			return err
		}
		switch read, err := p.Comment(s.ctx(), "a", created[i].ID); {
		case err != nil:
			return err
		case read != created[i]:
			return fmt.Errorf("comment %s is read as %q", message, read.Message)
		}
		return nil
	})
	require.Equal(s.t, make([]error, 100), errs)
	listed := s.comments("a")
	ascend(s, listed, func(c reference.Comment) int64 { return c.ID })
	assert.ElementsMatch(s.t, created, listed)
	var written, happened []string
	for i, e := range s.events("a") {
		written, happened = append(written, strconv.Itoa(i)), append(happened, e.Type)
	}
	assert.Len(s.t, happened, 100)
	assert.ElementsMatch(s.t, written, happened)
	ascend(s, s.events("a"), func(e reference.Event) int64 { return -e.ID })
}

// noUpdateIsLost: all start from one row, of which only one update gets through.
func noUpdateIsLost(s store) {
	of := s.processes()
	zero := assetRow("a")
	zero.Title, zero.Description = "0", new("0")
	zero = s.createAsset(zero)
	errs := together(100, func(i int) error { return of[i%2].count(zero) })
	require.Equal(s.t, make([]error, 100), errs)
	assert.Equal(s.t, "100", s.asset("a").Title)
	happened := s.events("a")
	require.Len(s.t, happened, 100)
	for i, e := range happened { // newest first
		assert.Equal(s.t, strconv.Itoa(100-i), e.Type)
	}
}

// count adds one to the number that is the asset's title, and starts over when
// another writer has been faster.
func (s store) count(a reference.Asset) error {
	for {
		n, err := strconv.Atoi(a.Title)
		if err != nil {
			return err
		}
		a.Title = strconv.Itoa(n + 1)
		a.Description = new(a.Title)
		written, err := s.UpdateAsset(s.ctx(), a, event(a.ID, a.Title))
		if err != nil && !errors.Is(err, reference.ErrConflict) {
			return err
		}
		read, readErr := s.Asset(s.ctx(), a.ID)
		switch {
		case readErr != nil:
			return readErr
		case read.Title != *read.Description:
			return fmt.Errorf("half of update %s and of %s is read", read.Title, *read.Description)
		case err != nil:
			a = read
			continue
		case read.Version < written.Version:
			return fmt.Errorf("version %d is read after version %d was written", read.Version, written.Version)
		}
		return nil
	}
}

// oneOfManyWins what only one can have or do.
func oneOfManyWins(s store) {
	of := s.processes()
	wins := func(what string, lost error, do func(i int, p store) error) {
		errs := together(50, func(i int) error { return do(i, of[i%2]) })
		assert.Equal(s.t, 1, s.tally(errs, lost), what)
	}
	s.insert(reference.Seed{Users: []reference.User{userRow(1)}, Keys: []reference.UserKey{keyRow("key", 1)}})
	wins("delete a key", reference.ErrNotFound, func(_ int, p store) error {
		return p.DeleteKey(s.ctx(), reference.HashKey("key"))
	})
	a := s.createAsset(assetRow("a"))
	wins("update a version", reference.ErrConflict, func(_ int, p store) error {
		return fails(p.UpdateAsset(s.ctx(), a, event("a", "ASSET_UPDATED")))
	})
	c := s.createComment(commentRow("a", "x"))
	wins("delete a comment", reference.ErrNotFound, func(_ int, p store) error {
		return p.DeleteComment(s.ctx(), "a", c.ID, event("a", "COMMENT_DELETED"))
	})
	assert.Len(s.t, s.events("a"), 2)
	wins("delete an asset", reference.ErrNotFound, func(_ int, p store) error { return p.DeleteAsset(s.ctx(), "a") })
	s.oneOfManyHasTheExternalID(wins)
}

func (s store) oneOfManyHasTheExternalID(wins func(what string, lost error, do func(i int, p store) error)) {
	made := make([]reference.Asset, 50)
	for i := range made {
		made[i] = s.createAsset(assetRow(fmt.Sprint("made-", i)))
		made[i].ExternalID = new("update")
	}
	wins("update an external id", reference.ErrTaken, func(i int, p store) error {
		return fails(p.UpdateAsset(s.ctx(), made[i], event(made[i].ID, "ASSET_UPDATED")))
	})
	wins("create an external id", reference.ErrTaken, func(i int, p store) error {
		a := assetRow(fmt.Sprint("new-", i))
		a.ExternalID = new("create")
		return fails(p.CreateAsset(s.ctx(), a, event(a.ID, "ASSET_ADDED")))
	})
	happened, there := 0, 0
	for i := range made {
		happened += len(s.events(made[i].ID)) + len(s.events(fmt.Sprint("new-", i)))
		if s.of(fmt.Sprint("new-", i)).Asset != nil {
			there++
		}
	}
	assert.Equal(s.t, 2, happened, "a write that lost has its event")
	assert.Equal(s.t, 1, there)
}

// manySeedAtOnce, as servers do that start together.
func manySeedAtOnce(s store) {
	of := s.processes()
	errs := together(8, func(i int) error { return of[i%2].Insert(s.ctx(), seedRows("seed")) })
	require.Equal(s.t, make([]error, 8), errs)
	s.has(seedRows("seed"))

	numbers := make([]int64, 50)
	errs = together(50, func(i int) error {
		a, err := of[i%2].CreateAsset(s.ctx(), assetRow(fmt.Sprint("asset-", i)))
		numbers[i] = a.Number
		return err
	})
	require.Equal(s.t, make([]error, 50), errs)
	slices.Sort(numbers)
	assert.Len(s.t, slices.Compact(numbers), 50, "two assets have one number")
}
