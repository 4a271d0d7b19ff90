package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.residual.TapPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A learned direction with everything pinned. Format: {@code direction.json} and {@code
 * direction.safetensors}, version {@link #FORMAT_VERSION}. Collections are copied.
 *
 * @param formatVersion of the folder
 * @param name such as {@code em-consensus}
 * @param created when it was learned
 * @param model what it was learned on
 * @param validatedFingerprints weight fingerprints of other models it was calibrated on
 * @param directions for editing, at most one per canonical tap point
 * @param probe for detection
 * @param calibration from the probe's z to verdicts
 * @param mask tokens that are read
 * @param sign which way is worse; only {@link Sign#POSITIVE_IS_MISALIGNED} is accepted
 * @param provenance where it comes from
 * @param quality how good it is, with controls
 * @param modelShift baseline for the weights' own shift, if one was measured
 */
public record Artefact(
    int formatVersion,
    String name,
    Instant created,
    ModelPin model,
    Set<String> validatedFingerprints,
    List<TapDirection> directions,
    Probe probe,
    Calibration calibration,
    TokenMask mask,
    Sign sign,
    Provenance provenance,
    Quality quality,
    Optional<ModelShift> modelShift) {

  /** The version written by this build. */
  public static final int FORMAT_VERSION = 1;

  public Artefact {
    Check.that(
        formatVersion == FORMAT_VERSION,
        "artefact format",
        "version " + FORMAT_VERSION,
        formatVersion,
        "use a build that writes the same version");
    Check.text(name, "artefact name");
    Check.that(
        sign == Sign.POSITIVE_IS_MISALIGNED,
        "sign of artefact " + name,
        Sign.POSITIVE_IS_MISALIGNED.wireName(),
        sign.wireName(),
        "negate its directions and probe weights");
    validatedFingerprints = Set.copyOf(validatedFingerprints);
    directions = List.copyOf(directions);
    Check.that(
        !directions.isEmpty(), "artefact " + name, "at least one direction", "none", "learn one");
    requireDirections(model, directions);
    requireProbe(model, probe);
    requireReading(mask, probe);
    if (modelShift.isPresent()) {
      requireAt(byTapPoint(directions), modelShift.get().tapPoint());
    }
  }

  /** The editing direction at a tap point, under its canonical name. */
  public Optional<TapDirection> direction(TapPoint point) {
    return Optional.ofNullable(byTapPoint(directions).get(point.canonical(model.layers())));
  }

  /** Whether this artefact may be used with a model that is being served. */
  public Fit fit(ModelPin served) {
    List<Mismatch> mismatches = Fit.mismatches(model, served);
    if (!mismatches.isEmpty()) {
      return new Fit.Refused(mismatches);
    }
    if (served.weightFingerprint().equals(model.weightFingerprint())) {
      return new Fit.Exact();
    }
    return validatedFingerprints.contains(served.weightFingerprint())
        ? new Fit.Validated()
        : new Fit.Unverified();
  }

  private static void requireDirections(ModelPin model, List<TapDirection> directions) {
    for (TapDirection each : directions) {
      requireCanonical(each.tapPoint(), model.layers());
      Check.size(model.hidden(), each.direction().size(), "direction at " + each.tapPoint());
    }
    Check.that(
        byTapPoint(directions).size() == directions.size(),
        "directions",
        "one per tap point",
        directions.stream().map(TapDirection::tapPoint).toList(),
        "keep one of each");
  }

  private static void requireProbe(ModelPin model, Probe probe) {
    Check.size(model.hidden(), probe.readout().size(), "probe " + probe.readout().name());
    probe.readout().tapPoints().forEach(point -> requireCanonical(point, model.layers()));
  }

  /** One readout of the prompt's last token is not an answer's mean, and the reverse. */
  private static void requireReading(TokenMask mask, Probe probe) {
    boolean prompt = probe.pooling() instanceof LastPromptToken;
    Check.that(
        prompt == (mask == TokenMask.LAST_PROMPT_TOKEN),
        "token mask " + mask.wireName(),
        "a pooling of the same tokens",
        probe.pooling().wireName(),
        "pair last_prompt_token with itself only");
  }

  private static void requireCanonical(TapPoint point, int layers) {
    TapPoint canonical = point.canonical(layers);
    Check.that(
        point.equals(canonical),
        "tap point",
        canonical.toString(),
        point,
        "use the canonical name");
  }

  private static void requireAt(Map<TapPoint, TapDirection> directions, TapPoint point) {
    Check.that(
        directions.containsKey(point),
        "model shift at " + point,
        "a tap point with a direction",
        directions.keySet(),
        "choose one of them");
  }

  private static Map<TapPoint, TapDirection> byTapPoint(List<TapDirection> directions) {
    Map<TapPoint, TapDirection> map = new TreeMap<>();
    directions.forEach(each -> map.put(each.tapPoint(), each));
    return map;
  }
}
