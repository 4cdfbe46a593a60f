#!/usr/bin/env bash
# Commits the night's record and the trend chart, and pushes them to the branch they belong to.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: benchmarks/commit-trend.sh [--branch NAME] [--remote NAME]

Checks perf-baselines with the gate's validator, commits what changed there and pushes it (default: origin, main). Does
nothing when nothing changed. Pushes again on top of others' commits up to three times.

example: benchmarks/commit-trend.sh --branch main
exit: 0 done or nothing to do; 1 a file is not sound, or the push was refused; 64 usage
HELP
}

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
branch=main
remote=origin

while [ $# -gt 0 ]; do
  case "$1" in
    --branch | --remote)
      [ $# -ge 2 ] || { echo "$1 needs a value; see --help" >&2; exit 64; }
      case "$1" in
        --branch) branch="$2" ;;
        --remote) remote="$2" ;;
      esac
      shift
      ;;
    --help | -h) usage; exit 0 ;;
    *) echo "$1 is unknown; see --help" >&2; exit 64 ;;
  esac
  shift
done

cd "$root"
gate="${SENSORGATEWAY_PERF_GATE:-$root/benchmarks/SensorGateway.PerfGate/bin/Release/net10.0/SensorGateway.PerfGate.dll}"
dotnet "$gate" validate perf-baselines || exit 1

git add --all perf-baselines
if git diff --cached --quiet -- perf-baselines; then
  echo "nothing new in perf-baselines"
  exit 0
fi

git -c user.name="${GIT_COMMITTER_NAME:-performance gate}" -c user.email="${GIT_COMMITTER_EMAIL:-gate@localhost}" \
  commit --quiet --message "Record the performance of $(date -u +%Y-%m-%d)" -- perf-baselines
for _ in 1 2 3; do
  if git push --quiet "$remote" "HEAD:$branch"; then
    echo "pushed to $branch"
    exit 0
  fi
  git -c user.name="performance gate" -c user.email="gate@localhost" pull --quiet --rebase "$remote" "$branch" || break
done
echo "the push to $branch was refused" >&2
exit 1
