/**
 * The completion scripts. Each hands the words before the cursor to `codex-cfg __complete`, which answers with a line
 * `value<TAB>a word about it` for each thing to offer, and `<TAB>files` or `<TAB>folders` where the shell completes paths. A
 * value may come out of a config, so none is ever evaluated, and what is put on the command line is quoted.
 */

export type Shell = "bash" | "zsh" | "fish" | "powershell";

export const SHELLS: Readonly<Record<Shell, { readonly load: string; readonly script: string }>> = {
  bash: {
    load: 'in ~/.bashrc: eval "$(codex-cfg completion bash)"',
    script: `# Completion of codex-cfg for bash.
_codex_cfg() {
  local word last='' line value cur='' cut paths='' quoted='' words=()
  # Bash takes = and : for words of their own, and codex-cfg does not.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ \${#words[@]} -gt 0 && ( $word == [=:]* || $last == *[=:] ) && $COMP_LINE == *"$last$word"* ]]; then
      last+=$word
      words[\${#words[@]}-1]=$last
    else
      last=$word
      words+=("$word")
    fi
  done
  if [[ \${#words[@]} -gt 0 ]]; then
    cur=\${words[\${#words[@]}-1]}
    unset "words[\${#words[@]}-1]"
  fi
  cut=\${cur%"\${cur##*[=:]}"}
  case $cur in
    [\\'\\"]*) quoted=1 cur=\${cur:1} cut='' ;;
    *) cur=\${cur//\\\\/} ;;
  esac
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    if [[ -z $value ]]; then
      paths=\${line#$'\\t'}
    elif [[ -z $quoted ]]; then
      printf -v value %q "\${value#"$cut"}"
      COMPREPLY+=("$value")
    elif [[ $value != *[!a-zA-Z0-9_.=/\\ -]* ]]; then
      COMPREPLY+=("$value")
    fi
  done < <(codex-cfg __complete "--current=$cur" -- "\${words[@]}" 2>/dev/null)
  if [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    [[ $paths == folders ]] && value=-d || value=-f
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$value" -- "$cur")
  fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[.=] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _codex_cfg codex-cfg
`,
  },
  zsh: {
    load: 'in ~/.zshrc, behind compinit: eval "$(codex-cfg completion zsh)"',
    script: `#compdef codex-cfg
# Completion of codex-cfg for zsh.
_codex_cfg() {
  local line value about paths
  local -a whole shown part partshown
  for line in "\${(@f)$(codex-cfg __complete "--current=\${(Q)PREFIX}" -- "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*} about=\${line#*$'\\t'}
    if [[ -z $value ]]; then
      paths=$about
    elif [[ $value == *[.=] ]]; then
      part+=("$value") partshown+=("$value")
    else
      whole+=("$value") shown+=("\${value}\${about:+  -- $about}")
    fi
  done
  (( $#whole )) && compadd -l -V whole -d shown -- "\${whole[@]}"
  (( $#part )) && compadd -S '' -V part -d partshown -- "\${part[@]}"
  case $paths in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _codex-cfg ]]; then _codex_cfg "$@"; else compdef _codex_cfg codex-cfg; fi
`,
  },
  fish: {
    load: "in ~/.config/fish/config.fish: codex-cfg completion fish | source",
    script: `# Completion of codex-cfg for fish.
function __codex_cfg_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (codex-cfg __complete "--current=$current" -- $words[2..] 2>/dev/null)
    switch $line
      case \\t'files'
        __fish_complete_path "$current"
      case \\t'folders'
        __fish_complete_directories "$current" ''
      case '*'
        printf '%s\\n' $line
    end
  end
end
complete -c codex-cfg -f -k -a '(__codex_cfg_complete)'
`,
  },
  powershell: {
    load: "in $PROFILE: codex-cfg completion powershell | Out-String | Invoke-Expression",
    script: `# Completion of codex-cfg for PowerShell.
Register-ArgumentCompleter -Native -CommandName codex-cfg -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { "$_" } })
  $current = $wordToComplete.Trim("'\`"")
  codex-cfg __complete "--current=$current" -- @words 2>$null | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    if ($value -eq '') {
      Get-ChildItem -Name -Directory:($about -eq 'folders') -Path "$current*" -ErrorAction Ignore | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new("'" + $_.Replace("'", "''") + "'", $_, 'ProviderItem', $_)
      }
    } else {
      $text = if ($value -match '^[\\w.=/-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
      if ($about -eq '') { $about = $value }
      [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
  }
}
`,
  },
};
