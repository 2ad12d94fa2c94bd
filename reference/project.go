package reference

import (
	"errors"
)

// assignAsset answers "Assign asset to project". An asset that has a project
// changes over. An unknown project is a 200 with an error, as documented.
func (s *Server) assignAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	p, err := parameters(r, required("to_project_id", aString))
	if err != nil {
		return nil, err
	}
	id := p.text("to_project_id")
	_, err = s.store.Project(r.Context(), *id)
	if errors.Is(err, ErrNotFound) {
		return errorBody{"Project not found."}, nil
	}
	if err != nil {
		return nil, err
	}
	a.ProjectID = id
	return s.storeAsset(r, a, "ASSET_ASSIGNED")
}

// unassignAsset answers "Unassign asset from project".
func (s *Server) unassignAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	if a.ProjectID == nil {
		return errorBody{a.ID + " does not have a parent project"}, nil
	}
	a.ProjectID = nil
	return s.storeAsset(r, a, "ASSET_UNASSIGNED")
}
