package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code direction.safetensors}: {@code direction.TAP} and {@code probe.TAP}, {@code [D]} F32. */
final class ArtefactTensors implements AutoCloseable {
  private static final String DIRECTION = "direction.";
  private static final String PROBE = "probe.";

  private final Safetensors file;
  private final List<Long> shape;

  private ArtefactTensors(Safetensors file, long hidden) {
    this.file = file;
    this.shape = List.of(hidden);
  }

  static void write(Artefact artefact, Path target) {
    List<Long> shape = List.of((long) artefact.model().hidden());
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", ArtefactWriter.FORMAT);
    for (TapDirection each : artefact.directions()) {
      String name = DIRECTION + each.tapPoint();
      writer.tensor(name, TensorType.F32, shape, each.direction()::components);
    }
    Readout readout = artefact.probe().readout();
    for (TapPoint point : readout.tapPoints()) {
      writer.tensor(PROBE + point, TensorType.F32, shape, () -> readout.weights(point));
    }
    writer.write(target);
  }

  /** Opens a file that must hold exactly the tensors which the checked JSON names. */
  static ArtefactTensors open(Path path, JsonNode json) {
    Set<String> wanted = new TreeSet<>();
    json.get("directions").forEach(each -> wanted.add(DIRECTION + each.get("tap_point").asText()));
    json.at("/probe/tap_points").forEach(point -> wanted.add(PROBE + point.asText()));
    Safetensors file = Safetensors.open(path);
    if (!wanted.equals(file.names())) {
      throw new BadFileException(
          path, "its tensors", wanted.toString(), file.names().toString(), "Learn it again.");
    }
    return new ArtefactTensors(file, json.at("/model/hidden").asLong());
  }

  float[] direction(String point) {
    return vector(DIRECTION + point);
  }

  float[] probe(String point) {
    return vector(PROBE + point);
  }

  private float[] vector(String name) {
    TensorInfo info = file.info(name);
    if (info.type() != TensorType.F32 || !info.shape().equals(shape)) {
      throw new BadFileException(
          file.path(),
          "tensor " + name,
          "F32 " + shape,
          info.type() + " " + info.shapeText(),
          "Learn it again.");
    }
    float[] values = file.read(name);
    FiniteCheck.require(info, 0, values, 0, values.length);
    return values;
  }

  @Override
  public void close() {
    file.close();
  }
}
