package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.Check;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * vLLM with a plugin that answers {@code vllm_xargs.output_residual_stream} with {@code
 * activations.residual_stream}. Its layer i is the output of decoder block i: {@code resid_post.i}.
 * The plugin's request format has no authentication of its own: keep the server to the agent.
 * Thread-safe; owns nothing.
 */
public final class CaptureTap implements StatesTap {
  private static final String ARGUMENTS = "vllm_xargs";
  private static final String OUTPUT = "output_residual_stream";

  private final List<TapPoint> points;
  private final int mostBytes;

  /**
   * @param points where to read; {@code resid_post} only
   * @param mostBytes of an answer's states, and of their text in the answer
   */
  public CaptureTap(List<TapPoint> points, int mostBytes) {
    this.points = List.copyOf(new TreeSet<>(points));
    this.mostBytes = mostBytes;
    Check.that(
        !points.isEmpty() && points.stream().allMatch(p -> p.site() == Site.RESID_POST),
        "tap points of the capture plugin",
        "resid_post of one or more layers",
        points,
        "learn a direction there, or use another tap");
  }

  @Override
  public List<TapPoint> points() {
    return points;
  }

  @Override
  public Optional<StatesExchange> decorate(OriginRequest request) {
    return VllmRequest.of(request).flatMap(this::decorate);
  }

  /** A client that asks for layers itself gets its own; ours must be among them to be read. */
  private Optional<StatesExchange> decorate(VllmRequest request) {
    Optional<ObjectNode> arguments = request.json().object(ARGUMENTS);
    if (arguments.isEmpty()) {
      return Optional.empty();
    }
    JsonNode asked = arguments.get().path(OUTPUT);
    if (!asked.isMissingNode()) {
      return theirs(asked).map(layers -> new CaptureExchange(request, layers, mostBytes, true));
    }
    arguments.get().put(OUTPUT, points.stream().map(TapPoint::layer).toList().toString());
    return Optional.of(new CaptureExchange(request, points, mostBytes, false));
  }

  /** The layers of a text such as {@code "[15]"} or of a list, in the order they come back. */
  private static Optional<List<TapPoint>> theirs(JsonNode asked) {
    TokenIds layers = new TokenIds();
    String text = asked.isTextual() ? asked.textValue() : asked.toString();
    layers.addJson(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    TreeSet<TapPoint> points = new TreeSet<>();
    for (long layer : layers.toArray()) {
      if (layer < 0 || layer > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      points.add(TapPoint.residPost((int) layer));
    }
    return points.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(points));
  }

  @Override
  public void close() {
    // Nothing runs in the background.
  }
}
