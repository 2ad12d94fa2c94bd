package storetest

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// good is a store in which a defect is still to be.
type good = reference.Store

// defect makes a store that breaks these promises at least.
type defect struct {
	open   func(s good) Opened
	breaks []string
}

// defects are named by the method that has them, and what that does.
var defects = map[string]defect{
	"Insert stores users before it fails": breaks(func(s good) good { return usersFirst{s} },
		"a seed goes in as a whole"),
	"Insert adds events to an asset that is there": breaks(func(s good) good { return eventsAgain{s} },
		"a seed leaves what is there", "many seed at once", "processes share their rows"),
	"Insert trims blanks": breaks(func(s good) good { return trimsSeed{s} },
		"a seed may have any text"),
	"UserByKey remembers": breaks(func(s good) good { return &oldKeys{Store: s} },
		"a key has one user", "processes share their rows"),
	"UserByEmail ignores case": breaks(func(s good) good { return anyCase{s} },
		"an address has one user"),
	"Users rounds ids": breaks(func(s good) good { return floats{s} },
		"ids may be high"),
	"DeleteKey succeeds twice": breaks(func(s good) good { return deletesTwice{s} },
		"a key has one user", "one of many wins", "what is not there is not found"),
	"DeleteGuests spares the last microsecond": breaks(func(s good) good { return sparesGuests{s} },
		"guests go with their keys", "guests of all kinds go"),
	"Dismiss forgets the asset": breaks(func(s good) good { return forgetsAsset{s} },
		"guests stay where they are used"),
	"Asset takes a tag once": breaks(func(s good) good { return tagsOnce{s} },
		"an asset comes out as it went in", "rows are copies"),
	"Asset ignores case": breaks(func(s good) good { return anyCase{s} },
		"ids are told apart", "what is not there is not found"),
	"Asset hands out its own row": breaks(func(s good) good { return &ownRows{Store: s} },
		"rows are copies"),
	"CreateAsset drops an external id that is taken": breaks(func(s good) good { return dropsTaken{s} },
		"an external id has one asset", "a write that lost changes nothing", "one of many wins", "clients may write any text"),
	"CreateAsset loses a U+0000": breaks(func(s good) good { return zeroInTitle{s} },
		"clients may write any text"),
	"CreateAsset cuts texts and lists": breaks(func(s good) good { return cuts{s} },
		"texts may be long", "lists may be long"),
	"UpdateAsset lets the last one win": breaks(func(s good) good { return lastWins{s} },
		"a write that lost changes nothing", "no update is lost", "one of many wins", "all is there after a restart"),
	"UpdateAsset keeps what is null": breaks(func(s good) good { return merges{s} },
		"an update replaces the asset", "an external id has one asset", "the trash goes to the microsecond"),
	"UpdateAsset returns the number given to it": breaks(func(s good) good { return echoes{s} },
		"an update replaces the asset"),
	"UpdateAsset tells of what it refuses": breaks(func(s good) good { return tellsAnyway{s} },
		"a write that lost changes nothing", "one of many wins"),
	"DeleteAsset leaves comments": breaks(func(s good) good { return &leavesComments{Store: s} },
		"deleting an asset takes what is its", "an asset made again is new", "deleting races with writing"),
	"DeleteAsset leaves the history to the next": breaks(func(s good) good { return &leavesEvents{Store: s} },
		"an asset made again is new"),
	"DeleteTrashed spares the last microsecond": breaks(func(s good) good { return sparesLast{s} },
		"the trash goes to the microsecond", "an asset made again is new", "the trash is emptied once"),
	"DeleteTrashed counts one too many": breaks(func(s good) good { return counts{s} },
		"the trash goes to the microsecond", "the trash is emptied once", "all is there after a restart"),
	"Comments has a limit": breaks(func(s good) good { return limited{s} },
		"lists may be long"),
	"Comments goes by time": breaks(func(s good) good { return byTime{s} },
		"comments are listed as created"),
	"Comment finds that of another asset": breaks(func(s good) good { return &anyAssets{Store: s} },
		"comments are listed as created", "what is not there is not found"),
	"CreateComment keeps milliseconds": breaks(func(s good) good { return milliseconds{s} },
		"times are kept to the microsecond", "comments are listed as created"),
	"CreateComment loses a U+0000": breaks(func(s good) good { return zeroInComment{s} },
		"clients may write any text"),
	"CreateComment is not safe": breaks(func(s good) good { return &unsafe{Store: s} },
		"many comment at once"),
	"CreateComment revives the asset": breaks(func(s good) good { return revives{s} },
		"deleting races with writing", "what is not there is not found"),
	"CreateComment is cut in half": breaks(func(s good) good { return halves{s} },
		"a cancelled write is whole"),
	"UpdateComment keeps the author": breaks(func(s good) good { return keepsAuthor{s} },
		"comments are listed as created"),
	"DeleteComment succeeds twice": breaks(func(s good) good { return deletesTwice{s} },
		"a write that lost changes nothing", "one of many wins", "what is not there is not found"),
	"Media goes by name": breaks(func(s good) good { return byName{s} },
		"media come with their asset"),
	"CreateMedia leaves the asset": breaks(func(s good) good { return leavesAsset{s} },
		"media come with their asset", "a write that lost changes nothing"),
	"DeleteMedia deletes none": breaks(func(s good) good { return leavesMedia{s} },
		"media come with their asset"),
	"DagActions goes by id": breaks(func(s good) good { return byID{s} },
		"a seed comes out as it went in", "a seed leaves what is there", "many seed at once"),
	"DagActionRuns is newest first": breaks(func(s good) good { return newestFirst{s} },
		"runs are listed as created"),
	"Project fails for an odd id": breaks(func(s good) good { return oddIDs{s} },
		"what is not there is not found"),
	"Collections has asset ids": breaks(func(s good) good { return withAssetIDs{s} },
		"a seed comes out as it went in", "deleting an asset takes what is its"),
	"Events begins a page with the last of the one before": breaks(func(s good) good { return overlaps{s} },
		"history has pages"),

	// Each write that can have events, without.
	"CreateAsset tells of nothing":        silent("CreateAsset"),
	"UpdateAsset tells of nothing":        silent("UpdateAsset"),
	"CreateComment tells of nothing":      silent("CreateComment"),
	"UpdateComment tells of nothing":      silent("UpdateComment"),
	"DeleteComment tells of nothing":      silent("DeleteComment"),
	"CreateMedia tells of nothing":        silent("CreateMedia"),
	"DeleteMedia tells of nothing":        silent("DeleteMedia"),
	"CreateDagActionRun tells of nothing": silent("CreateDagActionRun"),

	"another process has other rows": {func(s good) Opened {
		return Opened{Store: s, Another: func(*testing.T) good { return memory.New() }}
	}, []string{"processes share their rows", "many comment at once"}},
	"a capacity is none": {func(s good) Opened {
		return Opened{Store: s, Within: func(*testing.T, reference.Capacity) good { return memory.New() }}
	}, []string{"what is full takes no more", "what is long takes no more"}},
	"a capacity has no texts": {func(s good) Opened {
		return Opened{Store: s, Within: func(_ *testing.T, c reference.Capacity) good {
			c.Texts = 1 << 20
			return memory.Within(c)
		}}
	}, []string{"what is long takes no more"}},
	"a restart loses all": {func(s good) Opened {
		return Opened{Store: s, Restart: func(*testing.T) good { return memory.New() }}
	}, []string{"all is there after a restart"}},
}

func breaks(spoil func(s good) good, promises ...string) defect {
	return defect{func(s good) Opened { return shared(spoil(s)) }, promises}
}

func silent(method string) defect {
	return breaks(func(s good) good { return forgets{s, method} }, "each write has its events")
}
