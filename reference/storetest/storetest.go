// Package storetest is the contract of a [reference.Store], to run over any
// store. The test of one is as short as:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(*testing.T) storetest.Opened {
//			return storetest.Opened{Store: memory.New()}
//		})
//	}
package storetest

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Opened is an empty store that no other test has.
type Opened struct {
	Store reference.Store
	// Another opens a further store on the rows of Store, as another process
	// would. Nil when the rows are Store's alone: what is said of several
	// processes is then skipped, or said of one.
	Another func(t *testing.T) reference.Store
	// Restart closes the store that it returned last, at first Store, and opens
	// one on the same rows. Nil when the rows go with the process: what is said of
	// a restart is then skipped. No test calls both.
	Restart func(t *testing.T) reference.Store
	// Within opens a store, on no rows, that keeps no more than a capacity. Nil when
	// there is none such: what is said of it is then skipped.
	Within func(t *testing.T, capacity reference.Capacity) reference.Store
}

// contract is what a store promises, a sentence each. Each has a store of its
// own.
var contract = []struct {
	promise string
	holds   func(s store)
}{
	{"an asset comes out as it went in", assetComesOutAsItWentIn},
	{"an update replaces the asset", updateReplacesTheAsset},
	{"ids are told apart", idsAreToldApart},
	{"an external id has one asset", externalIDHasOneAsset},
	{"deleting an asset takes what is its", deletingAnAssetTakesWhatIsIts},
	{"the trash goes to the microsecond", trashGoesToTheMicrosecond},
	{"an asset made again is new", assetMadeAgainIsNew},
	{"comments are listed as created", commentsAreListedAsCreated},
	{"media come with their asset", mediaComeWithTheirAsset},
	{"runs are listed as created", runsAreListedAsCreated},
	{"history has pages", historyHasPages},
	{"each write has its events", eachWriteHasItsEvents},
	{"a write that lost changes nothing", lostWriteChangesNothing},
	{"what is not there is not found", absentIsNotFound},
	{"a key has one user", keyHasOneUser},
	{"an address has one user", addressHasOneUser},
	{"guests go with their keys", guestsGoWithTheirKeys},
	{"guests of all kinds go", guestsOfAllKindsGo},
	{"guests stay where they are used", guestsStayWhereTheyAreUsed},
	{"a seed comes out as it went in", seedComesOutAsItWentIn},
	{"a seed goes in as a whole", seedGoesInAsAWhole},
	{"a seed leaves what is there", seedLeavesWhatIsThere},
	{"rows are copies", rowsAreCopies},
	{"clients may write any text", clientsMayWriteAnyText},
	{"a seed may have any text", seedMayHaveAnyText},
	{"texts may be long", textsMayBeLong},
	{"lists may be long", listsMayBeLong},
	{"ids may be high", idsMayBeHigh},
	{"times are kept to the microsecond", timesAreKeptToTheMicrosecond},
	{"many comment at once", manyCommentAtOnce},
	{"no update is lost", noUpdateIsLost},
	{"one of many wins", oneOfManyWins},
	{"many seed at once", manySeedAtOnce},
	{"deleting races with writing", deletingRacesWithWriting},
	{"the trash is emptied once", trashIsEmptiedOnce},
	{"what is full takes no more", fullTakesNoMore},
	{"what is long takes no more", longTakesNoMore},
	{"a cancelled write is whole", cancelledWriteIsWhole},
	{"processes share their rows", processesShareTheirRows},
	{"all is there after a restart", allIsThereAfterARestart},
}

// Run checks the whole contract, a parallel subtest for each promise, on the
// store that open gives to it.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	for _, c := range contract {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			opened := open(t)
			c.holds(store{opened.Store, t, opened})
		})
	}
}
