package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Outcome;

/** What a delivery that takes the answer into its own hands may ask of its passage. Event loop. */
interface Onward {
  /** The origin need not go on: its connection is reset, and nothing more of it is told. */
  void stopOrigin();

  /** Something was heard of who answers now; listens for silence again. */
  void heard();

  /** Whether the client does not take what there is. */
  void clientSlow(boolean slow);

  /** The exchange is over; call before the answer's end is written. False if it was already. */
  boolean over(int status, Outcome outcome);

  /** The client's connection is cut, since its answer broke off. */
  void cut(Outcome outcome);
}
