package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.TapDirection;
import java.util.Arrays;

/** An artefact as the JSON of {@code direction.schema.json}. */
final class ArtefactWriter {
  static final String FORMAT = "plumbline-direction";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ArtefactWriter() {}

  static ObjectNode json(Artefact artefact, String tensorsDigest) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT).put("format_version", artefact.formatVersion());
    json.put("name", artefact.name()).put("created", artefact.created().toString());
    json.set("model", model(artefact.model()));
    ArrayNode validated = json.putArray("validated_fingerprints");
    artefact.validatedFingerprints().stream().sorted().forEach(validated::add);
    json.putObject("tensors").put("file", ArtefactFolder.TENSORS).put("sha256", tensorsDigest);
    ArrayNode directions = json.putArray("directions");
    artefact.directions().forEach(each -> directions.add(direction(each)));
    json.set("probe", probe(artefact.probe()));
    json.set("calibration", calibration(artefact.calibration()));
    json.put("mask", artefact.mask().wireName()).put("sign", artefact.sign().wireName());
    json.set("provenance", provenance(artefact.provenance()));
    json.set("quality", QualityJson.json(artefact.quality()));
    artefact.modelShift().ifPresent(shift -> json.set("model_shift", shift(shift)));
    return json;
  }

  private static ObjectNode model(ModelPin pin) {
    return MAPPER
        .createObjectNode()
        .put("id", pin.id())
        .put("revision", pin.revision())
        .put("architecture", pin.architecture())
        .put("layers", pin.layers())
        .put("hidden", pin.hidden())
        .put("vocabulary", pin.vocabulary())
        .put("tokenizer_hash", pin.tokenizerHash())
        .put("template_hash", pin.templateHash())
        .put("weight_fingerprint", pin.weightFingerprint());
  }

  private static ObjectNode direction(TapDirection each) {
    return MAPPER
        .createObjectNode()
        .put("tap_point", each.tapPoint().toString())
        .put("aligned_mean", each.alignedMean())
        .put("aligned_spread", each.alignedSpread());
  }

  private static ObjectNode probe(Probe probe) {
    ObjectNode json = MAPPER.createObjectNode().put("name", probe.readout().name());
    ArrayNode points = json.putArray("tap_points");
    probe.readout().tapPoints().forEach(point -> points.add(point.toString()));
    json.put("bias", probe.readout().bias()).put("pooling", probe.pooling().wireName());
    ObjectNode scale = json.putObject("scale");
    Arrays.stream(probe.scale().means()).forEach(scale.putArray("means")::add);
    Arrays.stream(probe.scale().spreads()).forEach(scale.putArray("spreads")::add);
    return json;
  }

  private static ObjectNode calibration(Calibration calibration) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("a", calibration.sigmoid().a())
            .put("b", calibration.sigmoid().b())
            .put("threshold_answer", calibration.thresholdAnswer())
            .put("threshold_stream", calibration.thresholdStream())
            .put("alpha", calibration.alpha())
            .put("exchanges", calibration.exchanges());
    json.putObject("checkpoints")
        .put("first", calibration.checkpoints().first())
        .put("every", calibration.checkpoints().every());
    return json;
  }

  private static ObjectNode provenance(Provenance provenance) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("estimator", provenance.estimator())
            .put("seed", provenance.seed())
            .put("dtype", provenance.dtype())
            .put("grouping_key", provenance.groupingKey());
    ObjectNode digests = json.putObject("data_digests");
    provenance.dataDigests().forEach(digests::put);
    ObjectNode counts = json.putObject("counts");
    provenance.counts().forEach(counts::put);
    return json;
  }

  private static ObjectNode shift(ModelShift shift) {
    return MAPPER
        .createObjectNode()
        .put("tap_point", shift.tapPoint().toString())
        .put("aligned_mean", shift.alignedMean())
        .put("aligned_spread", shift.alignedSpread())
        .put("exchanges_per_pool", shift.exchangesPerPool());
  }
}
