# shellcheck shell=bash
# Sourced: builds of the working tree and of older commits, for the scripts that compare them. Needs $root.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# A commit that holds this file can be measured.
harness_marker="benchmarks/SensorGateway.Benchmarks/Scenarios/ScenarioCommand.cs"
builds_folder="${SENSORGATEWAY_PERF_BUILDS:-$root/artifacts/perf}"
# Both are read by the scripts that source this one.
# shellcheck disable=SC2034
harness_here="$root/benchmarks/SensorGateway.Benchmarks/bin/Release/net10.0"
# shellcheck disable=SC2034
gate_here="$root/benchmarks/SensorGateway.PerfGate/bin/Release/net10.0"

# What a script that is broken off leaves behind goes with it. A build in the background does not hear Ctrl+C itself.
running_job=""
running_log=""
worktree=""
clean_up() {
  [ -z "$running_job" ] || kill -- "-$running_job" 2>/dev/null || true
  [ -z "$running_log" ] || rm -f "$running_log"
  [ -z "$worktree" ] || git -C "$root" worktree remove --force "$worktree" 2>/dev/null || true
}
trap clean_up EXIT

# Runs a command quietly, with a dot every two seconds; shows what it printed when it fails.
quietly() {
  local title="$1" outcome=0
  shift
  running_log="$(mktemp)"
  printf '%s ' "$title"
  set -m # A group of its own, so that all of it can be ended.
  "$@" >"$running_log" 2>&1 &
  running_job=$!
  set +m
  while kill -0 "$running_job" 2>/dev/null; do
    printf '.'
    sleep 2
  done
  wait "$running_job" || outcome=$?
  running_job=""
  if [ "$outcome" -ne 0 ]; then
    printf ' failed\n'
    cat "$running_log" >&2
  fi
  rm -f "$running_log"
  running_log=""
  [ "$outcome" -eq 0 ] || return 3
  printf ' done\n'
}

# Where the build of a commit lies.
harness_of() { printf '%s/%s\n' "$builds_folder" "$1"; }

has_harness() { git -C "$root" cat-file -e "$1:$harness_marker" 2>/dev/null; }

# Harness and gate of the working tree. SENSORGATEWAY_PERF_NO_BUILD=1 trusts what is there.
build_here() {
  if [ "${SENSORGATEWAY_PERF_NO_BUILD:-}" = 1 ] && [ -f "$harness_here/SensorGateway.Benchmarks.dll" ] \
    && [ -f "$gate_here/SensorGateway.PerfGate.dll" ]; then
    return 0
  fi
  quietly "building the work tree" build_in "$root" || exit 3
}

build_in() {
  dotnet build "$1/benchmarks/SensorGateway.Benchmarks" --configuration Release --verbosity quiet \
    && dotnet build "$1/benchmarks/SensorGateway.PerfGate" --configuration Release --verbosity quiet
}

# Builds a commit in a work tree of its own, unless its build is there already.
build_commit() {
  local commit="$1" home outcome=0
  home="$(harness_of "$commit")"
  [ ! -f "$home/SensorGateway.Benchmarks.dll" ] || return 0
  if ! has_harness "$commit"; then
    echo "$commit has no harness ($harness_marker), so it cannot be measured; choose a later commit" >&2
    exit 3
  fi
  worktree="$(mktemp -d)"
  git -C "$root" worktree add --quiet --detach --force "$worktree" "$commit"
  quietly "building ${commit:0:10}" dotnet build "$worktree/benchmarks/SensorGateway.Benchmarks" \
    --configuration Release --verbosity quiet || outcome=$?
  if [ "$outcome" -eq 0 ]; then
    # Moved into place whole, so that a build broken off is never taken for one.
    mkdir -p "$builds_folder"
    rm -rf "$home.part"
    cp -r "$worktree/benchmarks/SensorGateway.Benchmarks/bin/Release/net10.0" "$home.part"
    mv "$home.part" "$home"
  fi
  git -C "$root" worktree remove --force "$worktree"
  worktree=""
  [ "$outcome" -eq 0 ] || exit 3
}

# The newest commit on the way to REF that is at least so many days old; the oldest with the harness if there is none.
commit_of_day() {
  local ref="$1" days="$2" commit
  commit="$(git -C "$root" rev-list -1 --first-parent --before="$days days ago" "$ref")"
  if [ -z "$commit" ] || ! has_harness "$commit"; then
    commit="$(oldest_with_harness "$ref")"
  fi
  printf '%s\n' "$commit"
}

oldest_with_harness() {
  local commit oldest=""
  # Newest first; where the harness ends, the commit before was the oldest that has it.
  while read -r commit; do
    has_harness "$commit" || break
    oldest="$commit"
  done < <(git -C "$root" rev-list --first-parent "$1")
  printf '%s\n' "$oldest"
}
