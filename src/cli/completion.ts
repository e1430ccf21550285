import { Command } from 'commander';
import { domainError } from '../core/errors.js';
import type { Surroundings } from './surroundings.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** What may follow the words of a command: the commands below it and its options. */
type Words = ReadonlyMap<string, readonly string[]>;

/** `numex completion`: prints a script that lets the shell complete commands and options. */
export function completionCommand({ out }: Surroundings): Command {
  const completion = new Command('completion');
  return completion
    .description('print the completion of commands and options for bash, zsh or fish')
    .argument('<shell>', shells.join(', '))
    .addHelpText('after', '\nExample: numex completion bash > /etc/bash_completion.d/numex')
    .action((name: string) => {
      const shell = shells.find((each) => each === name);
      if (!shell)
        throw domainError('invalid_input', { field: 'shell', reason: `must be ${shells.join(', ')}` });
      out(scripts[shell](wordsBelow(rootOf(completion))));
    });
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

function wordsBelow(command: Command, path = ''): Words {
  const words = new Map<string, readonly string[]>();
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  words.set(path, [...command.commands.map((each) => each.name()), ...options, '--help']);
  for (const each of command.commands) {
    const below = path === '' ? each.name() : `${path} ${each.name()}`;
    for (const [name, list] of wordsBelow(each, below)) words.set(name, list);
  }
  return words;
}

/** The words before the one that is being written, without options, are the command; two levels are all there are. */
const scripts: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `# Completion of numex for bash.
_numex() {
  local path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${pathsOf(words)}    esac
  done
  case "$path" in
${casesOf(words, (list) => `COMPREPLY=($(compgen -W "${list}" -- "\${COMP_WORDS[COMP_CWORD]}"))`)}  esac
}
complete -o default -F _numex numex
`,
  zsh: (words) => `#compdef numex
# Completion of numex for zsh.
_numex() {
  local path_of="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$path_of $word" in
${pathsOf(words).replaceAll('path=', 'path_of=')}    esac
  done
  case "$path_of" in
${casesOf(words, (list) => `compadd -- ${list}`)}  esac
  _files
}
compdef _numex numex
`,
  fish: (words) => `# Completion of numex for fish.
${[...words].flatMap(([path, list]) => list.map((word) => fishLine(path, word))).join('\n')}
`,
};

function pathsOf(words: Words): string {
  const paths = [...words.keys()].filter((path) => path !== '');
  return paths
    .map((path) => {
      const before = path.split(' ').slice(0, -1).join(' ');
      return `      "${before} ${path.split(' ').at(-1) ?? ''}") path="${path}" ;;\n`;
    })
    .join('');
}

function casesOf(words: Words, action: (list: string) => string): string {
  return [...words].map(([path, list]) => `    "${path}") ${action(list.join(' '))} ;;\n`).join('');
}

function fishLine(path: string, word: string): string {
  const [first, second] = path.split(' ');
  const conditions = [
    ...(first ? [`__fish_seen_subcommand_from ${first}`] : ['__fish_use_subcommand']),
    ...(second ? [`__fish_seen_subcommand_from ${second}`] : []),
  ];
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
  return `complete -c numex -n '${conditions.join('; and ')}' ${what}`;
}
