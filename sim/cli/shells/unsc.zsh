#compdef unsc
_unsc() {
    local row word
    local -a rows open closed
    rows=("${(@f)$(_UNSC_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
        _TYPER_COMPLETE_ARGS="${(j: :)words[1,CURRENT]}" unsc 2>/dev/null)}")
    for row in ${rows:#}; do
        word="${${row%%$'\t'*}//:/\\:}"
        [[ $row == *$'\t'* ]] && row="$word:${row#*$'\t'}" || row="$word"
        if [[ $word == *[=./] ]]; then open+=("$row"); else closed+=("$row"); fi
    done
    (( $#open + $#closed )) || { _files; return }
    (( $#open )) && _describe unsc open -S ''
    (( $#closed )) && _describe unsc closed
}
if [[ $funcstack[1] == _unsc ]]; then _unsc "$@"; else compdef _unsc unsc; fi
