package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// Client works the levers of a mock. Its methods return [*Error] for what the mock refuses,
// and other errors where it is not reached.
type Client struct {
	URL   string       // of the control listener: "http://127.0.0.1:9001"
	Token string       // that it wants; "" where it wants none
	HTTP  *http.Client // http.DefaultClient when nil
}

// longestAnswer is how much of an answer is read, in bytes.
const longestAnswer = 512 << 20

// do sends a request and gives the answer's body.
func (c *Client) do(ctx context.Context, method, path string, body any) ([]byte, error) {
	var sent io.Reader = http.NoBody
	switch body := body.(type) {
	case nil:
	case io.Reader:
		sent = body
	default:
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode the body of %s %s: %w", method, path, err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.URL, "/")+path, sent)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, refusal(answer, text)
	}
	return text, nil
}

// ErrNoMock says that something else than the control listener of a mock answers.
var ErrNoMock = errors.New("no control listener of a mock answers so: is it the address of one?")

func refusal(answer *http.Response, text []byte) error {
	var said struct {
		Error string `json:"error"`
	}
	const ofTheAPI = "not found" // in so few words
	if json.Unmarshal(text, &said) != nil || said.Error == "" || said.Error == ofTheAPI {
		return fmt.Errorf("%w: %d %s", ErrNoMock, answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	return &Error{answer.StatusCode, said.Error}
}

// get decodes the answer to a request.
func get[T any](ctx context.Context, c *Client, method, path string, body any) (value T, err error) {
	text, err := c.do(ctx, method, path, body)
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal(text, &value); err != nil {
		return value, fmt.Errorf("the answer to %s %s is not a mock's: %w", method, path, err)
	}
	return value, nil
}

func (c *Client) order(ctx context.Context, method, path string, body any) error {
	_, err := c.do(ctx, method, path, body)
	return err
}

// Reset lets everything be as at the start, but for the journal.
func (c *Client) Reset(ctx context.Context) error {
	return c.order(ctx, http.MethodPost, "/reset", struct{}{})
}

// ResetCaller takes away what one caller made, and the rules for them.
func (c *Client) ResetCaller(ctx context.Context, who Reset) error {
	if who == (Reset{}) {
		return errors.New("the caller is empty, and nobody's rows are taken away: give a key or an e-mail address")
	}
	return c.order(ctx, http.MethodPost, "/reset", who)
}

// Seed adds rows, written as those of a seed are.
func (c *Client) Seed(ctx context.Context, rows io.Reader) error {
	return c.order(ctx, http.MethodPost, "/seed", rows)
}

// Snapshot gives all rows, for [Client.Restore].
func (c *Client) Snapshot(ctx context.Context) ([]byte, error) {
	return c.do(ctx, http.MethodGet, "/snapshot", nil)
}

// Restore puts the rows of a snapshot in the place of all that are there.
func (c *Client) Restore(ctx context.Context, snapshot io.Reader) error {
	return c.order(ctx, http.MethodPut, "/snapshot", snapshot)
}

// Clock tells what the time is for the mock.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	return get[Clock](ctx, c, http.MethodGet, "/clock", nil)
}

// SetClock sets the clock. What was in the trash bin 14 days by it is gone at once.
func (c *Client) SetClock(ctx context.Context, to Clock) (Clock, error) {
	return get[Clock](ctx, c, http.MethodPut, "/clock", to)
}

// Advance lets time pass at once.
func (c *Client) Advance(ctx context.Context, by Advance) (Clock, error) {
	return get[Clock](ctx, c, http.MethodPost, "/clock/advance", by)
}

// Callers gives those whose keys the mock may tell.
func (c *Client) Callers(ctx context.Context) ([]Caller, error) {
	list, err := get[struct{ Keys []Caller }](ctx, c, http.MethodGet, "/keys", nil)
	return list.Keys, err
}

// AddCaller makes a user with a key, or gives one who is there another key. What is not
// given is made: an address, a key, all permissions.
func (c *Client) AddCaller(ctx context.Context, who Caller) (Caller, error) {
	return get[Caller](ctx, c, http.MethodPost, "/keys", who)
}

// State sets up a provider state, and gives its values.
func (c *Client) State(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	body := map[string]any{"state": state, "params": params, "action": "setup"}
	return get[map[string]string](ctx, c, http.MethodPost, "/states", body)
}

// Rules gives the rules, the newest first.
func (c *Client) Rules(ctx context.Context) ([]Rule, error) {
	list, err := get[struct{ Rules []Rule }](ctx, c, http.MethodGet, "/rules", nil)
	return list.Rules, err
}

// AddRule adds a rule, and gives it with its id.
func (c *Client) AddRule(ctx context.Context, r Rule) (Rule, error) {
	return get[Rule](ctx, c, http.MethodPost, "/rules", r)
}

// RemoveRule removes a rule by its id.
func (c *Client) RemoveRule(ctx context.Context, id string) error {
	return c.order(ctx, http.MethodDelete, "/rules/"+url.PathEscape(id), nil)
}

// RemoveRules removes those of a user, or all where user is "".
func (c *Client) RemoveRules(ctx context.Context, user string) error {
	return c.order(ctx, http.MethodDelete, "/rules"+ofUser(user), nil)
}

func ofUser(user string) string {
	if user == "" {
		return ""
	}
	return "?" + url.Values{"user": {user}}.Encode()
}

// Faults gives the catalogue.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	list, err := get[struct{ Faults []Fault }](ctx, c, http.MethodGet, "/faults", nil)
	return list.Faults, err
}

