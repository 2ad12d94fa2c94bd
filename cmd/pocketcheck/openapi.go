package main

import (
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/fixtures/openapi"
	"github.com/spf13/cobra"
)

func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "openapi",
		Short: "Print the API as OpenAPI 3.1",
		Long: `Print an OpenAPI 3.1 description of the API in JSON, which YAML tools read too.
It is made from the document: its endpoints, parameters, recorded examples and
error rows. Schemas say what the examples have in common, and no more.`,
		Example: `  pocketcheck openapi >openapi.json
  npx @redocly/cli build-docs openapi.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := fixtures.ParseContract(fixtures.Document())
			if err != nil {
				return err
			}
			text, err := openapi.JSON(c)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
}
