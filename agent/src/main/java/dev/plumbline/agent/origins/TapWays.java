package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.StatesSource;
import java.util.List;
import java.util.Optional;

/** The ways to an origin's own states, and what rules one out before it is tried. */
final class TapWays {
  /** Best first: files cost the server least, SGLang gives one layer only. */
  static final List<StatesSource> TRIED =
      List.of(StatesSource.VLLM_FILES, StatesSource.VLLM_CAPTURE, StatesSource.SGLANG);

  private TapWays() {}

  /**
   * Why a way cannot be.
   *
   * @param directory whether {@code states.directory} is set
   * @param model a name to try with
   */
  static Optional<String> obstacle(
      StatesSource way, ServerFacts facts, boolean directory, Optional<String> model) {
    return way == StatesSource.SGLANG ? ofSglang(facts) : ofVllm(way, facts, directory, model);
  }

  private static Optional<String> ofSglang(ServerFacts facts) {
    if (facts.kind() != ServerFacts.Kind.SGLANG) {
      return another(ServerFacts.Kind.SGLANG, facts);
    }
    return facts
        .handsOver()
        .filter(on -> !on)
        .map(no -> "it was started without --enable-return-hidden-states");
  }

  private static Optional<String> ofVllm(
      StatesSource way, ServerFacts facts, boolean directory, Optional<String> model) {
    if (facts.kind() != ServerFacts.Kind.VLLM) {
      return another(ServerFacts.Kind.VLLM, facts);
    }
    if (way == StatesSource.VLLM_FILES && !directory) {
      return Optional.of("states.directory is not set");
    }
    if (model.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        facts.locked()
            ? "it wants a key, which the agent has not; set states.tap"
            : "it lists no model to try with");
  }

  static Optional<String> another(ServerFacts.Kind wanted, ServerFacts facts) {
    return Optional.of("wanted " + wanted + ", found " + facts.kind());
  }
}
