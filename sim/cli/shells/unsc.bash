_unsc_completion() {
    local line="${COMP_LINE:0:COMP_POINT}" word IFS=$' \t\n'
    local -a words
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word="${words[${#words[@]}-1]}"
    IFS=$'\n'
    COMPREPLY=($(_UNSC_COMPLETE=complete_bash COMP_WORDS="$line" \
        COMP_CWORD=$((${#words[@]} - 1)) unsc 2>/dev/null))
    # To bash, what follows the last `=` is a word of its own.
    if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*=}"}"}")
    fi
    [[ ${COMPREPLY[0]} == *[=./] ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -o default -F _unsc_completion unsc
