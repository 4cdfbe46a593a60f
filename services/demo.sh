#!/usr/bin/env bash
# Builds the gateway and shows it at work: traffic through a real socket, alerts as they arrive, a closing summary.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: services/demo.sh [options of: sensor-gateway demo]

Installs nats-server where it is missing and may be installed, builds in Release, and runs the demo, which ends by
itself in under a minute. Without a nats-server the demo shows its alerts on the console instead.

example: services/demo.sh
         services/demo.sh -- --help     options of the demo itself
HELP
}

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  usage
  exit 0
fi
[ "${1:-}" != -- ] || shift

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! command -v dotnet >/dev/null || ! (cd "$root" && dotnet --version >/dev/null); then
  echo "The .NET SDK 10 is missing. Install it from https://dotnet.microsoft.com/download and try again." >&2
  exit 4
fi

# shellcheck source=tests/find-nats-server.sh
. "$root/tests/find-nats-server.sh"
find_nats_server || echo "Going on without nats-server: alerts are shown on the console only."

log="$(mktemp)"
build=""
trap '[ -z "$build" ] || kill -- "-$build" 2>/dev/null || true; rm -f "$log"' EXIT
printf 'building (the first time takes about a minute) '
set -m # A group of its own, so that Ctrl+C ends all of it.
(cd "$root" && dotnet build services/SensorGateway --configuration Release --verbosity quiet) >"$log" 2>&1 &
build=$!
set +m
while kill -0 "$build" 2>/dev/null; do
  printf '.'
  sleep 2
done
outcome=0
wait "$build" || outcome=$?
build=""
if [ "$outcome" -ne 0 ]; then
  printf ' failed\n'
  cat "$log" >&2
  exit 1
fi
printf ' done\n\n'

rm -f "$log"
exec dotnet "$root/services/SensorGateway/bin/Release/net10.0/sensor-gateway.dll" demo "$@"
