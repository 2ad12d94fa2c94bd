package fault

import (
	"context"
	"errors"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	noProject = "Project not found"
	noParent  = "does not have a parent project"
)

var (
	assignedFirst = all(ok, func(x *exchange) bool { return assetOf(x).ProjectID == nil })
	assignedAnew  = all(ok, func(x *exchange) bool { return assetOf(x).ProjectID != nil })
	toItself      = func(x *exchange) bool { return member(x.sent.json(), "to_project_id") == assetOf(x).ID }
	toUnknown     = all(says(noProject), func(x *exchange) bool { return !toItself(x) })
)

func assetOf(x *exchange) reference.Asset { return asking(x.request.Context()).asset }

// projects is the faults of assigning assets to projects.
var projects = slices.Concat(
	textParameter("project.assign", "to_project_id"),
	[]Variant{
		fault("project.assign.param-to_project_id/not-required", lacks("to_project_id"), answering(200, `{"ok": "ok"}`)),
		fault("project.assign.param-to_project_id/sentence", says("Missing"), with("error", "To project can't be blank")).strict(),
		fault("project.assign.param-to_project_id/other-word", says("Missing"), with("error", "Missing parameter project_id")),
		fault("project.assign.param-to_project_id/as-no-project", says("Missing"), answering(200, `{"error": "Project not found."}`)),
		fault("project.assign.asset-not-found/parameters-first", says("asset not found"), refusing(422, "Missing parameter to_project_id")),
		fault("project.assign.ok/status-201", assignedFirst, coded(201)),
		fault("project.assign.ok/asset-instead", assignedFirst, answering(200, `{"asset": {}}`)),
		fault("project.assign.ok/full-stop", assignedFirst, reworded("ok")),
		// Whether an asset was assigned is seen by unassigning it: as above.
		fault("project.assign.ok.effect/not-assigned", always, forgets(nothing)).blaming("project.unassign.ok"),
		fault("project.assign.project-not-found/any-project", always, stores(findsAnyProject)),
		fault("project.assign.project-not-found/status-404", toUnknown, coded(404)),
		fault("project.assign.project-not-found/full-stop-missing", toUnknown, with("error", "Project not found")),
		fault("project.assign.project-not-found.effect/refused-and-done", foreign, stores(findsAnyProject), answering(200, `{"error": "Project not found."}`)),
		fault("project.assign.self/assigned", always, stores(findsItself)),
		fault("project.assign.self/status-422", toItself, coded(422)),
		fault("project.assign.self/other-text", toItself, with("error", "Can not assign an asset to itself.")),
		fault("project.assign.already-has-parent/refused", assignedAnew, answering(200, `{"error": "Asset already has a parent project."}`)),
		fault("project.assign.already-has-parent/status-409", assignedAnew, coded(409)),
		fault("project.assign.already-has-parent.effect/taken-away", always, forgets(toggledProject)),
		fault("project.assign.only-it.effect/the-newest-taken-out", always, toTheNewest(stored(outOfProject))),
		fault("project.assign.kept.effect/external_id-lost", always, forgets(externalIDLost)),
		fault("project.assign.kept.effect/comments-lost", always, besides(losesComments)),
		fault("project.assign.err-401.effect/refused-and-done", all(noKey, status(200)), stores(noKeyIsAGuest), unauthorized),

		fault("project.unassign.no-parent/ok", says(noParent), answering(200, `{"ok": "ok"}`)),
		fault("project.unassign.no-parent/status-400", says(noParent), coded(400)),
		fault("project.unassign.no-parent/without-the-id", says(noParent), with("error", "Asset does not have a parent project")),
		fault("project.unassign.no-parent/full-stop", says(noParent), reworded("error")),
		fault("project.unassign.ok/status-204", ok, answering(204, "")),
		fault("project.unassign.ok/asset-instead", ok, answering(200, `{"asset": {}}`)),
		fault("project.unassign.ok/true", ok, with("ok", true)),
		fault("project.unassign.ok/full-stop", ok, reworded("ok")),
		fault("project.unassign.ok.effect/not-unassigned", always, forgets(nothing)),
		fault("project.unassign.only-it.effect/the-newest-too", always, toTheNewest(stored(outOfProject))),
		fault("project.unassign.kept.effect/external_id-lost", always, forgets(externalIDLost)),
		fault("project.unassign.kept.effect/comments-lost", always, besides(losesComments)),
		fault("project.unassign.err-401.effect/refused-and-done", all(noKey, status(200)), stores(noKeyIsAGuest), unauthorized),
	})

// toggledProject takes an asset that has a project from it.
func toggledProject(_ context.Context, old, a reference.Asset) reference.Asset {
	if old.ProjectID != nil {
		a.ProjectID = nil
	}
	return a
}

// moreProjects finds projects that are not there.
type moreProjects struct {
	reference.Store
	itself bool // the one that has the asset's own id; otherwise all others
}

func findsAnyProject(s reference.Store, _ string) reference.Store { return moreProjects{s, false} }
func findsItself(s reference.Store, _ string) reference.Store     { return moreProjects{s, true} }

func (m moreProjects) Project(ctx context.Context, id string) (reference.Project, error) {
	p, err := m.Store.Project(ctx, id)
	a := asking(ctx)
	if errors.Is(err, reference.ErrNotFound) && (id == a.asset.ID) == m.itself {
		a.foreign = true
		return reference.Project{ID: id}, nil
	}
	return p, err
}
