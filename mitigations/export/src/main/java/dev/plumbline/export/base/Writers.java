package dev.plumbline.export.base;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that a base has all that writes to its stream, in shapes that write to all of it. */
final class Writers {
  private Writers() {}

  static void require(Base base, Map<String, Role> roles) {
    Set<TapPoint> points = new HashSet<>();
    roles.forEach((name, role) -> note(base, name, role, points));
    for (TapPoint point : dev.plumbline.mitigations.Writers.of(base.shape().layers())) {
      if (!points.contains(point)) {
        throw new BadFileException(
            base.path(),
            "the writers",
            "a tensor that writes " + point,
            "none",
            "Fetch all files of the model.");
      }
    }
  }

  private static void note(Base base, String name, Role role, Set<TapPoint> points) {
    long width = base.shape().hidden();
    List<Long> shape = base.shape(name);
    if (role instanceof Role.Embedding) {
      requireShape(base, name, shape.equals(List.of((long) base.shape().vocabulary(), width)));
      points.add(TapPoint.EMBED);
    } else if (role instanceof Role.Writer writer) {
      requireShape(base, name, shape.size() == 2 && shape.get(0) == width);
      points.add(writer.point());
    } else if (role instanceof Role.WriterBias) {
      requireShape(base, name, shape.equals(List.of(width)));
    } else if (role instanceof Role.Reader reader) {
      requireShape(base, name, shape.size() == 2 && shape.get(1) == width);
      requireShape(base, reader.norm(), base.shape(reader.norm()).equals(List.of(width)));
    }
  }

  private static void requireShape(Base base, String name, boolean fits) {
    if (!fits || base.type(name).isInteger()) {
      throw new BadFileException(
          base.path(),
          "tensor " + name,
          "weights of a model of width " + base.shape().hidden(),
          base.type(name) + " " + base.shape(name),
          "Fetch all files of one and the same checkpoint.");
    }
  }
}
