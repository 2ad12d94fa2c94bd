package memory_test

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) storetest.Opened {
		return storetest.Opened{
			Store:  memory.New(),
			Within: func(_ *testing.T, capacity reference.Capacity) reference.Store { return memory.Within(capacity) },
		}
	})
}
