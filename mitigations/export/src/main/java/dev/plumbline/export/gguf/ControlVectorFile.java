package dev.plumbline.export.gguf;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufLayout;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A control vector in GGUF of either dialect, written by whatever tool: rows {@code direction.N
 * [D]} in F32 and metadata of which nothing is assumed but {@code general.architecture =
 * controlvector}.
 *
 * <p>Unknown metadata, its types and the order of everything survive {@link #write}. Rows are read
 * from the mapped file when asked for. Safe for several threads.
 */
public final class ControlVectorFile {
  private static final Pattern ROW = Pattern.compile("direction\\.(0|[1-9]\\d{0,3})");
  private static final String PREFIX = "controlvector.";
  private static final String REMEDY = "Is this a control vector? Write it again with its tool.";
  private static final double UNIT = 1e-4;

  private final Gguf file;
  private final TreeMap<Integer, String> rows = new TreeMap<>();
  private final int width;

  private ControlVectorFile(Gguf file) {
    this.file = file;
    String architecture = file.metadata().requireText("general.architecture");
    require(
        architecture.equals("controlvector"),
        "general.architecture",
        "controlvector",
        architecture);
    GgufLayout.requireCanonical(file);
    file.names().forEach(this::row);
    require(!rows.isEmpty(), "its tensors", "direction.N at least once", "none");
    this.width = (int) file.info(rows.firstEntry().getValue()).elements();
    rows.values().forEach(this::requireSound);
  }

  /**
   * Opens a file and checks every row.
   *
   * @throws BadFileException if it is no sound control vector: another architecture, other tensors,
   *     other types than F32, rows of several widths, NaN or infinity
   */
  public static ControlVectorFile open(Path path) {
    return new ControlVectorFile(Gguf.open(path));
  }

  private void row(String name) {
    Matcher parts = ROW.matcher(name);
    require(parts.matches(), "tensor " + name, "direction.N, N from 0 to 9999", "another name");
    TensorInfo info = file.info(name);
    boolean vector = info.shape().size() == 1 && info.elements() <= 1 << 20 && info.elements() > 0;
    require(
        vector && info.type() == TensorType.F32,
        "tensor " + name,
        "F32 of one extent up to 2^20",
        info.type() + " " + info.shapeText());
    rows.put(Integer.parseInt(parts.group(1)), name);
  }

  private void requireSound(String name) {
    TensorInfo info = file.info(name);
    require(info.elements() == width, "tensor " + name, "the width " + width, "" + info.elements());
    FiniteCheck.require(info, 0, file.read(name), 0, width);
  }

  private void require(boolean holds, String where, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(file.path(), where, wanted, found, REMEDY);
    }
  }

  /** D. */
  public int width() {
    return width;
  }

  /** The N there are, ascending. */
  public SortedSet<Integer> numbers() {
    return new TreeSet<>(rows.keySet());
  }

  /** {@code direction.n [D]}, a new array. */
  public float[] row(int n) {
    require(rows.containsKey(n), "tensor direction." + n, "one of " + numbers(), "none");
    return file.read(rows.get(n));
  }

  /** {@code controlvector.model_hint}: the architecture it was made on, for people. */
  public Optional<String> modelHint() {
    return metadata("model_hint");
  }

  /** What {@code controlvector.KEY} says, as text whatever type it was written in. */
  public Optional<String> metadata(String key) {
    return keys().contains(PREFIX + key) ? Optional.of(shown(PREFIX + key)) : Optional.empty();
  }

  /** What a whole key says, as text. */
  String shown(String key) {
    return file.metadata().shown(key);
  }

  /** All metadata keys, in the order of the file. */
  public Set<String> keys() {
    return file.metadata().keys();
  }

  /** Which dialect it is in: EasySteer says its method, or has {@code direction.0}. */
  public ControlVectorDialect dialect() {
    return rows.containsKey(0) || keys().contains(PREFIX + "method")
        ? ControlVectorDialect.EASYSTEER
        : ControlVectorDialect.LLAMA_CPP;
  }

  /** Whether every row has length 1 ± 1e-4. */
  public boolean unitRows() {
    return rows.keySet().stream().allMatch(n -> Math.abs(norm(row(n)) - 1) <= UNIT);
  }

  /**
   * The same push by this runtime: each row added where the convention says it belongs. Rows of
   * zeroes push nowhere and are left out.
   *
   * @param layers L of the model; a row beyond it is refused
   * @param scale what rows are multiplied with
   */
  public InterventionPlan plan(LayerConvention convention, int layers, double scale) {
    Map<TapPoint, Steering> plan = new TreeMap<>();
    for (int n : rows.keySet()) {
      float[] row = row(n);
      double norm = norm(row);
      if (norm > 0) {
        TapPoint point = convention.tapPoint(n).canonical(layers);
        plan.put(point, new Steering(Direction.of(row), scale, norm));
      }
    }
    return new InterventionPlan(Map.copyOf(plan), TokenRange.ALL);
  }

  private static double norm(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  /** Writes it again: the same bytes as the file it was read from. */
  public void write(Path out) {
    GgufWriter writer = GgufWriter.like(file);
    file.names().forEach(name -> writer.copy(name, file, name));
    writer.write(out);
  }
}
