#!/bin/sh
# A Codex home whose config.toml is a link into a folder of dotfiles, as stow, home-manager or chezmoi's symlink mode make
# it: codex-cfg writes the file behind the link, and the link stays.
#   sh link.sh DOTFILES CODEX_HOME
set -eu
dotfiles=$1 home=$2

mkdir -p "$dotfiles/codex" "$home"
[ -e "$dotfiles/codex/config.toml" ] || echo 'model = "gpt-5.5" # mine' >"$dotfiles/codex/config.toml"
ln -sf "$dotfiles/codex/config.toml" "$home/config.toml"

codex-cfg --codex-home "$home" -y apply http-sse --scope default --codex-version 0.169.0
[ "$(readlink "$home/config.toml")" = "$dotfiles/codex/config.toml" ] && echo "still a link"
grep -q 'model_provider = "openai-http"' "$dotfiles/codex/config.toml" && echo "the dotfile has the change"

# Before a commit of the dotfiles: what has been done here since codex-cfg last wrote.
codex-cfg --codex-home "$home" diff --exit-code && echo "nobody else has touched it"
