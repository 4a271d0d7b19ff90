package dev.plumbline.torch.bench;

/**
 * The least time a piece of work can take on a machine (Williams, Waterman &amp; Patterson 2009):
 * its bytes over the memory's bandwidth or its operations over the matrix rate, whichever is more.
 *
 * @param bandwidth bytes read a second
 * @param rate operations a second, of the model's own matrix products
 */
record Roofline(double bandwidth, double rate) {

  /** Seconds at least. */
  double seconds(double bytes, double operations) {
    return Math.max(bytes / bandwidth, operations / rate);
  }
}
