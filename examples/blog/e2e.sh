#!/usr/bin/env bash
# Builds the blog, runs it on SQLite and on PostgreSQL, and talks to it with curl.
#
#	examples/blog/e2e.sh
#
# It needs Go, a C compiler, curl and psql. The server is the one at KINDRED_POSTGRES_DSN, by default
# postgres://postgres@127.0.0.1:5432/test?sslmode=disable. Without a server that part is skipped,
# or fails if CI is set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

main() {
	command -v curl >/dev/null || die "install curl first"
	work=$(mktemp -d)
	trap finish EXIT
	go build -o "$work/blog" .

	echo "SQLite"
	run_on "$work/blog.db"

	server=${KINDRED_POSTGRES_DSN:-postgres://postgres@127.0.0.1:5432/test?sslmode=disable}
	if ! problem=$(psql --no-psqlrc --no-password --quiet --command 'SELECT 1' "$server" 2>&1 >/dev/null); then
		[[ -z ${CI-} ]] || die "no PostgreSQL: $problem"
		echo "PostgreSQL: skipped, $problem"
		return
	fi
	echo "PostgreSQL"
	schema=blog_e2e_$$
	sql "$server" "CREATE SCHEMA $schema"
	if [[ $server == *\?* ]]; then run_on "$server&search_path=$schema"; else run_on "$server?search_path=$schema"; fi
	sql "$server" "DROP SCHEMA $schema CASCADE" && schema=
}

# run_on goes through the whole story on one database.
run_on() {
	start "$1" 10

	want 200 GET '/api/posts?per_page=3&sort=title'
	has '"total":10' '"last_page":4' '"next_page_url":"/api/posts?per_page=3\u0026sort=title\u0026page=2"' '"title":"A test is a sentence"'
	want 200 GET /api/posts/1
	has '"slug":"a-test-is-a-sentence"' '"author_id":3' '"version":1' '"reading_minutes":2' '"excerpt":"A good test'

	want 201 POST /api/users '{"email":"Ada@Example.org","name":"Ada","password":"correct horse"}'
	has '"email":"ada@example.org"'
	local user=$location
	want 409 POST /api/users '{"email":"ada@example.org","name":"Ada","password":"correct horse"}'
	has '"status":409' '"field":"email"'
	want 422 POST /api/users '{"email":"ada","name":"Ada","password":"correct horse"}'
	has '"field":"email"'
	want 200 GET "$user"

	want 201 POST /api/posts "{\"title\":\"Hello, world\",\"body\":\"First *words*.\",\"author_id\":${user##*/}}"
	has '"slug":"hello-world"' '"excerpt":"First words."' '"published_at":null'
	local post=$location
	want 200 PATCH "$post" '{"title":"Hello again","version":1}'
	has '"title":"Hello again"' '"version":2'
	want 409 PATCH "$post" '{"title":"Too late","version":1}'
	has '"field":"version"'
	want 412 PATCH "$post" '{"title":"Too late"}' -H 'If-Match: "1"'
	has '"field":"If-Match"'
	want 200 PUT "$post/tags" '{"tags":["Go","Greetings"]}'
	has '"attached":["go","greetings"]' '"detached":[]'
	want 201 POST "$post/comments" "{\"body\":\"Welcome!\",\"author_id\":1}"
	has '"body":"Welcome!"' '"parent_id":null'
	want 200 GET "$post?include=author,tags,comments.author,comments&fields%5Bposts%5D=title,comments_count"
	has '"comments_count":1' '"author":{' '"slug":"greetings"' '"body":"Welcome!"'
	want 200 GET /healthz
	has '"status":"ok"'
	want 422 PATCH "$post" '{"titel":"?"}'
	has '"field":"titel"'
	want 422 PATCH "$post" '{"author_id":999999}'
	has '"field":"author_id"'
	want 400 PATCH "$post" '{"title":'
	want 400 GET '/api/posts?page=first'
	has '"field":"page"'
	want 409 DELETE "$user"
	want 204 DELETE "$post"
	want 404 GET "$post"
	want 404 GET /api/posts/none
	has '"field":"id"'
	want 415 POST /api/users 'name=Ada' -H 'Content-Type: application/x-www-form-urlencoded'
	has '"field":"Content-Type"'
	want 405 PUT /api/posts '{}'
	stop

	start "$1" 0 # nothing is imported twice
	want 200 GET '/api/posts?per_page=1'
	has '"total":10'
	want 200 GET "$user"
	has '"name":"Ada"'
	stop
}

# start runs the blog on a DSN and a free port, and checks how many posts it has imported.
start() {
	: >"$work/log" # here, because the shell behind & may open it later than this one reads it
	"$work/blog" -addr 127.0.0.1:0 -dsn "$1" 2>>"$work/log" &
	pid=$!
	local tries
	for ((tries = 0; tries < 300; tries++)); do
		address=$(sed -n 's/.*msg=listening addr=\([^ ]*\).*/\1/p' "$work/log")
		[[ -z $address ]] || break
		kill -0 "$pid" 2>/dev/null || die "the blog has ended"
		sleep 0.1
	done
	[[ -n $address ]] || die "the blog does not listen"
	grep -q "imported=$2\$" "$work/log" || die "the blog has not imported $2 posts"
}

# stop ends the blog as an operator would, and checks that it calls this a success.
stop() {
	kill -TERM "$pid"
	local status=0
	wait "$pid" || status=$?
	pid=
	((status == 0)) || die "the blog has ended with status $status"
	! grep -E 'level=ERROR|@example|horse' "$work/log" || die "the log has what it must not have"
	grep -q 'msg=stopping' "$work/log" || die "the log does not tell of the end"
}

# want STATUS METHOD PATH [BODY [CURL-OPTION…]] sends a request and sets answer and location.
want() {
	local status=$1 method=$2 path=$3 got options=()
	shift 3
	if (($#)); then
		options=("${@:2}" --header 'Content-Type: application/json' --data-binary "$1") # the first type counts
	fi
	got=$(curl --silent --show-error --max-time 20 --request "$method" --dump-header "$work/header" --output "$work/body" \
		--write-out '%{http_code}' ${options[@]+"${options[@]}"} "http://$address$path")
	answer=$(<"$work/body")
	location=$(tr -d '\r' <"$work/header" | sed -n 's/^[Ll]ocation: //p')
	[[ $got == "$status" ]] || die "$method $path: status $got instead of $status: $answer"
	[[ $answer != *'$2a$'* && $answer != *'"password":'* ]] || die "$method $path shows a password: $answer"
	: >"$work/body"
}

# has TEXT… checks that the answer has each text.
has() {
	local text
	for text in "$@"; do
		[[ $answer == *"$text"* ]] || die "no $text in $answer"
	done
}

sql() { psql --no-psqlrc --no-password --quiet --set ON_ERROR_STOP=1 --command "SET client_min_messages = warning; $2" "$1"; }

die() {
	printf 'e2e: %s\n' "$*" >&2
	exit 1
}

finish() {
	local status=$?
	if [[ -n ${pid-} ]]; then
		kill -KILL "$pid" 2>/dev/null || true
	fi
	if ((status)) && [[ -s $work/log ]]; then
		sed 's/^/blog: /' "$work/log" >&2
	fi
	if [[ -n ${schema-} ]]; then
		sql "$server" "DROP SCHEMA IF EXISTS $schema CASCADE" || true
	fi
	rm -rf "$work"
	((status)) || echo "ok"
	exit "$status"
}

main
