package dev.plumbline.learn.bench;

/** One of the two that are compared: does all steps over the first answers of the bench's data. */
interface Side extends AutoCloseable {
  /** Which data. */
  enum Part {
    ANSWERS,
    SYNTHETIC
  }

  /** All steps, timed. */
  SideRun run(Part part, int answers);

  @Override
  void close();
}
