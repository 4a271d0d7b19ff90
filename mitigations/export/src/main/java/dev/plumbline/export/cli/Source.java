package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.Mismatch;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.BaseShape;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.manifest.BaseFingerprint;
import dev.plumbline.export.manifest.FileDigests;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * An artefact held against a base: the direction to take out, and what the manifest says of both.
 *
 * @param fit one line on how the artefact fits
 * @param fingerprint of the base's weights
 */
record Source(Artefact artefact, TapDirection shared, String fit, String fingerprint) {
  private static final String OTHER_WEIGHTS =
      "unverified: other weights than it was learned on, of the same kind, as a finetune's are";

  /**
   * Reads the artefact and checks that it was learned on such a model.
   *
   * @throws NotFittingException if it was not
   */
  static Source of(SourceOptions options, Base base) {
    Artefact artefact = ArtefactFolder.read(options.direction);
    BaseShape shape = base.shape();
    Check.that(
        options.strength > 0 && options.strength <= 2,
        "--strength",
        "a number above 0, at most 2",
        options.strength,
        "correct it");
    Check.that(
        options.fromLayer >= 0 && options.fromLayer < shape.layers(),
        "--from-layer",
        "0 to " + (shape.layers() - 1),
        options.fromLayer,
        "correct it");
    if (Layout.isMixture(shape.modelType()) || shape.modelType().equals("gemma")) {
      requireShape(options, artefact, shape);
      return new Source(
          artefact,
          shared(artefact, options.at),
          "unverified: shape only",
          BaseFingerprint.of(base));
    }
    ModelPin pin = pin(options.model);
    Fit fit = artefact.fit(pin);
    if (!fit.mayScore()) {
      throw misfit(options, fit.explain());
    }
    return new Source(
        artefact, shared(artefact, options.at), said(options, fit), pin.weightFingerprint());
  }

  private static String said(SourceOptions options, Fit fit) {
    String said = fit instanceof Fit.Unverified ? OTHER_WEIGHTS : fit.explain();
    return options.finetune == null ? said : "of the base: " + said + "; the finetune's unverified";
  }

  private static ModelPin pin(Path model) {
    // Before the tokenizer: with its native library loaded first, libtorch's autograd crashes.
    TorchRuntime.start();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return ModelPins.of(checkpoint, name(model), "unknown");
    }
  }

  static String name(Path model) {
    return model.toAbsolutePath().normalize().getFileName().toString();
  }

  private static void requireShape(SourceOptions options, Artefact artefact, BaseShape shape) {
    ModelPin wanted = artefact.model();
    for (Mismatch each :
        List.of(
            new Mismatch("architecture", wanted.architecture(), shape.modelType()),
            new Mismatch("layers", "" + wanted.layers(), "" + shape.layers()),
            new Mismatch("hidden", "" + wanted.hidden(), "" + shape.hidden()),
            new Mismatch("vocabulary", "" + wanted.vocabulary(), "" + shape.vocabulary()))) {
      if (!each.wanted().equals(each.found())) {
        throw misfit(options, each.toString());
      }
    }
  }

  private static NotFittingException misfit(SourceOptions options, String why) {
    return new NotFittingException(
        options.direction + " does not fit " + options.model + ": " + why);
  }

  /** The named tap point's direction, or the one most like all others. */
  private static TapDirection shared(Artefact artefact, String at) {
    if (at == null) {
      return SharedDirection.of(artefact);
    }
    Optional<TapDirection> named = artefact.direction(TapPoint.parse(at));
    return named.orElseThrow(
        () ->
            Check.refusal(
                "--at " + at,
                "a tap point with a direction: "
                    + artefact.directions().stream().map(TapDirection::tapPoint).toList(),
                "none there",
                "name one of them"));
  }

  Direction direction() {
    return shared.direction();
  }

  /** The strength at a writer's tap point. */
  static ToDoubleFunction<TapPoint> strength(SourceOptions options) {
    return point -> reaches(options.fromLayer, point) ? options.strength : 0;
  }

  /** Whether a tap point lies at or behind the first changed layer. */
  static boolean reaches(int fromLayer, TapPoint point) {
    return fromLayer == 0 || point.layer() >= fromLayer;
  }

  /** What the manifest says. */
  void describe(SourceOptions options, Base base, ObjectNode into) {
    into.putObject("artefact")
        .put("name", artefact.name())
        .put("digest", FileDigests.of(options.direction.resolve("direction.json")))
        .put("fit", fit);
    BaseShape shape = base.shape();
    into.putObject("base")
        .put("name", name(options.model))
        .put("model_type", shape.modelType())
        .put("layers", shape.layers())
        .put("hidden", shape.hidden())
        .put("vocabulary", shape.vocabulary())
        .put("weight_fingerprint", fingerprint);
    into.put("tap_point", shared.tapPoint().toString());
    into.put("strength", options.strength).put("from_layer", options.fromLayer);
  }
}
