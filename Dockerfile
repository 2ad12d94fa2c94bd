# The reference as an image: pocketcheck alone, as nobody in particular. What is
# handed on is the image of a release, which has the licences of all that is linked in.
#
# By version, not by digest: no digest of it was seen where this is maintained. To
# have one: --build-arg GO_IMAGE=golang:1.26@sha256:…
ARG GO_IMAGE=golang:1.26

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o /pocketcheck ./cmd/pocketcheck

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /pocketcheck /pocketcheck
USER 65532:65532
ENV PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=2s --timeout=6s --start-period=30s --retries=5 \
	CMD ["/pocketcheck", "serve", "--from-environment", "--healthcheck"]
ENTRYPOINT ["/pocketcheck"]
CMD ["serve", "--from-environment"]
