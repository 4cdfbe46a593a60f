#!/usr/bin/env bash
# Takes a flame graph and a .nettrace of a gateway under load.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: benchmarks/profile.sh [--output FOLDER] [--seconds N] [--rate R]

  --output FOLDER  gets profile.svg and profile.nettrace (default artifacts/perf)
  --seconds N      length of each (default 10)
  --rate R         payloads a second, every one an alert (default 50000)

Needs Release builds of services/SensorGateway and benchmarks/SensorGateway.LoadTest, and nats-server.

example: benchmarks/profile.sh --seconds 30
exit: 0 both are there; 1 one is not, or the load test found a loss; 64 usage
HELP
}

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
output="$root/artifacts/perf"
seconds=10
rate=50000

while [ $# -gt 0 ]; do
  case "$1" in
    --output | --seconds | --rate)
      [ $# -ge 2 ] || { echo "$1 needs a value; see --help" >&2; exit 64; }
      case "$1" in
        --output) output="$2" ;;
        --seconds) seconds="$2" ;;
        --rate) rate="$2" ;;
      esac
      shift
      ;;
    --help | -h) usage; exit 0 ;;
    *) echo "$1 is unknown; see --help" >&2; exit 64 ;;
  esac
  shift
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
load="$root/benchmarks/SensorGateway.LoadTest/bin/Release/net10.0/SensorGateway.LoadTest.dll"
gateway="$root/services/SensorGateway/bin/Release/net10.0/sensor-gateway.dll"
for needed in "$load" "$gateway"; do
  [ -f "$needed" ] || { echo "$needed is missing; run: dotnet build SensorGateway.sln -c Release" >&2; exit 1; }
done

mkdir -p "$output"
work="$(mktemp -d)"
load_job=""

# shellcheck disable=SC2317 # Called by the trap.
finish() {
  [ -z "$load_job" ] || kill "$load_job" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# The load test starts this in place of the gateway: it leaves its process id and its configuration, then becomes the
# gateway.
cat >"$work/gateway" <<LAUNCHER
#!/usr/bin/env bash
echo \$\$ >"$work/pid"
cp "\$3" "$work/gateway.yaml"
exec dotnet "$gateway" "\$@"
LAUNCHER
chmod +x "$work/gateway"

dotnet "$load" --gateway "$work/gateway" --rate "$rate" --warmup 3 --seconds $((seconds * 2 + 12)) >"$work/load.log" 2>&1 &
load_job=$!
for _ in $(seq 60); do
  [ ! -f "$work/gateway.yaml" ] || break
  sleep 0.5
done
[ -f "$work/gateway.yaml" ] || { echo "the gateway did not start:" >&2; cat "$work/load.log" >&2; exit 1; }
sleep 5 # Start, warm-up and the first payloads are no part of the picture.

address="$(sed -n 's/.*telemetry: *{ *listen: *"\([^"]*\)".*/\1/p' "$work/gateway.yaml")"
outcome=0
dotnet "$gateway" flamegraph --pid "$(cat "$work/pid")" --seconds "$seconds" -o "$output/profile.svg" || {
  echo "no flame graph" >&2
  outcome=1
}
curl --silent --show-error --fail --max-time $((seconds + 20)) --output "$output/profile.nettrace" \
  "http://$address/debug/profile?seconds=$seconds" || {
  echo "no .nettrace from http://$address/debug/profile" >&2
  outcome=1
}

wait "$load_job" || { echo "the load test was not content:" >&2; outcome=1; }
load_job=""
cat "$work/load.log"
exit "$outcome"
