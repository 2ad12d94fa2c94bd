package main

import (
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// banner is what serve prints at its start.
type banner struct {
	scheme       string
	api, control net.Listener // control may be nil
	seed         reference.Seed
	seedFile     string // where the keys are; "" for the built-in seed, whose keys are no secret
	hasOwnKey    bool   // API_KEY is a key too
	assetID      string // one to ask for; "" where there may be none
	sample       string // what came of --sample
}

// listening says where it listens, for whoever started it to read.
func (b banner) listening() string {
	text := fmt.Sprintf("serving at %s://%s\n", b.scheme, b.api.Addr())
	if b.control != nil {
		text = fmt.Sprintf("provider states at %s://%s/states\n", b.scheme, b.control.Addr()) + text
	}
	return text
}

// asJSON says where it listens to a program that reads each request as JSON.
func (b banner) asJSON() string {
	at := struct {
		Serving string `json:"serving"`
		Control string `json:"control,omitempty"`
	}{Serving: fmt.Sprintf("%s://%s", b.scheme, b.api.Addr())}
	if b.control != nil {
		at.Control = fmt.Sprintf("%s://%s/", b.scheme, reachable(b.control.Addr(), ""))
	}
	text, _ := json.Marshal(at) // texts always encode
	return string(text) + "\n"
}

// more says what one needs for the first request, and where to go from there.
func (b banner) more() string {
	var text strings.Builder
	if b.control != nil {
		fmt.Fprintf(&text, "control at %s://%s/\n", b.scheme, reachable(b.control.Addr(), ""))
	}
	if b.sample != "" {
		fmt.Fprintln(&text, b.sample)
	}
	text.WriteString("\n")
	b.callers(&text)
	fmt.Fprintf(&text, "\n%s\n", b.curl())
	if b.control == nil {
		text.WriteString("\n--control 127.0.0.1:9001 adds levers, such as rules, a clock and a journal, and a page.\n")
	}
	return text.String()
}

// mostCallers is how many callers are listed: no more than one screen shows.
const mostCallers = 10

// callers lists who may call the API, and what each may do. Keys are shown of the
// built-in seed alone.
func (b banner) callers(text *strings.Builder) {
	keys := b.keys()
	table := tabwriter.NewWriter(text, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "key\tcaller\tmay do")
	listed, callers := 0, 0
	for _, u := range b.seed.Users {
		for _, key := range keys[u.ID] {
			if callers++; listed < mostCallers {
				listed++
				fmt.Fprintf(table, "%s\t%s\t%s\n", key, plain.Line(u.Email), may(u))
			}
		}
	}
	_ = table.Flush() // a Builder takes all
	if callers > listed {
		fmt.Fprintf(text, "and %d more\n", callers-listed)
	}
}

// publicKeys are those of each user that are no secret: the built-in seed's.
func (b banner) publicKeys() map[int64][]string {
	keys := map[int64][]string{}
	if b.seedFile != "" {
		return keys
	}
	var seed struct {
		Users []struct {
			ID   int64
			Keys []string
		}
	}
	_ = json.Unmarshal(fixtures.Seed(), &seed) // its tests read it
	for _, u := range seed.Users {
		keys[u.ID] = u.Keys
	}
	return keys
}

// url is where clients reach the API.
func (b *banner) url() string { return b.scheme + "://" + reachable(b.api.Addr(), "") }

// keys are those of each user as they may be shown.
func (b banner) keys() map[int64][]string {
	keys := b.publicKeys()
	if b.seedFile != "" {
		for _, k := range b.seed.Keys {
			if len(keys[k.UserID]) == 0 {
				keys[k.UserID] = []string{"(in " + plain.Line(b.seedFile) + ")"}
			}
		}
	}
	if b.hasOwnKey {
		first := b.seed.Users[0].ID
		keys[first] = append(keys[first], "(API_KEY)")
	}
	return keys
}

// may says what a caller may do.
func may(u reference.User) string {
	text := "everything"
	for _, permission := range []string{reference.ActionsView, reference.ActionsStart} {
		if !slices.Contains(u.Permissions, permission) {
			text += map[bool]string{true: " but ", false: " and "}[text == "everything"] + permission
		}
	}
	return text
}

// curl is a command for a first request, which works as it is where the key is known.
func (b banner) curl() string {
	key, insecure := embeddedKey, ""
	if b.seedFile != "" {
		key = "KEY"
	}
	if b.scheme == "https" {
		insecure = "-k " // whoever signed the certificate, and for whatever name
	}
	url := fmt.Sprintf("%s://%s/api/v2/assets", b.scheme, reachable(b.api.Addr(), ""))
	if b.assetID == "" {
		return fmt.Sprintf(`curl %s-H "X-API-KEY: %s" -H "Content-Type: application/json" -d "{\"title\": \"First\"}" %s`, insecure, key, url)
	}
	return fmt.Sprintf(`curl %s-H "X-API-KEY: %s" -H "Content-Type: application/json" %s/%s`, insecure, key, url, b.assetID)
}
