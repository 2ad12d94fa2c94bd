package wire

import (
	"net/http"
	"slices"
)

// NotOffered tells of an answer of a states URL that it does not know the state.
func (e *Exchange) NotOffered() bool {
	return e.Failure == nil && slices.Contains([]int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented}, e.Status)
}

// Unusable says what of an answer no states URL would say, and what to do; "" where it
// may be one's.
func (e *Exchange) Unusable() string {
	says := "answers " + e.StatusLine()
	switch {
	case e.NotOffered():
		return ""
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return says + "; give what it asks for by --states-header"
	case isRedirect(e):
		return says + "; redirects are not followed"
	case e.Status < 200 || e.Status > 299:
		return says
	case e.IsPage():
		return says + " by a page in HTML; is its address right?"
	}
	return ""
}
