package reference_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var ok = answer{200, `{"ok":"ok"}`}

func TestTrashBin(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	notThere := refused(400, "Can not restore Assets that is not in trash bin")
	assert.Equal(t, notThere, s.request("POST "+path+"/restore", ""))
	s.wait(time.Second)
	assert.Equal(t, ok, s.request("POST "+path+"/trash_bin", `{`), "a body that nobody reads")
	s.wait(time.Second)
	assert.Equal(t, ok, s.request("POST "+path+"/trash_bin", ""))
	assert.Equal(t, "2023-11-27T09:42:49.538Z", s.request("GET "+path, "").get("asset.deleted"))
	assert.Equal(t, ok, s.request("POST "+path+"/restore", ""))
	assert.Equal(t, "null", s.request("GET "+path, "").raw("asset.deleted"))
	assert.Equal(t, notThere, s.request("POST "+path+"/restore", ""))
}

func TestProjects(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	one, two := s.state("a project", nil)["project_id"], s.state("a project", nil)["project_id"]
	require.NotEqual(t, one, two)
	none := answer{200, `{"error":"` + id(path) + ` does not have a parent project"}`}
	assert.Equal(t, none, s.request("DELETE "+path+"/unassign", ""))
	for _, unknown := range []string{"not-found-id", id(path), ""} {
		assert.Equal(t, answer{200, `{"error":"Project not found."}`}, s.request("POST "+path+"/assign", `{"to_project_id":"`+unknown+`"}`))
	}
	for _, project := range []string{"mJebz2r3ck0CTGIExPa4", one, two} {
		assert.Equal(t, ok, s.request("POST "+path+"/assign", `{"to_project_id":"`+project+`"}`))
		assert.Equal(t, project, s.request("GET "+path, "").get("asset.project_id"))
	}
	assert.Equal(t, ok, s.request("DELETE "+path+"/unassign", ""))
	assert.Equal(t, "null", s.request("GET "+path, "").raw("asset.project_id"))
	assert.Equal(t, none, s.request("DELETE "+path+"/unassign", ""))
}

const fourteenDays = 14 * 24 * time.Hour

// purged empties the trash bin, and gives how many assets were deleted.
func (s *service) purged() int {
	s.t.Helper()
	deleted, err := s.Purge(s.t.Context())
	require.NoError(s.t, err)
	return deleted
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `,"external_id":"mine"}`)
	kept := s.asset(sample + `}`)
	s.request("POST "+path+"/trash_bin", "")
	s.wait(fourteenDays - time.Millisecond)
	assert.Zero(t, s.purged())
	assert.Equal(t, 200, s.request("GET "+path, "").status, "a millisecond before")
	s.wait(time.Millisecond)
	assert.Equal(t, refused(404, "asset not found"), s.request("GET "+path, ""), "before the purge has run")
	assert.Equal(t, refused(404, "asset not found"), s.request("POST "+path+"/restore", ""))
	assert.Equal(t, 1, s.purged())
	s.wait(-fourteenDays)
	assert.Equal(t, 404, s.request("GET "+path, "").status, "really gone")
	assert.Equal(t, 200, s.request("GET "+kept, "").status)
}

func TestPurgeFreesTheExternalID(t *testing.T) {
	t.Parallel()
	s := serve(t)
	mine := `{"title":"x","external_id":"mine"}`
	path, other := s.asset(mine), s.asset(`{"title":"other"}`)
	s.request("POST "+path+"/trash_bin", "")
	s.wait(fourteenDays)
	path = s.asset(mine)
	s.request("POST "+path+"/trash_bin", "")
	assert.Equal(t, 400, s.request("PUT "+other, mine).status)
	s.wait(fourteenDays)
	assert.Equal(t, 200, s.request("PUT "+other, mine).status)
}

func TestDaysHavePassed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path, another := s.asset(sample+`}`), s.asset(sample+`}`)
	days := func(n string) {
		assert.Empty(t, s.state("days have passed", map[string]string{"asset_id": id(path), "days": n}))
	}
	days("14")
	require.Equal(t, 200, s.request("GET "+path, "").status, "not in the trash bin")
	s.request("POST "+path+"/trash_bin", "")
	s.request("POST "+another+"/trash_bin", "")
	days("13")
	assert.Equal(t, "2023-11-14T09:42:48.538Z", s.request("GET "+path, "").get("asset.deleted"))
	days("1")
	assert.Equal(t, refused(404, "asset not found"), s.request("GET "+path, ""))
	assert.Equal(t, 200, s.request("GET "+another, "").status)
}
