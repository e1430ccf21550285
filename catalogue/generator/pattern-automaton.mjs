// @ts-check
/**
 * A numbering plan is a set of patterns over digits. To know which kinds of number can follow a prefix, without trying
 * numbers at random, the patterns become one automaton that is walked digit by digit.
 */

const digitCount = 10;
const anyDigitMask = (1 << digitCount) - 1;

/** @typedef {{ kind: 'set', mask: number }} SetNode */
/** @typedef {{ kind: 'sequence', parts: PatternNode[] }} SequenceNode */
/** @typedef {{ kind: 'choice', options: PatternNode[] }} ChoiceNode */
/** @typedef {{ kind: 'repeat', part: PatternNode, atLeast: number, atMost: number }} RepeatNode */
/** @typedef {SetNode | SequenceNode | ChoiceNode | RepeatNode} PatternNode */

/** Reads the small part of regular-expression syntax that numbering plans use; refuses the rest. */
export class PatternReader {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.position = 0;
  }

  /** @returns {PatternNode} */
  read() {
    const node = this.readChoice();
    if (this.position !== this.source.length) throw this.refusal();
    return node;
  }

  refusal() {
    return new Error(`pattern not understood at ${String(this.position)}: ${this.source}`);
  }

  peek() {
    return this.source[this.position];
  }

  /** @returns {PatternNode} */
  readChoice() {
    const options = [this.readSequence()];
    while (this.peek() === '|') {
      this.position += 1;
      options.push(this.readSequence());
    }
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  /** @returns {PatternNode} */
  readSequence() {
    /** @type {PatternNode[]} */
    const parts = [];
    while (this.position < this.source.length && this.peek() !== '|' && this.peek() !== ')') {
      parts.push(this.readRepeat(this.readAtom()));
    }
    return { kind: 'sequence', parts };
  }

  /** @returns {PatternNode} */
  readAtom() {
    if (this.source.startsWith('(?:', this.position)) {
      this.position += 3;
      const inner = this.readChoice();
      if (this.peek() !== ')') throw this.refusal();
      this.position += 1;
      return inner;
    }
    if (this.source.startsWith('\\d', this.position)) {
      this.position += 2;
      return { kind: 'set', mask: anyDigitMask };
    }
    if (this.peek() === '[') return this.readSet();
    const digit = /** @type {string} */ (this.peek());
    if (!/^\d$/.test(digit)) throw this.refusal();
    this.position += 1;
    return { kind: 'set', mask: 1 << Number(digit) };
  }

  /** @returns {SetNode} */
  readSet() {
    const end = this.source.indexOf(']', this.position);
    const body = this.source.slice(this.position + 1, end);
    if (end < 0 || !/^(\d-\d|\d)+$/.test(body)) throw this.refusal();
    this.position = end + 1;
    let mask = 0;
    for (const [range] of body.matchAll(/\d-\d|\d/g)) {
      for (let digit = Number(range[0]); digit <= Number(range.at(-1)); digit += 1) mask |= 1 << digit;
    }
    return { kind: 'set', mask };
  }

  /**
   * @param {PatternNode} part
   * @returns {PatternNode}
   */
  readRepeat(part) {
    if (this.peek() === '?') {
      this.position += 1;
      return { kind: 'repeat', part, atLeast: 0, atMost: 1 };
    }
    const bounds = /^\{(\d+)(?:,(\d+))?\}/.exec(this.source.slice(this.position));
    if (!bounds) return part;
    this.position += bounds[0].length;
    return { kind: 'repeat', part, atLeast: Number(bounds[1]), atMost: Number(bounds[2] ?? bounds[1]) };
  }
}

/**
 * What one set of positions in the patterns can still become.
 * @typedef {{ depth: number, positions: number[], next: (Node | null | undefined)[], reach: number | undefined }} Node
 */

