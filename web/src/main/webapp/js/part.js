// One thing that the page knows and asks the server for by itself: if it is late or cannot be had, the others stay up to date.
const pause = () => new Promise((resolve) => { setTimeout(resolve, 500); });

export class Part {
  /** What the server has last said; undefined until it has said something. */
  value;
  /** When it was asked for that; a host may have been waited for since. */
  at = null;
  /** Why the last question was not answered; null if it was. */
  problem = null;
  #call;
  #changed;
  #asked = 0;
  #heard = 0;
  #busy = false;
  #again = false;
  #told = () => {};

  /** @param changed is called after each answer and each failure */
  constructor(call, changed) {
    this.#call = call;
    this.#changed = changed;
  }

  /** Asks now, whatever else is under way. Never fails: what went wrong is `problem`. */
  async look() {
    this.#asked += 1;
    const by = this.#asked;
    const at = new Date();
    // what was asked earlier and is answered later must not put back what is gone
    const heard = (tell) => {
      if (by < this.#heard) return;
      this.#heard = by;
      tell();
      this.#told();
      this.#changed();
    };
    await this.#call().then(
      (value) => heard(() => Object.assign(this, { value, at, problem: null })),
      (problem) => heard(() => { this.problem = problem; }),
    );
  }

  /** Asks soon: many events may come at once; one look, and half a second later another, answers all of them. */
  async refresh() {
    if (this.#busy) { this.#again = true; return; }
    this.#busy = true;
    try {
      do {
        this.#again = false;
        // until there is news, be it another look's: a late answer is not waited for when a newer one is there
        await new Promise((resolve) => { this.#told = resolve; this.look(); });
        if (this.#again) await pause();
      } while (this.#again);
    } finally {
      this.#busy = false;
    }
  }
}
