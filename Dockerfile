# The reference as an image: pocketcheck alone, as nobody in particular.
ARG GO_IMAGE=golang:1.26

FROM ${GO_IMAGE} AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false"
COPY go.mod go.sum ./
COPY tools tools
# What tools/licenses.sh needs is compiled before the source comes, and so once.
RUN go mod download && go install -modfile=tools/go.mod tool
COPY . .
RUN go build -ldflags '-s -w' -o /pocketcheck ./cmd/pocketcheck
RUN tools/licenses.sh /licenses

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /licenses /licenses
COPY --from=build /pocketcheck /pocketcheck
USER 65532:65532
ENV PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=2s --timeout=6s --start-period=30s --retries=5 \
	CMD ["/pocketcheck", "serve", "--from-environment", "--healthcheck"]
ENTRYPOINT ["/pocketcheck"]
CMD ["serve", "--from-environment"]
