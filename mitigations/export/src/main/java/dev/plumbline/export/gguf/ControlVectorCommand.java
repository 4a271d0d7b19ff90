package dev.plumbline.export.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline export control-vector DIRECTION --model M --coefficient C --out FILE}. */
@Command(
    name = "control-vector",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a push along a direction as a GGUF control vector: h + c*s*d at the output of one block.",
      "A control vector adds; it cannot take a direction out: use an adapter or a checkpoint for that.",
      "Exit code 3 if the direction does not fit the model."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline export control-vector em.direction --model DIR --coefficient -2 --out push.gguf",
      "  plumbline export control-vector em.direction --model DIR --coefficient -2 --out push.gguf --for easysteer --convention output-of-n"
    })
public final class ControlVectorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIRECTION", description = "A folder NAME.direction.")
  private Path direction;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "The model that is served: a folder or GGUF file.")
  private Path model;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "GGUF to write.")
  private Path out;

  @Option(
      names = "--coefficient",
      required = true,
      paramLabel = "C",
      description =
          "How far, in standard deviations of the aligned projection; negative: towards aligned.")
  private double coefficient;

  @Option(
      names = "--for",
      defaultValue = "llama.cpp",
      paramLabel = "SERVER",
      description = "llama.cpp or easysteer (default: ${DEFAULT-VALUE}).")
  private String server;

  @Option(
      names = "--at",
      paramLabel = "TAP",
      description = "Such as resid_post.12; needed where the direction has several of the kind.")
  private String at;

  @Option(
      names = "--convention",
      paramLabel = "HOW",
      description = {
        "What easysteer takes the N of direction.N for: output-of-n (block N's output, 0-based) or",
        "after-n-blocks (hidden_states[N]). Try it on the server: nothing is assumed. llama.cpp's is known."
      })
  private String convention;

  @Option(
      names = "--force",
      description = "Write it although the direction was not validated on these weights.")
  private boolean force;

  @Option(names = "--json", description = "Print what was written as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    return Exit.of(spec, this::export);
  }

  private int export() {
    ControlVectorDialect dialect = ControlVectorDialect.parse(server);
    requireConvention(dialect);
    Artefact artefact = ArtefactFolder.read(direction);
    TorchRuntime.start();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      Fit fit = artefact.fit(ModelPins.of(checkpoint, model.toString(), "unknown"));
      if (fit instanceof Fit.Refused refused) {
        throw new NotFittingException(
            direction + " does not fit " + model + ": " + refused.explain());
      }
      if (fit instanceof Fit.Unverified && !force) {
        throw new NotFittingException(
            direction
                + " was not validated on the weights of "
                + model
                + ": run plumbline direction calibrate, or give --force");
      }
      write(dialect, artefact, checkpoint.config());
      return 0;
    }
  }

  private void requireConvention(ControlVectorDialect dialect) {
    if ((dialect == ControlVectorDialect.EASYSTEER) != (convention != null)) {
      throw new ParameterException(
          spec.commandLine(),
          convention == null
              ? "--for easysteer needs --convention: " + List.of(LayerConvention.values())
              : "--convention is for easysteer; llama.cpp's is known");
    }
  }

  private void write(ControlVectorDialect dialect, Artefact artefact, ModelConfig config) {
    TapDirection tap = tap(artefact);
    String hint = PeftToGguf.ggufArchitecture(config);
    ControlVector vector = ControlVector.of(hint, config.layers(), tap, coefficient);
    LayerConvention numbers = LayerConvention.OUTPUT_OF_N;
    if (dialect == ControlVectorDialect.LLAMA_CPP) {
      vector.writeForLlamaCpp(out);
    } else {
      numbers = LayerConvention.parse(convention);
      vector.writeForEasySteer(out, numbers);
    }
    report(dialect, tap, vector, numbers.number(vector.layer()));
  }

  private TapDirection tap(Artefact artefact) {
    List<TapPoint> there =
        artefact.directions().stream()
            .map(TapDirection::tapPoint)
            .filter(point -> point.site() == Site.RESID_POST)
            .toList();
    Check.that(
        at != null || there.size() == 1,
        "--at",
        "one of " + there,
        "nothing",
        "name where to push: pushes at several add up");
    TapPoint point = at == null ? there.get(0) : TapPoint.parse(at);
    return artefact
        .direction(point)
        .orElseThrow(() -> Check.refusal("--at", "one of " + there, at, "choose one"));
  }

  private void report(
      ControlVectorDialect dialect, TapDirection tap, ControlVector vector, int number) {
    PrintWriter to = spec.commandLine().getOut();
    double scale = dialect == ControlVectorDialect.LLAMA_CPP ? 1 : vector.length();
    if (json) {
      to.println(json(dialect, tap, vector, number).put("scale", scale));
      to.flush();
      return;
    }
    to.printf(
        Locale.ROOT,
        "wrote %s: direction.%d for %s, %.4g standard deviations of %.4g = %.4g residual units%n",
        out,
        number,
        tap.tapPoint(),
        coefficient,
        tap.alignedSpread(),
        vector.length());
    if (dialect == ControlVectorDialect.LLAMA_CPP) {
      to.printf("load it with --control-vector %s%n", out);
    } else {
      to.printf(Locale.ROOT, "load it with scale %.6g: its row has length 1%n", scale);
    }
    to.flush();
  }

  private ObjectNode json(
      ControlVectorDialect dialect, TapDirection tap, ControlVector vector, int number) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("out", out.toString())
        .put("for", dialect.wireName())
        .put("row", number)
        .put("tap_point", tap.tapPoint().toString())
        .put("coefficient", coefficient)
        .put("spread", tap.alignedSpread())
        .put("residual_units", vector.length());
  }
}
