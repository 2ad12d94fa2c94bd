vcl 4.1;
backend default { .host = "{{.UpstreamHost}}"; .port = "{{.UpstreamPort}}"; }
{{.Rule}}
