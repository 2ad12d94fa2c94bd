package reference

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// What a [Store] answers besides rows.
var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("already taken")
	ErrConflict = errors.New("changed in the meantime")
	ErrFull     = errors.New("no room for more")
)

// Capacity is how much a [Store] keeps. What goes beyond it is ErrFull.
type Capacity struct {
	// Assets is how many there may be, those in the trash bin among them. A store
	// that others write to may learn of theirs a little later.
	Assets int
	// Each is how many comments, media files and runs one asset may have of each. A
	// store in memory keeps as many of its events, the first and the newest.
	Each int
	// Texts is how many bytes the messages of all comments of one asset may take, and
	// so the names and addresses of all its media files. Where there are more already,
	// they may become fewer.
	Texts int
	// Bytes is how much all rows may take that a store has in memory.
	Bytes int64
}

// CapacityOf is that of a store of so many assets, each of which may take 2 KiB, or
// more where others take less, and all of them 64 MiB at least.
func CapacityOf(assets int) Capacity {
	const each = 10_000
	return Capacity{Assets: assets, Each: each, Texts: (longestList - each*besideTexts) / longestEscape, Bytes: max(int64(assets)<<11, 64<<20)}
}

// A list of as many rows, with as long texts, as one asset may have is no longer than
// longestList, in bytes. A row takes no more than besideTexts beside its texts, with
// what a seed says of its author, and a byte of a text no more than longestEscape:
// \u0001.
const (
	longestList   = 16_000_000
	besideTexts   = 512
	longestEscape = 6
)

// DefaultCapacity is that of a store for which nothing else is said.
var DefaultCapacity = CapacityOf(1_000_000)

// Store keeps rows. It knows no rules, no clock and no HTTP, and is safe for
// concurrent use. Rows go in and come out as copies; what a pointer in a row
// points to is never written. Texts that clients write are any UTF-8, those of a
// seed have no U+0000. Times are kept to the microsecond and come out in UTC.
//
// A write is done as a whole or not at all, with its events, and readable once it
// returns. One that ends with an error other than those above may be done all the
// same, now or a little later.
//
// A row to create has no ID (a string id is the caller's); the row returned
// has. A write to an asset that is gone, or to a row that is not its, is
// ErrNotFound, and one that another stood in the way of may be ErrConflict. Lists are in the order of creation, empty for an unknown asset.
type Store interface {
	// Insert stores rows that the API can't make. A row whose id is there stays
	// as it is, and an asset that is there gets none of the events, so that
	// several servers can seed one store. The users of keys and the assets of
	// collections and events are among the rows or there. ErrTaken when another
	// user has the key, or another asset the external id.
	Insert(ctx context.Context, rows Seed) error

	UserByKey(ctx context.Context, key KeyHash) (User, error)
	// UserByEmail returns the user who has the address; of several, the one with the
	// lowest id.
	UserByEmail(ctx context.Context, email string) (User, error)
	// Users returns those of the ids that there are, in any order.
	Users(ctx context.Context, ids []int64) ([]User, error)
	// DeleteKey deletes the key. A store that others delete from may learn of it some
	// seconds later.
	DeleteKey(ctx context.Context, key KeyHash) error
	// DeleteGuests deletes the users, with their keys, the projects and the collections
	// whose Until is at or before, and of the others that have one all but those that
	// stay longest, as many of each as stay. The assets stay as they are.
	DeleteGuests(ctx context.Context, at time.Time, stay int) error
	// Dismiss deletes so those of the rows' users, projects and collections that have an
	// Until, by their ids, unless an asset that is not in the trash bin and is not the
	// one given has a comment of theirs, is assigned to them or belongs to them.
	Dismiss(ctx context.Context, rows Seed, assetID string) error

	Asset(ctx context.Context, id string) (Asset, error)
	// CreateAsset sets Number and Version. ErrTaken when an asset, be it in the
	// trash, has the external id.
	CreateAsset(ctx context.Context, a Asset, events ...Event) (Asset, error)
	// UpdateAsset replaces the row and gives it a higher Version. ErrConflict
	// when the stored Version is not a's, ErrTaken as above.
	UpdateAsset(ctx context.Context, a Asset, events ...Event) (Asset, error)
	// DeleteAsset deletes the asset with all that belongs to it.
	DeleteAsset(ctx context.Context, id string) error
	// DeleteTrashed deletes so assets whose Deleted is until or before, as many as take
	// little time, and returns how many; of those with an external id, if one is given,
	// the one that has it.
	DeleteTrashed(ctx context.Context, until time.Time, externalID *string) (int, error)

	Comments(ctx context.Context, assetID string) ([]Comment, error)
	Comment(ctx context.Context, assetID string, id int64) (Comment, error)
	CreateComment(ctx context.Context, c Comment, events ...Event) (Comment, error)
	UpdateComment(ctx context.Context, c Comment, events ...Event) (Comment, error)
	DeleteComment(ctx context.Context, assetID string, id int64, events ...Event) error

	Media(ctx context.Context, assetID string) ([]Media, error)
	// CreateMedia stores a media file of a and a itself, as UpdateAsset does.
	CreateMedia(ctx context.Context, a Asset, m Media, events ...Event) (Media, error)
	// DeleteMedia deletes all media files of a and stores a, as UpdateAsset does.
	DeleteMedia(ctx context.Context, a Asset, events ...Event) (Asset, error)

	DagActions(ctx context.Context) ([]DagAction, error)
	DagActionRuns(ctx context.Context, assetID string) ([]DagActionRun, error)
	CreateDagActionRun(ctx context.Context, run DagActionRun, events ...Event) (DagActionRun, error)

	Project(ctx context.Context, id string) (Project, error)
	// Collections returns those that have the asset, without their AssetIDs.
	Collections(ctx context.Context, assetID string) ([]Collection, error)

	// Events returns up to limit events of the asset, newest (highest ID) first,
	// from those with an ID below before, or from all when before is 0.
	Events(ctx context.Context, assetID string, before int64, limit int) ([]Event, error)
}

