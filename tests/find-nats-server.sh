#!/usr/bin/env bash
# Sourced by scripts. find_nats_server sets and exports NATS_SERVER, installing the Debian package where it may.

find_nats_server() {
  local candidate installer=()
  for candidate in "${NATS_SERVER:-}" "$(command -v nats-server || true)" /usr/sbin/nats-server /usr/local/bin/nats-server; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      export NATS_SERVER="$candidate"
      return 0
    fi
  done

  if ! command -v apt-get >/dev/null; then
    echo "nats-server is missing. Install it (https://nats.io/download) and put it on the PATH or name it in NATS_SERVER." >&2
    return 1
  fi

  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      echo "nats-server is missing. Run: sudo apt-get install nats-server, or name the program in NATS_SERVER." >&2
      return 1
    fi
    installer=(sudo)
  fi

  echo "installing nats-server with apt-get"
  if ! { ${installer[@]+"${installer[@]}"} apt-get update -qq \
    && ${installer[@]+"${installer[@]}"} env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends nats-server; } >/dev/null; then
    echo "apt-get could not install nats-server. Install it by hand and put it on the PATH or name it in NATS_SERVER." >&2
    return 1
  fi

  # The package also starts a service on port 4222 where systemd runs; harmless, since ours takes a free port.
  NATS_SERVER="$(command -v nats-server || echo /usr/sbin/nats-server)"
  export NATS_SERVER
}
