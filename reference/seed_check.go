package reference

import "fmt"

// checked is what rows of a seed can refer to, each with the row that has it.
type checked struct {
	emails, projectIDs, assetIDs map[string]string
	isMore                       bool // what is not among the rows may be in the store
}

func newChecked() checked {
	return checked{emails: map[string]string{}, projectIDs: map[string]string{}, assetIDs: map[string]string{}}
}

// once notes the value of row's member in seen, unless a row before has it.
func once[K comparable](seen map[K]string, value K, row, member, thing string) error {
	if before, ok := seen[value]; ok {
		return fmt.Errorf("%s.%s repeats %s of %s", row, member, thing, before)
	}
	seen[value] = row
	return nil
}

func refers[K comparable](seen map[K]string, value K, row, member, to string) error {
	if _, ok := seen[value]; !ok {
		return fmt.Errorf("%s.%s: there is no %s %#v", row, member, to, value)
	}
	return nil
}

func (c *checked) refers(seen map[string]string, value, row, member, to string) error {
	if c.isMore {
		return nil
	}
	return refers(seen, value, row, member, to)
}

// numberID and textID check a row's id.
func numberID(seen map[int64]string, id int64, row string) error {
	if id <= 0 {
		return fmt.Errorf("%s.id: want a number above 0", row)
	}
	return once(seen, id, row, "id", "that")
}

func textID(seen map[string]string, id, row string) error {
	if !isID(id) {
		return fmt.Errorf("%s.id: want up to 64 of the characters A-Z a-z 0-9 _ -", row)
	}
	return once(seen, id, row, "id", "that")
}

// filled checks a member that a row must have.
func filled(text, row, member string) error {
	if text == "" {
		return fmt.Errorf("%s.%s: is missing", row, member)
	}
	return nil
}

// first is the first error of a row: what follows it is often its echo.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) users(users []seedUser) error {
	ids, keys := map[int64]string{}, map[string]string{}
	for i, u := range users {
		row := fmt.Sprintf("users[%d]", i)
		err := first(numberID(ids, u.ID, row), filled(u.Email, row, "email"),
			once(c.emails, u.Email, row, "email", "that"))
		if err != nil {
			return err
		}
		for k, key := range u.Keys {
			member := fmt.Sprintf("keys[%d]", k)
			if err := first(filled(key, row, member), once(keys, key, row, member, "a key")); err != nil {
				return err
			}
		}
		if err := permissions(u.Permissions, row, ActionsView, ActionsStart); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) dagActions(actions []DagAction) error {
	ids := map[int64]string{}
	for i, d := range actions {
		row := fmt.Sprintf("dag_actions[%d]", i)
		if err := first(numberID(ids, d.ID, row), filled(d.Name, row, "name")); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) projects(projects []Project) error {
	for i, p := range projects {
		row := fmt.Sprintf("projects[%d]", i)
		if err := first(textID(c.projectIDs, p.ID, row), filled(p.Title, row, "title")); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) assets(assets []seedAsset) error {
	externalIDs := map[string]string{}
	for i, a := range assets {
		row := fmt.Sprintf("assets[%d]", i)
		err := first(textID(c.assetIDs, a.ID, row), filled(a.Title, row, "title"),
			c.refers(c.emails, a.Owner, row, "owner", "user"))
		if err == nil && a.ProjectID != nil {
			err = c.refers(c.projectIDs, *a.ProjectID, row, "project_id", "project")
		}
		if err == nil && a.ExternalID != nil {
			err = once(externalIDs, *a.ExternalID, row, "external_id", "that")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) collections(collections []seedCollection) error {
	ids := map[string]string{}
	for i, col := range collections {
		row := fmt.Sprintf("collections[%d]", i)
		err := first(textID(ids, col.ID, row), filled(col.Title, row, "title"),
			c.refers(c.emails, col.Owner, row, "owner", "user"), c.members(col.AssetIDs, row))
		if err != nil {
			return err
		}
	}
	return nil
}

// members checks the assets of the collection in a row.
func (c *checked) members(assetIDs []string, row string) error {
	seen := map[string]string{}
	for i, id := range assetIDs {
		member := fmt.Sprintf("asset_ids[%d]", i)
		if err := first(c.refers(c.assetIDs, id, row, member, "asset"), once(seen, id, row, member, "one")); err != nil {
			return err
		}
	}
	return nil
}
