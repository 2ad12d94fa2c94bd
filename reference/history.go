package reference

import (
	"encoding/json"
	"strconv"
	"strings"
)

// pageSize is how many events a page of the history holds.
const pageSize = 50

type historyBody struct {
	Results    []eventBody `json:"results"`
	NextCursor *int64      `json:"next_cursor"`
}

type eventBody struct {
	ID        int64         `json:"id"`
	UserID    int64         `json:"user_id"`
	EventType string        `json:"event_type"`
	CreatedAt timestamp     `json:"created_at"`
	UpdatedAt timestamp     `json:"updated_at"`
	Targets   []eventTarget `json:"event_targets"`
}

type eventTarget struct {
	TargetType string      `json:"target_type"`
	Target     assetTarget `json:"target"`
}

type assetTarget struct {
	ID              int64  `json:"id"`
	ElasticsearchID string `json:"elasticsearch_id"`
	Title           string `json:"title"`
}

// getHistory answers "Get history": newest first, the page after the event
// that the cursor names, 0 being the first page.
func (s *Server) getHistory(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	before, err := cursor(r.PathValue("cursor"))
	if err != nil {
		return nil, err
	}
	events, err := s.store.Events(r.Context(), a.ID, before, pageSize+1)
	if err != nil {
		return nil, err
	}
	history := historyBody{Results: []eventBody{}}
	if len(events) > pageSize {
		events = events[:pageSize]
		history.NextCursor = &events[pageSize-1].ID
	}
	// Whatever happens, happens to the asset; its title is today's.
	target := eventTarget{"Asset", assetTarget{a.Number, a.ID, a.Title}}
	for _, e := range events {
		created := at(e.CreatedAt)
		history.Results = append(history.Results, eventBody{e.ID, e.UserID, e.Type, created, created, []eventTarget{target}})
	}
	return struct {
		History historyBody `json:"history"`
	}{history}, nil
}

// cursor is any number from 0 up. One too big for an id is newer than all.
func cursor(text string) (int64, error) {
	if strings.Trim(text, "0123456789") != "" {
		literal, _ := json.Marshal(text) // a string always encodes
		return 0, invalid("cursor", inspect(string(literal)), "Invalid cursor")
	}
	id, _ := strconv.ParseInt(text, 10, 64) // the highest when text is out of range
	return id, nil
}
