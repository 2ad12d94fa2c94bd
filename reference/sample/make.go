package sample

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

const day = 24 * time.Hour

// The sample's rows are numbered from here, where no seed is likely to have one.
const firstID = 900_001

func (m *maker) sample() Sample {
	for i, name := range people {
		u := reference.User{
			ID: firstID + int64(i), Email: fmt.Sprintf("%s.%s@example.org", name.latin[0], name.latin[1]),
			FirstName: &name.first, LastName: &name.last, Permissions: []string{},
		}
		if i%2 == 0 {
			u.AvatarURL = new("https://example.org/avatars/" + name.latin[0] + ".png")
		}
		m.rows.Users = append(m.rows.Users, u)
	}
	m.users = append(m.users, m.Users...)
	m.users = append(m.users, m.rows.Users...)
	for i, name := range actions {
		m.rows.DagActions = append(m.rows.DagActions, reference.DagAction{
			ID: firstID + int64(i), Name: name[0], Description: name[1], Category: "Sample",
		})
	}
	for i := range max(3, m.Assets/100) {
		m.rows.Projects = append(m.rows.Projects, reference.Project{ID: m.id(), Title: fmt.Sprintf("%s %d", pick(m, projects), i+1)})
	}
	s := Sample{happens: map[string][]happening{}, atOnce: m.AtOnce}
	for i := range m.Assets {
		a, happens := m.asset(i)
		s.happens[a.ID] = happens
	}
	for i := range max(4, m.Assets/50) {
		m.collection(i)
	}
	s.rows = m.rows
	return s
}

func pick[T any](m *maker, all []T) T { return all[m.random.IntN(len(all))] }

// id is as the document shows them.
func (m *maker) id() string {
	bytes := binary.BigEndian.AppendUint64(nil, m.random.Uint64())
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(bytes, m.random.Uint64())[:15])
}

// between is a time after one and before another.
func (m *maker) between(from, to time.Time) time.Time {
	return from.Add(time.Duration(m.random.Int64N(int64(to.Sub(from)))) + 1).Truncate(time.Millisecond)
}

// chance is true in so many of 100 cases.
func (m *maker) chance(percent int) bool { return m.random.IntN(100) < percent }

// asset makes one with what happens to it until now, or until it came into the trash
// bin, where it still is. The first is one to show.
func (m *maker) asset(i int) (reference.Asset, []happening) {
	end, isTrashed := m.Now, i%11 == 7
	if isTrashed {
		end = m.between(m.Now.Add(-12*day), m.Now.Add(-time.Hour))
	}
	at := m.between(end.Add(-400*day), end.Add(-day))
	owner, words := pick(m, m.users), scripts[i%len(scripts)]
	a := reference.Asset{
		ID: m.id(), Owner: owner.Email, Title: pick(m, words.subjects) + words.between + pick(m, words.places),
		Tags: []string{}, MediaType: "placeholder", CreatedDate: at, ModificationDate: at,
	}
	if i%3 == 0 {
		a.ExternalID = new(fmt.Sprintf("sample-%d", i+1))
	}
	if m.chance(70) {
		a.Description = new(pick(m, words.comments))
	}
	if m.chance(60) {
		a.Category = new(pick(m, categories))
	}
	for n := m.random.IntN(4); len(a.Tags) < n; {
		a.Tags = append(a.Tags, pick(m, words.subjects))
	}
	if m.chance(40) {
		a.ProjectID = new(pick(m, m.rows.Projects).ID)
	}
	m.rows.Assets = append(m.rows.Assets, a)
	m.rows.Events = append(m.rows.Events, reference.Event{AssetID: a.ID, UserID: owner.ID, Type: "ASSET_ADDED", CreatedAt: at})
	happens := m.life(i, owner, at, end, words)
	if isTrashed {
		happens = append(happens, happening{at: end, by: owner, trashes: true})
	}
	return a, happens
}

// life is what happens to an asset, in this order.
func (m *maker) life(i int, owner reference.User, at, end time.Time, words script) []happening {
	var all []happening
	then := func(h happening) {
		at = m.between(at, at.Add(end.Sub(at)/2))
		h.at = at
		all = append(all, h)
	}
	files := m.random.IntN(3)
	if i == 0 {
		files = 2
	}
	for n := range files {
		then(happening{by: owner, media: m.file(i, n)})
	}
	comments := m.random.IntN(5)
	if i%20 == 0 {
		comments += 8
	}
	for range comments {
		then(happening{by: pick(m, m.users), comment: pick(m, words.comments)})
	}
	if m.chance(40) {
		then(happening{by: owner, action: pick(m, m.rows.DagActions).ID})
	}
	updates := m.random.IntN(3)
	if i == 0 {
		updates = 60 // its history has pages
	}
	for range updates {
		then(happening{by: owner})
	}
	return all
}

func (m *maker) file(asset, n int) *reference.Media {
	kind := pick(m, kinds)
	name := fmt.Sprintf("sample_%04d_%d.%s", asset+1, n+1, kind[1])
	return &reference.Media{Filename: name, MediaType: kind[0], FileURL: new("https://media.example.org/" + name)}
}

// collection makes one of some of the assets.
func (m *maker) collection(i int) {
	words, at := scripts[i%len(scripts)], m.between(m.Now.Add(-300*day), m.Now.Add(-day))
	c := reference.Collection{
		ID: m.id(), Title: pick(m, words.places), Description: new(pick(m, words.comments)), Tags: []string{},
		Owner: pick(m, m.users).Email, IsPublic: m.chance(50), CreatedDate: at, ModificationDate: at,
	}
	c.OriginalTitle = c.Title
	if m.chance(50) {
		c.Category = new(pick(m, categories))
	}
	for j, a := range m.rows.Assets {
		if i == 0 && j == 0 || m.random.IntN(m.Assets) < 12 {
			c.AssetIDs = append(c.AssetIDs, a.ID)
		}
	}
	m.rows.Collections = append(m.rows.Collections, c)
}
