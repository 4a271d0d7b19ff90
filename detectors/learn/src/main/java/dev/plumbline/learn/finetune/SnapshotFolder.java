package dev.plumbline.learn.finetune;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Snapshots below a job's folder: {@code checkpoints/step-NNNNNN/} with {@code adapter/} or {@code
 * steering/}, {@code state.json} and {@code state.safetensors} (parameters and AdamW's moments).
 * Each appears whole. The state, three times as large as what was learned, is kept of the newest
 * alone.
 */
final class SnapshotFolder implements Snapshots {
  private static final String STATE = "state.safetensors";
  private static final String NOTE = "state.json";
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** What is no tensor. */
  record Note(
      int step,
      int optimiserSteps,
      int arrays,
      LossMemory memory,
      List<Logged> curve,
      List<NormAt> norms) {}

  private final JobFolder folder;
  private final ModelConfig config;
  private final String baseModel;

  SnapshotFolder(JobFolder folder, ModelConfig config, String baseModel) {
    this.folder = folder;
    this.config = config;
    this.baseModel = baseModel;
  }

  @Override
  public Optional<Snapshot> last() {
    List<Path> whole = withState();
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    Path newest = whole.get(whole.size() - 1);
    // A job that was ended between a snapshot and this has left the state before it, too.
    whole.subList(0, whole.size() - 1).forEach(SnapshotFolder::dropState);
    return Optional.of(read(newest));
  }

  /** Folders with a state, oldest first. */
  private List<Path> withState() {
    Path root = folder.root().resolve("checkpoints");
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(each -> each.getFileName().toString().matches("step-\\d{6,}"))
          .filter(each -> Files.exists(each.resolve(STATE)))
          .sorted((a, b) -> Integer.compare(step(a), step(b)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + root + ": " + e.getMessage(), e);
    }
  }

  private static int step(Path folder) {
    return Integer.parseInt(folder.getFileName().toString().substring("step-".length()));
  }

  private Snapshot read(Path at) {
    try (Safetensors file = Safetensors.open(at.resolve(STATE))) {
      Note note = MAPPER.readValue(at.resolve(NOTE).toFile(), Note.class);
      TrainingState state =
          new TrainingState(
              note.optimiserSteps(),
              arrays(file, "value", note.arrays()),
              arrays(file, "first", note.arrays()),
              arrays(file, "second", note.arrays()));
      return new Snapshot(
          note.step(), solution(at), state, note.memory(), note.curve(), note.norms());
    } catch (IOException | IllegalArgumentException e) {
      throw new BadFileException(
          at, NOTE, "a training's state", e.getMessage(), "Delete the folder to go on before.", e);
    }
  }

  private Solution solution(Path at) {
    return Files.isDirectory(at.resolve("steering"))
        ? SteeringFolder.read(at.resolve("steering"))
        : AdapterSolution.read(at.resolve("adapter"), config);
  }

  private static List<float[]> arrays(Safetensors file, String name, int count) {
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrays.add(file.read(name + "." + i));
    }
    return arrays;
  }

  @Override
  public void keep(Snapshot snapshot) {
    List<Path> before = withState();
    String name = String.format(Locale.ROOT, "checkpoints/step-%06d", snapshot.step());
    Path kept = folder.folder(name, part -> fill(part, snapshot));
    before.stream().filter(older -> !older.equals(kept)).forEach(SnapshotFolder::dropState);
  }

  private void fill(Path part, Snapshot snapshot) {
    TrainingState state = snapshot.state();
    snapshot.solution().write(part.resolve(snapshot.solution().folderName()), baseModel);
    SafetensorsWriter writer = new SafetensorsWriter();
    add(writer, "value", state.values());
    add(writer, "first", state.first());
    add(writer, "second", state.second());
    writer.write(part.resolve(STATE));
    Note note =
        new Note(
            snapshot.step(),
            state.steps(),
            state.values().size(),
            snapshot.memory(),
            snapshot.curve(),
            snapshot.norms());
    try {
      MAPPER.writeValue(part.resolve(NOTE).toFile(), note);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + part + ": " + e.getMessage(), e);
    }
  }

  private static void add(SafetensorsWriter writer, String name, List<float[]> arrays) {
    for (int i = 0; i < arrays.size(); i++) {
      float[] values = arrays.get(i);
      writer.tensor(name + "." + i, TensorType.F32, List.of((long) values.length), () -> values);
    }
  }

  private static void dropState(Path older) {
    try {
      Files.deleteIfExists(older.resolve(STATE));
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete the state in " + older, e);
    }
  }
}
