package reference

import (
	"fmt"
	"slices"
	"time"
)

// highest is the highest id that every reader of JSON knows from the next.
const highest = 1<<53 - 1

// given checks the id of a numbered row, which may be the store's to give.
func given(seen map[int64]string, id int64, row, member string) error {
	if id < 0 || id > highest {
		return fmt.Errorf("%s.%s: want a number from 1 to %d, or 0 for one that the store gives", row, member, int64(highest))
	}
	if id == 0 {
		return nil
	}
	return once(seen, id, row, member, "that")
}

func dated(at time.Time, row, member string) error {
	if at.IsZero() {
		return fmt.Errorf("%s.%s: is missing", row, member)
	}
	return nil
}

func (c *checked) allUsers(ids map[int64]string, users []User) error {
	for i, u := range users {
		row := fmt.Sprintf("users[%d]", i)
		err := first(numberID(ids, u.ID, row), filled(u.Email, row, "email"), once(c.emails, u.Email, row, "email", "that"),
			permissions(u.Permissions, row, ActionsView, ActionsStart, failsOnce))
		if err != nil {
			return err
		}
	}
	return nil
}

func permissions(all []string, row string, known ...string) error {
	for i, permission := range all {
		if !slices.Contains(known, permission) {
			return fmt.Errorf("%s.permissions[%d]: there is no permission %q", row, i, permission)
		}
	}
	return nil
}

func keys(users map[int64]string, keys []UserKey) error {
	seen := map[KeyHash]string{}
	for i, k := range keys {
		row := fmt.Sprintf("keys[%d]", i)
		if k.Hash == (KeyHash{}) {
			return fmt.Errorf("%s.sha256: is missing", row)
		}
		if err := first(once(seen, k.Hash, row, "sha256", "that"), refers(users, k.UserID, row, "user_id", "user")); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) allAssets(assets []Asset) error {
	numbers, externalIDs := map[int64]string{}, map[string]string{}
	for i, a := range assets {
		row := fmt.Sprintf("assets[%d]", i)
		err := first(textID(c.assetIDs, a.ID, row), given(numbers, a.Number, row, "number"),
			filled(a.Owner, row, "owner"), filled(a.Title, row, "title"),
			filled(a.MediaType, row, "media_type"), dated(a.CreatedDate, row, "created_date"),
			dated(a.ModificationDate, row, "modification_date"))
		if err == nil && a.ExternalID != nil {
			err = once(externalIDs, *a.ExternalID, row, "external_id", "that")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) allCollections(collections []Collection) error {
	ids := map[string]string{}
	for i, col := range collections {
		row := fmt.Sprintf("collections[%d]", i)
		err := first(textID(ids, col.ID, row), filled(col.Title, row, "title"), filled(col.Owner, row, "owner"),
			dated(col.CreatedDate, row, "created_date"), dated(col.ModificationDate, row, "modification_date"),
			c.members(col.AssetIDs, row))
		if err != nil {
			return err
		}
	}
	return nil
}

// child is a row of an asset.
func (c *checked) child(ids map[int64]string, row string, id int64, assetID string, at time.Time, when string) error {
	return first(given(ids, id, row, "id"), refers(c.assetIDs, assetID, row, "asset_id", "asset"), dated(at, row, when))
}

func (c *checked) events(events []Event) error {
	ids := map[int64]string{}
	for i, e := range events {
		row := fmt.Sprintf("events[%d]", i)
		if err := first(c.child(ids, row, e.ID, e.AssetID, e.CreatedAt, "created_at"), filled(e.Type, row, "event_type")); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) comments(comments []Comment) error {
	ids := map[int64]string{}
	for i, comment := range comments {
		row := fmt.Sprintf("comments[%d]", i)
		if err := c.child(ids, row, comment.ID, comment.AssetID, comment.UpdatedAt, "updated_at"); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) media(media []Media) error {
	ids := map[int64]string{}
	for i, m := range media {
		row := fmt.Sprintf("media[%d]", i)
		err := first(c.child(ids, row, m.ID, m.AssetID, m.CreatedDate, "created_date"), filled(m.MediaType, row, "media_type"))
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) runs(actions map[int64]string, runs []DagActionRun) error {
	ids := map[int64]string{}
	for i, run := range runs {
		row := fmt.Sprintf("dag_action_runs[%d]", i)
		err := first(c.child(ids, row, run.ID, run.AssetID, run.CreatedAt, "created_at"),
			refers(actions, run.DagActionID, row, "dag_action_id", "DAG action"))
		if err != nil {
			return err
		}
	}
	return nil
}
