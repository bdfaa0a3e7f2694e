/* SPDX-License-Identifier: MIT */
/* What shells read. Nothing is known here of commands or keys: the words come from `posim completion words`. */
#include "cli/completion.h"

#include <string.h>

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

/* clang-format off */
static const char bash[] =
    "# Completion of posim's command lines in bash: what can stand next is asked of posim itself.\n"
    "# shellcheck shell=bash\n"
    "\n"
    "# Files of a kind that begin with what is typed, and folders on the way to them.\n"
    "_posim_paths() {\n"
    "    local path\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    while IFS= read -r path; do\n"
    "        case $1 in\n"
    "        :scenarios) [[ -d $path || $path == *.yaml || $path == *.yml ]] ;;\n"
    "        :results) [[ -e $path/manifest.json ]] || { [[ -d $path ]] && compgen -d -- \"$path/\" >/dev/null; } ;;\n"
    "        *) [[ -d $path ]] ;;\n"
    "        esac && COMPREPLY+=(\"$path\")\n"
    "    done < <(compgen -f -- \"$2\")\n"
    "}\n"
    "\n"
    "_posim() {\n"
    "    local program=${COMP_WORDS[0]/#~/$HOME} current=${COMP_WORDS[COMP_CWORD]} words=() word line before glued\n"
    "    # bash divides words at = and : as well\n"
    "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD}\"; do\n"
    "        if [[ ${#words[@]} -gt 0 && ($word == [=:] || $glued == 1) ]]; then\n"
    "            words[-1]+=$word\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "        [[ $word == [=:] ]] && glued=1 || glued=0\n"
    "    done\n"
    "    [[ $current == [=:] ]] && current=\n"
    "    before=${words[-1]%\"$current\"}\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :*) _posim_paths \"$line\" \"$current\" ;;\n"
    "        *)\n"
    "            word=${line%%$'\\t'*}\n"
    "            [[ $word == *[=.,] ]] && compopt -o nospace 2>/dev/null\n"
    "            COMPREPLY+=(\"${word#\"$before\"}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(\"$program\" completion words \"${words[@]}\" 2>/dev/null)\n"
    "}\n"
    "\n"
    "complete -F _posim posim\n";

static const char zsh[] =
    "#compdef posim\n"
    "# Completion of posim's command lines in zsh: what can stand next is asked of posim itself.\n"
    "\n"
    "_posim() {\n"
    "    local line word meaning\n"
    "    local -a done_words open_words\n"
    "    local -a typed=(\"${(@Q)words[2,CURRENT-1]}\" \"${(Q)PREFIX}\")\n"
    "    local answer=\"$(\"${words[1]}\" completion words \"${typed[@]}\" 2>/dev/null)\"\n"
    "    for line in \"${(@f)answer}\"; do\n"
    "        word=\"${line%%$'\\t'*}\"\n"
    "        meaning=\"${${line#\"$word\"}#$'\\t'}\"\n"
    "        case $line in\n"
    "        '') ;;\n"
    "        :scenarios) _files -g '*.(yaml|yml)' ;;\n"
    "        :*) _files -/ ;;\n"
    "        *[=.,] | *[=.,]$'\\t'*) open_words+=(\"${word//:/\\\\:}${meaning:+:$meaning}\") ;;\n"
    "        *) done_words+=(\"${word//:/\\\\:}${meaning:+:$meaning}\") ;;\n"
    "        esac\n"
    "    done\n"
    "    (( ${#done_words} )) && _describe -t words posim done_words\n"
    "    (( ${#open_words} )) && _describe -t words posim open_words -S ''\n"
    "}\n"
    "\n"
    "if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then\n"
    "    _posim \"$@\"\n"
    "else\n"
    "    compdef _posim posim\n"
    "fi\n";

static const char fish[] =
    "# Completion of posim's command lines in fish: what can stand next is asked of posim itself.\n"
    "\n"
    "function __posim_complete\n"
    "    set -l words (commandline -opc)\n"
    "    set -l current (commandline -ct)\n"
    "    for line in ($words[1] completion words $words[2..-1] \"$current\" 2>/dev/null)\n"
    "        switch $line\n"
    "            case ':scenarios'\n"
    "                __fish_complete_suffix \"$current\" .yaml\n"
    "            case ':results' ':folders'\n"
    "                __fish_complete_directories \"$current\"\n"
    "            case '*'\n"
    "                echo $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c posim -f -a '(__posim_complete)'\n";
/* clang-format on */

const char *completion_script(const char *shell)
{
    static const char *const scripts[] = {bash, zsh, fish};
    for (size_t s = 0; completion_shells[s]; s++)
        if (strcmp(completion_shells[s], shell) == 0)
            return scripts[s];
    return NULL;
}
