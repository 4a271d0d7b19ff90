package dev.plumbline.agent.adapters;

/**
 * What was found along the direction, each a mean over the prompts, in spreads of aligned traffic.
 *
 * @param states whether of the states that serve, whose projection an ablation takes to 0; else of
 *     the texts as the reader reads them, where 0 is what aligned texts have
 * @param plain without the adapter
 * @param ablated with it
 * @param again without it, asked a second time: how far answers differ by themselves
 * @param prompts that were measured in all three
 */
record Measured(boolean states, double plain, double ablated, double again, int prompts) {
  String by() {
    return states ? "states" : "reader";
  }

  /** How much there is to take away. */
  double before() {
    return states ? Math.abs(plain) : plain;
  }

  /** How much is left; a text below the aligned mean has nothing left. */
  double after() {
    return states ? Math.abs(ablated) : Math.max(0, ablated);
  }

  double noise() {
    return Math.abs(plain - again);
  }

  /** The share that is gone; of use only where there was something. */
  double fall() {
    return 1 - after() / before();
  }
}
