package reference

import "context"

// Unfit tells why an [Index] can't be worked with, and what to do: unlike one that is
// away, it does not become fit by itself.
type Unfit string

// Error returns the text.
func (u Unfit) Error() string { return string(u) }

// Index keeps documents for a [Store] that has them, too: it may be away, lost or
// emptied at any time. It is safe for concurrent use.
type Index interface {
	// Prepare makes those of the collections that are not there. An [Unfit] where
	// one is made otherwise than this version would.
	Prepare(ctx context.Context, collections ...string) error
	// Put stores the documents, or deletes them where there is no source, and makes
	// the collections that they need. One that is older than what the index has, or
	// deleted not long ago, is ignored. It returns those that need not be put again;
	// the error says what became of the others.
	Put(ctx context.Context, documents ...Document) ([]Document, error)
	// Get returns those of the documents of a collection that there are, as last
	// put, in any order.
	Get(ctx context.Context, collection string, ids ...string) ([]Document, error)
	// Scan gives the documents of a collection to each, without their sources, some
	// at a time, in any order, and ends with the first error of each's.
	Scan(ctx context.Context, collection string, each func([]Document) error) error
	// Begin makes a collection that is to be filled and to take the place of another,
	// or returns one that was begun before.
	Begin(ctx context.Context, collection string) (next string, err error)
	// Finish gives next the name of the collection, at once, and deletes what had it.
	Finish(ctx context.Context, collection, next string) error
}

// Document is one JSON object in an [Index].
type Document struct {
	Collection string // its index, of lower-case letters, digits and -
	ID         string
	Version    int64  // of two, the higher one stays
	Source     []byte // nil: deleted
}
