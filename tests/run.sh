#!/usr/bin/env bash
# Sets up, builds and runs every test. The last line is always "N passed, N failed" (", N skipped" if any).
set -euo pipefail

usage() {
  cat <<'HELP'
usage: tests/run.sh [--faults] [--filter EXPRESSION] [--no-format] [--help]

  --faults        runs the whole fault matrix, minutes instead of seconds (SENSORGATEWAY_FAULTS=full); tells how far it
                  is, and gives each project 90 minutes (SENSORGATEWAY_FAULTS_LIMIT=2h)
  --filter X      runs only tests that match, as in: dotnet test --filter X
  --no-format     leaves out the formatting check
  --help

example: tests/run.sh --filter FullyQualifiedName~Ring

Environment: NATS_SERVER names the nats-server program; SENSORGATEWAY_CORPORA the folder of the detection corpora
(default ../shared/corpora beside the repository; tests that need them say so when it is absent); UpstreamPackages=true
builds the flavour with the packages of the full public registry, whose tests use a container too where Docker answers.
HELP
}

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
projects=(SensorGateway.Tests SensorGateway.ConcurrencyTests SensorGateway.IntegrationTests)
filter=()
check_format=yes
passed=0
failed=0
skipped=0

while [ $# -gt 0 ]; do
  case "$1" in
    --faults) export SENSORGATEWAY_FAULTS=full ;;
    --filter)
      [ $# -ge 2 ] || { echo "--filter needs an expression; see --help" >&2; exit 2; }
      filter=(--filter "$2")
      shift
      ;;
    --no-format) check_format=no ;;
    --help | -h) usage; exit 0 ;;
    *) echo "$1 is unknown; see --help" >&2; exit 2 ;;
  esac
  shift
done

say() { printf '\n== %s\n' "$*"; }

finish() {
  local skipped_part=""
  [ "$skipped" -eq 0 ] || skipped_part=", $skipped skipped"
  echo
  echo "$passed passed, $failed failed$skipped_part"
  [ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ] || exit 1
  exit 0
}

# A step that is no test counts as one failure, so that the closing line never claims more than was done.
give_up() {
  echo "$*" >&2
  failed=$((failed + 1))
  finish
}

cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null \
  || give_up "The .NET SDK is missing. Install version 10 from https://dotnet.microsoft.com/download and try again."
dotnet --version >/dev/null \
  || give_up "No .NET SDK that fits global.json. Install version 10 from https://dotnet.microsoft.com/download."

# shellcheck source=tests/find-nats-server.sh
. "$root/tests/find-nats-server.sh"
find_nats_server || give_up "Integration tests need a real nats-server."
echo "nats-server: $NATS_SERVER ($("$NATS_SERVER" --version))"

corpora="${SENSORGATEWAY_CORPORA:-$root/../shared/corpora}"
[ -d "$corpora" ] || echo "corpora: none at $corpora, so the tests that need them check nothing; set SENSORGATEWAY_CORPORA."

say "restore and build (Release, warnings are errors)"
dotnet restore SensorGateway.sln --verbosity quiet || give_up "Restore failed."
dotnet build SensorGateway.sln --configuration Release --no-restore --verbosity quiet || give_up "The build failed."

if [ "$check_format" = yes ]; then
  say "format"
  dotnet format SensorGateway.sln --verify-no-changes --no-restore --severity warn \
    || give_up "Formatting differs. Run: dotnet format SensorGateway.sln"
fi

results="$(mktemp -d)"
limit=()
follower=""
running=""
# shellcheck disable=SC2317 # Called by the trap.
clean_up() {
  [ -z "$follower" ] || kill "$follower" 2>/dev/null || true
  [ -z "$running" ] || kill -- "-$running" 2>/dev/null || true
  rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ "${SENSORGATEWAY_FAULTS:-}" = full ]; then
  # Tests tell each round here: what they print themselves appears only at the end of a project.
  export SENSORGATEWAY_FAULTS_PROGRESS="$results/progress"
  : >"$SENSORGATEWAY_FAULTS_PROGRESS"
  tail -f "$SENSORGATEWAY_FAULTS_PROGRESS" &
  follower=$!
  limit=(timeout --kill-after=30s "${SENSORGATEWAY_FAULTS_LIMIT:-90m}")
fi

# Value of an attribute of the <Counters> element of a result file.
counter() {
  sed -n "s/.*<Counters[^>]* $2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}

for project in "${projects[@]}"; do
  say "$project"
  trx="$results/$project.trx"
  outcome=0
  # In the background: a shell that waits for a job hears Ctrl+C at once. In a group of its own, so that all of it ends.
  set -m
  ${limit[@]+"${limit[@]}"} dotnet test "tests/$project" --configuration Release --no-build --verbosity quiet \
    --logger "trx;LogFileName=$trx" --logger "console;verbosity=normal" \
    ${filter[@]+"${filter[@]}"} >"$results/$project.log" 2>&1 &
  running=$!
  set +m
  wait "$running" || outcome=$?
  running=""

  # Passing tests are counted, not listed; everything else is shown as it came.
  grep -v -E '^ *(Passed [A-Za-z_]|Test run for|A total of|Starting test|VSTest version)|^\[xUnit\.net [0-9:.]+\] +(Discover|Start|Finish)|^$' \
    "$results/$project.log" || true

  total=0
  if [ -f "$trx" ]; then
    total="$(counter "$trx" total)"
    project_passed="$(counter "$trx" passed)"
    project_failed="$(counter "$trx" failed)"
    passed=$((passed + project_passed))
    failed=$((failed + project_failed))
    skipped=$((skipped + total - project_passed - project_failed))
    echo "$project: $project_passed passed, $project_failed failed of $total"
  fi

  if [ "$outcome" -ne 0 ] && [ "${project_failed:-0}" -eq 0 ]; then
    echo "$project ended with code $outcome without naming a failed test: the test process crashed, did not start, or took too long (124)." >&2
    failed=$((failed + 1))
  fi

  project_failed=0
done

[ $((passed + failed + skipped)) -gt 0 ] || echo "No test matches the filter." >&2
finish
