package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What is done to one request: an intervention at each of some tap points, over a range of its
 * tokens. Immutable; the map is copied, in forward order.
 *
 * <p>Plain ablation of <em>one</em> direction after <em>every</em> writer over all tokens equals a
 * forward pass with orthogonalised writers ({@link #shared(Direction, int)}). One direction per tap
 * point, an affine baseline, or fewer tap points is not any change of weights: a rank-1 adapter or
 * an exported checkpoint can only approximate it.
 *
 * @param interventions by canonical tap point; {@code resid_pre} is refused, name it as the
 *     previous layer's {@code resid_post}
 * @param range positions touched
 */
public record InterventionPlan(Map<TapPoint, Intervention> interventions, TokenRange range) {

  private static final InterventionPlan NONE = new InterventionPlan(Map.of(), TokenRange.ALL);

  public InterventionPlan {
    TreeMap<TapPoint, Intervention> copy = new TreeMap<>(interventions);
    for (TapPoint point : copy.keySet()) {
      Check.that(
          point.site() != Site.RESID_PRE,
          "intervention plan",
          "a canonical tap point",
          point,
          "use TapPoint.canonical, so that no state is changed twice");
    }
    long sizes = copy.values().stream().map(Intervention::size).distinct().count();
    Check.that(sizes <= 1, "intervention plan", "one width D", sizes + " widths", "use one model");
    interventions = Collections.unmodifiableMap(copy);
  }

  /** Nothing is done. */
  public static InterventionPlan none() {
    return NONE;
  }

  /** Each tap point's own direction, taken out to 0 after every writer. */
  public static InterventionPlan perTapPoint(Artefact artefact) {
    return perWriter(artefact, all -> true, tap -> DirectionalAblation.plain(tap.direction()));
  }

  /** Each tap point's own direction, taken out to the aligned mean after every writer. */
  public static InterventionPlan perTapPointAffine(Artefact artefact) {
    return perWriter(
        artefact,
        all -> true,
        tap -> DirectionalAblation.affine(tap.direction(), tap.alignedMean()));
  }

  /**
   * What a function says for each writer the artefact has a direction for: where nothing was
   * learned, nothing is done.
   *
   * @param wanted which of those writers
   */
  public static InterventionPlan perWriter(
      Artefact artefact,
      Predicate<TapPoint> wanted,
      Function<TapDirection, Intervention> intervention) {
    List<TapPoint> learned =
        Writers.of(artefact.model().layers()).stream()
            .filter(wanted)
            .filter(point -> artefact.direction(point).isPresent())
            .toList();
    Check.that(
        !learned.isEmpty(),
        "intervention plan from artefact " + artefact.name(),
        "a direction after at least one writer that is wanted",
        "none",
        "learn at the writers, ask for layers it was learned at, or share one direction");
    return over(learned, point -> intervention.apply(artefact.direction(point).orElseThrow()));
  }

  /** Each tap point's own direction, taken out as strongly as a profile says, to the mean or 0. */
  public static InterventionPlan profiled(
      Artefact artefact, AblationProfile profile, boolean affine) {
    return perWriter(
        artefact,
        point -> profile.strength(point) > 0,
        tap ->
            new DirectionalAblation(
                tap.direction(), profile.strength(tap.tapPoint()), affine ? tap.alignedMean() : 0));
  }

  /**
   * The span of several artefacts' directions, taken out after every writer the first has one for;
   * at each, of those artefacts that have one there.
   *
   * @param artefacts of one model, the first leading
   * @param strength α of {@link SubspaceAblation}
   * @param affine to each direction's aligned mean, else to 0
   */
  public static InterventionPlan spanned(
      List<Artefact> artefacts, double strength, boolean affine) {
    return perWriter(
        artefacts.get(0), all -> true, tap -> span(artefacts, tap.tapPoint(), strength, affine));
  }

  private static Intervention span(
      List<Artefact> artefacts, TapPoint point, double strength, boolean affine) {
    List<TapDirection> taps =
        artefacts.stream().flatMap(artefact -> artefact.direction(point).stream()).toList();
    return new SubspaceAblation(
        Subspace.of(taps.stream().map(TapDirection::direction).toList()),
        strength,
        taps.stream().map(tap -> affine ? tap.alignedMean() : 0).toList());
  }

  /**
   * Pushes at one tap point by standard deviations of its aligned projection. At one, because the
   * push stays in the stream and pushes at several add up.
   */
  public static InterventionPlan steered(Artefact artefact, TapPoint point, double coefficient) {
    TapDirection tap =
        artefact
            .direction(point)
            .orElseThrow(
                () ->
                    Check.refusal(
                        "steering with artefact " + artefact.name(),
                        "a direction at " + point,
                        "none",
                        "choose one of its tap points"));
    return over(
        List.of(tap.tapPoint()),
        at -> new Steering(tap.direction(), coefficient, tap.alignedSpread()));
  }

  /** One direction taken out to 0 after every writer of a model of L layers. */
  public static InterventionPlan shared(Direction direction, int layers) {
    return shared(direction, layers, point -> 0);
  }

  /**
   * One direction taken out after every writer, to a baseline of each.
   *
   * @param baselines μ in residual units: the aligned mean projection on <em>this</em> direction at
   *     that tap point
   */
  public static InterventionPlan shared(
      Direction direction, int layers, ToDoubleFunction<TapPoint> baselines) {
    return over(
        Writers.of(layers),
        point -> DirectionalAblation.affine(direction, baselines.applyAsDouble(point)));
  }

  /** The same over other positions. */
  public InterventionPlan over(TokenRange positions) {
    return new InterventionPlan(interventions, positions);
  }

  /** The same at some of its tap points, at least one. */
  public InterventionPlan at(Predicate<TapPoint> wanted) {
    TreeMap<TapPoint, Intervention> some = new TreeMap<>(interventions);
    some.keySet().removeIf(wanted.negate());
    Check.that(
        !some.isEmpty(),
        "intervention plan",
        "at least one of " + interventions.keySet(),
        "none",
        "choose tap points it has");
    return new InterventionPlan(some, range);
  }

  /** The same, each state brought back to its length after each change. */
  public InterventionPlan keepingNorm() {
    TreeMap<TapPoint, Intervention> kept = new TreeMap<>();
    interventions.forEach((point, each) -> kept.put(point, new NormPreserving(each)));
    return new InterventionPlan(kept, range);
  }

  /** Whether nothing is done. */
  public boolean isEmpty() {
    return interventions.isEmpty();
  }

  /** Whether the state of a position at a tap point is changed. */
  public boolean touches(TapPoint point, int position) {
    return range.contains(position) && interventions.containsKey(point);
  }

  /** Token states a forward pass over positions 0 to {@code positions}−1 must go over. */
  public long expectedTokens(int positions) {
    int end = Math.min(positions, range.to());
    return (long) Math.max(0, end - range.from()) * interventions.size();
  }

  private static InterventionPlan over(
      List<TapPoint> points, Function<TapPoint, Intervention> intervention) {
    TreeMap<TapPoint, Intervention> map = new TreeMap<>();
    points.forEach(point -> map.put(point, intervention.apply(point)));
    return new InterventionPlan(map, TokenRange.ALL);
  }
}
