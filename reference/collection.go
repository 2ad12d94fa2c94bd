package reference

type collectionBody struct {
	ID               string    `json:"id"`
	Title            string    `json:"title"`
	Description      *string   `json:"description"`
	Category         *string   `json:"category"`
	Tags             []string  `json:"tags"`
	Owner            string    `json:"owner"`
	MediaType        string    `json:"media_type"`
	IsPublic         bool      `json:"isPublic"`
	CreatedDate      timestamp `json:"created_date"`
	ModificationDate timestamp `json:"modification_date"`
	OriginalTitle    string    `json:"original_title"`
}

// listCollections answers "Get collections that the asset belongs to".
func (s *Server) listCollections(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	collections, err := s.store.Collections(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return listOf("collections", collections, bodyOfCollection), nil
}

func bodyOfCollection(c Collection) collectionBody {
	return collectionBody{
		ID: c.ID, Title: c.Title, Description: c.Description, Category: c.Category,
		Tags: list(c.Tags), Owner: c.Owner, MediaType: "collection", IsPublic: c.IsPublic,
		CreatedDate:      at(c.CreatedDate),
		ModificationDate: at(c.ModificationDate),
		OriginalTitle:    c.OriginalTitle,
	}
}
