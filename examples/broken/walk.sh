#!/bin/sh
# From a home with which Codex does not start to one with which it does, and back. Works on a copy of config.toml:
#   sh walk.sh EMPTY_FOLDER
set -eu
home=$1
cp "$(dirname "$0")/config.toml" "$home/config.toml"
cfg() { codex-cfg --codex-home "$home" --codex-version "${CODEX:-0.169.0}" "$@"; }

# What is wrong, sorted by what one sees of it. Exit code 1: something was found.
cfg doctor --symptom start || echo "doctor: $?"

# Everything that has a safe fix, as one change. What only a person can decide is left, and named.
cfg -y doctor --fix || echo "doctor --fix: $?"

# The table had the name of a provider of Codex's own, and has another one now. Nobody needs it: the preset brings a right one.
cfg -y unset model_providers.openai-custom
cfg -y apply http-sse

# Whether the server was to be off is for its owner to say: it was.
cfg -y doctor --fix --choose server-disabled-key:config:mcp_servers.docs.disabled=1

# Codex starts with it, also with its strict look. Then all of it goes back, byte for byte.
cfg validate --strict
cp "$home/config.toml" "$home/mended.toml"
cfg -y revert --all
cmp "$(dirname "$0")/config.toml" "$home/config.toml" && echo "as it was"