// Glancer is a [Store] that takes less to look at an asset than to read it.
type Glancer interface {
	// Glance returns when the asset was moved to the trash bin: nil where it was not,
	// ErrNotFound where there is no asset.
	Glance(ctx context.Context, id string) (deleted *time.Time, err error)
}

// Immediate is a [Store] that waits for nothing, so that requests need no limit of time.
type Immediate interface{ Immediate() }

// Turns is a [Store] that lets writers of one asset in one after the other.
type Turns interface {
	// Alone waits until nobody else in this process writes to the asset. What is done
	// with the context that it returns is done in that turn, which end ends.
	Alone(ctx context.Context, assetID string) (turn context.Context, end func(), err error)
}

// offers gives what else a store offers, or the one that it wraps and gives by Unwrap.
func offers[T any](store Store) (T, bool) {
	for {
		if offered, ok := store.(T); ok {
			return offered, true
		}
		wrapper, ok := store.(interface{ Unwrap() Store })
		if !ok {
			return *new(T), false
		}
		store = wrapper.Unwrap()
	}
}

// Seed is rows that no endpoint makes, or makes with other ids.
type Seed struct {
	Users       []User       `json:"users,omitempty"`
	Keys        []UserKey    `json:"keys,omitempty"`
	DagActions  []DagAction  `json:"dag_actions,omitempty"`
	Projects    []Project    `json:"projects,omitempty"`
	Assets      []Asset      `json:"assets,omitempty"` // Number and Version are the store's
	Collections []Collection `json:"collections,omitempty"`
	Events      []Event      `json:"events,omitempty"` // of Assets
}

// KeyHash stands for an API key wherever one is kept.
type KeyHash [sha256.Size]byte

