#!/usr/bin/env bash
# What the nightly job does: main now against main of yesterday and of seven days ago, the trend, a profile.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: benchmarks/nightly.sh [--ref REF] [--output FOLDER] [--scenario NAME[,NAME...]] [--no-profile] [-- OPTIONS]

  --ref REF        what is judged (default HEAD); its history must be there, so no shallow clone
  --output FOLDER  where reports go (default artifacts/perf/nightly): gate.html, summary.md, profile.svg, profile.nettrace
  --scenario S     names, or beginnings with a star (default: all)
  --baselines F    where the night is recorded (default perf-baselines)
  --note TEXT      kept with the record
  --no-profile     leaves out the profile of a gateway under load
  -- OPTIONS       passed on to SensorGateway.PerfGate compare, see its --help

Compares with the newest commits of at least one and seven days ago, or with the oldest commit that can be measured while
there is none. Records the night in perf-baselines and draws trend.svg there. GITHUB_STEP_SUMMARY gets the table.

example: benchmarks/nightly.sh
exit: 0 pass; 1 regression; 2 inconclusive; 3 a build failed or no commit can be measured; 64 usage
HELP
}

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=benchmarks/builds.sh
. "$root/benchmarks/builds.sh"

ref=HEAD
output="$root/artifacts/perf/nightly"
baselines="$root/perf-baselines"
note=""
profile=yes
scenario=()
more=()

while [ $# -gt 0 ]; do
  case "$1" in
    --ref | --output | --scenario | --note | --baselines)
      [ $# -ge 2 ] || { echo "$1 needs a value; see --help" >&2; exit 64; }
      case "$1" in
        --ref) ref="$2" ;;
        --output) output="$2" ;;
        --scenario) scenario+=(--scenario "$2") ;;
        --note) note="$2" ;;
        --baselines) baselines="$2" ;;
      esac
      shift
      ;;
    --no-profile) profile=no ;;
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
now="$(git rev-parse --verify --quiet "$ref^{commit}")" || { echo "--ref $ref is no commit of this repository" >&2; exit 64; }
has_harness "$now" || { echo "$ref has no harness ($harness_marker), so it cannot be measured" >&2; exit 3; }
mkdir -p "$output" "$baselines"

day1="$(commit_of_day "$now" 1)"
day7="$(commit_of_day "$now" 7)"
echo "judging ${now:0:10}; a day ago ${day1:0:10}, seven days ago ${day7:0:10}"

build_here # The gate itself, and the program that the profile is of.
build_commit "$now"
build_commit "$day7"
olds=(--old "day-7=$(harness_of "$day7")")
if [ "$day1" != "$day7" ]; then
  build_commit "$day1"
  olds+=(--old "day-1=$(harness_of "$day1")")
fi

outcome=0
dotnet "$gate_here/SensorGateway.PerfGate.dll" compare --new "tonight=$(harness_of "$now")" "${olds[@]}" \
  ${scenario[@]+"${scenario[@]}"} --html "$output/gate.html" --markdown "$output/summary.md" \
  --record "$baselines" --git-sha "$now" --note "$note" ${more[@]+"${more[@]}"} || outcome=$?

dotnet "$gate_here/SensorGateway.PerfGate.dll" trend "$baselines" -o "$baselines/trend.svg"
cp "$baselines/trend.svg" "$output/trend.svg"

if [ "$profile" = yes ]; then
  # A picture that could not be taken does not change the verdict; it is said loudly instead.
  if ! bash "$root/benchmarks/profile.sh" --output "$output"; then
    echo "- no profile tonight: benchmarks/profile.sh failed, see the log" >>"$output/summary.md"
  fi
fi

[ -z "${GITHUB_STEP_SUMMARY:-}" ] || [ ! -f "$output/summary.md" ] || cat "$output/summary.md" >>"$GITHUB_STEP_SUMMARY"
echo "reports: $output"
exit "$outcome"
