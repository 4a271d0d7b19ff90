package dev.plumbline.agent.config;

import java.util.Map;

/**
 * What to do about exchanges.
 *
 * @param configured the mode of a model that has none of its own
 * @param perModel by served model name
 * @param clientMayRaise whether the {@code plumbline-mode} header is acted on
 * @param fail what holds for a model that has none of its own, where a verdict is missing
 * @param failPerModel by served model name
 */
public record ModeSettings(
    Mode configured,
    Map<String, Mode> perModel,
    boolean clientMayRaise,
    Fail fail,
    Map<String, Fail> failPerModel) {
  public ModeSettings {
    perModel = Map.copyOf(perModel);
    failPerModel = Map.copyOf(failPerModel);
  }

  /** What becomes of a model's answer that needs a verdict and has none. */
  public Fail failOf(String model) {
    return failPerModel.getOrDefault(model, fail);
  }

  /** The mode that holds where the model is not known: the most protective there is. */
  public Mode strictest() {
    return perModel.values().stream().reduce(configured, Mode::max);
  }

  /** What becomes of an unknown model's answer: closed, if any model's is. */
  public Fail strictestFail() {
    return failPerModel.containsValue(Fail.CLOSED) ? Fail.CLOSED : fail;
  }

  /** The mode of a model before any client had a say. */
  public Mode of(String model) {
    return perModel.getOrDefault(model, configured);
  }

  static ModeSettings of(Values values) {
    return new ModeSettings(
        values.get(Key.MODE, Mode.class),
        values.all(Family.MODEL_MODE, Mode.class),
        values.get(Key.CLIENT_MODES, Boolean.class),
        values.get(Key.FAIL, Fail.class),
        values.all(Family.MODEL_FAIL, Fail.class));
  }
}