// HashKey returns the hash of an API key.
func HashKey(key string) KeyHash { return sha256.Sum256([]byte(key)) }

// UserKey gives a user a key; a user may have several.
type UserKey struct {
	Hash   KeyHash `json:"sha256"`
	UserID int64   `json:"user_id"`
}

// User is one who calls the API, writes comments and owns assets.
type User struct {
	ID          int64      `json:"id"`
	Email       string     `json:"email"`
	FirstName   *string    `json:"first_name"`
	LastName    *string    `json:"last_name"`
	AvatarURL   *string    `json:"avatar_url"`
	Permissions []string   `json:"permissions"`
	Until       *time.Time `json:"until"` // when a guest, made for a provider state, goes; nil: never
}

// Asset is one asset without its comments, media, runs and history.
type Asset struct {
	ID               string     `json:"id"`
	Number           int64      `json:"number"` // the id of history targets
	Version          int64      `json:"-"`      // the higher, the later the row was written
	ExternalID       *string    `json:"external_id"`
	ProjectID        *string    `json:"project_id"`
	Owner            string     `json:"owner"` // an e-mail address
	Title            string     `json:"title"`
	Description      *string    `json:"description"`
	Category         *string    `json:"category"`
	Tags             []string   `json:"tags"`
	MediaType        string     `json:"media_type"`
	OriginalFilename *string    `json:"original_filename"`
	CreatedDate      time.Time  `json:"created_date"`
	ModificationDate time.Time  `json:"modification_date"`
	Deleted          *time.Time `json:"deleted"` // when it was moved to the trash bin
}

// Comment is one user's on one asset.
type Comment struct {
	ID        int64     `json:"id"`
	AssetID   string    `json:"asset_id"`
	AuthorID  int64     `json:"user_id"`
	Message   string    `json:"message"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Media is one media file of an asset. FileURL is where it lies, if known.
type Media struct {
	ID          int64     `json:"id"`
	AssetID     string    `json:"asset_id"`
	Filename    string    `json:"filename"`
	MediaType   string    `json:"media_type"`
	FileURL     *string   `json:"file_url"`
	CreatedDate time.Time `json:"created_date"`
	UserID      int64     `json:"user_id"` // who added it; 0 where nobody knows. Stores may not keep it.
}

// DagAction is an action that can be started for any asset.
type DagAction struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Category    string `json:"category"`
}

// DagActionRun is a DAG action started for an asset.
type DagActionRun struct {
	ID          int64     `json:"id"`
	AssetID     string    `json:"asset_id"`
	DagActionID int64     `json:"dag_action_id"`
	CreatedAt   time.Time `json:"created_at"`
	UserID      int64     `json:"user_id"` // who started it; 0 where nobody knows. Stores may not keep it.
}

// Project is what assets are assigned to.
type Project struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Until *time.Time `json:"until,omitempty"` // as a User's. Stores need not give it back.
}

// Collection holds assets.
type Collection struct {
	ID               string    `json:"id"`
	Title            string    `json:"title"`
	Description      *string   `json:"description"`
	Category         *string   `json:"category"`
	Tags             []string  `json:"tags"`
	Owner            string    `json:"owner"` // an e-mail address
	IsPublic         bool      `json:"isPublic"`
	CreatedDate      time.Time `json:"created_date"`
	ModificationDate time.Time `json:"modification_date"`
	OriginalTitle    string    `json:"original_title"`
	AssetIDs         []string  `json:"asset_ids"` // to insert

	Until *time.Time `json:"until,omitempty"` // as a User's. Stores need not give it back.
}

// Event is an entry in the history of an asset.
type Event struct {
	ID        int64     `json:"id"`
	AssetID   string    `json:"asset_id"`
	UserID    int64     `json:"user_id"`
	Type      string    `json:"event_type"`
	CreatedAt time.Time `json:"created_at"`
}
