package reference

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

type userBody struct {
	ID        int64   `json:"id"`
	Email     string  `json:"email"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	AvatarURL *string `json:"avatar_url"`
}

type commentBody struct {
	ID        int64      `json:"id"`
	Message   string     `json:"message"`
	UpdatedAt timestamp  `json:"updated_at"`
	User      userBody   `json:"user"`
	Mentioned []userBody `json:"mentioned_users"`
}

// updatedBody is a comment in the order in which "Update comment" records it.
type updatedBody struct {
	Message   string     `json:"message"`
	ID        int64      `json:"id"`
	UpdatedAt timestamp  `json:"updated_at"`
	User      userBody   `json:"user"`
	Mentioned []userBody `json:"mentioned_users"`
}

type oneComment[T any] struct {
	Comment T `json:"comment"`
}

func bodyOfComment(c Comment, author User) commentBody {
	user := userBody{author.ID, author.Email, author.FirstName, author.LastName, author.AvatarURL}
	return commentBody{c.ID, c.Message, at(c.UpdatedAt), user, []userBody{}}
}

// listComments answers "All comments": every user's.
func (s *Server) listComments(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	comments, err := s.store.Comments(r.Context(), id)
	if err != nil {
		return nil, err
	}
	authors, err := s.authors(r.Context(), comments...)
	if err != nil {
		return nil, err
	}
	return listOf("comments", comments, func(c Comment) commentBody { return bodyOfComment(c, authors[c.AuthorID]) }), nil
}

// authors are those of the comments, by their ids.
func (s *Server) authors(ctx context.Context, comments ...Comment) (map[int64]User, error) {
	seen := map[int64]User{}
	var ids []int64
	for _, c := range comments {
		if _, ok := seen[c.AuthorID]; !ok {
			seen[c.AuthorID] = User{ID: c.AuthorID} // who may be gone
			ids = append(ids, c.AuthorID)
		}
	}
	authors, err := s.store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, author := range authors {
		seen[author.ID] = author
	}
	return seen, nil
}

// createComment answers "Create comment".
func (s *Server) createComment(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	p, err := parameters(r, required("comment", aString))
	if err != nil {
		return nil, err
	}
	c := Comment{AssetID: id, AuthorID: r.caller.ID, Message: *p.text("comment"), UpdatedAt: s.now()}
	c, err = s.store.CreateComment(r.Context(), c, s.event(r, id, "COMMENT_ADDED"))
	if err != nil {
		return nil, err
	}
	return oneComment[commentBody]{bodyOfComment(c, r.caller)}, nil
}

// updateComment answers "Update comment". The document does not say which of
// two errors wins; we check asset 404, parameters 422, comment 404, author 403.
func (s *Server) updateComment(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	p, err := parameters(r, required("comment", aString))
	if err != nil {
		return nil, err
	}
	c, err := s.ownComment(r, id)
	if err != nil {
		return nil, err
	}
	c.Message, c.UpdatedAt = *p.text("comment"), s.now()
	c, err = s.store.UpdateComment(r.Context(), c, s.event(r, id, "COMMENT_UPDATED"))
	if err != nil {
		return nil, err
	}
	b := bodyOfComment(c, r.caller)
	return oneComment[updatedBody]{updatedBody{b.Message, b.ID, b.UpdatedAt, b.User, b.Mentioned}}, nil
}

// deleteComment answers "Delete comment".
func (s *Server) deleteComment(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	c, err := s.ownComment(r, id)
	if err != nil {
		return nil, err
	}
	if err := s.store.DeleteComment(r.Context(), id, c.ID, s.event(r, id, "COMMENT_DELETED")); err != nil {
		return nil, err
	}
	return okBody{"comment deleted"}, nil
}

// getComment answers "Get comment by ID".
func (s *Server) getComment(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	c, err := s.comment(r, id)
	if err != nil {
		return nil, err
	}
	authors, err := s.authors(r.Context(), c)
	if err != nil {
		return nil, err
	}
	return oneComment[commentBody]{bodyOfComment(c, authors[c.AuthorID])}, nil
}

// comment is the comment in the path; one of another asset is not found here.
func (s *Server) comment(r *call, assetID string) (Comment, error) {
	text := r.PathValue("comment_id")
	c, err := s.store.Comment(r.Context(), assetID, number(text))
	if errors.Is(err, ErrNotFound) {
		err = &refusal{http.StatusNotFound, fmt.Sprintf(
			`Couldn't find Comment with 'id'=%s [WHERE "comments"."target_id" = $1 AND "comments"."target_type" = $2]`, text)}
	}
	return c, err
}

// ownComment is the comment in the path, if the caller is its author.
func (s *Server) ownComment(r *call, assetID string) (Comment, error) {
	c, err := s.comment(r, assetID)
	if err == nil && c.AuthorID != r.caller.ID {
		err = &refusal{http.StatusForbidden, "Not allowed to perform this action"}
	}
	return c, err
}
