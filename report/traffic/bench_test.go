package traffic_test

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// BenchmarkJudge is what each request of the mock costs more.
func BenchmarkJudge(b *testing.B) {
	const asset = `{"asset": {"id": "rSkRlq2Aiw4wJvjvlqSm", "external_id": null, "parent_id": null, "project_id": null,
		"owner": "admin-user-51@example.com", "title": "Sample Asset", "description": "Sample asset description.",
		"category": "test asset category", "tags": ["test", "tag"], "ai_tags": [], "status": "open", "media_type": "placeholder",
		"original_filename": null, "drop_folder_id": null, "md5_sum": null, "created_date": "2023-11-27T09:42:48.046Z",
		"modification_date": "2023-11-27T09:42:48.046Z", "deleted": null}}`
	const comment = `{"comment": {"id": 2, "message": "new comment", "updated_at": "2023-11-27T09:42:41.296Z", "user": {"id": 39,
		"email": "admin-user-23@example.com", "first_name": null, "last_name": null, "avatar_url": null}, "mentioned_users": []}}`
	for name, x := range map[string]*traffic.Exchange{
		"GET asset":    exchange("GET", "/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm", "", 200, asset),
		"POST comment": exchange("POST", "/api/v2/assets/GFGxVzokYRrLy5pqvSoZ/comments", `{"comment": "new comment"}`, 200, comment),
		"not found":    exchange("GET", "/api/v2/assets/no-such-asset", "", 404, `{"error": "asset not found"}`),
	} {
		b.Run(name, func(b *testing.B) {
			var judge traffic.Judge
			judge.Judge(x)
			b.ReportAllocs()
			for b.Loop() {
				judge.Judge(x)
			}
		})
	}
}
