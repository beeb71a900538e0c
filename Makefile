# Every target says in its ## comment what it is for. The steps of `verify` and
# `ci` stand in .ci/run, and nowhere else.
.DEFAULT_GOAL := help

# golangci-lint has a module of its own, which is not part of go.work.
LINT := GOWORK=off go tool -modfile=tools/golangci-lint/go.mod golangci-lint

# The mutation tester too. It runs the tests beside one package; PKG=./internal/… are all, which takes hours.
MUTATE := GOWORK=off go tool -modfile=tools/gremlins/go.mod gremlins
PKG ?= ./internal/errs

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: ## Run the library's tests on SQLite and PostgreSQL (KINDRED_POSTGRES_DSN).
	go test -timeout 30m ./...

.PHONY: race
race: ## Run the tests in which goroutines share records and connections under the race detector.
	go test -race -timeout 30m ./internal/memory ./internal/record ./internal/tx \
		./testsuite/transaction ./testsuite/properties ./testsuite/preload ./testsuite/upsert

.PHONY: pure
pure: ## Run the suite on SQLite by a driver in pure Go, without cgo.
	CGO_ENABLED=0 go test -timeout 30m -run /SQLite ./testsuite/...

.PHONY: lint
lint: ## Run golangci-lint on the library; the first run builds it.
	$(LINT) run ./...

.PHONY: fmt
fmt: ## Format the library's files and order their imports.
	$(LINT) fmt ./...

.PHONY: bench
bench: ## Measure Kindred and its peers; ARGS=-quick takes minutes, ARGS=-help says more.
	cd bench && GOWORK=off go run . $(ARGS)

.PHONY: mutate
mutate: ## Change the code of a package (PKG=./internal/query) and see whether its tests notice.
	$(MUTATE) unleash $(PKG)

.PHONY: verify
verify: ## Check formatting, module files, go vet, Kindred's analyzer and the layers.
	.ci/run format tidy vet analyze
	go test ./internal/deptest

.PHONY: blog
blog: ## Run the sample application, on http://localhost:8080 and ./blog.db.
	go run ./examples/blog

.PHONY: ci
ci: ## Run the whole gate.
	.ci/run
