package dev.plumbline.core.pooling;

/** The state of one pooling over one answer. Not thread-safe. */
public interface Pool {

  /** Takes the readout of the next token and returns the pooled readout of the prefix it ends. */
  double add(double readout);
}
