package dev.plumbline.learn.bench;

/**
 * What one side took to go from answers to a finished direction.
 *
 * @param collect seconds of reading and summing up
 * @param estimate seconds from the sums to directions and scales
 * @param probe seconds of the logistic probe with its cross-validation
 * @param states hidden states of answer tokens that were summed up, over all tap points
 * @param forwarded tokens that went through the model, padding counted; 0 for synthetic states
 * @param peakMib largest resident size meanwhile, MiB
 * @param ridge λ of the probe
 * @param directions mean difference at each tap point, then whitened, then the probe {@code [K,D]}
 */
record SideRun(
    double collect,
    double estimate,
    double probe,
    long states,
    long forwarded,
    double peakMib,
    double ridge,
    double[][] directions) {

  /** Seconds from answers to the mean differences and the whitened direction. */
  double direction() {
    return collect + estimate;
  }

  /** Seconds from answers to all of it, with the probe. */
  double total() {
    return collect + estimate + probe;
  }

  /** The least cosine of any direction with the other side's. */
  double agreement(SideRun other) {
    double least = 1;
    for (int k = 0; k < directions.length; k++) {
      least = Math.min(least, cosine(directions[k], other.directions[k]));
    }
    return least;
  }

  private static double cosine(double[] a, double[] b) {
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
