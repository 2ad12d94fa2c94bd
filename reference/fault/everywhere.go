package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference"
)

// everywhere is the faults that any endpoint may have: of the key, of an asset
// that is not there, of a failure that nobody sees.
func everywhere() []Variant {
	var faults []Variant
	for _, o := range operations {
		if o.unknown != "" {
			fact := o.name + "." + o.unknown
			faults = append(faults,
				fault(fact+"/unknown-asset-200", says("asset not found"), coded(http.StatusOK)),
				fault(fact+"/unknown-asset-400", says("asset not found"), coded(http.StatusBadRequest)),
				fault(fact+"/error-as-message", says("asset not found"), answering(404, `{"message": "asset not found"}`)))
			if o.unknown != "err-404" { // whose text is free
				faults = append(faults, fault(fact+"/full-stop", says("asset not found"), reworded("error")))
			}
		}
		if o.unknown != "" && o.name != "assets.get" { // whose GET is the effect of a delete
			faults = append(faults, fault(o.name+".deleted-asset.effect/answered-200", all(says("asset not found"), onceThere), coded(http.StatusOK)))
		}
		faults = append(faults, kept(o)...)
		faults = append(faults,
			fault(o.name+".err-401/no-key-accepted", always, stores(noKeyIsAGuest)),
			fault(o.name+".err-401/unknown-key-accepted", always, stores(unknownKeyIsAGuest)),
			fault(o.name+".err-500/failure-swallowed", status(http.StatusInternalServerError), answering(200, "{}")))
	}
	return faults
}

// kept is the faults of a cache in front of a GET.
func kept(o operation) (faults []Variant) {
	if !strings.HasPrefix(o.pattern, http.MethodGet) {
		return nil
	}
	faults = append(faults, fault(o.name+".err-401/kept-for-everybody", always, answersAgain(o.name, refusedWith(http.StatusUnauthorized))))
	// The GET of an asset is the effect of a delete; a media file is a state's.
	if o.name != "assets.get" && o.name != "media.download_url" {
		faults = append(faults, fault(o.name+".deleted-asset.effect/kept", always, answersAgain(o.name, refusedBy("asset not found"))))
	}
	return faults
}

// onceThere is a request about an asset whose id is no example's.
func onceThere(x *exchange) bool {
	id := strings.Split(x.request.URL.Path, "/")[4]
	return !slices.Contains([]string{"not-found-id", "not_found_id", "-1"}, id)
}

// guests lets callers without a good key in.
type guests struct {
	reference.Store
	at      string
	unknown bool // with a key that nobody has; otherwise without any
}

func noKeyIsAGuest(s reference.Store, at string) reference.Store { return guests{Store: s, at: at} }

func unknownKeyIsAGuest(s reference.Store, at string) reference.Store {
	return guests{Store: s, at: at, unknown: true}
}

func (g guests) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	user, err := g.Store.UserByKey(ctx, key)
	unknown := key != reference.HashKey("")
	if err != nil && asks(ctx, g.at) && unknown == g.unknown {
		return guest, nil
	}
	return user, err
}

// guest is a user whom no store has.
var guest = reference.User{
	Email: "guest@example.com", Permissions: []string{reference.ActionsView, reference.ActionsStart},
}