/** All patterns of one calling code, walked together. Verdicts are small integers; a reach is a bit mask of verdicts. */
export class PatternAutomaton {
  /** @param {(acceptedTags: number[], depth: number) => number | null} judge verdict for a complete number */
  constructor(judge) {
    this.judge = judge;
    /** @type {number[]} */ this.masks = [];
    /** @type {number[][]} */ this.targets = [];
    /** @type {Map<number, number>} */ this.tagOfState = new Map();
    /** @type {number[]} */ this.entries = [];
    /** @type {Map<string, Node>} */ this.nodes = new Map();
  }

  /**
   * @param {string} pattern
   * @param {number} tag
   */
  add(pattern, tag) {
    const accepting = this.addState(0, []);
    this.tagOfState.set(accepting, tag);
    this.entries.push(this.compile(new PatternReader(pattern).read(), accepting));
  }

  /**
   * @param {number} mask digits that lead on; 0 for a state that is left without reading a digit
   * @param {number[]} targets
   */
  addState(mask, targets) {
    this.masks.push(mask);
    this.targets.push(targets);
    return this.masks.length - 1;
  }

  /**
   * @param {PatternNode} node
   * @param {number} following
   * @returns {number} the state in which the part begins
   */
  compile(node, following) {
    if (node.kind === 'set') return this.addState(node.mask, [following]);
    if (node.kind === 'sequence')
      return node.parts.reduceRight((after, part) => this.compile(part, after), following);
    if (node.kind === 'choice') {
      return this.addState(
        0,
        node.options.map((option) => this.compile(option, following)),
      );
    }
    let state = following;
    for (let copy = node.atMost; copy > node.atLeast; copy -= 1) {
      state = this.addState(0, [this.compile(node.part, state), following]);
    }
    for (let copy = node.atLeast; copy > 0; copy -= 1) state = this.compile(node.part, state);
    return state;
  }

  /** @returns {Node} */
  start() {
    return /** @type {Node} */ (this.nodeOf(this.entries, 0));
  }

  /**
   * @param {number[]} states
   * @param {number} depth digits read so far
   * @returns {Node | null}
   */
  nodeOf(states, depth) {
    const seen = new Set(states);
    for (const state of seen) {
      if (this.masks[state] === 0) for (const target of this.targets[state] ?? []) seen.add(target);
    }
    const positions = [...seen].filter((state) => this.masks[state] !== 0 || this.tagOfState.has(state));
    if (positions.length === 0) return null;
    positions.sort((a, b) => a - b);
    const key = `${String(depth)}:${positions.join()}`;
    const known = this.nodes.get(key);
    if (known) return known;
    /** @type {Node} */
    const node = { depth, positions, next: [], reach: undefined };
    this.nodes.set(key, node);
    return node;
  }

  /**
   * @param {Node} node
   * @param {number} digit
   * @returns {Node | null}
   */
  step(node, digit) {
    const known = node.next[digit];
    if (known !== undefined) return known;
    const states = node.positions.flatMap((state) =>
      (this.masks[state] ?? 0) & (1 << digit) ? (this.targets[state] ?? []) : [],
    );
    const next = this.nodeOf(states, node.depth + 1);
    node.next[digit] = next;
    return next;
  }

  /**
   * @param {Node} node
   * @returns {number | null} the verdict on the number that ends here
   */
  verdictAt(node) {
    const tags = node.positions.flatMap((state) => this.tagOfState.get(state) ?? []);
    return tags.length > 0 ? this.judge(tags, node.depth) : null;
  }

  /**
   * @param {Node} node
   * @returns {number} bit mask of the verdicts of all complete numbers from here on
   */
  reach(node) {
    if (node.reach !== undefined) return node.reach;
    const own = this.verdictAt(node);
    let reach = own === null ? 0 : 1 << own;
    for (let digit = 0; digit < digitCount; digit += 1) {
      const next = this.step(node, digit);
      if (next) reach |= this.reach(next);
    }
    node.reach = reach;
    return reach;
  }
}
