package reference

import "context"

// Index keeps documents for a [Store] that has its relations elsewhere. It is
// safe for concurrent use.
type Index interface {
	// Put stores the documents, or deletes them where there is no source. One
	// that is older than what the index has, or deleted not long ago, is ignored.
	// It returns those that need not be put again; the error says what became of
	// the others.
	Put(ctx context.Context, documents ...Document) ([]Document, error)
	// Get returns those of the documents of a collection that there are, as last
	// put, in any order.
	Get(ctx context.Context, collection string, ids ...string) ([]Document, error)
}

// Document is one JSON object in an [Index].
type Document struct {
	Collection string // its index, of lower-case letters, digits and -
	ID         string
	Version    int64  // of two, the higher one stays
	Source     []byte // nil: deleted
}
