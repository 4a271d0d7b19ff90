package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.artefact.Sign;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.residual.TapPoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * An artefact from JSON that has passed the schema, so every key is there and of its type. What a
 * schema cannot say the records refuse, with {@link IllegalArgumentException}.
 */
final class ArtefactReader {
  private final JsonNode json;
  private final ArtefactTensors tensors;

  ArtefactReader(JsonNode json, ArtefactTensors tensors) {
    this.json = json;
    this.tensors = tensors;
  }

  /** Reads it and closes the tensors. */
  Artefact read() {
    try (tensors) {
      return new Artefact(
          json.get("format_version").asInt(),
          json.get("name").asText(),
          created(),
          model(json.get("model")),
          validated(),
          directions(),
          probe(json.get("probe")),
          calibration(json.get("calibration")),
          TokenMask.parse(json.get("mask").asText()),
          Sign.parse(json.get("sign").asText()),
          provenance(json.get("provenance")),
          QualityJson.read(json.get("quality")),
          Optional.ofNullable(json.get("model_shift")).map(ArtefactReader::shift));
    }
  }

  private Instant created() {
    try {
      return Instant.parse(json.get("created").asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "created: wanted an instant such as 2026-01-31T12:00:00Z, found " + json.get("created"),
          e);
    }
  }

  private static ModelPin model(JsonNode pin) {
    return new ModelPin(
        pin.get("id").asText(),
        pin.get("revision").asText(),
        pin.get("architecture").asText(),
        pin.get("layers").asInt(),
        pin.get("hidden").asInt(),
        pin.get("vocabulary").asInt(),
        pin.get("tokenizer_hash").asText(),
        pin.get("template_hash").asText(),
        pin.get("weight_fingerprint").asText());
  }

  private Set<String> validated() {
    Set<String> fingerprints = new HashSet<>();
    json.get("validated_fingerprints").forEach(each -> fingerprints.add(each.asText()));
    return fingerprints;
  }

  private List<TapDirection> directions() {
    List<TapDirection> directions = new ArrayList<>();
    for (JsonNode each : json.get("directions")) {
      String point = each.get("tap_point").asText();
      directions.add(
          new TapDirection(
              TapPoint.parse(point),
              Direction.ofUnit(tensors.direction(point)),
              each.get("aligned_mean").asDouble(),
              each.get("aligned_spread").asDouble()));
    }
    return directions;
  }

  private Probe probe(JsonNode probe) {
    Map<TapPoint, float[]> weights = new TreeMap<>();
    for (JsonNode point : probe.get("tap_points")) {
      weights.put(TapPoint.parse(point.asText()), tensors.probe(point.asText()));
    }
    JsonNode scale = probe.get("scale");
    return new Probe(
        new Readout(probe.get("name").asText(), weights, probe.get("bias").asDouble()),
        Pooling.parse(probe.get("pooling").asText()),
        new OffsetScale(doubles(scale.get("means")), doubles(scale.get("spreads"))));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Calibration calibration(JsonNode json) {
    JsonNode checkpoints = json.get("checkpoints");
    return new Calibration(
        new Sigmoid(json.get("a").asDouble(), json.get("b").asDouble()),
        json.get("threshold_answer").asDouble(),
        json.get("threshold_stream").asDouble(),
        json.get("alpha").asDouble(),
        json.get("exchanges").asInt(),
        new Checkpoints(checkpoints.get("first").asInt(), checkpoints.get("every").asInt()));
  }

  private static Provenance provenance(JsonNode json) {
    return new Provenance(
        json.get("estimator").asText(),
        json.get("seed").asLong(),
        json.get("dtype").asText(),
        json.get("grouping_key").asText(),
        map(json.get("data_digests"), JsonNode::asText),
        map(json.get("counts"), JsonNode::asLong));
  }

  private static <T> Map<String, T> map(JsonNode object, Function<JsonNode, T> value) {
    Map<String, T> map = new TreeMap<>();
    object.fields().forEachRemaining(e -> map.put(e.getKey(), value.apply(e.getValue())));
    return map;
  }

  private static ModelShift shift(JsonNode json) {
    return new ModelShift(
        TapPoint.parse(json.get("tap_point").asText()),
        json.get("aligned_mean").asDouble(),
        json.get("aligned_spread").asDouble(),
        json.get("exchanges_per_pool").asInt());
  }
}
