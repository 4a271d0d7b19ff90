package dev.plumbline.core.pooling;

/**
 * The readout of the last prompt token alone: an early warning, known before the first answer
 * token. Takes exactly one readout.
 */
public record LastPromptToken() implements Pooling {

  static final String NAME = "last_prompt_token";

  @Override
  public Pool start() {
    return new Pool() {
      private boolean taken;

      @Override
      public double add(double readout) {
        if (taken) {
          throw new IllegalStateException(
              "pooling last_prompt_token: wanted one readout, found a second; "
                  + "feed it the last prompt token only");
        }
        taken = true;
        return readout;
      }
    };
  }

  @Override
  public String wireName() {
    return NAME;
  }
}
