#!/usr/bin/env bash
# Compares the working tree with an older commit on this machine and says whether it got slower.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: benchmarks/gate.sh --baseline REF [--scenario NAME[,NAME...]] [--quick | --full] [--html FILE] [-- OPTIONS]
       benchmarks/gate.sh --nightly [options of benchmarks/nightly.sh]

  --baseline REF   what to compare with: a branch, tag or commit
  --scenario S     names, or beginnings with a star; 'list' prints them all
  --quick          the short list of scenarios, about a minute once the old commit is built (the default)
  --full           all scenarios, five launches each: some minutes
  --html FILE      where the chart goes (default artifacts/perf/gate.html)
  -- OPTIONS       passed on to SensorGateway.PerfGate compare, see its --help

Old commits are built once, in a temporary work tree, and kept in artifacts/perf/COMMIT (delete it at will).

example: benchmarks/gate.sh --baseline main --scenario 'detect.*'
exit: 0 pass; 1 regression; 2 inconclusive; 3 a build failed or the commit has no harness; 64 usage
HELP
}

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=benchmarks/builds.sh
. "$root/benchmarks/builds.sh"

baseline=""
html="$root/artifacts/perf/gate.html"
speed=(--quick)
scenario=()
more=()

while [ $# -gt 0 ]; do
  case "$1" in
    --nightly)
      shift
      exec bash "$root/benchmarks/nightly.sh" "$@"
      ;;
    --baseline | --scenario | --html)
      [ $# -ge 2 ] || { echo "$1 needs a value; see --help" >&2; exit 64; }
      case "$1" in
        --baseline) baseline="$2" ;;
        --scenario) scenario+=(--scenario "$2") ;;
        --html) html="$2" ;;
      esac
      shift
      ;;
    --quick) speed=(--quick) ;;
    --full) speed=() ;;
    --help | -h) usage; exit 0 ;;
    --)
      shift
      more=("$@")
      break
      ;;
    *) echo "$1 is unknown; see --help" >&2; exit 64 ;;
  esac
  shift
done

cd "$root"
if [ "${scenario[*]:-}" = "--scenario list" ]; then
  build_here >&2
  exec dotnet "$harness_here/SensorGateway.Benchmarks.dll" scenarios
fi

[ -n "$baseline" ] || { echo "--baseline is missing; see --help" >&2; exit 64; }
commit="$(git rev-parse --verify --quiet "$baseline^{commit}")" \
  || { echo "--baseline $baseline is no commit of this repository" >&2; exit 64; }

build_here
build_commit "$commit"
mkdir -p "$(dirname "$html")"
outcome=0
dotnet "$gate_here/SensorGateway.PerfGate.dll" compare \
  --old "$baseline=$(harness_of "$commit")" --new "work tree=$harness_here" \
  ${speed[@]+"${speed[@]}"} ${scenario[@]+"${scenario[@]}"} --html "$html" ${more[@]+"${more[@]}"} || outcome=$?
[ ! -f "$html" ] || echo "chart: $html"
exit "$outcome"