// SetFaults lets the mock have the faults of these names, and no others.
func (c *Client) SetFaults(ctx context.Context, names ...string) error {
	return c.order(ctx, http.MethodPut, "/faults", map[string][]string{"on": append([]string{}, names...)})
}

// Journal gives the entries that a filter selects, the oldest first.
func (c *Client) Journal(ctx context.Context, f traffic.Filter) ([]traffic.Shown, error) {
	return c.entries(ctx, query(f))
}

// Wait gives the entries once there are count of them. The error is
// [context.DeadlineExceeded] where ctx ends before.
func (c *Client) Wait(ctx context.Context, f traffic.Filter, count int) ([]traffic.Shown, error) {
	q := query(f)
	q.Set("count", strconv.Itoa(count))
	q.Set("wait", "1s")
	for {
		entries, err := c.entries(ctx, q)
		if err == nil && len(entries) < count {
			err = ctx.Err()
		}
		if err != nil || len(entries) >= count {
			return entries, err
		}
	}
}

func (c *Client) entries(ctx context.Context, q url.Values) ([]traffic.Shown, error) {
	page, err := get[struct{ Entries []traffic.Shown }](ctx, c, http.MethodGet, "/journal?"+q.Encode(), nil)
	return page.Entries, err
}

func query(f traffic.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string, isGiven bool) {
		if isGiven {
			q.Set(name, value)
		}
	}
	set("user", f.Caller, f.Caller != "")
	set("endpoint", f.Endpoint, f.Endpoint != "")
	set("since", f.Since.Format(time.RFC3339Nano), !f.Since.IsZero())
	set("until", f.Until.Format(time.RFC3339Nano), !f.Until.IsZero())
	set("after", strconv.FormatInt(f.After, 10), f.After > 0)
	set("wrong", "true", f.WrongOnly)
	return q
}

// ClearJournal empties the journal, or lets go of what one user sent.
func (c *Client) ClearJournal(ctx context.Context, user string) error {
	return c.order(ctx, http.MethodDelete, "/journal"+ofUser(user), nil)
}

// Verdict gives the verdict on the clients, or on one user: which facts of the document
// their requests met, and which of them broke it. Facts that are needed, by their ids or
// with globs, fail where they were not met.
func (c *Client) Verdict(ctx context.Context, user string, needed ...string) (*report.Record, error) {
	text, err := c.Report(ctx, "json", user, needed...)
	if err != nil {
		return nil, err
	}
	record, err := report.ReadJSON(bytes.NewReader(text))
	if err != nil {
		return nil, errors.Join(errors.New("the verdict is not a mock's"), err)
	}
	return record, nil
}

// Report gives that verdict as text, json, junit, markdown or html.
func (c *Client) Report(ctx context.Context, format, user string, needed ...string) ([]byte, error) {
	q := url.Values{"format": {format}, "need": needed}
	if user != "" {
		q.Set("user", user)
	}
	return c.do(ctx, http.MethodGet, "/client?"+q.Encode(), nil)
}
